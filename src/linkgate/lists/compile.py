"""Lists -> engine and report; pure: bytes in, nothing fetched, nothing written.

>>> compiled = compile_lines(["http://bad.example/page", "*.worse.example", "twitter.com", "half…"])
>>> compiled.report.entries, compiled.report.scopes
(2, {'page': 1, 'domain': 1})
>>> compiled.report.quarantined, compiled.report.rejected
((Quarantined(list='list', line=3, reason='popular host', id='list:3'),), \
(Rejected(list='list', line=4, reason='truncated'),))
>>> compiled.engine.check("see http://bad.example/page").flagged
True
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from linkgate.core.arguments import require_kind
from linkgate.core.engine import Engine
from linkgate.errors import ListError
from linkgate.lists.acceptance import Acceptance
from linkgate.lists.canaries import RESERVED, canaries, is_reserved
from linkgate.lists.digest_guard import DigestGuard
from linkgate.lists.file_check import refuse_unusable
from linkgate.lists.formats import FORMATS, sniff
from linkgate.lists.formats.plain_list import read_lines
from linkgate.lists.guard import Guard
from linkgate.lists.list_compiler import CompileSettings, ListCompiler, report_on
from linkgate.lists.packaged_rules import packaged_rules
from linkgate.lists.source import Source

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date

    from linkgate.core.allowance import Allowance
    from linkgate.core.digests.digest import Digest
    from linkgate.core.index.entry import Entry
    from linkgate.core.url.suffixes import Rules
    from linkgate.lists.compile_report import Report
    from linkgate.lists.formats import ListItem, RejectedLine

__all__ = ["Compiled", "Source", "compile_lines", "compile_lists"]


@dataclass(frozen=True, slots=True)
class Compiled:
    """An engine, and the report on how it came about."""

    engine: Engine
    report: Report


def compile_lines(  # noqa: PLR0913  # keyword-only
    lines: Iterable[str | bytes],
    *,
    name: str = "list",
    category: str | None = None,
    secret: bytes | None = None,
    today: date | None = None,
    type: str | None = None,  # noqa: A002  # the word for it
) -> Compiled:
    """Compile plain-list lines that a program holds; a bad line is reported, never raised.

    type: of what type of digest each line is one (such as `sha256`, `md5` or `pdq`); None for addresses.
    Raises UsageError for another type, and TypeError where `lines` is one text, or no iterable.

    >>> compile_lines([]).report.entries
    0
    """
    _require_lines(lines)
    settings = _settings(secret=secret, today=today)
    return _compiled(((Source(name=name, data=b"", category=category, type=type), read_lines(lines)),), settings)


def _require_lines(lines: object) -> None:
    """Raise TypeError for one text in place of lines, whose letters would be read as lines, and for no iterable."""
    kind = type(lines).__name__
    if isinstance(lines, str | bytes | bytearray):
        raise TypeError(f"lines must be a list of lines, not {kind}: give lines.splitlines()")
    if not isinstance(lines, Iterable):
        raise TypeError(f"lines must be a list of lines, not {kind}")


def compile_lists(  # noqa: PLR0913  # the lists, and what is the same for all of them
    sources: Iterable[Source],
    *,
    secret: bytes | None = None,
    today: date | None = None,
    accept: Mapping[str, str] | None = None,
    popular: Collection[str] | None = None,
    well_known: Collection[Digest] = (),
    shorteners: Iterable[str] | None = None,
    opaque: bool = False,
) -> Compiled:
    """Compile lists of any format; entries that expired before `today` are left out.

    The allow entries among them end at their time, and not only when lists are compiled: see
    `Engine.at`. One whose end cannot be read is rejected.

    `secret` keys the ids of entries that have none of their publisher's. `accept` maps ids or names
    of entries that the guard holds back to the operator's reasons. `popular` replaces our own table
    of popular hosts, `shorteners`, rows of `lists/shortener_rows.py`, that of shorteners; `well_known` are the digests
    of files that everybody has. With `opaque`, verdicts name the short links that no entry covers. Raises ListError
    for a list that as a whole cannot be used (empty, binary, a web page, an unknown format); then nothing is compiled.
    Raises TypeError for what is no list of sources.
    """
    if isinstance(sources, str | bytes | Source) or not isinstance(sources, Iterable):
        raise TypeError(f"sources must be a list of linkgate.Source, not {type(sources).__name__}")
    settings = _settings(
        secret=secret, today=today, accept=accept, popular=popular, well_known=well_known, shorteners=shorteners
    )
    return _compiled(((source, _items(source)) for source in _sources(sources)), settings, opaque=opaque)


def _sources(sources: Iterable[Source]) -> Iterator[Source]:
    for source in sources:
        require_kind(source, Source, name="each of sources")
        yield source


@lru_cache(maxsize=1)
def _guard(rules: Rules) -> Guard:
    """The guard of usual rules, whose tables take longer than a short list."""
    return Guard(rules)


def _settings(  # noqa: PLR0913  # keyword-only
    *,
    secret: bytes | None,
    today: date | None,
    accept: Mapping[str, str] | None = None,
    popular: Collection[str] | None = None,
    well_known: Collection[Digest] = (),
    shorteners: Iterable[str] | None = None,
) -> CompileSettings:
    rules = packaged_rules() if shorteners is None else replace(packaged_rules(), shorteners=tuple(shorteners))
    return CompileSettings(
        rules=rules,
        guard=_guard(rules) if popular is None else Guard(rules, popular=popular),
        files=DigestGuard(well_known),
        acceptance=Acceptance(accept or {}),
        secret=secret,
        today=today.isoformat() if today else None,
    )


def _compiled(
    lists: Iterable[tuple[Source, Iterable[ListItem | RejectedLine]]],
    settings: CompileSettings,
    *,
    opaque: bool = False,
) -> Compiled:
    compilers: list[ListCompiler] = []

    def entries() -> Iterator[Entry]:
        for source, items in lists:
            if is_reserved(source.name):
                raise ListError(f"list {source.name!r}: {RESERVED}; call it otherwise")
            compiler = ListCompiler(source, settings)
            compilers.append(compiler)
            try:
                yield from compiler.entries(items)
            except ListError as error:
                raise ListError(f"list {source.name!r}: {error}") from None

    def allowances() -> Iterator[Allowance]:
        return chain.from_iterable(compiler.terms for compiler in compilers)

    def distances() -> dict[str, int]:
        return {each.name: each.distance for each in compilers if each.distance is not None}

    engine = Engine.build(
        entries(),
        rules=settings.rules,
        canaries=canaries,
        allowances=allowances,
        distances=distances,
        opaque=opaque,
    )
    return Compiled(engine, report_on(compilers))


def _items(source: Source) -> Iterator[ListItem | RejectedLine]:
    """What a source holds, read when it is asked for: a ListError comes with the first item at the latest."""
    refuse_unusable(source.name, source.data)
    kind = source.format or sniff(source.data, source.name)
    if kind not in FORMATS:
        known = ", ".join(sorted(FORMATS))
        raise ListError(f"list {source.name!r}: no format {kind!r}; there are {known}")
    try:
        return FORMATS[kind](source.data, columns=source.columns)
    except ListError as error:
        raise ListError(f"list {source.name!r}: {error}") from None
