r"""Messages one by one -> a batch of MESSAGES, and bad records beside it.

>>> build = Builder()
>>> build.add(3, ParsedMessage("half an emoji: \ud83d", id="a", time=1_500_000, links=("http://bad.example/",)))
>>> batch, bad = build.finish()
>>> batch.to_pylist()[0]["text"], batch.to_pylist()[0]["time"].isoformat()
('half an emoji: \ufffd', '1970-01-01T00:00:01.500000+00:00')
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from linkgate.columns.schema import MESSAGES, alike, with_id
from linkgate.fronts.inputs.chunks import BadRecord, not_utf8

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EMPTY: pa.RecordBatch = pa.RecordBatch.from_pylist([], schema=MESSAGES)
Decoded = tuple[pa.RecordBatch, list[BadRecord]]


class ParsedMessage(NamedTuple):
    """A message as a reader found it: its own id, microseconds since 1970 (UTC), the links that its text hides.

    account: who posted it, where the user said in which field that stands. beside: what the fields say that nobody
    named. Neither is in `repr`.
    """

    text: str
    id: str | int | None = None
    time: int | None = None
    links: tuple[str, ...] = ()
    account: str | None = None
    beside: str | None = None

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._fields[:-2])
        return f"ParsedMessage({shown})"


class Nothing(NamedTuple):
    """A record that was read, and has neither a text field nor a link; `rest`: what else it says, if anything."""

    reason: str
    rest: ParsedMessage | None = None


class Builder:
    """Gathers messages and bad records."""

    def __init__(self) -> None:
        self.bad: list[BadRecord] = []
        self._places: list[int] = []
        self._messages: list[ParsedMessage] = []

    def add(self, place: int, found: ParsedMessage | Nothing | str, *, valid: bool = True) -> None:
        """Take a message, or the reason why there is none; `valid` is false when bytes were replaced."""
        if not valid:
            self.bad.append(not_utf8(place))
        if isinstance(found, str):
            self.bad.append(BadRecord(place, found))
        elif isinstance(found, Nothing):
            self.bad.append(BadRecord(place, found.reason, empty=True))
            if found.rest is not None:
                self._keep(place, found.rest)
        else:
            self._keep(place, found)

    def _keep(self, place: int, found: ParsedMessage) -> None:
        self._places.append(place)
        self._messages.append(found)

    def finish(self) -> Decoded:
        """Hand over all that was gathered, in the order it came."""
        if not self._messages:
            return EMPTY, self.bad
        texts, ids, times, links, accounts, beside = zip(*self._messages, strict=True)
        columns = [
            pa.array(self._places, MESSAGES.field("place").type),
            id_array(ids),
            pa.array(times, pa.int64()).cast(MESSAGES.field("time").type),
            strings(texts),
            lists(links),
            strings(accounts),
            strings(beside),
        ]
        return pa.RecordBatch.from_arrays(columns, schema=with_id(MESSAGES, columns[1].type)), self.bad


def strings(values: Sequence[str | None]) -> pa.Array:
    """Text as an Arrow array; half of a surrogate pair, which is no character, becomes U+FFFD."""
    try:
        return pa.array(values, pa.string())
    except UnicodeEncodeError:
        return pa.array([None if value is None else mended(value) for value in values], pa.string())


def id_array(ids: Sequence[str | int | None]) -> pa.Array:
    """Ids as whole numbers, where all that there are are such, else as text.

    >>> id_array([7, None]).to_pylist(), id_array([7, "a"]).to_pylist()
    ([7, None], ['7', 'a'])
    """
    kinds = {type(value) for value in ids} - {type(None)}
    if kinds == {int}:
        return pa.array(ids, pa.int64())
    return strings([value if value is None else str(value) for value in ids] if int in kinds else ids)  # type: ignore[arg-type]


def mended(text: str) -> str:
    r"""Replace lone surrogates, one character each, so that spans stay true.

    >>> mended("a\ud83d\ude00b"), mended("\udc00!")
    ('a😀b', '\ufffd!')
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def decoded(line: bytes) -> tuple[str, bool]:
    r"""UTF-8 to text, and whether it was valid; wrong bytes become U+FFFD, so that the rest is checked.

    >>> decoded(b"caf\xe9")
    ('caf\ufffd', False)
    """
    try:
        return line.decode("utf-8"), True
    except UnicodeDecodeError:
        return line.decode("utf-8", "replace"), False


def lists(values: Sequence[tuple[str, ...]]) -> pa.Array:
    """Links as an Arrow array of lists; none at all is null."""
    if not any(values):
        return pa.nulls(len(values), MESSAGES.field("links").type)
    offsets = [0]
    for value in values:
        offsets.append(offsets[-1] + len(value))
    flat = strings(list(chain.from_iterable(values)))
    mask = pa.array([not value for value in values])
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), flat, mask=mask)


def joined(parts: Iterable[Decoded]) -> Decoded:
    """Several decoded stretches as one."""
    both = list(parts)
    if len(both) == 1:
        return both[0]
    batches = alike([batch for batch, _ in both if batch.num_rows])
    bad = list(chain.from_iterable(each for _, each in both))
    return (pa.concat_batches(batches) if batches else EMPTY), bad
