"""URL of a publisher's list -> its bytes, whole, or a FetchError. The only file with requests.

Only what an operator named as a source is fetched, never anything that stands in a list (law 10).
An error names the publisher's host and what to do; never a path, a query, credentials, or where a
redirect leads. Nothing reaches the log: urllib3 would write whole URLs there.

>>> fetch("ftp://lists.example/today?key=secret")
Traceback (most recent call last):
linkgate.errors.FetchError: lists.example: only http and https can be fetched; \
check the address of the source.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import requests
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth
from requests.utils import get_auth_from_url
from urllib3.exceptions import HTTPError, MaxRetryError
from urllib3.exceptions import TimeoutError as BodyTimeoutError

from linkgate.errors import FetchError
from linkgate.lists.transfer.body import BodyError, looks_like_html, read_body, too_large
from linkgate.lists.transfer.deadline import Deadline, watched
from linkgate.lists.transfer.publisher import host_of, redirected
from linkgate.lists.transfer.retry import PassingError, persist, retry_after
from linkgate.lists.transfer.unlogged import unlogged

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Collection, Mapping

    from requests import PreparedRequest, Response
    from urllib3.connection import HTTPConnection
    from urllib3.connectionpool import HTTPConnectionPool

MAX_BYTES = 256 * 2**20
_MAX_HOPS = 5
_CHUNK = 2**16
_LEAST = 0.01  # seconds; requests refuses a time-out of 0
_WHOLE = frozenset({200, 203})  # 206 would be a part of a list
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_WEB_PAGE = frozenset({"text/html", "application/xhtml+xml"})
_CURES = {
    401: "check the credentials of the source",
    403: "check the credentials of the source",
    407: "check the credentials of the proxy",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a publisher's server sent; `data` is decoded, and empty when the list is `not_modified`.

    `etag` and `last_modified` are for the next fetch of the same URL. `seconds`: from call to return.
    """

    data: bytes = field(repr=False)
    not_modified: bool
    etag: str | None
    last_modified: str | None
    content_type: str | None
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """What was asked for, checked and in the form that every try needs."""

    url: str = field(repr=False)
    publisher: str
    hosts: frozenset[str]
    timeout: tuple[float, float]
    max_bytes: int
    secrets: Mapping[str, str] = field(repr=False)
    conditions: Mapping[str, str]
    verify: bool | str
    empty: bool


def fetch(  # noqa: PLR0913  # one keyword for each promise
    url: str,
    *,
    timeout: tuple[float, float] = (5.0, 30.0),
    deadline: float = 600.0,
    max_bytes: int = MAX_BYTES,
    tries: int = 3,
    etag: str | None = None,
    last_modified: str | None = None,
    allow_hosts: Collection[str] = (),
    ca_file: str | os.PathLike[str] | None = None,
    headers: Mapping[str, str] | None = None,
    empty: bool = False,
    pause: Callable[[float], object] = time.sleep,
) -> Fetched:
    """Fetch one list.

    timeout: seconds to connect, and without any byte. deadline: seconds for everything, tries and
    pauses included (name look-ups have their own limits). max_bytes: of the body, as sent and as
    decoded. tries: at most, for lost connections, 429 and 5xx only. etag, last_modified: of the
    version that the caller has. allow_hosts: where redirects may lead besides the publisher's own
    host. ca_file: the only authorities to trust. headers: credentials, sent to the publisher's own
    host only. empty: nothing (or 204) is an answer, too. pause: how to wait. Raises FetchError.
    """
    started = time.monotonic()
    publisher = host_of(url)
    order = _Order(
        url=url,
        publisher=publisher,
        hosts=frozenset({publisher, *(host_of(f"https://{host}") for host in allow_hosts)}),
        timeout=timeout,
        max_bytes=max_bytes,
        secrets=headers or {},
        conditions=_conditions(etag, last_modified),
        verify=_authorities(ca_file, publisher),
        empty=empty,
    )
    with Deadline(deadline) as clock, _Session(clock) as session, unlogged():
        return persist(lambda: _attempt(session, order, clock, started), tries=tries, deadline=clock, pause=pause)


def _conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """RFC 9110 §13.1: the list is wanted only if it is another one."""
    wanted = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in wanted.items() if value}


def _authorities(ca_file: str | os.PathLike[str] | None, publisher: str) -> bool | str:
    if ca_file is None:
        return True
    if not Path(ca_file).is_file():
        raise FetchError(f"{publisher}: its CA file {ca_file} is not there; check the path.")
    return str(ca_file)


def _attempt(session: _Session, order: _Order, clock: Deadline, started: float) -> Fetched:
    """One try. Faults become FetchErrors outside the handlers: their contexts would hold the URL."""
    try:
        with _follow(session, order) as response:
            fetched = _receive(response, order, started)
        fault = None
    except FetchError as error:
        fault = error
    except BodyError as error:
        fault = _about_body(error, order)
    except (requests.RequestException, HTTPError, OSError, ValueError) as error:
        fault = _about(error, order)
    if clock.expired:  # then the end of the body, or the fault, was the deadline's doing
        raise FetchError(
            f"{order.publisher}: not done within {clock.seconds:g} s; "
            "try again later, or give the source a later deadline."
        )
    if fault is not None:
        raise fault
    return fetched


