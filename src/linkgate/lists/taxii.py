"""TAXII 2.1 (OASIS, §5.4): a collection's objects, page by page, as the envelopes that the server sends.

HTTP is the caller's: `get` takes a URL to the bytes of the answer, and must ask for `MEDIA_TYPE`
(header `Accept`). The envelopes, joined by line ends, are a file that `stix.read` takes.

>>> answers = {
...     "https://taxii.example/api/collections/1/objects/?match%5Btype%5D=indicator":
...         b'{"objects": [], "more": true, "next": "p 2"}',
...     "https://taxii.example/api/collections/1/objects/?match%5Btype%5D=indicator&next=p+2": b'{"objects": []}',
... }
>>> list(envelopes(answers.__getitem__, "https://taxii.example/api/collections/1/"))
[b'{"objects": [], "more": true, "next": "p 2"}', b'{"objects": []}']
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from linkgate.errors import ListError
from linkgate.lists.formats.document import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MEDIA_TYPE = "application/taxii+json;version=2.1"
MAX_PAGES = 10_000


def envelopes(
    get: Callable[[str], bytes], url: str, *, added_after: str | None = None, limit: int | None = None
) -> Iterator[bytes]:
    """The envelopes of a collection, one a page.

    In: `get`, the URL of the collection (with or without `objects/`; a query of its own is kept),
    the time after which objects were added (RFC 3339), the number of objects a page. Only
    indicators are asked for unless the URL's query says otherwise. Out: the pages as they came.
    Raises ListError for an answer that is no envelope, and for a server that leads in a circle,
    does not end, or says that there is more and not where; what `get` raises passes through.
    """
    options = {"added_after": added_after, "limit": None if limit is None else str(limit)}
    start = _objects(url, {name: value for name, value in options.items() if value is not None})
    page, seen = start, {""}
    for _ in range(MAX_PAGES):
        data = get(page)
        token = _next(data)
        yield data
        if token is None:
            return
        if token in seen:
            raise ListError("the TAXII server leads in a circle; tell the publisher")
        seen.add(token)
        page = _with(start, {"next": token})
    raise ListError(f"the TAXII collection has more than {MAX_PAGES} pages; ask for larger ones")


def _objects(url: str, options: dict[str, str]) -> str:
    """The address of a collection's objects, with the options that the URL does not set itself."""
    parts = urlsplit(url)
    stem = parts.path.rstrip("/")
    path = f"{stem}/" if stem.endswith("/objects") else f"{stem}/objects/"
    own = dict(parse_qsl(parts.query, keep_blank_values=True))
    return _with(urlunsplit(parts._replace(path=path, fragment="")), {"match[type]": "indicator"} | options | own)


def _with(url: str, options: dict[str, str]) -> str:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True)) | options
    return urlunsplit(parts._replace(query=urlencode(query)))


def _next(data: bytes) -> str | None:
    """The token of the next page; None after the last."""
    envelope = load(data)
    if not isinstance(envelope, dict) or not isinstance(envelope.get("objects", []), list):
        raise ListError("the TAXII server sent no envelope; check the address of the collection")
    if envelope.get("more") is not True:
        return None
    token = envelope.get("next")
    if not isinstance(token, str) or not token:
        raise ListError("the TAXII server says that there is more, and not where; ask for larger pages")
    return token
