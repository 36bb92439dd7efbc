r"""Additions to linkgate.toml that leave everything else in it as it is: comments, order, spelling.

>>> print(with_list("", {"name": "partner", "url": "https://lists.example/today"}), end="")
[[list]]
name = "partner"
url = "https://lists.example/today"
>>> print(with_acceptance("[accept]\nabc = 'seen' # by me\n", "def", "ticket 7"), end="")
[accept]
"def" = "ticket 7"
abc = 'seen' # by me
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from linkgate.errors import UsageError
from linkgate.lists.config import Config, load_config, parse_config
from linkgate.lists.disk import reason, replace_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ACCEPT = re.compile(r"^\s*\[\s*accept\s*\][^\n]*\n", re.MULTILINE)
_NEW = '[store]\npath = "store"\n'


def add_list(path: str | os.PathLike[str], values: Mapping[str, str]) -> Config:
    """Name a list in a configuration, which is made if it is not there. UsageError: then it is as it was."""
    return _edited(Path(path), lambda text: with_list(text, values), new=_NEW)


def add_acceptance(path: str | os.PathLike[str], entry: str, why: str) -> Config:
    """Accept a quarantined entry by its id, with a reason. UsageError: then the file is as it was."""
    if not why.strip():
        raise UsageError("an accepted entry needs a reason; write down who decided, and why")
    return _edited(Path(path), lambda text: with_acceptance(text, entry, why), new=None)


def with_list(text: str, values: Mapping[str, str]) -> str:
    """A configuration with one more list, at its end."""
    start = f"{text.rstrip()}\n\n" if text.strip() else ""
    return start + "\n".join(["[[list]]", *(f"{key} = {_quoted(value)}" for key, value in values.items())]) + "\n"


def with_acceptance(text: str, entry: str, why: str) -> str:
    """A configuration with one more line under `[accept]`."""
    line = f"{_quoted(entry)} = {_quoted(why)}\n"
    header = _ACCEPT.search(text)
    if header is None:
        return f"{text.rstrip()}\n\n[accept]\n{line}"
    return text[: header.end()] + line + text[header.end() :]


def _quoted(value: str) -> str:
    """A TOML basic string; JSON's escapes are among TOML's, but for DEL and halves of pairs."""
    return json.dumps(value.encode("utf-8", "replace").decode(), ensure_ascii=False).replace("\x7f", "\\u007f")


def _edited(path: Path, change: Callable[[str], str], *, new: str | None) -> Config:
    """Change a file in one step, if what comes out is a configuration."""
    if new is not None and not path.exists():
        before = new
    else:
        load_config(path)
        before = path.read_text("utf-8")
    text = change(before)
    config = parse_config(text, name=str(path))
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
        target = Path(os.path.realpath(path))  # a link to the file stays a link
        replace_file(target, [text.encode()])
        target.chmod(mode)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {reason(error)}") from None
    return config
