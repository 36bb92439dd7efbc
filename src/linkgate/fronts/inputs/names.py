"""The names on the command line -> inputs: folders, ZIP archives, patterns, `-`, database URLs.

>>> [each.name for each in open_inputs(["-", "postgresql://me:secret@db.example/forum?table=posts"])]
['-', 'postgresql://db.example/forum?table=posts']
"""

from __future__ import annotations

import glob
import os
import re
from collections import Counter
from typing import TYPE_CHECKING

from linkgate.fronts.inputs.broken_input import BrokenInput
from linkgate.fronts.inputs.chunks import Fields
from linkgate.fronts.inputs.database_url import shown
from linkgate.fronts.inputs.input import Input
from linkgate.fronts.inputs.zip_archive import is_zip, members, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from linkgate.fronts.inputs.zip_archive import Folder

_URL = re.compile(r"([a-z][a-z0-9_]*(?:\+[a-z0-9_]+)?)://", re.IGNORECASE)
_REMOTE = {"http", "https", "ftp", "s3", "gs", "gcs", "abfs", "abfss", "az", "hdfs"}
_PACKED = r"(?:\.(?:gz|zst|bz2|xz))?"
_READ = re.compile(
    r"\.(?:jsonl|ndjson|jsonlines|json|csv|tsv|tab|txt|text|log|parquet|pq|arrow|arrows|feather|ipc|mbox|mbx|eml|car|xml|html?)"
    + _PACKED
    + r"$",
    re.IGNORECASE,
)
_EXPORT = re.compile(rf"result\.json{_PACKED}$")
_PAGES = re.compile(r"messages\d*\.html$")
_SCRIPTS = {"tweets.js", "tweet.js", "manifest.js"}
"""In a folder that has one of these, scripts are data: Twitter's archive."""
_SLACK = {"channels.json", "groups.json", "dms.json", "mpims.json"}
_MAILDIR = {"cur", "new"}
_TOLD = 3


def open_inputs(names: Iterable[str], *, form: str | None = None, fields: Fields | None = None) -> list[Input]:
    """Expand names to inputs, in the order of the names, within a folder or pattern sorted.

    A folder, or a ZIP archive, gives what in it has a name of a form that can be read, at any depth, but nothing
    hidden; of a Telegram export only result.json or its pages, of a Slack export only the channels' messages.
    An archive's list of members is read here; nothing else is opened.
    """
    found: list[Input] = []
    for name in names:
        found += _inputs(name, form, fields or Fields())
    return found


def _inputs(name: str, form: str | None, fields: Fields) -> Iterator[Input]:
    if name == "-":
        yield Input(name, form=form, fields=fields)
    elif "\0" in name:
        yield Input(name, trouble="no file can have such a name; check the path")
    elif (scheme := _URL.match(name)) and not os.path.exists(name):  # noqa: PTH110  # as glob
        yield _at_url(name, scheme[1].lower(), fields)
    elif os.path.isdir(name):  # noqa: PTH112
        yield from _folder(name, form, fields)
    elif not os.path.lexists(name) and glob.has_magic(name):
        paths = sorted(path for path in glob.glob(name, recursive=True) if not os.path.isdir(path))  # noqa: PTH112, PTH207
        for path in paths:
            yield from _file(path, form, fields)
        if not paths:
            yield Input(name, trouble="no file has such a name; check the pattern")
    else:
        yield from _file(name, form, fields)


def _file(path: str, form: str | None, fields: Fields, *, listed: bool = False) -> Iterator[Input]:
    if is_zip(path):
        yield from _archive(path, form, fields)
    else:
        yield Input(path, path=path, form=form, fields=fields, listed=listed)


def _archive(path: str, form: str | None, fields: Fields) -> Iterator[Input]:
    try:
        infos = members(path)
    except BrokenInput as error:
        yield Input(path, trouble=str(error))
        return
    paths, others = _found(walk(infos, path), every=form is not None)
    note = _note(path, others)
    for found in paths:
        member = infos[found.removeprefix(f"{path}/")]
        yield Input(found, path=path, member=member, form=form, fields=fields, note=note, listed=True)
        note = None
    if not paths:
        yield Input(path, trouble=f"a .zip without a file of messages{_but(others)}")


def _at_url(name: str, scheme: str, fields: Fields) -> Input:
    if scheme in _REMOTE:
        told = f"{scheme} address"  # it may be the very address that nobody shall see
        return Input(told, trouble="scan reads files and databases; copy it here first, or pipe it into `-`")
    return Input(shown(name), database=name, fields=fields)


def _folder(name: str, form: str | None, fields: Fields) -> Iterator[Input]:
    paths, others = _found(os.walk(name), every=form is not None)
    note = _note(name, others)
    for path in paths:
        for each in _file(path, form, fields, listed=True):
            each.note, note = each.note or note, None
            yield each
    if not paths:
        yield Input(name, trouble=f"a folder without a file of messages{_but(others)}")


def _found(tree: Iterable[Folder], *, every: bool) -> tuple[list[str], str]:
    """The files to read, and of what kinds the others are."""
    left_out: Counter[str] = Counter()
    paths = list(_wanted(tree, left_out, every=every))
    return paths, ", ".join(f"{count} {kind}" for kind, count in left_out.most_common(_TOLD))


def _note(name: str, others: str) -> str | None:
    return f"{name}: left out, by their names: {others}; name them, or say --format" if others else None


def _but(others: str) -> str:
    return f" (but: {others}); name them, or say --format" if others else "; check that it is the right one"


def _wanted(tree: Iterable[Folder], left_out: Counter[str], *, every: bool) -> Iterator[str]:
    """All files to read of a tree, sorted; hidden ones and those that begin with _ are bookkeeping."""
    for parent, folders, files in tree:
        folders[:] = sorted(each for each in folders if not each.startswith((".", "_")))
        wanted = sorted(each for each in files if not each.startswith((".", "_")) or each == "_chat.txt")
        if exports := [each for each in wanted if _EXPORT.search(each)]:
            folders.clear()  # what lies beside a Telegram export are the files that were sent
            wanted = exports
        elif pages := [each for each in wanted if _PAGES.match(each)]:
            folders.clear()  # as above
            wanted = pages
        elif "users.json" in wanted and _SLACK.intersection(wanted):
            wanted = []  # who and where; the messages are in the folders
        is_data = not _SCRIPTS.isdisjoint(wanted)
        is_maildir = os.path.basename(parent) in _MAILDIR  # noqa: PTH119
        for each in wanted:
            if every or is_maildir or _READ.search(each) or (is_data and each.endswith(".js")):
                yield os.path.join(parent, each)  # noqa: PTH118
            else:
                left_out[os.path.splitext(each)[1] or "without a suffix"] += 1  # noqa: PTH122
