"""Chunks of a response -> one body, under a size limit that holds before and after decoding.

requests would decode a gzip bomb before it could be counted, and takes a gzip stream that stops
half way for a whole one; so the chunks come here as they were sent.

>>> read_body([b"one", b"two"], encoding="", max_bytes=6)
b'onetwo'
>>> read_body([b"one", b"two"], encoding="", max_bytes=5)
Traceback (most recent call last):
linkgate.lists.transfer.body.BodyError: the list is larger than 5 bytes; raise the limit if that is right
"""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_GZIP = frozenset({"gzip", "x-gzip"})  # RFC 9110 §8.4.1.3: the two names are one coding
_PLAIN = frozenset({"", "identity"})
_GZIP_HEADER = 16  # added to zlib's window bits: expect a gzip header and check its trailer
_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)


class BodyError(Exception):
    """A body that cannot be used; `passing` when the next try may well bring a better one.

    The text tells what was met and the cure, but neither host nor content.
    """

    def __init__(self, sentence: str, *, passing: bool = False) -> None:
        super().__init__(sentence)
        self.passing = passing


def read_body(chunks: Iterable[bytes], *, encoding: str, max_bytes: int) -> bytes:
    """Join a body.

    In: the chunks as they were sent, the Content-Encoding, the limit for the body as sent and as
    decoded. Out: the decoded body. Raises BodyError when it is larger, cut short, damaged or in
    another coding than gzip; holds at most a chunk more than `max_bytes`.
    """
    coding = encoding.strip().lower()
    chunks = _limited(chunks, max_bytes)
    if coding in _GZIP:
        chunks = _limited(_gunzip(chunks, max_bytes), max_bytes)
    elif coding not in _PLAIN:
        raise BodyError("the body has a coding that was not asked for; ask the publisher for gzip or none")
    body = BytesIO()
    for chunk in chunks:
        body.write(chunk)
    return body.getvalue()


def looks_like_html(data: bytes) -> bool:
    """Tell whether a body begins as a web page does, which no list format does.

    >>> looks_like_html(b" <!DOCTYPE html><title>Log in"), looks_like_html(b"! <html> is a comment here")
    (True, False)
    """
    return _HTML.match(data) is not None


def _limited(chunks: Iterable[bytes], max_bytes: int) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > max_bytes:
            raise too_large(max_bytes)
        yield chunk


def too_large(max_bytes: int) -> BodyError:
    """Build the error for a body over the limit, or for one that announces that it will be."""
    return BodyError(f"the list is larger than {max_bytes} bytes; raise the limit if that is right")


def _gunzip(chunks: Iterable[bytes], max_bytes: int) -> Iterator[bytes]:
    """Decode gzip of one or more members (RFC 1952 §2.2), never more than `max_bytes` + 1 at once."""
    member = None
    for chunk in chunks:
        rest = chunk
        while rest:
            member = member or zlib.decompressobj(zlib.MAX_WBITS + _GZIP_HEADER)
            try:
                decoded = member.decompress(rest, max_bytes + 1)
            except zlib.error:
                raise BodyError("the gzip coding of the body is damaged; tell the publisher") from None
            yield decoded
            rest = member.unused_data
            member = None if member.eof else member
    if member is not None:
        raise BodyError("the gzip coding of the body is cut short", passing=True)
