"""A configured source -> the bytes that its publisher has now, checked as far as bytes can be.

Raises ListError, with one sentence that names neither path nor query of a URL, when they cannot be had.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from linkgate.errors import ListError, UsageError
from linkgate.lists.credentials import filled, headers
from linkgate.lists.disk import reason
from linkgate.lists.transfer.body import BodyError, read_body

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from linkgate.lists.fetch import Fetched
    from linkgate.lists.manifest import Origin
    from linkgate.lists.source_config import SourceConfig

MAX_BYTES = 256 * 2**20
_TO_CONNECT = 5
"""Seconds."""
_GZIP = b"\x1f\x8b"
_SHA256 = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{64}(?![0-9A-Fa-f])")
_CHECKSUM_BYTES = 2**20
_SIGNATURE_BYTES = 2**14


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """What came: the bytes, or None where the publisher has nothing new; and what the next request needs."""

    data: bytes | None = field(repr=False)
    etag: str | None = None
    last_modified: str | None = None


def download(source: SourceConfig, known: Origin | None) -> Download:
    """Get the full file of a list; `known` is the one that we have. Raises ListError."""
    with_known = _Conditions(known.etag, known.last_modified) if known else _Conditions(None, None)
    return _told(source, partial(_full, source, with_known))


def download_delta(source: SourceConfig, known: Origin) -> Download:
    """Get the changes of a list since the file that we have; `{since}` in the URL is when it was last checked."""
    return _told(source, partial(_changes, source, known))


@dataclass(frozen=True, slots=True)
class _Conditions:
    etag: str | None
    last_modified: str | None


def _told(source: SourceConfig, get: Callable[[], Download]) -> Download:
    try:
        return get()
    except UsageError as error:  # credentials that are not there: this list's trouble, not that of the others
        raise ListError(f"{error}.") from None
    except BodyError as error:
        raise ListError(f"{source.path or 'it'}: {error}.") from None


def _full(source: SourceConfig, known: _Conditions) -> Download:
    if source.path is not None:
        return Download(data=_checked(source, _file(source.path, source)))
    if source.form == "taxii":
        return Download(data=_collection(source))
    fetched = _fetch(source, source.url or "", etag=known.etag, last_modified=known.last_modified)
    data = None if fetched.not_modified else _unpacked(_checked(source, fetched.data), source)
    return Download(data=data, etag=fetched.etag, last_modified=fetched.last_modified)


def _changes(source: SourceConfig, known: Origin) -> Download:
    delta = source.delta
    if delta is None:
        return Download(data=None)
    if delta.path is not None:
        return Download(data=_file(delta.path, source) or None)
    fetched = _fetch(
        source,
        (delta.url or "").replace("{since}", known.checked),
        etag=known.delta_etag,
        last_modified=known.delta_modified,
        empty=True,
    )
    data = None if fetched.not_modified or not fetched.data else _unpacked(fetched.data, source)
    return Download(data=data, etag=fetched.etag, last_modified=fetched.last_modified)


def _fetch(source: SourceConfig, url: str, **options: Any) -> Fetched:
    from linkgate.lists.fetch import fetch  # noqa: PLC0415  # requests takes 100 ms to load; local files need it not

    limits = source.limits
    times = {"timeout": (min(_TO_CONNECT, limits.timeout), limits.timeout), "deadline": limits.deadline}
    options = {"max_bytes": _limit(source), "headers": {}, **times, **options}
    if source.url is None or _host(url) == _host(source.url):  # another host, of a checksum say, gets no secrets
        options["headers"] = options["headers"] | headers(source.credentials)
    return fetch(filled(url, source.credentials), allow_hosts=source.allow_hosts, ca_file=source.ca_file, **options)


def _host(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def _collection(source: SourceConfig) -> bytes:
    from linkgate.lists.taxii import MEDIA_TYPE, envelopes  # noqa: PLC0415  # as above

    def get(url: str) -> bytes:
        return _fetch(source, url, headers={"Accept": MEDIA_TYPE}).data

    pages, size = [], 0
    for page in envelopes(get, filled(source.url or "", source.credentials)):
        size += len(page)
        if size > _limit(source):
            raise ListError(f"its pages are larger than {_limit(source)} bytes together; raise max_size.")
        pages.append(page)
    return b"\n".join(pages)


def _limit(source: SourceConfig) -> int:
    return source.limits.size or MAX_BYTES


def _file(path: Path, source: SourceConfig) -> bytes:
    try:
        if path.stat().st_size > _limit(source):
            raise ListError(f"{path} is larger than {_limit(source)} bytes; raise max_size if that is right.")
        return _unpacked(path.read_bytes(), source)
    except OSError as error:
        raise ListError(f"{path} cannot be read: {reason(error)}.") from None


def _unpacked(data: bytes, source: SourceConfig) -> bytes:
    """Unzip a file that is packed itself, never to more than the limit."""
    if not data.startswith(_GZIP):
        return data
    return read_body([data], encoding="gzip", max_bytes=_limit(source))


def _checked(source: SourceConfig, data: bytes) -> bytes:
    """Compare with the publisher's signature and checksum file, where they are named."""
    if source.signature_url is not None and source.public_key is not None:
        signature = _fetch(source, source.signature_url, max_bytes=_SIGNATURE_BYTES).data
        source.public_key.check(data, signature)
    if source.checksum_url is None:
        return data
    text = _fetch(source, source.checksum_url, max_bytes=_CHECKSUM_BYTES).data.decode("ascii", "replace")
    wanted = _wanted(text, urlsplit(source.url or "").path.rpartition("/")[2])
    if wanted is None:
        raise ListError("its checksum file holds no SHA-256 for it; check checksum_url.")
    if sha256(data).hexdigest() != wanted:
        raise ListError("its SHA-256 is not the one in its checksum file; try again later, then tell the publisher.")
    return data


def _wanted(text: str, name: str) -> str | None:
    r"""The checksum in a file such as sha256sum writes: the one beside the list's name, or the only one.

    >>> _wanted("ab" * 32 + "  today.txt", "other.txt") == "ab" * 32
    True
    >>> _wanted("ab" * 32 + "  a.txt\n" + "cd" * 32 + "  b.txt", "b.txt") == "cd" * 32
    True
    """
    found = [(sum_[0].lower(), line) for line in text.splitlines() if (sum_ := _SHA256.search(line))]
    beside = [digest for digest, line in found if name and line.split()[-1].lstrip("*").rpartition("/")[2] == name]
    candidates = set(beside or (digest for digest, _ in found))
    return candidates.pop() if len(candidates) == 1 else None
