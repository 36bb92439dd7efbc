"""Request bodies: their shapes, and how bytes are decoded to one of them or refused with a sentence.

>>> messages, batch = read_messages(b'{"text": "hello", "surface": "public"}')
>>> messages[0].text, batch
('hello', False)
>>> read_messages(b'{"text": 7}')
Traceback (most recent call last):
linkgate.fronts.server.request_body.BadRequestError: the body does not fit: Expected `str`, got `int` - at `$.text`
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_LINKS = 1_000
MOST_MESSAGES = 1_000

_NO_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_ESCAPES = re.compile(rb"\\\\|\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u[dD][89a-fA-F]..")
_ONE_ESCAPE = len(rb"\ud83d")
_Shape = TypeVar("_Shape")
_STRANGE = "it has a field that is not known here"


class BadRequestError(Exception):
    """The caller's fault: a status, headers, and one sentence that quotes nothing of what was sent."""

    def __init__(self, sentence: str, *, status: int = 400, headers: tuple[tuple[bytes, bytes], ...] = ()) -> None:
        super().__init__(sentence)
        self.status = status
        self.headers = headers


class CheckRequest(msgspec.Struct, forbid_unknown_fields=True):
    """One message: its text, the links that it does not show, its id, the surface it stands on, who posted it."""

    text: str = ""
    links: list[str] = []
    id: str | None = None
    surface: str = "public"
    account: str | None = None


class BatchRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Several messages, answered in their order."""

    messages: list[CheckRequest]


class LookupRequest(msgspec.Struct, forbid_unknown_fields=True):
    """One URL, as it was pasted; `explain` asks for every step."""

    url: str
    explain: bool = False


class CaseRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A case, by its id."""

    case: str


class DecisionRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A decision, by its id."""

    decision: str


class OverturnRequest(msgspec.Struct, forbid_unknown_fields=True):
    """An appeal that is granted, and why."""

    decision: str
    reason: str


_MESSAGE = msgspec.json.Decoder(CheckRequest)
_BATCH = msgspec.json.Decoder(BatchRequest)
_LOOKUP = msgspec.json.Decoder(LookupRequest)


def read_messages(body: bytes) -> tuple[Sequence[CheckRequest], bool]:
    """The messages of a request, and whether it was a batch. Raises BadRequestError.

    >>> [len(read_messages(body)[0]) for body in (b'{"text": "hello"}', b'{"messages": [{}, {}]}')]
    [1, 2]
    """
    try:
        message = _decoded(body, _MESSAGE)
    except msgspec.ValidationError as error:
        return _read_batch(body, error), True
    if len(message.links) > MOST_LINKS:
        _refuse_links()
    return (message,), False


def _read_batch(body: bytes, fault: msgspec.ValidationError) -> list[CheckRequest]:
    """The messages of what has a fault as a single one; the fault counts where it is no batch either."""
    try:
        messages = _decoded(body, _BATCH).messages
    except msgspec.ValidationError as error:
        raise _misfit(error if " - at `$.messages" in str(error) else fault) from None
    if len(messages) > MOST_MESSAGES:
        raise BadRequestError(f"more than {MOST_MESSAGES:,} messages in one request", status=413)
    if any(len(message.links) > MOST_LINKS for message in messages):
        _refuse_links()
    return messages


def read_lookup(body: bytes) -> LookupRequest:
    """The body of a look-up. Raises BadRequestError.

    >>> read_lookup(b'{"url": 7}')
    Traceback (most recent call last):
    linkgate.fronts.server.request_body.BadRequestError: the body does not fit: Expected `str`, got `int` - at `$.url`
    """
    try:
        return _decoded(body, _LOOKUP)
    except msgspec.ValidationError as error:
        raise _misfit(error) from None


def read_as(body: bytes, kind: type[_Shape]) -> _Shape:
    """The body as one of the shapes above. Raises BadRequestError.

    >>> read_as(b'{"case": "c1"}', CaseRequest).case
    'c1'
    """
    try:
        return _decoded(body, msgspec.json.Decoder(kind))
    except msgspec.ValidationError as error:
        raise _misfit(error) from None


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

    >>> read_messages(rb'{"text": "\ud83d\ude00 \ude00 \\\ud83d"}')[0][0].text
    '😀 \ufffd \\\ufffd'
    """
    found = escape.group()
    return rb"\ufffd" if len(found) == _ONE_ESCAPE else found


def write_json(value: Any) -> bytes:
    """JSON bytes."""
    return msgspec.json.encode(value)


def _refuse_links() -> NoReturn:
    raise BadRequestError(f"more than {MOST_LINKS:,} links in one message", status=413)


def _misfit(error: msgspec.ValidationError) -> BadRequestError:
    """What does not fit, without the name of an unknown field, which the caller made up."""
    words = str(error)
    return BadRequestError(f"the body does not fit: {_STRANGE if 'unknown field' in words else words}")
