"""Request bodies: their shapes, and how bytes are decoded to one of them or refused with a sentence.

>>> found = read_messages(b'{"text": "hello", "surface": "public"}')
>>> found.messages[0].text, found.batch
('hello', False)
>>> read_messages(b'{"text": 7}')
Traceback (most recent call last):
linkgate.fronts.server.request_body.BadRequestError: the body does not fit: Expected `str`, got `int` - at `$.text`
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003  # msgspec reads it
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, TypeVar, get_args

import msgspec

from linkgate import Media  # noqa: TC001  # msgspec reads it

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_LINKS = 1_000
MOST_MEDIA = 100
MOST_MESSAGES = 1_000
MOST_TARGETS, MOST_HOPS = 100, 10
ShortState = Literal[
    "redirects",
    "not_redirect",
    "gone",
    "refused",
    "timeout",
    "limit",
    "loop",
    "non_http",
    "bad_address",
    "overload",
]
STATES = get_args(ShortState)
"""What a resolver says of a short link."""

_NO_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_ESCAPES = re.compile(rb"\\\\|\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u[dD][89a-fA-F]..")
_ONE_ESCAPE = len(rb"\ud83d")
_Shape = TypeVar("_Shape")


class BadRequestError(Exception):
    """The caller's fault: a status, headers, and one sentence that quotes nothing of what was sent."""

    def __init__(self, sentence: str, *, status: int = 400, headers: tuple[tuple[bytes, bytes], ...] = ()) -> None:
        super().__init__(sentence)
        self.status = status
        self.headers = headers


class CheckRequest(msgspec.Struct):
    """One message: text, links that it does not show, its files, id, the surface, who posted it, and when.

    offsets: the unit of `start` and `end` in the answer.
    """

    text: str = ""
    links: list[str] = []
    media: list[Media] = []
    id: str | None = None
    surface: str = "public"
    account: str | None = None
    posted: Annotated[dt.datetime, msgspec.Meta(tz=True)] | None = None
    offsets: Literal["code-points", "utf-16", "bytes"] = "code-points"


class _Named(msgspec.Struct):
    """What tells a batch from a message."""

    messages: Any = None


class BatchRequest(msgspec.Struct):
    """Several messages, answered in their order."""

    messages: list[CheckRequest]


class LookupRequest(msgspec.Struct):
    """One URL, as it was pasted; `explain` asks for every step."""

    url: str
    explain: bool = False


class WhyRequest(msgspec.Struct):
    """The id of a message or decision on record, an entry id, or a URL."""

    asked: str


class TargetRequest(msgspec.Struct):
    """Where a short link of a message leads, as a resolver told; start and end are given back."""

    link: str
    state: ShortState
    hops: Annotated[list[str], msgspec.Meta(max_length=MOST_HOPS)] = []
    start: int | None = None
    end: int | None = None
    at: float = 0.0


class RecheckRequest(msgspec.Struct):
    """A message that was checked, by its id, and where its short links lead. late: it was published before."""

    targets: Annotated[list[TargetRequest], msgspec.Meta(max_length=MOST_TARGETS)]
    id: str | None = None
    surface: str = "public"
    account: str | None = None
    posted: Annotated[dt.datetime, msgspec.Meta(tz=True)] | None = None
    late: bool = False


class _StrictCheck(CheckRequest, forbid_unknown_fields=True):
    """A message without a field that is not known: what nearly every body holds."""


class _StrictBatch(msgspec.Struct, forbid_unknown_fields=True):
    messages: list[_StrictCheck]


class CheckBody(NamedTuple):
    """The messages of a body. batch: whether it asks for a batch. unknown: whether it has a field that is not known."""

    messages: Sequence[CheckRequest]
    batch: bool
    unknown: bool = False


_STRICT_MESSAGE = msgspec.json.Decoder(_StrictCheck)
_STRICT_BATCH = msgspec.json.Decoder(_StrictBatch)


class CaseRequest(msgspec.Struct):
    """A case, by its id."""

    case: str


class DecisionRequest(msgspec.Struct):
    """A decision, by its id."""

    decision: str


class OverturnRequest(msgspec.Struct):
    """An appeal that is granted, and why."""

    decision: str
    reason: str


