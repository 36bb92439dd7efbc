"""Spellings that hide the listed link inside another one: their kind is `nested`."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from linkgate.core.wrappers import WRAPPERS
from linkgate.selftest.probes import Spelling
from linkgate.selftest.samples import Sample

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def _quoted(text: str) -> str:
    return quote(text, safe="")


def _glued(sample: Sample) -> Iterator[str]:
    yield f"http://other.example/x{sample.url}"


def _redirectors(sample: Sample) -> Iterator[str]:
    yield f"https://www.google.com/url?q={_quoted(sample.url)}&sa=D"
    yield f"https://l.facebook.com/l.php?u={_quoted(sample.url)}&h=x"


def _schemeless(sample: Sample) -> Iterator[str]:
    if sample.name != "ipv6":
        yield f"https://l.facebook.com/l.php?u={_quoted(sample.bare)}"


def _any_parameter(sample: Sample) -> Iterator[str]:
    yield f"https://other.example/out?x=1&to={_quoted(_quoted(sample.url))}"
    yield f"https://other.example/out?x=1&to={_quoted(sample.url)}&y=2"


def _twice(sample: Sample) -> Iterator[str]:
    inner = f"https://l.facebook.com/l.php?u={_quoted(sample.url)}"
    yield f"https://www.google.com/url?q={_quoted(inner)}"


def _scripts(sample: Sample) -> Iterator[str]:
    yield f"javascript:location='{sample.url}'"


_EXAMPLE = Sample(name="example", host="bad.example", path="/page")


def _codings(sample: Sample) -> tuple[str, ...]:
    """How a page may stand in the link of an example, what is longest first."""
    url = sample.url
    coded = urlsafe_b64encode(url.encode()).decode().rstrip("="), url.encode().hex()
    escaped = _quoted(_quoted(url)), _quoted(url), url
    return *coded, *escaped, _quoted(sample.bare), sample.bare


def _of_table() -> Iterator[Spelling]:
    """The rows of the table of wrappers whose examples hold the page in a way that another can take its place."""
    for row in WRAPPERS:
        taken: dict[str, int] = {}
        for listed, link in row.examples:
            places = (place for place, coding in enumerate(_codings(_EXAMPLE)) if coding in link)
            if listed == _EXAMPLE.url and (place := next(places, -1)) >= 0:
                taken[link] = place
        if taken:
            yield Spelling(name=row.name, make=partial(_in_examples, taken), kind="nested")


def _in_examples(examples: Mapping[str, int], sample: Sample) -> Iterator[str]:
    if sample.plain and sample.named and sample.is_page:
        for link, place in examples.items():
            yield link.replace(_codings(_EXAMPLE)[place], _codings(sample)[place])


NESTED = tuple(
    Spelling(name=name, make=make, kind="nested", hidden=make is _scripts)
    for name, make in {
        "two links without a space": _glued,
        "redirectors": _redirectors,
        "redirectors without a scheme inside": _schemeless,
        "any parameter that holds a link": _any_parameter,
        "a redirector inside a redirector": _twice,
        "scripts": _scripts,
    }.items()
) + tuple(_of_table())
"""The classes, by the names that docs/what-it-catches.md has for them."""
