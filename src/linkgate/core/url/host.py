"""Host text as people write it -> the host that a browser would look up.

A browser's parser (ada-url) does the work; this module adds what it lacks. Chromium is looser than
the URL Standard (§3.5, host parsing): a host that is not plain ASCII is percent-decoded once more
after the UTS 46 mapping, and IPv6 literals take the same road; in those, an IPv4 address may have octal numbers.

>>> loosen("ex％61mple.test"), loosen("［2001:DB8::1］"), loosen("plain.test")
('example.test', '[2001:db8::1]', 'plain.test')
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from itertools import chain
from struct import iter_unpack
from typing import TYPE_CHECKING

from ada_url import normalize_url
from idna import IDNAError, uts46_remap

from linkgate.core.text.fold import decode_once

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_AT_ONCE = 1 << 14
_OCTETS = {str(number): number for number in range(256)}

# URL Standard §3.5, "forbidden host code points", less `[ ] :`, which IPv6 literals carry.
_FORBIDDEN = re.compile(r"[\x00-\x20#%/<>?@\\^|\x7f]")
_ESCAPED_A_LABEL = re.compile(r"(?:^|\.)xn--[^.]*%")  # no Punycode, so the second decoding never happens
# What UTS 46 maps to nothing: it may be strewn into a host without end.
_IGNORED = dict.fromkeys(
    map(
        ord,
        "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u200b\u2060\u2061\u2062\u2063\u2064\u3164"
        "\ufeff\uffa0"
        + "".join(map(chr, [*range(0x206A, 0x2070), *range(0xFE00, 0xFE10), *range(0x1BCA0, 0x1BCA4)]))
        + "".join(map(chr, [*range(0x1D173, 0x1D17B), *range(0xE0100, 0xE01F0)])),
    )
)
_LONGEST_WRITTEN = 2000  # UTF-16 code units; Chromium opens hosts of half that length, and none that are longer
_LONGEST = 1000  # code points; more than three never become one character of a host's 253
_MOST_WS = 4
_NAT64 = "[64:ff9b::"
_NAT64_PREFIX = int(IPv6Address("64:ff9b::")) >> 32
_LITERAL = re.compile(r"\[[0-9a-fx:.]+\]")
_DIGITS = re.compile(r"0x[0-9a-f]*|[0-9]+")


def split_port(hostport: str) -> tuple[str, str] | None:
    """Cut `host:port` where Chromium cuts it: at the last colon outside of an IPv6 literal.

    Out: the host, and the port with its colon (or ""); None when the port is no number.

    >>> split_port("[2001:db8::1]:80"), split_port("example.test"), split_port("example.test:8x")
    (('[2001:db8::1]', ':80'), ('example.test', ''), None)
    """
    closing = hostport.rfind("]")
    if closing < 0 and hostport.startswith("["):
        return hostport, ""
    colon = hostport.rfind(":", closing + 1)
    if colon < 0:
        return hostport, ""
    port = hostport[colon + 1 :]
    return None if port and not (port.isascii() and port.isdigit()) else (hostport[:colon], hostport[colon:])


def loosen(host: str) -> str | None:
    """Undo what Chromium undoes in a host before the URL Standard has its say.

    In: the host as written, without userinfo and port. Out: a host for the standard's parser, or
    None where no host comes of it. A name in ASCII without `%` is returned as it is.
    """
    if host.isascii() and "%" not in host:
        return _with_hex_tail(host.lower()) if host.startswith("[") else host
    decoded = _without_ignored(decode_once(host))
    if "%" in decoded or len(decoded) > _LONGEST:
        return None
    try:
        mapped = unicodedata.normalize("NFC", decoded.translate(_MAPPED))  # as `uts46_remap` of all of it, and faster
    except IDNAError:
        return None if "[" in decoded else decoded
    if _ESCAPED_A_LABEL.search(mapped) or not all(map(_is_known, decoded)):
        return None
    return _literal_or_name(decode_once(mapped))


class _Mapped(dict[int, str]):
    """code point -> what UTS 46 maps it to, worked out when it is first met. Raises IDNAError where that is nothing."""

    def __missing__(self, code_point: int) -> str:
        mapped = self[code_point] = uts46_remap(chr(code_point), std3_rules=False)
        return mapped


_MAPPED = _Mapped()


def _without_ignored(host: str) -> str:
    """A host, if it is long without what UTS 46 ignores; as it is where no browser opens one so long."""
    too_long = len(host.encode("utf-16-le", "surrogatepass")) > 2 * _LONGEST_WRITTEN
    return host if len(host) <= _LONGEST or too_long else host.translate(_IGNORED)


def _literal_or_name(host: str) -> str | None:
    if "[" in host:
        host = host.lower()
        return _with_hex_tail(host) if _LITERAL.fullmatch(host) else None
    return None if _FORBIDDEN.search(host) or ":" in host else host


@lru_cache(maxsize=4096)
def _is_known(char: str) -> bool:
    """False for a character newer than the tables of browsers, which the table of `idna` maps to older ones.

    >>> _is_known("\u24d0"), _is_known("\u209f")
    (True, False)
    """
    if char.isascii():
        return True
    mapped = uts46_remap(char, std3_rules=False)
    return mapped == char or not mapped.isalnum() or any(map(_opens, (f"{char}.test", f"a{char}b.test")))


def _opens(host: str) -> bool:
    try:
        return bool(normalize_url(f"http://{host}/"))
    except ValueError:
        return False


def _with_hex_tail(literal: str) -> str:
    """An IPv6 literal that ends in four numbers of an IPv4 address, in any base, with two hexadecimal ones instead.

    >>> _with_hex_tail("[::ffff:0300.0.2.7]"), _with_hex_tail("[::1]")
    ('[::ffff:c000:207]', '[::1]')
    """
    head, _, tail = literal[:-1].rpartition(":")
    if tail.count(".") != 3 or not literal.endswith("]") or tail.endswith("."):  # noqa: PLR2004  # four numbers
        return literal
    number = ipv4_number(tail)
    return literal if number is None else f"{head}:{number >> 16:x}:{number & 0xFFFF:x}]"


def drop_dot(host: str) -> str:
    """Drop one trailing dot; a host that ends in two is another host and stays.

    >>> drop_dot("example.test."), drop_dot("example.test..")
    ('example.test', 'example.test..')
    """
    return host[:-1] if host.endswith(".") and not host.endswith("..") else host


def mapped_ipv4(host: str) -> str | None:
    """The IPv4 address inside an IPv4-mapped IPv6 literal (RFC 4291 §2.5.5.2), or None.

    >>> mapped_ipv4("[::ffff:c000:207]"), mapped_ipv4("[2001:db8::1]"), mapped_ipv4("example.test")
    ('192.0.2.7', None, None)
    """
    if not host.startswith("["):
        return None
    try:
        address = IPv6Address(host[1:-1]).ipv4_mapped
    except AddressValueError:
        return None
    return str(address) if address else None


def nat64_ipv4(host: str) -> str | None:
    """The IPv4 address that a NAT64 network reaches by this IPv6 literal (RFC 6052 §2.1), or None.

    >>> nat64_ipv4("[64:ff9b::c000:207]"), nat64_ipv4("[64:ff9b:1::c000:207]")
    ('192.0.2.7', None)
    """
    if not host.startswith(_NAT64):
        return None
    try:
        address = IPv6Address(host[1:-1])
    except AddressValueError:
        return None
    return str(IPv4Address(int(address) & 0xFFFFFFFF)) if int(address) >> 32 == _NAT64_PREFIX else None


def ipv4_inside(host: str) -> str | None:
    """The IPv4 address to which an IPv6 literal leads, mapped or by NAT64, or None.

    >>> ipv4_inside("[::ffff:c000:207]"), ipv4_inside("[64:ff9b::c000:207]"), ipv4_inside("example.test")
    ('192.0.2.7', '192.0.2.7', None)
    """
    return mapped_ipv4(host) or nat64_ipv4(host)


def ipv4_number(text: str) -> int | None:
    """An IPv4 address in any spelling (URL Standard §3.5, IPv4 parser) as an integer; None if it is none.

    In: ASCII, lower case: decimal, octal and hexadecimal numbers, one to four of them.

    >>> ipv4_number("0xc0000207") == ipv4_number("192.0.2.7") == ipv4_number("0300.0.519")
    True
    """
    parts = text.removesuffix(".").split(".")
    try:
        numbers = [_number(part) for part in parts]
    except ValueError:
        return None
    last = numbers.pop()
    if len(numbers) > 3 or any(number > 255 for number in numbers) or last >= 256 ** (4 - len(numbers)):  # noqa: PLR2004
        return None
    return sum(number << (8 * (3 - place)) for place, number in enumerate(numbers)) + last


def dotted_numbers(hosts: Sequence[str]) -> Iterator[int]:
    """The same for many IPv4 addresses in their canonical spelling, four decimal numbers, in a tenth of the time.

    >>> list(dotted_numbers(["192.0.2.7"])) == [ipv4_number("192.0.2.7")]
    True
    """
    for start in range(0, len(hosts), _AT_ONCE):
        octets = bytes(map(_OCTETS.__getitem__, ".".join(hosts[start : start + _AT_ONCE]).split(".")))
        yield from chain.from_iterable(iter_unpack(">I", octets))


def _number(part: str) -> int:
    if len(part) > 64:  # noqa: PLR2004  # far past the largest address, zeros before it included
        return 1 << 32
    if not _DIGITS.fullmatch(part):  # `int` takes blanks, signs and underscores too
        raise ValueError("no number")
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    return int(part, 8) if part.startswith("0") and part != "0" else int(part)


def without_www(host: str) -> str:
    """A host without `www.` in front, mistyped with one `w` too few or too many; as it is where one label is left.

    >>> [without_www(host) for host in ("www.bad.example", "ww.bad.example", "wwww.bad.example", "www.example")]
    ['bad.example', 'bad.example', 'bad.example', 'www.example']
    """
    if not host.startswith("ww"):
        return host
    bare = host.lstrip("w")
    is_www = bare.startswith(".") and "." in bare[1:] and len(host) - len(bare) <= _MOST_WS
    return bare[1:] if is_www else host


def is_address(host: str) -> bool:
    """True for a canonical host that is an IP address.

    >>> is_address("192.0.2.7"), is_address("[2001:db8::1]"), is_address("example.test")
    (True, True, False)
    """
    return host.startswith("[") or host.rpartition(".")[2].isdigit()
