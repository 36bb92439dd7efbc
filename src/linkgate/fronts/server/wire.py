"""What goes over the wire: the shapes of requests, and how bytes become one of them or a sentence.

>>> read(b'{"text": "hello", "surface": "public"}', Message).text
'hello'
>>> read(b'{"text": 7}', Message)
Traceback (most recent call last):
linkgate.fronts.server.wire.BadRequestError: the body does not fit: Expected `str`, got `int` - at `$.text`
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

if TYPE_CHECKING:
    from typing import Any

MOST_LINKS = 1_000
MOST_MESSAGES = 1_000

_Shape = TypeVar("_Shape")


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


def read(body: bytes, shape: type[_Shape]) -> _Shape:
    """JSON as one of the shapes. Raises BadRequestError."""
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        raise BadRequestError(f"the body does not fit: {_plain(error)}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadRequestError("the body is not JSON in UTF-8") from None


def read_messages(body: bytes) -> tuple[list[Message], bool]:
    """The messages of a request, and whether it was a batch. Raises BadRequestError."""
    if body.lstrip()[:512].find(b'"messages"') < 0:
        messages, batch = [read(body, Message)], False
    else:
        messages, batch = read(body, Batch).messages, True
    if len(messages) > MOST_MESSAGES:
        raise BadRequestError(f"more than {MOST_MESSAGES:,} messages in one request", status=413)
    if any(len(message.links) > MOST_LINKS for message in messages):
        raise BadRequestError(f"more than {MOST_LINKS:,} links in one message", status=413)
    return messages, batch


def write(value: Any) -> bytes:
    """JSON bytes."""
    return msgspec.json.encode(value)


def _plain(error: msgspec.ValidationError) -> str:
    """Its words without the name of an unknown field, which the caller made up."""
    words = str(error)
    return "it has a field that is not known here" if "unknown field" in words else words
