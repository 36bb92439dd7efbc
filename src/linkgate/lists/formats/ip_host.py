"""IP addresses as lists of indicators write them -> the host of a URL.

>>> web_host("192.0.2.7"), web_host("2001:db8::1"), web_host("192.0.2.7/32"), web_host("bad.example")
('192.0.2.7', '[2001:db8::1]', '192.0.2.7', 'bad.example')
>>> web_host("192.0.2.0/24") is None
True
"""

from __future__ import annotations

from linkgate.lists.hostname import NETWORK, bare_ip


def web_host(text: str) -> str | None:
    """One address as a host, an IPv6 address in brackets (RFC 3986 §3.2.2); None for a network.

    Text that is no IP address is returned as it is; whether it is a host is not asked here.
    """
    text = text.strip()
    host = bare_ip(text)
    return None if host == NETWORK else host or text
