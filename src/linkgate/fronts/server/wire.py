"""What goes over the wire: the shapes of requests, and how bytes become one of them or a sentence.

>>> messages, batch = read_messages(b'{"text": "hello", "surface": "public"}')
>>> messages[0].text, batch
('hello', False)
>>> read_messages(b'{"text": 7}')
Traceback (most recent call last):
linkgate.fronts.server.wire.BadRequestError: the body does not fit: Expected `str`, got `int` - at `$.text`
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_LINKS = 1_000
MOST_MESSAGES = 1_000

_NO_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_UNREADABLE = "the body is not JSON in UTF-8"
_STRANGE = "it has a field that is not known here"


class BadRequestError(Exception):
    """The caller's fault: a status, headers, and one sentence that quotes nothing of what was sent."""

    def __init__(self, sentence: str, *, status: int = 400, headers: tuple[tuple[bytes, bytes], ...] = ()) -> None:
        super().__init__(sentence)
        self.status = status
        self.headers = headers


class Message(msgspec.Struct, forbid_unknown_fields=True):
    """One message: its text, the links that it does not show, its id, and the surface it stands on."""

    text: str = ""
    links: list[str] = []
    id: str | None = None
    surface: str = "public"


class Batch(msgspec.Struct, forbid_unknown_fields=True):
    """Several messages, answered in their order."""

    messages: list[Message]


class Question(msgspec.Struct, forbid_unknown_fields=True):
    """One URL, as it was pasted; `explain` asks for every step."""

    url: str
    explain: bool = False


_MESSAGE = msgspec.json.Decoder(Message)
_BATCH = msgspec.json.Decoder(Batch)
_QUESTION = msgspec.json.Decoder(Question)


def read_messages(body: bytes) -> tuple[Sequence[Message], bool]:
    """The messages of a request, and whether it was a batch. Raises BadRequestError.

    >>> [len(read_messages(body)[0]) for body in (b'{"text": "hello"}', b'{"messages": [{}, {}]}')]
    [1, 2]
    """
    try:
        message = _MESSAGE.decode(body)
    except msgspec.ValidationError as error:
        return _read_batch(body, error), True
    except _NO_JSON:
        raise BadRequestError(_UNREADABLE) from None
    if len(message.links) > MOST_LINKS:
        _refuse_links()
    return (message,), False


def _read_batch(body: bytes, fault: msgspec.ValidationError) -> list[Message]:
    """The messages of what has a fault as a single one; the fault counts where it is no batch either."""
    try:
        messages = _BATCH.decode(body).messages
    except msgspec.ValidationError as error:
        raise _misfit(error if " - at `$.messages" in str(error) else fault) from None
    except _NO_JSON:
        raise BadRequestError(_UNREADABLE) from None
    if len(messages) > MOST_MESSAGES:
        raise BadRequestError(f"more than {MOST_MESSAGES:,} messages in one request", status=413)
    if any(len(message.links) > MOST_LINKS for message in messages):
        _refuse_links()
    return messages


def read_question(body: bytes) -> Question:
    """What is asked about one URL. Raises BadRequestError.

    >>> read_question(b'{"url": 7}')
    Traceback (most recent call last):
    linkgate.fronts.server.wire.BadRequestError: the body does not fit: Expected `str`, got `int` - at `$.url`
    """
    try:
        return _QUESTION.decode(body)
    except msgspec.ValidationError as error:
        raise _misfit(error) from None
    except _NO_JSON:
        raise BadRequestError(_UNREADABLE) from None


def write(value: Any) -> bytes:
    """JSON bytes."""
    return msgspec.json.encode(value)


def _refuse_links() -> NoReturn:
    raise BadRequestError(f"more than {MOST_LINKS:,} links in one message", status=413)


def _misfit(error: msgspec.ValidationError) -> BadRequestError:
    """What does not fit, without the name of an unknown field, which the caller made up."""
    words = str(error)
    return BadRequestError(f"the body does not fit: {_STRANGE if 'unknown field' in words else words}")
