"""`python -m linkgate.media FILE…`."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from linkgate.extras import installing
from linkgate.media.file_hashes import file_hashes, has_pdq

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(names: Sequence[str]) -> int:
    """Print the digests of each file, as a line of JSON. Out: 0; 2 where one could not be read, or none was named."""
    if not names or any(name.startswith("-") for name in names):
        sys.stderr.write("python -m linkgate.media FILE… prints digests, a line of JSON a file; it stores nothing\n")
        return 0 if set(names) & {"-h", "--help"} else 2
    if not has_pdq():
        sys.stderr.write(f"linkgate.media: no PDQ, which needs pdqhash: {installing('hashing')}\n")
    failed = False
    for name in names:
        try:
            sys.stdout.write(json.dumps({"id": name, **file_hashes(name)}) + "\n")
        except OSError as error:
            failed = True
            sys.stderr.write(f"linkgate.media: {name} cannot be read: {error.strerror or 'reading failed'}\n")
    return 2 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
