"""`linkgate lookup`: is this URL or this file's digest listed, and which entry says so."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.digest_options import digests, files
from linkgate.fronts.configured import Opened, open_asked
from linkgate.fronts.line_reader import BadLine, decode, lines, not_utf8
from linkgate.fronts.show import (
    allowed_row,
    defang,
    match_row,
    print_block,
    print_json,
    printable,
    say,
    terms,
    verdict_word,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from linkgate import CanonicalUrl, Explanation, Media


@click.command("lookup", epilog=options.CODES)
@click.argument("urls", nargs=-1, metavar="[URL...]")
@digests
@click.option("--explain", is_flag=True, help="Show every step from the link as written to the entry.")
@options.lists
@options.policed
@options.quiet
@options.as_json
def command(  # noqa: PLR0913  # one argument an option
    *,
    urls: tuple[str, ...],
    explain: bool,
    lists: tuple[str, ...],
    config: str | None,
    quiet: bool,
    as_json: bool,
    **given: tuple[str, ...],
) -> int:
    """Look up URLs as they were pasted, defanged or not; `-` reads one a line from stdin. Or digests of files.

    A URL that no browser would open, and that no entry covers, is "could not tell".
    """
    asked = files(given)
    if not urls and not asked:
        raise linkgate.UsageError(
            "nothing to look up: give a URL, - for stdin, or a digest, as in --sha256 HEX; see linkgate lookup --help"
        )
    opened = open_asked(lists, config, None, partial=True)
    codes = [
        exits.UNSURE if isinstance(url, BadLine) else _look(url, opened, explain=explain, quiet=quiet, as_json=as_json)
        for url in _urls(urls)
    ]
    codes += [_look_at(file, opened, quiet=quiet, as_json=as_json) for file in asked]
    return max(codes, default=exits.UNSURE)


def _urls(urls: Iterable[str]) -> Iterator[str | BadLine]:
    for url in urls:
        if url == "-":
            yield from _from_stdin()
        else:
            yield url


def _from_stdin() -> Iterator[str | BadLine]:
    for number, line in lines(sys.stdin.buffer):
        text, valid = ("", True) if isinstance(line, BadLine) else decode(line.strip())
        bad = line if isinstance(line, BadLine) else None if valid else not_utf8(number)
        if bad:
            say(f"-:{number}: {bad.reason}")
            yield bad
        if text:
            yield text


def _look(url: str, opened: Opened, *, explain: bool, quiet: bool, as_json: bool) -> int:
    told, partial = opened.explain(url), opened.engines.partial
    if quiet:
        pass
    elif as_json:
        print_json(_as_dict(url, told, explain=explain) | ({"partial": True} if partial else {}))
    else:
        print_block(defang(url), _rows(told, explain=explain, partial=partial))
    if told.verdict.flagged:
        return exits.FLAGGED
    return exits.UNSURE if _is_unsure(told, partial=partial) else exits.CLEAR


def _look_at(file: tuple[str, str, Media], opened: Opened, *, quiet: bool, as_json: bool) -> int:
    """The same for the digest of a file."""
    name, typed, media = file
    verdict, partial = opened.check("", media=[media]), opened.engines.partial
    unsure = partial and not verdict.flagged
    if quiet:
        pass
    elif as_json:
        print_json({name: typed, **verdict.as_dict()} | ({"partial": True} if partial else {}))
    else:
        matches = [("match", match_row(match)) for match in verdict.matches]
        word = "could not tell" if unsure else verdict_word(verdict)
        print_block(printable(f"{name} {typed}"), [("verdict", word), *matches, ("snapshot", verdict.snapshot)])
    if verdict.flagged:
        return exits.FLAGGED
    return exits.UNSURE if unsure else exits.CLEAR


def _is_unsure(told: Explanation, *, partial: bool) -> bool:
    """Whether nobody can say that a URL is clear: no browser opens it, or a list is mostly unread."""
    if told.verdict.flagged:
        return False
    return partial or (told.canonical is None and not told.verdict.matches)


def _shown(canonical: CanonicalUrl) -> str:
    fragment = "" if canonical.fragment is None else f"#{canonical.fragment}"
    return defang(f"{canonical}{fragment}")


def _as_dict(url: str, told: Explanation, *, explain: bool) -> dict[str, Any]:
    answer = {
        "url": defang(url),
        "canonical": told.canonical and _shown(told.canonical),
        **told.verdict.as_dict(),
    }
    if explain:
        answer["stages"] = [{"step": stage.step, "url": defang(stage.url)} for stage in told.stages]
        answer["allowed"] = [allowed_row(each) for each in told.allowed]
    return answer


def _rows(told: Explanation, *, explain: bool, partial: bool) -> Iterator[tuple[str, str]]:
    if explain:
        for stage in told.stages:
            yield stage.step, defang(stage.url)
    if told.canonical is None:
        yield "canonical", "none: no browser would open a web page for this"
    elif not explain:
        yield "canonical", _shown(told.canonical)
    unsure = _is_unsure(told, partial=partial)
    yield "verdict", "could not tell" if unsure else verdict_word(told.verdict)
    for match in told.verdict.matches:
        yield "match", match_row(match)
    if explain:
        for each in told.allowed:
            yield "allowed", printable(f"entry {each.id} (list {each.list}): {terms(each)}")
    yield "snapshot", told.verdict.snapshot
