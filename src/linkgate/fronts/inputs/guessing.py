"""Which field holds the text, the id, the time, the links: as the user says, else a good guess that is told.

>>> seen = seen_in([{"update_id": 1, "message": {"message_id": 7, "text": "hi", "date": 1358788919}}])
>>> found = paths_in(seen, Fields())
>>> found.text, found.id, found.time, found.links
(('message', 'text'), ('message', 'message_id'), ('message', 'date'), ())
>>> remark("JSON lines", paths_in(seen, Fields(id="update_id")), Fields(id="update_id"), seen)
'JSON lines; text from message.text, id from update_id, time from message.date, no links (guessed but for --id)'
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

from linkgate.fronts.inputs.broken_input import BrokenInput
from linkgate.fronts.inputs.chunks import Fields, Path, Paths
from linkgate.fronts.inputs.field_names import KINDS, NAMES, NUMBER, OTHER, TEXT, TIME, folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Seen = dict[Path, tuple[str, bool]]
"""Paths that records have, in their order: the kind of what is there, and whether a list was walked through."""

_PLAIN = re.compile(r"[A-Za-z0-9_@ $-]{1,40}")
_DEEP = 12
_ITEMS = 20
_TOLD = 12
_NAMED = 3
_NEAR = 2
_MOST = 50
"""Paths of a kind: where keys are ids, each record has others."""


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
        for item in value[:_ITEMS]:
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


def paths_in(seen: Seen, fields: Fields, *, near: bool = False) -> Paths | None:
    """The fields as named, the others as guessed; None when nothing looks like a text, `near` the top if so."""
    deepest = _NEAR if near else _DEEP
    text = named(fields.text, seen) or _text({path: seen[path] for path in seen if len(path) <= deepest})
    if text is None:
        return None
    places = tuple(dict.fromkeys((text[:-1], ())))
    id_, time = (named(getattr(fields, part), seen) or guess(part, seen, *places) for part in ("id", "time"))
    links = tuple(path for name in fields.links if (path := named(name, seen)))
    more = () if fields.text else tuple(islice((path for path in every("more", seen) if path != text), _MOST))
    found = links or tuple(islice((path for path in every("links", seen) if path not in {text, *more}), _MOST))
    account = named(fields.account, seen)
    paths = Paths(text=text, id=id_, time=time, account=account, links=found, more=more, anywhere=not links)
    paths = replace(paths, media=_prefix(fields.media, seen))
    if near:
        return paths
    id_else = () if fields.id else _others("id", id_, paths, seen)
    return replace(paths, id_else=id_else, time_else=() if fields.time else _others("time", time, paths, seen))


def _others(part: str, first: Path | None, paths: Paths, seen: Seen) -> tuple[Path, ...]:
    """Where the id or time of records of another kind stands: beside their texts, or at the top; a time, in a list."""
    places = [path[:-1] for path in paths.more if folded(path[-1]) in NAMES["text"]]
    found = [guess(part, seen, place) for place in (*places, ())]
    found += [path for path in every(part, seen) if seen[path][1]][:1] if part == "time" else []
    return tuple(dict.fromkeys(path for path in found if path and path != first))


def _text(seen: Seen) -> Path | None:
    """The surest text; one in a list only where there is no other."""
    listed = (path for path in every("more", seen) if seen[path][1])
    return guess("text", seen) or guess("more", seen) or next(listed, None)


def named(name: str | None, seen: Seen) -> Path | None:
    """A name as a path: dotted, unless a field is called just so."""
    if name is None:
        return None
    return (name,) if (name,) in seen else tuple(name.split("."))


def _prefix(name: str | None, seen: Seen) -> Path | None:
    """A name as a path to what may hold more: dotted, unless a field is called just so."""
    if name is None:
        return None
    return (name,) if any(path[0] == name for path in seen) else tuple(name.split("."))


def guess(part: str, seen: Seen, *parents: Path) -> Path | None:
    """The first good name beside what `parents` says; a text may stand at any depth, the nearest first."""
    named_so: dict[Path, dict[str, Path]] = {}
    for path, (kind, listed) in seen.items():
        if kind in KINDS[part] and not listed and (name := folded(path[-1])) in NAMES[part] and _is_plain(path):
            named_so.setdefault(path[:-1], {}).setdefault(name, path)  # of two alike the first stays
    for parent in sorted(named_so, key=len) if part in {"text", "more"} else parents:
        candidates = named_so.get(parent, {})
        for name in NAMES[part]:
            if name in candidates:
                return candidates[name]
    return None


def every(part: str, seen: Seen) -> Iterator[Path]:
    """Every path whose last step is a good name, through lists too."""
    names = {*NAMES[part], *(NAMES["text"] if part == "more" else ())}
    for path, (kind, _) in seen.items():
        if kind in KINDS[part] and folded(path[-1]) in names and _is_plain(path):
            yield path


def _is_plain(path: Path) -> bool:
    return all(map(_PLAIN.fullmatch, path))


def table_paths(seen: Seen, fields: Fields, *, tell: bool = True) -> Paths:
    """As paths_in, for a table, which has a column or has it not; `tell` which it has. Raises BrokenInput."""
    paths, has = paths_in(seen, fields, near=True), _columns(seen) if tell else ""
    if paths is None:
        raise BrokenInput(f"no column looks like a text{has}; name it with --text")
    parts = ("text", "id", "time", "media", "account")
    named_columns = {part: (getattr(paths, part),) for part in parts} | {"links": paths.links}
    for part, several in named_columns.items():
        names = fields.links if part == "links" else filter(None, [getattr(fields, part)])
        for path, name in zip(several, names, strict=False):
            if path is not None and not _is_there(path, seen):
                raise BrokenInput(f"no column {name!r}, which --{part} names{has}")
    if seen.get(paths.text, (TEXT, False))[0] != TEXT:
        raise BrokenInput(f"column {'.'.join(paths.text)!r} is not text; name another with --text")
    return paths


def _columns(seen: Seen) -> str:
    names = [".".join(path) for path in seen if _is_plain(path)]
    return f" (it has: {', '.join(names[:_TOLD])})" if names else ""


def remark(form: str, paths: Paths, fields: Fields, seen: Seen, *, anywhere: bool = False) -> str:
    """One sentence on where the parts of a message are taken from; `anywhere`: links are, wherever they stand."""
    parts = [_told("text", (paths.text, *paths.more), seen)]
    parts += [_told(part, (path,) if path else (), seen) for part, path in (("id", paths.id), ("time", paths.time))]
    parts += [_told("account", (paths.account,), seen)] if paths.account else []
    every_link = anywhere and paths.anywhere
    parts.append("links from every other field" if every_link else _told("links", paths.links, seen))
    if paths.media is not None:
        parts.append(_told("media", (paths.media,), seen))
    given = [f"--{part}" for part in ("text", "id", "time", "account", "links", "media") if getattr(fields, part)]
    if len(given) == len(parts):
        return f"{form}; {', '.join(parts)}"
    guessed = (
        f"guessed but for {', '.join(given)}" if given else "guessed; --text, --id, --time and --links name others"
    )
    return f"{form}; {', '.join(parts)} ({guessed})"


def _told(part: str, paths: tuple[Path, ...], seen: Seen) -> str:
    if not paths:
        return f"no {part}"
    names = [".".join(path) + ("" if _is_there(path, seen) else " (not in its first records)") for path in paths]
    left = len(names) - _NAMED
    return f"{part} from {' and '.join(names[:_NAMED])}" + (f" and {left} more" if left > 0 else "")


def _is_there(path: Path, seen: Seen) -> bool:
    return any(other[: len(path)] == path for other in seen)
