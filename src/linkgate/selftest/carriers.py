"""Spellings that hide the listed link inside another one: their kind is `nested`."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from typing import TYPE_CHECKING
from urllib.parse import quote

from linkgate.selftest.probes import Spelling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkgate.selftest.samples import Sample


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


def _archives(sample: Sample) -> Iterator[str]:
    yield f"https://web.archive.org/web/20200101000000/{sample.url}"
    if sample.name != "ipv6":
        yield f"https://web.archive.org/web/2020/{sample.bare}"


def _amp(sample: Sample) -> Iterator[str]:
    if sample.name != "ipv6":
        yield f"https://cdn.ampproject.org/c/s/{sample.bare}"


def _translated(sample: Sample) -> Iterator[str]:
    if sample.named and sample.plain:
        host = sample.host.replace("-", "--").replace(".", "-")
        yield f"https://{host}.translate.goog{sample.path}?_x_tr_sl=auto"


def _base64(sample: Sample) -> Iterator[str]:
    yield f"https://other.example/r?u={urlsafe_b64encode(sample.url.encode()).decode().rstrip('=')}"
    yield f"https://other.example/r?x=1&u={_quoted(b64encode(sample.url.encode()).decode())}&y=2"


def _scripts(sample: Sample) -> Iterator[str]:
    yield f"javascript:location='{sample.url}'"


NESTED = tuple(
    Spelling(name=name, make=make, kind="nested", hidden=make is _scripts)
    for name, make in {
        "two links without a space": _glued,
        "redirectors": _redirectors,
        "redirectors without a scheme inside": _schemeless,
        "any parameter that holds a link": _any_parameter,
        "a redirector inside a redirector": _twice,
        "web archives": _archives,
        "AMP caches": _amp,
        "translation proxies": _translated,
        "base64 in a query": _base64,
        "scripts": _scripts,
    }.items()
)
"""The classes, by the names that docs/what-it-catches.md has for them."""
