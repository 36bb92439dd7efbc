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

import datetime as dt
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from linkgate.errors import StoreError, UsageError
from linkgate.lists.config import Config, load_config, parse_config
from linkgate.lists.disk import make_folder, replace_file
from linkgate.lists.disk import reason as why
from linkgate.lists.manifest import stamp
from linkgate.lists.toml import Document, read_toml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ACCEPT = re.compile(r"^\s*\[\s*accept\s*\][^\n]*\n", re.MULTILINE)
_NEW = '[store]\npath = "store"\n'


def add_list(path: str | os.PathLike[str], values: Mapping[str, str | Mapping[str, str]]) -> Config:
    """Name a list in a configuration, which is made if it is not there. UsageError: then it is as it was."""
    return _edited(Path(path), lambda text: with_list(text, values), new=_NEW)


def add_acceptance(path: str | os.PathLike[str], entry: str, reason: str) -> Config:
    """Accept a quarantined entry by its id, with a reason. UsageError: then the file is as it was."""
    if not reason.strip():
        raise UsageError("an accepted entry needs a reason; write down who decided, and why")
    return _edited(Path(path), lambda text: with_acceptance(text, entry, reason), new=None)


def stop_list(path: str | os.PathLike[str], name: str, *, reason: str, by: str) -> Config:
    """Put a list in shadow, with who said so and why in the file, and in `changes.jsonl` of the store.

    UsageError: then the file is as it was. StoreError where it cannot be written down.
    """
    if not reason.strip():
        raise UsageError("a list is stopped with a reason; write down why")
    config = load_config(path)
    config.named((name,))
    at = stamp(dt.datetime.now(dt.UTC))
    row = {"at": at, "change": "stop", "list": name, "by": by, "reason": reason}
    _note_change(config.store, row)
    return _edited(Path(path), lambda text: with_shadow(text, name, f"stopped {at} by {by}: {reason}"), new=None)


def _note_change(store: Path, row: Mapping[str, str]) -> None:
    try:
        make_folder(store)
        handle = os.open(store / "changes.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(json.dumps(row).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StoreError(f"{store}: the change cannot be written down: {why(error)}.") from None


def with_shadow(text: str, name: str, note: str) -> str:
    r"""A configuration with a list in shadow, and a comment beside it.

    >>> print(with_shadow('[[list]]\nname = "a"\nshadow = false\n[[list]]\nname = "b"\n', "a", "by\nme"), end="")
    [[list]]
    name = "a"
    shadow = true  # by me
    [[list]]
    name = "b"
    """
    document = read_toml(text, name="linkgate.toml")
    number = next(n for n, found in enumerate(document.values["list"]) if found.get("name") == name)
    line = f"shadow = true  # {' '.join(''.join(filter(str.isprintable, word)) for word in note.split())}"
    lines = text.splitlines()
    there = document.lines.get(("list", number, "shadow"))
    if there is not None:
        lines[there - 1] = line
    else:
        lines.insert(_header_of(document, number), line)
    return "\n".join(lines) + "\n"


def _header_of(document: Document, number: int) -> int:
    """The line of a `[[list]]`; UsageError where the lists are written in another way."""
    line = document.lines.get(("list", number))
    if line is None:
        raise UsageError(
            f"{document.name}: its lists are no [[list]] tables: write `shadow = true` beside the name yourself"
        )
    return line


def with_list(text: str, values: Mapping[str, str | Mapping[str, str]]) -> str:
    """A configuration with one more list, at its end."""
    start = f"{text.rstrip()}\n\n" if text.strip() else ""
    return start + "\n".join(["[[list]]", *(f"{key} = {_spelled(value)}" for key, value in values.items())]) + "\n"


def with_acceptance(text: str, entry: str, reason: str) -> str:
    """A configuration with one more line under `[accept]`."""
    line = f"{_quoted(entry)} = {_quoted(reason)}\n"
    header = _ACCEPT.search(text)
    if header is None:
        return f"{text.rstrip()}\n\n[accept]\n{line}"
    return text[: header.end()] + line + text[header.end() :]


def _spelled(value: str | Mapping[str, str]) -> str:
    """A text, or an inline table of texts."""
    if isinstance(value, str):
        return _quoted(value)
    return "{ " + ", ".join(f"{_quoted(key)} = {_quoted(each)}" for key, each in value.items()) + " }"


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
        raise UsageError(f"{path} cannot be written: {why(error)}") from None
    return config
