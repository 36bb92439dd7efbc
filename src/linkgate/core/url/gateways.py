"""Tor2web and IPFS gateways: web hosts that show what has an address of its own elsewhere.

`ID.onion.ws` and `ID.tor2web.io` show `ID.onion`; `https://any.host/ipfs/CID/x` and `https://CID.ipfs.any.host/x`
show what the CID names, wherever it lies (https://docs.ipfs.tech/how-to/address-ipfs-on-web). A CID of version 0 is
the same as one of version 1 in base 32.

>>> shown_host("sub.expyuzz4wqqyqhjn.onion.ws"), shown_host("expyuzz4wqqyqhjn.tor2web.io"), shown_host("bad.example")
('sub.expyuzz4wqqyqhjn.onion', 'expyuzz4wqqyqhjn.onion', None)
>>> cid = "QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMnR"
>>> shown("ipfs.io", f"/ipfs/{cid}/x")
('bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi.ipfs', '/x')
"""

from __future__ import annotations

import re
from base64 import b32encode

_ONION = re.compile(
    r"((?:[^.]+\.)*(?:[a-z2-7]{16}|[a-z2-7]{56})\.)(?:onion\.[^.]+(?:\.[^.]+)?|tor2web\.[^.]+(?:\.[^.]+)?)"
)
_SUBDOMAIN = re.compile(r"([a-z0-9\-]{16,})\.(ipfs|ipns)(?:\..+)?")
_PATH = re.compile(r"/(ipfs|ipns)/([A-Za-z0-9._\-]{4,})(/.*)?")
_VERSION_0 = re.compile(r"Qm[1-9A-HJ-NP-Za-km-z]{44}")
_BASE_58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_EITHER_CASE = "bBfFkK"  # how CIDs begin whose base has letters of one case
_MULTIHASH_BYTES = 34
_DAG_PB = b"\x01\x70"  # CID version 1, then the codec of all CIDs of version 0


def shown_host(host: str) -> str | None:
    """The host that a gateway's host shows, whatever the path; None where it shows none by itself."""
    if "onion." in host or "tor2web." in host:
        onion = _ONION.fullmatch(host)
        return f"{onion[1]}onion" if onion else None
    if ".ipfs" in host or ".ipns" in host:
        content = _SUBDOMAIN.fullmatch(host)
        return f"{content[1]}.{content[2]}" if content and content[0] != f"{content[1]}.{content[2]}" else None
    return None


def shown(host: str, path: str) -> tuple[str, str] | None:
    """Host and path of what a gateway shows; None for a page of its own."""
    by_host = shown_host(host)
    if by_host is not None:
        return by_host, path
    content = _PATH.fullmatch(path) if path.startswith(("/ipfs/", "/ipns/")) else None
    if content is None:
        return None
    return f"{_version_1(content[2])}.{content[1]}", content[3] or "/"


def names_content(text: str, place: int) -> bool:
    """Whether a path begins in a text by which any host may show what is listed of another one."""
    return text.startswith(("/ipfs/", "/ipns/"), place)


def home(host: str, path: str) -> str:
    """The host of what a URL shows: that of the page behind a gateway, or its own.

    >>> home("expyuzz4wqqyqhjn.onion.pet", "/"), home("bad.example", "/")
    ('expyuzz4wqqyqhjn.onion', 'bad.example')
    """
    found = shown(host, path)
    return found[0] if found else host


def names_of(host: str) -> frozenset[str]:
    """Under which other names what a host shows may be named, `label.*` for any domain behind a label.

    >>> sorted(names_of("expyuzz4wqqyqhjn.onion.ws"))
    ['expyuzz4wqqyqhjn.onion', 'expyuzz4wqqyqhjn.tor2web.*']
    """
    onion = shown_host(host) or host
    if not onion.endswith(".onion"):
        return frozenset()
    return frozenset({onion, f"{onion.removesuffix('.onion')}.tor2web.*"})


def _version_1(cid: str) -> str:
    """A CID as the host of a gateway has it: version 1, in base 32 (https://docs.ipfs.tech/concepts/content-addressing)."""
    if not _VERSION_0.fullmatch(cid):
        return cid.lower() if cid[0] in _EITHER_CASE else cid
    number = 0
    for char in cid:
        number = number * 58 + _BASE_58.index(char)
    try:
        multihash = number.to_bytes(_MULTIHASH_BYTES, "big")
    except OverflowError:
        return cid
    return f"b{b32encode(_DAG_PB + multihash).decode().lower().rstrip('=')}"
