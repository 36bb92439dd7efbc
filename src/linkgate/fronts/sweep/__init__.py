"""sweep: which messages of a column a gate should look at, told from the bytes of the whole column.

What a message might be suspect for stands around a few characters: the dot of a host, an escape, a
bracket. numpy finds these *anchors* in all messages at once, and looks at the bytes beside them, so
that nearly all messages are done for a nanosecond a byte. It may find too much and never misses: it
knows every needle of the gate's own automaton.

>>> import linkgate
>>> engine = linkgate.compile_lines(["http://bad.example/page"], name="demo").engine
>>> sweep = Sweep(engine.coarse())
>>> sweep.suspects(pa.array(["hello there.", "see bad.example/x", "b%61d.example", "more.example", "ｂad。example"]))
array([1, 2, 4])
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from pyarrow import compute

import linkgate
from linkgate.fronts.sweep import anchors
from linkgate.fronts.sweep.dots import Dots
from linkgate.fronts.sweep.numbers import Numbers
from linkgate.fronts.sweep.signs import confirmed

if TYPE_CHECKING:
    from linkgate import Coarse
    from linkgate.fronts.sweep.anchors import Octets, Places

_FEW = 200
"""So many texts are looked at by a gate before an expression that takes a millisecond to compile is."""
_RARE = 64
"""Where of so many bytes one is not ASCII, texts that are not are told by these bytes."""
_FIRST_FOREIGN = 0x80


class Sweep:
    """All that it takes to look through a column, made once for an engine."""

    def __init__(self, coarse: Coarse) -> None:
        self._coarse = coarse
        self._dots = Dots(coarse.dots)
        self._numbers = Numbers(coarse)

    def suspects(self, texts: pa.Array) -> Places:
        """The numbers of the texts that a gate should look at, ascending. A null is no text."""
        if self._coarse.dotted and pa.types.is_string(texts.type):
            found, foreign = self._found(texts)
        else:
            foreign = _foreign(texts)
            found = self._matching(texts, np.setdiff1d(np.arange(len(texts)), foreign))
        if len(foreign) > _FEW:
            foreign = np.setdiff1d(foreign, found)
            folded = linkgate.fold_all(texts.take(pa.array(foreign)).to_pylist())
            foreign = foreign[self._matching(pa.array(folded, pa.large_string()), np.arange(len(folded)))]
        numbers: Places = np.union1d(found, foreign)
        return _of(numbers, compute.is_valid(texts.take(pa.array(numbers))))

    def _matching(self, texts: pa.Array, numbers: Places) -> Places:
        if not len(numbers):
            return numbers
        found = compute.match_substring_regex(texts.take(pa.array(numbers)), self._coarse.expression)
        return _of(numbers, compute.fill_null(found, fill_value=False))

    def _found(self, texts: pa.Array) -> tuple[Places, Places]:
        """Texts that name a host in ASCII or may hide one, and those that are not ASCII."""
        octets, starts = _content(texts)
        if not len(octets):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        rare = np.count_nonzero(octets >= _FIRST_FOREIGN) * _RARE < len(octets)
        addresses, telegram = self._coarse.addresses, self._coarse.telegram
        search = anchors.Search(numeric=bool(addresses), telegram=telegram, foreign=bool(rare))
        kinds, places = anchors.find(octets, search)
        found = [
            confirmed(octets, places[kinds & anchors.OTHER != 0]),
            self._dots.listed(octets, places[kinds & anchors.HOST != 0]),
            self._dots.spaced(octets, places[kinds & anchors.SPACED != 0], numeric=bool(addresses)),
            self._numbers.listed(octets, places[kinds & anchors.NUMBER != 0], starts),
        ]
        foreign = _owners(starts, places[kinds & anchors.FOREIGN != 0]) if rare else _foreign(texts)
        return _owners(starts, np.concatenate(found)), foreign


def _of(numbers: Places, wanted: pa.Array) -> Places:
    kept: Places = numbers[np.asarray(wanted)]
    return kept


def _content(texts: pa.Array) -> tuple[Octets, Places]:
    """The bytes of all texts, one after the other, and where each begins; the end of the last one too."""
    _, offsets, content = texts.buffers()
    starts = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    octets = np.frombuffer(content or b"", np.uint8)[starts[0] : starts[-1]]
    return octets, starts - starts[0]


def _foreign(texts: pa.Array) -> Places:
    """The texts that are not ASCII."""
    return np.flatnonzero(~np.asarray(compute.fill_null(compute.string_is_ascii(texts), fill_value=True)))


def _owners(starts: Places, places: Places) -> Any:
    """The numbers of the texts in which these places are, ascending."""
    return np.unique(np.searchsorted(starts, places, side="right") - 1)
