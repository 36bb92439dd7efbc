"""Controls: messages that come near a canary and must stay clear, lest strangers be blocked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkgate.selftest.probes import Spelling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkgate.selftest.samples import Sample


def _contains(sample: Sample) -> Iterator[str]:
    if sample.named:
        host = sample.host.removeprefix("a.b.")
        yield f"http://not{host}{sample.rest}"
        yield f"http://{host}.other.example{sample.rest}"
        yield f"http://{host.replace('.', '-x.', 1)}{sample.rest}"


def _user_name(sample: Sample) -> Iterator[str]:
    if sample.name != "ipv6":
        yield f"http://{sample.host}@other.example{sample.rest}"


def _relatives(sample: Sample) -> Iterator[str]:
    if sample.name == "host":
        yield f"http://sub.{sample.host}/ http://example/"
    if sample.name == "domain":
        yield "http://example/ http://other.example/any/photo"


def _other_page(sample: Sample) -> Iterator[str]:
    if sample.is_page and sample.plain:
        yield from (sample.with_path(path).url for path in ("/", "/other", f"{sample.path}2", sample.path[:-2]))


def _no_query(sample: Sample) -> Iterator[str]:
    if sample.query:
        first, _, last = sample.query.partition("&")
        yield from (sample.url.replace(sample.query, query) for query in (first, last, f"{first}0&{last}"))
        yield sample.url.partition("?")[0]


def _no_fragment(sample: Sample) -> Iterator[str]:
    if sample.fragment:
        yield sample.url.partition("#")[0]
        yield f"{sample.url}1"


def _other_port(sample: Sample) -> Iterator[str]:
    if sample.is_page:
        yield sample.with_host(f"{sample.host}:8080").url


def _neighbour(sample: Sample) -> Iterator[str]:
    if sample.name == "prefix":
        yield from (
            f"http://{sample.host}/users/{path}" for path in ("", "mallory2", "malloryx/photo", "alice/mallory/")
        )


def _look_alike(sample: Sample) -> Iterator[str]:
    if sample.named:
        yield sample.with_host(sample.host.replace("canary", "c\u0430nary")).url


def _mail(sample: Sample) -> Iterator[str]:
    if sample.named:
        yield f"write to joe@{sample.host} today"


def _path(sample: Sample) -> Iterator[str]:
    if sample.named:
        yield f"/{sample.host}"


def _sentence(sample: Sample) -> Iterator[str]:
    if sample.named:
        before, _, last = sample.host.rpartition(".")
        yield f"it was {before} . {last} follows"


def _other_address(sample: Sample) -> Iterator[str]:
    if sample.name == "ipv4":
        yield from (sample.with_host(host).url for host in ("192.0.2.78", "192.0.2.7", "192.0.2.177", "0xC000024E"))
    if sample.name == "ipv6":
        yield from (sample.with_host(host).url for host in ("[2001:db8::4e]", "[2001:db8:4d::]", "[::4d]"))


def _elsewhere(sample: Sample) -> Iterator[str]:
    if sample.is_page and sample.plain:
        yield f"https://www.google.com/url?q=http%3A%2F%2F{sample.host}%2Fother&sa=D"


def _talk(sample: Sample) -> Iterator[str]:
    words = sample.host.replace(".", " ").replace("-", " ").replace(":", " ")
    yield f"{words} and {sample.path.replace('/', ' ').strip()}: no link at all"


CONTROLS = tuple(
    Spelling(name=name, make=make, control=True)
    for name, make in {
        "another host that contains the listed one": _contains,
        "the listed host as user name of another": _user_name,
        "a subdomain, or the parent, of a listed host": _relatives,
        "another page of the same host": _other_page,
        "a page without the query that its entry has": _no_query,
        "a page without the fragment that its entry has": _no_fragment,
        "another port": _other_port,
        "the directory's neighbour": _neighbour,
        "look-alike letters of other scripts (a browser opens another host)": _look_alike,
        "mail addresses": _mail,
        "a path, or a command of a bot": _path,
        "a dot between blanks without a page behind it, which is the end of a sentence": _sentence,
        "another address": _other_address,
        "a redirector to another page": _elsewhere,
        "the words without a link": _talk,
    }.items()
)
"""The classes, by the names that docs/what-it-catches.md has for them."""