_MESSAGE = msgspec.json.Decoder(CheckRequest)
_BATCH = msgspec.json.Decoder(BatchRequest)
_LOOKUP = msgspec.json.Decoder(LookupRequest)
_PROBE = msgspec.json.Decoder(_Named)


def read_messages(body: bytes) -> CheckBody:
    """The messages of a body. Raises BadRequestError.

    A field that is not known is ignored, and told: the client may be newer than this server.

    >>> bodies = b'{"text": "hello"}', b'{"messages": [{}, {}]}', b'{"text": "hello", "new": 1}'
    >>> [(len(found.messages), found.batch, found.unknown) for found in map(read_messages, bodies)]
    [(1, False, False), (2, True, False), (1, False, True)]
    """
    found = _strict(body) or _lenient(body)
    if len(found.messages) > MOST_MESSAGES:
        raise BadRequestError(f"more than {MOST_MESSAGES:,} messages in one request", status=413)
    for message in found.messages:
        if len(message.links) > MOST_LINKS:
            raise BadRequestError(f"more than {MOST_LINKS:,} links in one message", status=413)
        if len(message.media) > MOST_MEDIA:
            raise BadRequestError(f"more than {MOST_MEDIA:,} media in one message", status=413)
    return found


def _strict(body: bytes) -> CheckBody | None:
    try:
        return CheckBody((_decoded(body, _STRICT_MESSAGE),), batch=False)
    except msgspec.ValidationError:
        pass
    try:
        return CheckBody(_decoded(body, _STRICT_BATCH).messages, batch=True)
    except msgspec.ValidationError:
        return None


def _lenient(body: bytes) -> CheckBody:
    try:
        if _decoded(body, _PROBE).messages is not None:
            return CheckBody(_decoded(body, _BATCH).messages, batch=True, unknown=True)
        return CheckBody((_decoded(body, _MESSAGE),), batch=False, unknown=True)
    except msgspec.ValidationError as error:
        raise _misfit(error) from None


def read_lookup(body: bytes) -> LookupRequest:
    """The body of a look-up. Raises BadRequestError.

    >>> read_lookup(b'{"url": 7}')
    Traceback (most recent call last):
    linkgate.fronts.server.request_body.BadRequestError: the body does not fit: Expected `str`, got `int` - at `$.url`
    """
    return _fitting(body, _LOOKUP)


def _fitting(body: bytes, decoder: msgspec.json.Decoder[_Shape]) -> _Shape:
    try:
        return _decoded(body, decoder)
    except msgspec.ValidationError as error:
        raise _misfit(error) from None


def read_as(body: bytes, kind: type[_Shape]) -> _Shape:
    """The body as one of the shapes above. Raises BadRequestError.

    >>> read_as(b'{"case": "c1"}', CaseRequest).case
    'c1'
    """
    return _fitting(body, msgspec.json.Decoder(kind))


def _decoded(body: bytes, decoder: msgspec.json.Decoder[_Shape]) -> _Shape:
    """The body as a shape. Raises ValidationError, and BadRequestError where it is no JSON even when repaired."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError:
        raise
    except _NO_JSON:
        pass
    try:
        return decoder.decode(_ESCAPES.sub(_whole, body))
    except msgspec.ValidationError:
        raise
    except _NO_JSON:
        raise BadRequestError("the body is not JSON in UTF-8") from None


def _whole(escape: re.Match[bytes]) -> bytes:
    r"""An escape; half a surrogate pair as U+FFFD, which is what a browser makes of it.

    JavaScript writes such a half as it stands in a text, and whoever posts one shall not have their
    message refused instead of checked.

    >>> read_messages(rb'{"text": "\ud83d\ude00 \ude00 \\\ud83d"}').messages[0].text
    '😀 \ufffd \\\ufffd'
    """
    found = escape.group()
    return rb"\ufffd" if len(found) == _ONE_ESCAPE else found


def write_json(value: Any) -> bytes:
    """JSON bytes."""
    return msgspec.json.encode(value)


def _misfit(error: msgspec.ValidationError) -> BadRequestError:
    return BadRequestError(f"the body does not fit: {error}")
