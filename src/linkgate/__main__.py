"""`linkgate`, and `python -m linkgate`: the command line, which hears Ctrl-C while it is still being loaded."""

import sys
from typing import NoReturn


def main() -> NoReturn:
    """Load the command line, then be it."""
    try:
        from linkgate.fronts import cli  # noqa: PLC0415  # see above
        from linkgate.fronts.without_pandas import without_pandas  # noqa: PLC0415
    except KeyboardInterrupt:
        sys.stderr.write("linkgate: interrupted\n")
        sys.exit(130)
    without_pandas()
    cli.main()


if __name__ == "__main__":
    main()