def _follow(session: _Session, order: _Order) -> Response:
    """Ask, and follow redirects as far as the order allows; the response's body is still unread."""
    url = order.url
    for _ in range(_MAX_HOPS + 1):
        response = session.ask(url, order)
        if response.status_code not in _REDIRECTS:
            return response
        with response:
            # Python reads headers as Latin-1, servers write them in UTF-8 (RFC 9110 §5.5 leaves it open).
            location = response.headers.get("Location", "").encode("latin-1").decode("utf-8")
            url = redirected(url, location, hosts=order.hosts)
    raise FetchError(f"{order.publisher}: redirects in a circle; check the address of the source.")


def _receive(response: Response, order: _Order, started: float) -> Fetched:
    _check_status(response, order)
    known = response.status_code == requests.codes.not_modified
    headers = response.headers
    before = order.conditions if known else {}
    return Fetched(
        data=b"" if known else _read(response, order),
        not_modified=known,
        etag=headers.get("ETag", before.get("If-None-Match")),
        last_modified=headers.get("Last-Modified", before.get("If-Modified-Since")),
        content_type=headers.get("Content-Type"),
        seconds=time.monotonic() - started,
    )


def _check_status(response: Response, order: _Order) -> None:
    status = response.status_code
    others = {requests.codes.not_modified: bool(order.conditions), requests.codes.no_content: order.empty}
    if status in _WHOLE or others.get(status):
        return
    answer = f"{order.publisher}: answers with status {status}"
    if status == requests.codes.too_many_requests or status >= requests.codes.internal_server_error:
        raise PassingError(answer, wait=retry_after(response.headers.get("Retry-After")))
    raise FetchError(f"{answer}; {_CURES.get(status, 'check the address of the source')}.")


def _read(response: Response, order: _Order) -> bytes:
    """Read the whole body, decoded, if it can be a list. urllib3 notices a body that ends too soon."""
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind in _WEB_PAGE:
        raise _web_page(order)
    if (response.raw.length_remaining or 0) > order.max_bytes:
        raise too_large(order.max_bytes)
    data = read_body(
        response.raw.stream(_CHUNK, decode_content=False),
        encoding=response.headers.get("Content-Encoding", ""),
        max_bytes=order.max_bytes,
    )
    if not data or data.isspace():
        if order.empty:
            return b""
        raise FetchError(f"{order.publisher}: sends an empty list; ask the publisher.")
    if looks_like_html(data):
        raise _web_page(order)
    return data


def _web_page(order: _Order) -> FetchError:
    return FetchError(
        f"{order.publisher}: sends a web page (HTML) where a list was expected, perhaps its login page; "
        "check the credentials and the address of the source."
    )


def _about_body(error: BodyError, order: _Order) -> FetchError:
    sentence = f"{order.publisher}: {error}"
    return PassingError(sentence) if error.passing else FetchError(f"{sentence}.")


def _about(error: Exception, order: _Order) -> FetchError:
    """Find the sentence for what requests or urllib3 raised; their own words hold the URL."""
    host = order.publisher
    if isinstance(error, requests.exceptions.SSLError):
        return FetchError(
            f"{host}: no secure connection, its certificate is not accepted; "
            "check the CA file of the source and the clock of this machine."
        )
    if isinstance(error, requests.exceptions.ProxyError):
        return PassingError(f"{host}: the proxy cannot be used")
    if isinstance(error, requests.ConnectionError) and isinstance(error.args[0], MaxRetryError):
        return PassingError(f"{host}: cannot be reached")
    if isinstance(error, requests.Timeout | BodyTimeoutError):
        return PassingError(f"{host}: sends nothing for {order.timeout[1]:g} s")
    if isinstance(error, requests.ConnectionError | HTTPError):
        return PassingError(f"{host}: broke off the connection before the end of the list")
    return FetchError(f"{host}: cannot be asked; check the address, headers and proxy of the source.")


class _Session(requests.Session):
    """A session whose connections obey the deadline, and which adds nothing of its own to a request."""

    def __init__(self, clock: Deadline) -> None:
        super().__init__()
        self._clock = clock
        self.mount("http://", _Adapter(clock))
        self.mount("https://", _Adapter(clock))

    def ask(self, url: str, order: _Order) -> Response:
        """One GET, its body unread. Credentials only go where the order's own URL leads."""
        home = not self.should_strip_auth(order.url, url)  # type: ignore[no-untyped-call]
        user, password = get_auth_from_url(order.url)
        connect, read = order.timeout
        return self.get(
            url,
            headers={**(order.secrets if home else {}), **order.conditions, "Accept-Encoding": "gzip"},
            auth=HTTPBasicAuth(user, password) if home and (user or password) else _as_it_is,
            timeout=(max(min(connect, self._clock.left()), _LEAST), read),
            verify=order.verify,
            stream=True,
            allow_redirects=False,
        )

    def get_redirect_target(self, resp: Response) -> None:
        """None: for any other answer, requests would read and decode a redirect's body, of any size."""


def _as_it_is(request: PreparedRequest) -> PreparedRequest:
    """No authentication; without this, requests would look for credentials in ~/.netrc and prefer them."""
    return request


class _Adapter(HTTPAdapter):
    """Shows every connection that is made to the deadline."""

    def __init__(self, clock: Deadline) -> None:
        self._clock = clock
        super().__init__()

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> HTTPConnectionPool:
        pool = cast("HTTPConnectionPool", super().get_connection_with_tls_context(*args, **kwargs))
        # The class's own, not the pool's: that one may be watched already.
        pool.ConnectionCls = watched(cast("type[HTTPConnection]", type(pool).ConnectionCls), self._clock)
        return pool
