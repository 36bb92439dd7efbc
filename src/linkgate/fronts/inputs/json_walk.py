"""A JSON document of any size, walked value by value in constant memory.

What matters of an export is one long list of messages. `Walk` finds such lists and cuts out their
items as bytes; a worker parses them. So a document is read at the speed of an expression (about 200 MB
a second), a broken message is one broken message, and any number of workers can help.

>>> import io
>>> document = b'{"name": "c", "id": 5, "messages": [{"text": "a, ]"}, {"text": "b"}], "more": [1]}'
>>> for chat, item in Walk(ByteSource(io.BytesIO(document)), lambda keys: keys == ("messages",)).items():
...     print(chat, item)
None b'{"text": "a, ]"}'
None b'{"text": "b"}'
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from linkgate.fronts.inputs.chunks import BLOCK, LIMIT
from linkgate.fronts.inputs.streams import BrokenInput, ByteSource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_DEPTH = 24


def _value_pattern() -> bytes:
    """A JSON value up to so deep: possessive, hence linear; it says where a value ends, not that it is right."""
    rest = rb'[^"{}\[\]]*+'
    nested = rb"(?!)"
    for _ in range(_DEPTH):
        nested = rb"[{\[]" + rest + rb"(?:(?:" + _STRING + rb"|" + nested + rb")" + rest + rb")*+[}\]]"
    return nested + rb"|" + _STRING + rb'|[^\s"{}\[\],:]++(?=[\s,\]}])'


ITEM: Final = re.compile(rb"[\s,]*+(" + _value_pattern() + rb")", re.DOTALL)
_BREAKS_OFF = "the JSON breaks off in the middle; what stood before was read; copy it again"
_SPACE = re.compile(rb"\s*+")
_BETWEEN = re.compile(rb"[\s,]*+")
_INSIDE = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_END = re.compile(rb"[\s,]*+\]")
_TOKEN = re.compile(rb"\s*+(" + _STRING + rb'|[{}\[\]:,]|[^\s"{}\[\]:,]++(?=[\s{}\[\]:,"]))', re.DOTALL)


@dataclass(slots=True)
class _Frame:
    """An object or array that is open: the key that is being read, its id, whether a key comes next."""

    is_object: bool
    key: str = ""
    id: str | None = None
    at_key: bool = True


class Walk:
    """Walks one document. `wanted` says of the keys above an array (lists are "") whether its items are messages."""

    def __init__(
        self, source: ByteSource, wanted: Callable[[tuple[str, ...]], bool], *, block: int = BLOCK, limit: int = LIMIT
    ) -> None:
        self._source = source
        self._wanted = wanted
        self._block = block
        self._limit = limit
        self._buffer = b""
        self._at = 0
        self._frames: list[_Frame] = []

    def items(self) -> Iterator[tuple[str | None, bytes | None]]:
        """Yield the items, None for one above `limit`, each with the id of what its array stands in.

        At the top, where there is only one, that is None.

        Raises BrokenInput where the document breaks off or is none.
        """
        while (token := self._token()) is not None:
            if token == b"[" and self._wanted(self._keys()) and self._holds_objects():
                yield from self._array(self._frames[-1].id if len(self._frames) > 1 else None)
            else:
                self._take(token)
        if self._frames:
            raise BrokenInput(_BREAKS_OFF)

    def _holds_objects(self) -> bool:
        """A list of texts or numbers is none of messages, wherever it stands."""
        self._pass(_SPACE)
        while self._at == len(self._buffer) and self._more():
            self._pass(_SPACE)
        return not self._frames or self._buffer.startswith(b"{", self._at)

    def _keys(self) -> tuple[str, ...]:
        return tuple(frame.key for frame in self._frames)

    def _take(self, token: bytes) -> None:
        top = self._frames[-1] if self._frames else _Frame(is_object=False)
        if token in b"{[":
            self._frames.append(_Frame(is_object=token == b"{"))
        elif token in b"}]":
            if not self._frames or top.is_object != (token == b"}"):
                raise BrokenInput("not JSON from here on; what stood before was read")
            self._frames.pop()
        elif token == b",":
            top.at_key = True
        elif token != b":" and top.is_object:
            if top.at_key:
                top.key, top.at_key = _text(token), False
            elif top.key == "id":
                top.id = _text(token)

    def _array(self, owner: str | None) -> Iterator[tuple[str | None, bytes | None]]:
        while True:
            self._pass(_BETWEEN)
            found = ITEM.match(self._buffer, self._at)
            if found and found.end(1) - found.start(1) <= self._limit:
                self._at = found.end()
                yield owner, found[1]
            elif end := _END.match(self._buffer, self._at):
                self._at = end.end()
                return
            elif found or len(self._buffer) - self._at > self._limit or not self._more():
                self._skip()
                yield owner, None

    def _skip(self) -> None:
        """Read over one value of any size and depth."""
        depth = 0
        while (token := self._token()) is not None:
            if token in b"}]" and not depth:
                raise BrokenInput("not JSON from here on; what stood before was read")
            depth += (token in b"{[") - (token in b"}]")
            if not depth and token not in b",:":
                return
        raise BrokenInput(_BREAKS_OFF)

    def _token(self) -> bytes | None:
        while True:
            self._pass(_SPACE)
            found = _TOKEN.match(self._buffer, self._at)
            if found:
                self._at = found.end()
                return found[1]
            if len(self._buffer) - self._at > self._limit:
                return self._long_text()
            if not self._more():
                return None

    def _long_text(self) -> bytes:
        """Read over a text that is too long to be held."""
        if not self._buffer.startswith(b'"', self._at):
            raise BrokenInput("not JSON from here on; what stood before was read")
        self._at += 1
        while True:
            self._pass(_INSIDE)
            if self._buffer.startswith(b'"', self._at):
                self._at += 1
                return b'""'
            if not self._more():
                raise BrokenInput(_BREAKS_OFF)

    def _pass(self, space: re.Pattern[bytes]) -> None:
        found = space.match(self._buffer, self._at)
        self._at = found.end() if found else self._at

    def _more(self) -> bool:
        """Read on; the part of the buffer that is done is dropped."""
        content = self._source.read(self._block)
        self._buffer = self._buffer[self._at :] + content
        self._at = 0
        return bool(content)


def _text(token: bytes) -> str:
    try:
        value = msgspec.json.decode(token)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    return str(value) if isinstance(value, str | int) else ""
