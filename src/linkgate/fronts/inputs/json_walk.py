"""A JSON document of any size, walked value by value in constant memory.

What matters of a document is one long list of records, or several. `Walk` asks of each list of objects whether
it is one, and cuts out the items of those as bytes; a worker parses them. So a document is read at the speed of an
expression (about 200 MB a second), a broken record is one broken record, and any number of workers can help.
What stands beside these lists comes out as records too, one for each object that a list holds, and one for the rest.

>>> import io
>>> from linkgate.fronts.inputs.streams import ByteSource
>>> document = b'{"name": "c", "id": 5, "messages": [{"text": "a, ]"}, {"text": "b"}], "more": [1]}'
>>> class Messages:
...     choose = staticmethod(lambda keys, head, **_: "list" if keys == ("messages",) else None)
...     leftover = staticmethod(lambda row: "rest")
>>> for item in Walk(ByteSource(io.BytesIO(document)), Messages()).items():
...     print(item)
Item(found='list', owner=None, content=b'{"text": "a, ]"}')
Item(found='list', owner=None, content=b'{"text": "b"}')
Item(found='rest', owner=None, content=b'{"name":"c","id":5,"more":1}')
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

import msgspec

from linkgate.fronts.inputs.broken_input import BrokenInput
from linkgate.fronts.inputs.chunks import BLOCK, LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkgate.fronts.inputs.streams import ByteSource

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_DEPTH = 24
_HEAD = 1 << 16
"""Bytes of a list that its kind is told by."""


def _value_pattern() -> bytes:
    """A JSON value up to so deep: possessive, hence linear; it says where a value ends, not that it is right."""
    rest = rb'[^"{}\[\]]*+'
    nested = rb"(?!)"
    for _ in range(_DEPTH):
        nested = rb"[{\[]" + rest + rb"(?:(?:" + _STRING + rb"|" + nested + rb")" + rest + rb")*+[}\]]"
    return nested + rb"|" + _STRING + rb'|[^\s"{}\[\],:]++(?=[\s,\]}])'


ITEM: Final = re.compile(rb"[\s,]*+(" + _value_pattern() + rb")", re.DOTALL)
ENTRY: Final = re.compile(rb"[\s,]*+" + _STRING + rb"\s*+:\s*+(?=\{)(" + _value_pattern() + rb")", re.DOTALL)
"""A key and an object: an item of a list that is written as an object, its ids as keys."""
_BREAKS_OFF = "the JSON breaks off in the middle; what stood before was read; copy it again"
_KEY = re.compile(rb"[\s,]*+" + _STRING + rb"\s*+:\s*+(?=[^\s{])", re.DOTALL)
_SPACE = re.compile(rb"\s*+")
_BETWEEN = re.compile(rb"[\s,]*+")
_INSIDE = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_END = re.compile(rb"[\s,]*+[\]}]")
_ENTRY_BEGINS = re.compile(rb"\s*+" + _STRING + rb"\s*+:\s*+\{", re.DOTALL)
MAP: Final = "*"
"""The key that stands for all keys of a list that is written as an object."""
_TOKEN = re.compile(rb"\s*+(" + _STRING + rb'|[{}\[\]:,]|[^\s"{}\[\]:,]++(?=[\s{}\[\]:,"]))', re.DOTALL)


@dataclass(slots=True)
class _Frame:
    """An object or array that is open: the key that is being read, its id, whether a key comes next.

    beside: what stands in it outside of lists of records, where it is an item of a list, or the document.
    """

    is_object: bool
    key: str = ""
    id: str | None = None
    at_key: bool = True
    beside: dict[str, Any] | None = None


class Item(NamedTuple):
    """A record as bytes, None for one above the limit; what its list was found to be; the id above that list."""

    found: Any
    owner: str | None
    content: bytes | None


class Chooser(Protocol):
    """What says how to read a list, by its keys (lists are "") and its first bytes, or what is beside lists."""

    def choose(self, keys: tuple[str, ...], head: bytes, *, root: bool = False, item: re.Pattern[bytes] = ITEM) -> Any:
        """None for a list that is to be looked into."""

    def leftover(self, row: dict[str, Any]) -> Any:
        """None for what holds nothing."""


class Walk:
    """Walks one document, or several one after the other."""

    def __init__(self, source: ByteSource, chooser: Chooser, *, block: int = BLOCK, limit: int = LIMIT) -> None:
        self._source = source
        self._chooser = chooser
        self._block = block
        self._limit = limit
        self._buffer = b""
        self._at = 0
        self._kept = 0
        self._frames: list[_Frame] = []

    def items(self) -> Iterator[Item]:
        """Yield the records. Raises BrokenInput where the document breaks off or is none."""
        while (token := self._token()) is not None:
            if token == b"{" and (chosen := self._chosen_object()):
                found, item = chosen
                yield from self._array(found, None, item=item, closed=item is ENTRY)
                continue
            if token == b"[" and (found := self._chosen()):
                yield from self._array(found, self._frames[-1].id if len(self._frames) > 1 else None)
                continue
            yield from self._take(token)
        if self._frames:
            yield from self._rest()
            raise BrokenInput(_BREAKS_OFF)

    def _chosen(self) -> Any:
        """What a list is; one of texts or numbers is none of records, unless it is the document."""
        self._pass(_SPACE)
        while self._at == len(self._buffer) and self._more():
            self._pass(_SPACE)
        head = self._ahead()
        if self._frames and not head.startswith(b"{"):
            return None
        return self._chooser.choose(tuple(frame.key for frame in self._frames), head)

    def _chosen_object(self) -> tuple[Any, re.Pattern[bytes]] | None:
        """What an object is that begins a document, or whose first value is an object: a list, or a record."""
        begins = not self._frames
        if not begins and not _ENTRY_BEGINS.match(self._buffer, self._at):
            return None
        self._at -= 1
        head = self._ahead()
        keys = tuple(frame.key for frame in self._frames)
        if _ENTRY_BEGINS.match(head, 1) and (found := self._chooser.choose((*keys, MAP), head[1:], item=ENTRY)):
            self._at += 1
            return found, ENTRY
        if begins and (found := self._chooser.choose((), head, root=True)):
            return found, ITEM
        self._at += 1
        return None

    def _ahead(self) -> bytes:
        while len(self._buffer) - self._at < _HEAD and self._more():
            pass
        return self._buffer[self._at : self._at + _HEAD]

    def _take(self, token: bytes) -> Iterator[Item]:
        top = self._frames[-1] if self._frames else _Frame(is_object=False)
        if token in b"{[":
            beside: dict[str, Any] | None = {} if token == b"{" and not top.is_object else None
            self._frames.append(_Frame(is_object=token == b"{", beside=beside))
        elif token in b"}]":
            if not self._frames or top.is_object != (token == b"}"):
                raise BrokenInput("not JSON from here on; what stood before was read")
            yield from self._left(self._frames.pop())
        elif token == b",":
            top.at_key = True
        elif token != b":" and top.is_object and top.at_key:
            top.key, top.at_key = _text(token), False
        elif token != b":":
            top.id = _text(token) if top.is_object and top.key == "id" else top.id
            yield from self._keep(token)

    def _keep(self, token: bytes) -> Iterator[Item]:
        """Put a value where it stands, in what is beside the lists."""
        at = next((at for at in reversed(range(len(self._frames))) if self._frames[at].beside is not None), None)
        if at is None or not isinstance(value := _scalar(token), str | int | float):
            return
        self._kept += len(token)
        place: Any = self._frames[at].beside
        *above, last = [frame.key for frame in self._frames[at:] if frame.is_object]
        for key in above:
            place = place.setdefault(key, {}) if isinstance(place, dict) else {}
        if isinstance(place, dict):
            known = place.get(last)
            place[last] = value if known is None else [*(known if isinstance(known, list) else [known]), value]
        if self._kept > self._limit:
            yield from self._rest()

    def _rest(self) -> Iterator[Item]:
        """What was gathered in all objects that are open."""
        for frame in reversed(self._frames):
            yield from self._left(frame)
        self._kept = 0

    def _left(self, frame: _Frame) -> Iterator[Item]:
        if frame.beside and (found := self._chooser.leftover(frame.beside)):
            yield Item(found, None, msgspec.json.encode(frame.beside))
        if frame.beside is not None:
            frame.beside = {}

    def _array(
        self, chosen: Any, owner: str | None, *, closed: bool = True, item: re.Pattern[bytes] = ITEM
    ) -> Iterator[Item]:
        """The items of a list, or of all that follows, which nothing closes."""
        while True:
            self._pass(_BETWEEN)
            found = item.match(self._buffer, self._at)
            if found and found.end(1) - found.start(1) <= self._limit:
                self._at = found.end()
                yield Item(chosen, owner, found[1])
            elif end := _END.match(self._buffer, self._at):
                self._at = end.end()
                return
            elif item is ENTRY and (key := _KEY.match(self._buffer, self._at)):
                self._at = key.end()  # what follows is no object
                self._skip()
            elif found or len(self._buffer) - self._at > self._limit or not self._more():
                if not closed and self._at == len(self._buffer):
                    return
                self._skip()
                yield Item(chosen, owner, None)

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
    value = _scalar(token)
    return str(value) if isinstance(value, str | int) else ""


def _scalar(token: bytes) -> Any:
    try:
        return msgspec.json.decode(token)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
