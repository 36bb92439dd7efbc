"""`lookup` and `check`: one question, one answer to read."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.configured import open_asked
from linkgate.fronts.engines import Engines, open_engines
from linkgate.fronts.line_reader import LIMIT, BadLine, decode, lines, not_utf8
from linkgate.fronts.show import (
    allowed_row,
    defang,
    match_row,
    print_block,
    print_json,
    printable,
    say,
    span,
    terms,
    verdict_word,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from linkgate import CanonicalUrl, Explanation, Match, Ruling, Verdict


def lookup(urls: Sequence[str], *, lists: Sequence[str], explain: bool, as_json: bool) -> int:
    """Answer for each URL; the worst answer is the exit code."""
    engines = open_engines(lists)
    codes = [
        exits.UNSURE if isinstance(url, BadLine) else _look(url, engines, explain=explain, as_json=as_json)
        for url in _urls(urls)
    ]
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


def _look(url: str, engines: Engines, *, explain: bool, as_json: bool) -> int:
    told = engines.explain(url)
    if as_json:
        print_json(_as_dict(url, told, explain=explain))
    else:
        print_block(defang(url), _rows(told, explain=explain))
    if told.verdict.flagged:
        return exits.FLAGGED
    return exits.CLEAR if told.canonical or told.verdict.matches else exits.UNSURE


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


def _rows(told: Explanation, *, explain: bool) -> Iterator[tuple[str, str]]:
    if explain:
        for stage in told.stages:
            yield stage.step, defang(stage.url)
    if told.canonical is None:
        yield "canonical", "none: no browser would open a web page for this"
    elif not explain:
        yield "canonical", _shown(told.canonical)
    unsure = told.canonical is None and not told.verdict.matches
    yield "verdict", "could not tell" if unsure else verdict_word(told.verdict)
    for match in told.verdict.matches:
        yield "match", match_row(match)
    if explain:
        for each in told.allowed:
            yield "allowed", printable(f"entry {each.id} (list {each.list}): {terms(each)}")
    yield "snapshot", told.verdict.snapshot


def check(  # noqa: PLR0913  # the options of the command
    text: str,
    *,
    links: tuple[str, ...],
    lists: Sequence[str],
    config: str | None,
    surface: str | None,
    message: str | None,
    show_urls: bool,
    as_json: bool,
) -> int:
    """Answer for one message."""
    if message is not None and config is None:
        raise linkgate.UsageError("--id counts where a list has a share: name linkgate.toml with --config")
    opened = open_asked(lists, config, surface)
    text, valid = _stdin_text() if text == "-" else (text, True)
    verdict = opened.check(text, links=links, message=message)
    if as_json:
        print_json(_checked(verdict, show_urls=show_urls))
    else:
        click.echo(verdict_word(verdict))
        for match, ruling in zip(verdict.matches, verdict.rulings, strict=True):
            click.echo("  " + _match_line(match, show_urls=show_urls) + _held(ruling))
    if not verdict.scanned:
        say(f"{config} has the surface {opened.surface} off, so nobody looked")
    if not valid or not verdict.scanned:
        return exits.UNSURE
    return exits.FLAGGED if verdict.flagged else exits.CLEAR


def _held(ruling: Ruling) -> str:
    """Why less is done than was asked for."""
    why = {"shadow": "its list is in shadow", "share": "the message is not in the share of its list"}
    return f"; {ruling.action}, not {ruling.asked}: {why.get(ruling.held, ruling.held)}" if ruling.held else ""


def _stdin_text() -> tuple[str, bool]:
    data = sys.stdin.buffer.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise linkgate.UsageError(f"the message is longer than {LIMIT >> 20} MiB; use linkgate scan for a file of them")
    text, valid = decode(data)
    if not valid:
        say("the message is " + not_utf8(1).reason)
    return text, valid


def _checked(verdict: Verdict, *, show_urls: bool) -> dict[str, Any]:
    answer = verdict.as_dict()
    if show_urls:
        for row, match in zip(answer["matches"], verdict.matches, strict=True):
            row["link"] = defang(match.link.text)
    return answer


def _match_line(match: Match, *, show_urls: bool) -> str:
    link = f": {defang(match.link.text)}" if show_urls else ""
    return f"{match_row(match)}; {span(match)}{link}"
