"""Which field holds the text, the id, the time, the links: as the user says, else a good guess that is told.

>>> seen = seen_in([{"update_id": 1, "message": {"message_id": 7, "text": "hi", "date": 1358788919}}])
>>> paths_in(seen, Fields())
Paths(text=('message', 'text'), links=None, id=('message', 'message_id'), time=('message', 'date'))
>>> remark("JSON lines", paths_in(seen, Fields(id="update_id")), Fields(id="update_id"), seen)
'JSON lines; text from message.text, id from update_id, time from message.date, no links (guessed but for --id)'
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from linkgate.fronts.inputs.chunks import Fields, Path, Paths
from linkgate.fronts.inputs.streams import BrokenInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TEXT, NUMBER, TIME, OTHER = "text", "number", "time", "other"
Seen = dict[Path, tuple[str, bool]]
"""Paths that records have, in their order: the kind of what is there, and whether a list was walked through."""

_NAMES = {
    "text": (
        *("text", "body", "message", "content", "contents", "messagetext", "messagebody", "messagecontent", "selftext"),
        *(
            "fulltext",
            "rawtext",
            "posttext",
            "msg",
            "comment",
            "commenttext",
            "post",
            "caption",
            "description",
            "title",
        ),
    ),
    "id": ("id", "messageid", "msgid", "postid", "commentid", "statusid", "eventid", "idstr", "uuid", "guid", "key"),
    "time": (
        *("time", "timestamp", "ts", "datetime", "date", "dateunixtime", "createdat", "createdutc", "created"),
        *("createdtime", "creationdate", "sentat", "sent", "postedat", "posted", "publishedat", "published"),
    ),
    "links": (
        *("links", "urls", "hiddenlinks", "links.url", "links.href", "urls.expandedurl", "urls.url"),
        *("entities.urls.expandedurl", "entities.url", "entities.href", "textentities.href"),
        *("url", "link", "href", "attachments.url"),
    ),
}
_KINDS = {"text": {TEXT}, "id": {TEXT, NUMBER}, "time": {TEXT, NUMBER, TIME}, "links": {TEXT}}
_PLAIN = re.compile(r"[A-Za-z0-9_@ $-]{1,40}")
_DEEP = 4
_TOLD = 12


def seen_in(rows: Iterable[Any]) -> Seen:
    """The paths of some JSON records."""
    seen: Seen = {}
    for row in rows:
        if isinstance(row, dict):
            for path, value, listed in _walk(row, (), listed=False):
                if path not in seen or seen[path][0] == OTHER:
                    seen[path] = (_kind(value), listed)
    return seen


def _walk(value: Any, path: Path, *, listed: bool) -> Iterator[tuple[Path, Any, bool]]:
    if isinstance(value, dict) and len(path) < _DEEP:
        for key, item in value.items():
            yield from _walk(item, (*path, key), listed=listed)
    elif isinstance(value, list) and path:
        for item in value[:20]:
            if not isinstance(item, list):
                yield from _walk(item, path, listed=True)
    elif path:
        yield path, value, listed


def _kind(value: Any) -> str:
    if isinstance(value, str | bytes | memoryview):
        return TEXT
    if isinstance(value, dt.date):  # which a time is too
        return TIME
    return NUMBER if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else OTHER


def paths_in(seen: Seen, fields: Fields) -> Paths | None:
    """The fields as named, the others as guessed; None when nothing looks like a text."""
    text = named(fields.text, seen) or _guess("text", seen, ())
    if text is None:
        return None
    places = tuple(dict.fromkeys((text[:-1], ())))
    found = {
        part: named(getattr(fields, part), seen) or _guess(part, seen, *places) for part in ("id", "time", "links")
    }
    return Paths(text=text, **found)


def named(name: str | None, seen: Seen) -> Path | None:
    """A name as a path: dotted, unless a field is called just so."""
    if name is None:
        return None
    return (name,) if (name,) in seen else tuple(name.split("."))


def _guess(part: str, seen: Seen, *parents: Path) -> Path | None:
    """The first good name beside what `parents` says; a text may stand at the top or one level down."""
    if part == "text":
        parents = ((), *dict.fromkeys(path[:1] for path in seen if len(path) > 1))
    for parent in parents:
        candidates = {
            ".".join(map(_folded, path[len(parent) :])): path
            for path, (kind, listed) in reversed(seen.items())  # of two alike the first stays
            if path[: len(parent)] == parent and kind in _KINDS[part] and (part == "links" or not listed)
        }
        for name in _NAMES[part]:
            if name in candidates and all(map(_PLAIN.fullmatch, candidates[name])):
                return candidates[name]
    return None


def _folded(name: str) -> str:
    """Names are spelled `created_at`, `createdAt` and `Created At`."""
    return re.sub(r"[_\s$-]", "", name).lower()


def table_paths(seen: Seen, fields: Fields, *, tell: bool = True) -> Paths:
    """As paths_in, for a table, which has a column or has it not; `tell` which it has. Raises BrokenInput."""
    paths, has = paths_in(seen, fields), _columns(seen) if tell else ""
    if paths is None:
        raise BrokenInput(f"no column looks like a text{has}; name it with --text")
    for part in ("text", "id", "time", "links"):
        path, name = getattr(paths, part), getattr(fields, part)
        if name is not None and not _is_there(path, seen):
            raise BrokenInput(f"no column {name!r}, which --{part} names{has}")
    if seen.get(paths.text, (TEXT, False))[0] != TEXT:
        raise BrokenInput(f"column {'.'.join(paths.text)!r} is not text; name another with --text")
    return paths


def _columns(seen: Seen) -> str:
    names = [".".join(path) for path in seen if all(map(_PLAIN.fullmatch, path))]
    return f" (it has: {', '.join(names[:_TOLD])})" if names else ""


def remark(form: str, paths: Paths, fields: Fields, seen: Seen) -> str:
    """One sentence on where the parts of a message are taken from."""
    parts = []
    for part in ("text", "id", "time", "links"):
        path = getattr(paths, part)
        told = f"{part} from {'.'.join(path)}" if path else f"no {part}"
        parts.append(f"{told} (not in its first records)" if path and not _is_there(path, seen) else told)
    given = [f"--{part}" for part in ("text", "id", "time", "links") if getattr(fields, part)]
    if len(given) == len(parts):
        return f"{form}; {', '.join(parts)}"
    guessed = (
        f"guessed but for {', '.join(given)}" if given else "guessed; --text, --id, --time and --links name others"
    )
    return f"{form}; {', '.join(parts)} ({guessed})"


def _is_there(path: Path, seen: Seen) -> bool:
    return any(other[: len(path)] == path for other in seen)
