"""The shape of a host name that DNS and browsers take: what a canonical host must have before it becomes an entry.

Labels of 1 to 63 octets, 253 in all (RFC 1035 §2.3.4), of letters, digits, hyphens and, as many real hosts have it,
underscores; the name itself is registered, so it and its top-level domain neither begin nor end with a hyphen (RFC 5891
§4.2.3.1). A host of any other shape is in no link, so an entry of it could never match.

>>> is_host_name("bad.example"), is_host_name("_x.-y-.bad.example"), is_host_name("192.0.2.7")
(True, True, True)
>>> [is_host_name(text) for text in ("bad..example", "-bad.example", "bad-.example", "bad.example,x", "bad.e")]
[False, False, False, False, False]
"""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Network, IPv6Address, IPv6Network

NOT_A_HOST = "not a host name"
PIECE = "a piece of an address"
NETWORK = "a network, no host"

_LONGEST = 253
_NAME = re.compile(r"(?:[a-z0-9_-]{1,63}+\.)++(?<!-\.)(?:[a-z0-9][a-z0-9-]{0,61}[a-z0-9]|[0-9])")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_PIECE = re.compile(r"(?:0x[0-9a-f]*|\d+)\.(?:(?:0x[0-9a-f]*|\d+)\.?){0,2}", re.ASCII | re.IGNORECASE)
_MASK = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|\d{1,3}", re.ASCII)
_RANGE = re.compile(r"(\d{1,3}\.){1,3}(?:\*|\d{1,3}\s*-\s*[\d.]+)(?:\.\*)*", re.ASCII)


def is_host_name(host: str) -> bool:
    """Whether a canonical host has the shape of a name or an IP address."""
    if host.startswith("["):
        return True
    if _NAME.fullmatch(host) is None or len(host) > _LONGEST:
        return False
    return "-" not in host or not host.rsplit(".", 2)[-2].startswith("-")


def is_label(text: str) -> bool:
    """Whether a text can be the registered label of hosts, in its canonical spelling.

    >>> is_label("badlabel"), is_label("bad,label"), is_label("-bad")
    (True, False, False)
    """
    return _LABEL.fullmatch(text) is not None


def is_piece(host: str) -> bool:
    """Whether a host as written is the beginning of an IPv4 address: links may be short so (inet_aton), lists not.

    >>> is_piece("192.0.2."), is_piece("192.0.2"), is_piece("192.0.2.7"), is_piece("3221225985")
    (True, True, False, False)
    """
    return _PIECE.fullmatch(host) is not None


def bare_ip(text: str) -> str | None:
    """The host of an IP address that a list writes without a scheme; `NETWORK` for several addresses.

    A network of one address is that address. None: the text is neither.

    >>> bare_ip("2001:db8::1"), bare_ip("192.0.2.7/32"), bare_ip("192.0.2.0/24"), bare_ip("192.0.2.*")
    ('[2001:db8::1]', '192.0.2.7', 'a network, no host', 'a network, no host')
    >>> bare_ip("192.0.2.7/5"), bare_ip("bad.example")
    (None, None)
    """
    if not text[:1].isdigit() and ":" not in text:
        return None
    if _RANGE.fullmatch(text):
        return NETWORK
    address, slash, mask = text.partition("/")
    if slash:
        return _network(text) if _MASK.fullmatch(mask) else None
    return f"[{address}]" if _is_ipv6(address) else None


def _network(text: str) -> str | None:
    """The one address of a network, or `NETWORK`; None for what has host bits, which is a path behind a host."""
    try:
        network = IPv6Network(text) if ":" in text else IPv4Network(text)
    except ValueError:
        return None
    if network.num_addresses > 1:
        return NETWORK
    return f"[{network.network_address}]" if network.version == 6 else str(network.network_address)  # noqa: PLR2004


def _is_ipv6(text: str) -> bool:
    try:
        return "%" not in text and IPv6Address(text) is not None
    except AddressValueError:
        return False
