"""Spellings that are nearly surely the listed page: every disguise of `core.disguises`, and every loose step."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linkgate.core.disguises import DISGUISES
from linkgate.selftest.probes import Spelling
from linkgate.selftest.same_page import wide

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkgate.core.text.undoing import Disguise
    from linkgate.selftest.probes import Maker
    from linkgate.selftest.samples import Sample


def _disguised(example: str) -> Maker:
    """A spelling of http://bad.example/page, as a row of `core.disguises` has it -> the same of a sample."""

    def make(sample: Sample) -> Iterator[str]:
        name, _, tail = sample.host.rpartition(".")
        if sample.named and sample.is_page and sample.plain and "." not in name:
            parts = {"bad": name, "example": tail, "page": sample.path[1:]}
            yield re.sub("bad|example|page", lambda part: parts[part[0]], example)

    return make


def _spelled(disguise: Disguise) -> Maker:
    makers = [_disguised(example) for example in disguise.examples]
    return lambda sample: (posted for make in makers for posted in make(sample))


def _kind(disguise: Disguise) -> str:
    """A disguise that matters inside other links alone leaves a link inside a link."""
    return "nested" if all("?" in example for example in disguise.examples) else "loose"


def _defanged_number(sample: Sample) -> Iterator[str]:
    if sample.name == "ipv6":
        yield f"hxxp://{sample.bare}"
    elif sample.name == "ipv4":
        yield f"hxxps://{_dotted(sample, '[.]')}{sample.rest}"
        yield f"hxxp[:]//{_dotted(sample, '{.}')}{sample.rest}"


def _dotted(sample: Sample, dot: str) -> str:
    return sample.host.replace(".", dot)


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


LOOSE = (
    *(Spelling(name=disguise.name, make=_spelled(disguise), kind=_kind(disguise)) for disguise in DISGUISES),
    *(
        Spelling(name=name, make=make, kind="loose")
        for name, make in {
            "glued to text of scripts without spaces, behind": _glued_behind,
            "addresses in numbers, defanged": _defanged_number,
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
    ),
)
"""The classes, by the names that docs/what-it-catches.md has for them."""
