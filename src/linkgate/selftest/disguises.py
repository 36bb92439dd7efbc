"""Spellings that are nearly surely the listed page: broken up for a reader to mend, or a loose step away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkgate.selftest.probes import Spelling
from linkgate.selftest.same_page import wide

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkgate.selftest.samples import Sample

_WORDS = (" dot ", " DOT ", "(dot)", "[punto]", "(точка)", " (点) ")
_LIKE_DOTS = ("\u2024", "\u00b7", "\u2022")
_UNSEEN = ("\u200d", "\u202e", "\u0332")  # a joiner, a direction mark, a combining mark


def _dotted(sample: Sample, dot: str) -> str:
    return sample.host.replace(".", dot)


def _defanged(sample: Sample) -> Iterator[str]:
    if sample.name == "ipv6":
        yield f"hxxp://{sample.bare}"
        return
    yield f"hxxps://{_dotted(sample, '[.]')}{sample.rest}"
    yield f"h**p://{_dotted(sample, '(.)')}{sample.rest}"
    yield f"hxxp[:]//{_dotted(sample, '{.}')}{sample.rest}"
    if sample.named:
        yield f"{_dotted(sample, '[.]')}{sample.rest}"


def _dot_words(sample: Sample) -> Iterator[str]:
    if sample.named:
        yield from (f"{_dotted(sample, word)}{sample.rest}" for word in _WORDS)


def _pulled_apart(sample: Sample) -> Iterator[str]:
    if sample.named and sample.plain:
        yield f"h t t p : / / {_dotted(sample, ' . ')}{sample.path.replace('/', ' / ')}"


def _like_dots(sample: Sample) -> Iterator[str]:
    if sample.named:
        yield from (f"{_dotted(sample, dot)}{sample.rest}" for dot in _LIKE_DOTS)


def _marks(sample: Sample) -> Iterator[str]:
    if sample.named:
        yield from (sample.with_host(sample.host.replace("canary", f"can{char}ary")).url for char in _UNSEEN)


def _entities(sample: Sample) -> Iterator[str]:
    if sample.named:
        path, behind = sample.path.replace("/", "&#47;"), sample.rest[len(sample.path) :]
        yield f"http://{_dotted(sample, '&period;')}{path}{behind}"


def _glued_behind(sample: Sample) -> Iterator[str]:
    if sample.is_page and sample.plain:
        yield f"{sample.url}看看"


def _www(sample: Sample) -> Iterator[str]:
    if sample.named and sample.is_page:
        yield sample.with_host(f"www.{sample.host}").url


def _trailing_slash(sample: Sample) -> Iterator[str]:
    if sample.is_page and sample.plain:
        yield f"{sample.url}/"


def _index_file(sample: Sample) -> Iterator[str]:
    if sample.is_page and sample.plain:
        yield from (f"{sample.url}/{name}" for name in ("index.html", "index.php"))


def _double_slash(sample: Sample) -> Iterator[str]:
    if sample.is_page and not sample.fragment:
        yield sample.with_path(f"/{sample.path}").url


def _path_case(sample: Sample) -> Iterator[str]:
    if sample.is_page and not sample.fragment:
        yield sample.with_path(sample.path.upper()).url


def _double_encoding(sample: Sample) -> Iterator[str]:
    if sample.is_page and not sample.fragment:
        yield sample.with_path(f"/%25{ord(sample.path[1]):x}{sample.path[2:]}").url


def _percent_encoding(sample: Sample) -> Iterator[str]:
    # Reserved characters: escaped, a browser requests them so, and a server reads them as they were.
    if sample.is_page and not sample.fragment and not sample.query:
        start, _, last = sample.path.rpartition("/")
        yield sample.with_path(f"{start}%2F{last}").url
    if sample.fragment:
        yield sample.url.replace(sample.fragment, sample.fragment.replace("/", "%2F"))


def _hashbang(sample: Sample) -> Iterator[str]:
    if sample.fragment:
        yield sample.url.replace("#", "#!")


def _query_order(sample: Sample) -> Iterator[str]:
    if sample.query:
        yield sample.url.replace(sample.query, "&".join(reversed(sample.query.split("&"))))


def _tracking(sample: Sample) -> Iterator[str]:
    if sample.is_page and not sample.fragment:
        mark = "&" if sample.query else "?"
        yield f"{sample.url}{mark}utm_source=x&fbclid=y"


def _query_added(sample: Sample) -> Iterator[str]:
    if sample.query:
        yield f"{sample.url}&size=3"


def _mapped(sample: Sample) -> Iterator[str]:
    if sample.name == "ipv4":
        yield sample.with_host(f"[::ffff:{sample.host}]").url
        yield sample.with_host("[::FFFF:c000:24d]").url


def _nat64(sample: Sample) -> Iterator[str]:
    if sample.name == "ipv4":
        yield sample.with_host(f"[64:ff9b::{sample.host}]").url


def _extra_dots(sample: Sample) -> Iterator[str]:
    if sample.named and sample.is_page:
        yield sample.with_host(f"{sample.host}..").url


def _several(sample: Sample) -> Iterator[str]:
    if sample.named:
        yield f"hxxps://bank.example@{wide(_dotted(sample, '[.]'))}:443/x/..{sample.rest}"
        yield f"看h**p://{_dotted(sample.with_host(sample.host.upper()), ' (dot) ')}{sample.rest}"


LOOSE = tuple(
    Spelling(name=name, make=make, kind="loose")
    for name, make in {
        "glued to text of scripts without spaces, behind": _glued_behind,
        "defanged": _defanged,
        "dots in words, in many languages": _dot_words,
        "scheme pulled apart": _pulled_apart,
        "dots that only look like dots": _like_dots,
        "zero-width joiners, direction marks, combining marks": _marks,
        "HTML entities in running text": _entities,
        "`www`": _www,
        "`trailing-slash`": _trailing_slash,
        "`index-file`": _index_file,
        "`double-slash`": _double_slash,
        "`path-case`": _path_case,
        "`double-encoding`": _double_encoding,
        "`percent-encoding`": _percent_encoding,
        "`hashbang`": _hashbang,
        "`query-order`": _query_order,
        "`tracking-parameter`": _tracking,
        "`query-added`": _query_added,
        "`ipv4-mapped`": _mapped,
        "`nat64`": _nat64,
        "`extra-dots`": _extra_dots,
        "several disguises at once": _several,
    }.items()
)
"""The classes, by the names that docs/what-it-catches.md has for them."""
