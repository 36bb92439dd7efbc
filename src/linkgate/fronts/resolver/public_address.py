"""Whether an address may be connected to: one of the public internet, however another one is wrapped in it.

>>> [is_public(each) for each in ("9.9.9.9", "2620:fe::fe", "10.0.0.1", "64:ff9b::7f00:1", "::ffff:169.254.169.254")]
[True, True, False, False, False]
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNICAST = IPv6Network("2000::/3")
"""All that is handed out for unicast on the internet (RFC 4291 §2.4); what else there is has a use of its own."""
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052
_LOW_32 = 0xFFFFFFFF
# Documentation and protocols that older tables of Python call global, benchmarks, and the relays of 6to4.
_SPECIAL_6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20")))
_SPECIAL_4 = tuple(map(IPv4Network, ("192.88.99.0/24", "192.0.0.0/24", "198.18.0.0/15", "240.0.0.0/4")))


def is_public(address: str) -> bool:
    """Whether an address, in figures, and all that stand inside it, are public. False for what is no address."""
    try:
        outer = ip_address(address)
    except ValueError:
        return False
    return all(map(_is_public, _unwrapped(outer)))


def _unwrapped(address: IPv4Address | IPv6Address) -> Iterator[IPv4Address | IPv6Address]:
    """The addresses that stand inside one; the address itself where none does, and where it is reached as itself."""
    if isinstance(address, IPv4Address):
        yield address
    elif address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    elif address in _NAT64:
        yield IPv4Address(int(address) & _LOW_32)
    elif address.sixtofour is not None:
        yield from (address, address.sixtofour)
    elif address.teredo is not None:
        yield from (address, *address.teredo)
    else:
        yield address


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        special = any(address in network for network in _SPECIAL_4)
    else:
        own_use = address not in _UNICAST or address.scope_id is not None
        special = own_use or any(address in network for network in _SPECIAL_6)
    return address.is_global and not address.is_multicast and not special
