"""No address that is not public passes, in any wrapping and in any spelling that a resolver of names gives."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkgate.fronts.resolver.public_address import is_public

PRIVATE = (
    "0.0.0.0",  # noqa: S104  # nobody binds here
    *("0.1.2.3", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1"),
    *("172.31.255.255", "192.0.0.1", "192.0.0.170", "192.0.2.7", "192.88.99.1", "192.168.0.1", "198.18.0.1"),
    *("198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
)
PRIVATE_6 = (
    *("::", "::1", "::7f00:1", "::ffff:0:127.0.0.1", "64:ff9b:1::1", "100::1", "2001:db8::1", "2001:10::1", "3fff::1"),
    *("5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1", "4000::1"),
)
PUBLIC = ("9.9.9.9", "93.184.216.34", "2606:2800:220:1::1", "2a00:1450:4001::1", "64:ff9b::909:909", "::ffff:9.9.9.9")


def wrapped(inner: str) -> list[str]:
    """An IPv4 address inside others."""
    number = int(IPv4Address(inner))
    found = [IPv6Address((0xFFFF << 32) | number), IPv6Address((0x64FF9B << 96) | number)]
    found += [IPv6Address((0x2002 << 112) | (number << 80)), IPv6Address((0x20010000 << 96) | (number ^ 0xFFFFFFFF))]
    found += [IPv6Address((0x20010000 << 96) | (number << 64) | 0xF6F6F6F6), IPv6Address(number)]
    return [str(each) for each in found]


@pytest.mark.parametrize("address", [*PRIVATE, *PRIVATE_6, *(each for inner in PRIVATE for each in wrapped(inner))])
def test_private(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("text", ["", "localhost", "0177.0.0.1", "0x7f.1", "2130706433", "127.1", "1.2.3.4/8", "[::1]"])
def test_what_is_no_address_in_figures(text: str) -> None:
    assert not is_public(text)


@given(st.ip_addresses())
def test_what_passes_is_global(address: IPv4Address | IPv6Address) -> None:
    if is_public(str(address)):
        assert address.is_global or (isinstance(address, IPv6Address) and address.ipv4_mapped is not None)
        assert not address.is_multicast
        assert ip_address(str(address)) == address
