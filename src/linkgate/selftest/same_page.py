"""Spellings that a browser opens as the listed page: their kind is `exact`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linkgate.core.url.host import ipv4_number
from linkgate.selftest.probes import Spelling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkgate.selftest.samples import Sample

_INVISIBLE = ("\u00ad", "\u200b", "\u2060", "\ufe0f")  # UTS 46 drops them
_USERS = ("bank.example@", "user:secret@", "@", "bank.example%2Flogin@")
_DOTS = ("\u3002", "\uff0e", "\uff61")  # the other three dots of UTS 46


def _escaped(char: str) -> str:
    return f"%{ord(char):02x}"


def wide(text: str) -> str:
    """ASCII as full-width forms.

    >>> wide("a.b")
    'ａ．ｂ'
    """
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def _forms(host: str) -> str:
    """The first letters in mathematical, circled and script forms."""
    starts = (0x1D41A, 0x24D0, 0x1D4B6)
    letters = [match.start() for match in re.finditer("[a-d]", host)][:3]
    for start, place in zip(starts, letters, strict=False):
        host = host[:place] + chr(start + ord(host[place]) - ord("a")) + host[place + 1 :]
    return host


def _as_listed(sample: Sample) -> Iterator[str]:
    yield f"see {sample.url}"
    yield f"{sample.url}\nsee above"


def _other_case(sample: Sample) -> Iterator[str]:
    yield f"hTTps://{sample.host.upper()}{sample.rest}"
    yield f"look HTTP://{sample.host.title()}{sample.rest} look"


def _no_scheme(sample: Sample) -> Iterator[str]:
    if sample.name != "ipv6":
        yield f"look at {sample.bare} now"


def _ports(sample: Sample) -> Iterator[str]:
    for scheme, port in (("http", "80"), ("http", ""), ("http", "0080"), ("https", "443")):
        yield f"{scheme}://{sample.host}:{port}{sample.rest}"


def _users(sample: Sample) -> Iterator[str]:
    return (f"http://{user}{sample.bare}" for user in _USERS)


def _slashes(sample: Sample) -> Iterator[str]:
    turned = sample.with_path(sample.path.replace("/", "\\"))
    yield f"https:\\\\\\{turned.bare}"
    yield f"http:/{sample.bare}"
    yield f"http:////{sample.bare}"


def _dot_segments(sample: Sample) -> Iterator[str]:
    for extra in ("/x/..", "/.", "/x/%2e%2E/."):
        yield sample.with_path(extra + sample.path).url


def _escapes(sample: Sample) -> Iterator[str]:
    host = sample.host[:2] + _escaped(sample.host[2]) + sample.host[3:] if sample.name != "ipv6" else sample.host
    path = re.sub("[aeo]", lambda match: _escaped(match[0]), sample.path)
    spelled = (sample.with_host(host), sample.with_path(path), sample.with_host(host).with_path(path))
    return (url for url in dict.fromkeys(each.url for each in spelled) if url != sample.url)


def _full_width(sample: Sample) -> Iterator[str]:
    if sample.name != "ipv6":
        yield sample.with_host(wide(sample.host)).url
        yield from (sample.with_host(sample.host.replace(".", dot)).url for dot in _DOTS)


def _letter_forms(sample: Sample) -> Iterator[str]:
    if sample.named:
        yield sample.with_host(_forms(sample.host)).url


def _unseen(sample: Sample) -> Iterator[str]:
    if sample.named:
        yield from (sample.with_host(sample.host[:3] + char + sample.host[3:]).url for char in _INVISIBLE)


def _tabs(sample: Sample) -> Iterator[str]:
    yield f"ht\ntp://{sample.host[:4]}\t{sample.host[4:]}{sample.rest[:3]}\r\n{sample.rest[3:]}"
    yield f"\thttps:/\n/{sample.bare}\n"


def _controls(sample: Sample) -> Iterator[str]:
    yield f"\x01{sample.url} "
    yield f" \x1f\x00{sample.url}\x0c"


def _wide_percent(sample: Sample) -> Iterator[str]:
    if sample.named:
        yield sample.with_host(f"{sample.host[0]}\uff05{ord(sample.host[1]):x}{sample.host[2:]}").url


def _fragment(sample: Sample) -> Iterator[str]:
    if not sample.fragment:
        yield f"{sample.url}#top"


def _international(sample: Sample) -> Iterator[str]:
    if sample.name == "idn":
        name = sample.host.encode().decode("idna")
        for host in (
            name,
            name.upper(),
            name.replace("ü", "u\u0308"),
            name.replace("ü", "%C3%BC"),
            sample.host.upper(),
        ):
            yield sample.with_host(host).url


def _ipv4(sample: Sample) -> Iterator[str]:
    if sample.name == "ipv4":
        whole = ipv4_number(sample.host) or 0
        parts = [int(part) for part in sample.host.split(".")]
        octal, hexadecimal = ".".join(f"0{part:o}" for part in parts), ".".join(f"0x{part:X}" for part in parts)
        short = f"{parts[0]}.{parts[1]}.{parts[2] * 256 + parts[3]}"
        mixed = f"0x{parts[0]:x}.{parts[1]}.{parts[2]}.0{parts[3]:o}"
        for host in (f"0x{whole:X}", f"{whole}", f"0{whole:o}", octal, hexadecimal, short, mixed):
            yield sample.with_host(host).url


def _ipv6(sample: Sample) -> Iterator[str]:
    if sample.name == "ipv6":
        for host in ("[2001:DB8::4D]", "[2001:0db8:0::004d]", "[2001:db8:0:0:0:0:0:4d]", "[2001:db8::0.0.0.77]"):
            yield sample.with_host(host).url


def _trailing_dot(sample: Sample) -> Iterator[str]:
    if sample.named:
        yield sample.with_host(f"{sample.host}.").url


def _punctuation(sample: Sample) -> Iterator[str]:
    return (around.replace("_", sample.url) for around in ("Really (_).", '"_"', "<_>!", "_, and so on", "_?"))


def _markdown(sample: Sample) -> Iterator[str]:
    return (
        around.replace("_", sample.url) for around in ("[look](_)", "[look](<_>)", '![x](_ "x")', "[1]: _", "**_**")
    )


def _attributes(sample: Sample) -> Iterator[str]:
    dots = sample.url.replace(".", "&#46;").replace("://", "&colon;&#x2F;/")
    yield f'<a href="{dots}">x</a>'
    yield f"<img src='{sample.url}'>"


def _glued(sample: Sample) -> Iterator[str]:
    yield f"看{sample.url}"
    yield f"見て{sample.url}　です"


def _below(sample: Sample) -> Iterator[str]:
    if sample.name == "prefix":
        yield from (f"http://{sample.host}/users/mallory/{page}" for page in ("", "x", "a/b?c=1", "x#y"))


def _of_host(sample: Sample) -> Iterator[str]:
    if sample.name == "host":
        yield from (f"http://{sample.host}{page}" for page in ("", "/", "/x?y", ":8080/any"))


def _of_domain(sample: Sample) -> Iterator[str]:
    if sample.name == "domain":
        yield from (f"http://{sub}{sample.host.removeprefix('a.b.')}/" for sub in ("", "www.", "a.", "a.b.c."))


def _of_brand(sample: Sample) -> Iterator[str]:
    if sample.name == "brand":
        label = sample.host.partition(".")[0]
        yield from (f"http://{host}/" for host in (f"{label}.co.uk", f"www.{label}.com", f"a.b.{label}.test"))


EXACT = tuple(
    Spelling(name=name, make=make, kind="exact", hidden=make in {_tabs, _controls})
    for name, make in {
        "as listed": _as_listed,
        "scheme and host in another case": _other_case,
        "without a scheme": _no_scheme,
        "default port, empty port, leading zeros": _ports,
        "user names before the host": _users,
        "backslashes and extra slashes": _slashes,
        "dot segments, escaped or not": _dot_segments,
        "percent-escapes of letters": _escapes,
        "full-width letters and ideographic dots": _full_width,
        "mathematical, circled and other letter forms": _letter_forms,
        "invisible code points in the host": _unseen,
        "tabs and line breaks in a hidden link": _tabs,
        "control characters around a hidden link": _controls,
        "an escaped host with a full-width percent sign": _wide_percent,
        "a fragment added": _fragment,
        "international names, as U-labels or A-labels": _international,
        "IPv4 as one number, octal, hexadecimal, short": _ipv4,
        "IPv6 in any spelling": _ipv6,
        "a trailing dot of the host": _trailing_dot,
        "trailing punctuation, read both ways": _punctuation,
        "Markdown": _markdown,
        "HTML attributes with entities": _attributes,
        "glued to text of scripts without spaces": _glued,
        "everything below a directory (`…/dir/*`)": _below,
        "every page of a host (`host`)": _of_host,
        "a host and its subdomains (`*.host`)": _of_domain,
        "a label under any public suffix (`label.*`)": _of_brand,
    }.items()
)
"""The classes, by the names that docs/what-it-catches.md has for them."""
