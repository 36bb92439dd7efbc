"""The names on the command line -> inputs: folders, patterns, `-`, database URLs. Nothing is opened.

>>> [each.name for each in open_inputs(["-", "postgresql://me:secret@db.example/forum?table=posts"])]
['-', 'postgresql://db.example/forum?table=posts']
"""

from __future__ import annotations

import glob
import os
import re
from collections import Counter
from typing import TYPE_CHECKING

from linkgate.fronts.inputs.chunks import Fields
from linkgate.fronts.inputs.database_url import shown
from linkgate.fronts.inputs.input import Input

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_URL = re.compile(r"([a-z][a-z0-9_]*(?:\+[a-z0-9_]+)?)://", re.IGNORECASE)
_REMOTE = {"http", "https", "ftp", "s3", "gs", "gcs", "abfs", "abfss", "az", "hdfs"}
_PACKED = r"(?:\.(?:gz|zst|bz2|xz))?"
_READ = re.compile(
    r"\.(?:jsonl|ndjson|jsonlines|json|csv|tsv|tab|txt|text|log|parquet|pq|arrow|arrows|feather|ipc|mbox|mbx|eml)"
    + _PACKED
    + r"$",
    re.IGNORECASE,
)
_EXPORT = re.compile(rf"result\.json{_PACKED}$")
_SLACK = {"channels.json", "groups.json", "dms.json", "mpims.json"}
_MAILDIR = {"cur", "new"}
_TOLD = 3


def open_inputs(names: Iterable[str], *, form: str | None = None, fields: Fields | None = None) -> list[Input]:
    """Expand names to inputs, in the order of the names, within a folder or pattern sorted.

    A folder gives what in it has a name of a form that can be read, at any depth, but nothing hidden; of a
    Telegram export only result.json, of a Slack export only the channels' messages.
    """
    found: list[Input] = []
    for name in names:
        found += _inputs(name, form, fields or Fields())
    return found


def _inputs(name: str, form: str | None, fields: Fields) -> Iterator[Input]:
    if name == "-":
        yield Input(name, form=form, fields=fields)
    elif (scheme := _URL.match(name)) and not os.path.exists(name):  # noqa: PTH110  # as glob
        yield _at_url(name, scheme[1].lower(), fields)
    elif os.path.isdir(name):  # noqa: PTH112
        yield from _folder(name, form, fields)
    elif not os.path.lexists(name) and glob.has_magic(name):
        paths = sorted(path for path in glob.glob(name, recursive=True) if not os.path.isdir(path))  # noqa: PTH112, PTH207
        for path in paths:
            yield Input(path, path=path, form=form, fields=fields)
        if not paths:
            yield Input(name, trouble="no file has such a name; check the pattern")
    else:
        yield Input(name, path=name, form=form, fields=fields)


def _at_url(name: str, scheme: str, fields: Fields) -> Input:
    if scheme in _REMOTE:
        told = f"{scheme} address"  # it may be the very address that nobody shall see
        return Input(told, trouble="scan reads files and databases; copy it here first, or pipe it into `-`")
    return Input(shown(name), database=name, fields=fields)


def _folder(name: str, form: str | None, fields: Fields) -> Iterator[Input]:
    left_out: Counter[str] = Counter()
    paths = list(_walk(name, left_out, every=form is not None))
    others = ", ".join(f"{count} {kind}" for kind, count in left_out.most_common(_TOLD))
    note = f"{name}: left out, by their names: {others}; name them, or say --format" if others else None
    for path in paths:
        yield Input(path, path=path, form=form, fields=fields, note=note if path == paths[0] else None)
    if not paths:
        what = f" (but: {others}); name them, or say --format" if others else ""
        yield Input(name, trouble=f"a folder without a file of messages{what}")


def _walk(folder: str, left_out: Counter[str], *, every: bool) -> Iterator[str]:
    """All files to read below a folder, sorted; hidden ones and those that begin with _ are bookkeeping."""
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith((".", "_")))
        wanted = sorted(each for each in files if not each.startswith((".", "_")))
        if exports := [each for each in wanted if _EXPORT.search(each)]:
            folders.clear()  # what lies beside a Telegram export are the files that were sent
            wanted = exports
        elif "users.json" in wanted and _SLACK.intersection(wanted):
            wanted = []  # who and where; the messages are in the folders
        is_maildir = os.path.basename(parent) in _MAILDIR  # noqa: PTH119
        for each in wanted:
            if every or is_maildir or _READ.search(each):
                yield os.path.join(parent, each)  # noqa: PTH118
            else:
                left_out[os.path.splitext(each)[1] or "without a suffix"] += 1  # noqa: PTH122
