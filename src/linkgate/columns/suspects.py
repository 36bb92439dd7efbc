"""suspects: which messages of a column the engine should check, told from the whole column at once.

Cues and, where there is one, what they are cues of (`expression`) are searched for by RE2, and the last dots of listed
hosts (`host_dots`) by numpy; texts that are not ASCII are folded first. It may find too much and never misses.

>>> import linkgate
>>> engine = linkgate.compile_lines(["http://bad.example/page"], name="demo").engine
>>> column = pa.array(["hello there.", "see bad.example/x", "b%61d.example", "more.example", "ｂad。example", None])
>>> Suspects(engine.hosts).of(column)
array([1, 2, 4])
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from pyarrow import compute

from linkgate.columns.expression import cues_of, expressions_of
from linkgate.columns.host_dots import HostDots
from linkgate.core.text.fold import fold_characters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linkgate.columns.host_dots import Octets, Places
    from linkgate.core.prefilter.hosts import ListedHosts


_FEW = 500
"""Of more texts cues are searched for first, and of more that are not ASCII the expressions for folded texts, which
take milliseconds to compile."""


class Suspects:
    """All that it takes to look through columns, made once for the listed hosts of an engine."""

    def __init__(self, hosts: ListedHosts) -> None:
        self._cues = cues_of(hosts)
        self._expressions, self._folded = expressions_of(hosts), expressions_of(hosts, folded=True)
        self._dots = HostDots(hosts.words())

    def of(self, texts: pa.Array) -> Places:
        """The numbers of the texts that an engine should check, ascending. A null is no text."""
        foreign = np.flatnonzero(~np.asarray(compute.fill_null(compute.string_is_ascii(texts), fill_value=True)))
        small = compute.ascii_lower(texts)
        searched = _as_bytes(small)
        cued = _matching(searched, (self._cues,)) if len(searched) > _FEW else np.arange(len(searched))
        hidden = cued[_matching(searched.take(pa.array(cued)), self._expressions)]
        found = np.union1d(hidden, self._named(small))
        if len(foreign) <= _FEW:
            found = np.union1d(found, foreign)
        else:
            folded = pa.array(fold_all(texts.take(pa.array(foreign)).to_pylist()), pa.large_string())
            odd = np.union1d(_matching(folded, self._folded), self._named(folded))
            found = np.union1d(np.setdiff1d(found, foreign), foreign[odd])
        kept: Places = found[np.asarray(compute.is_valid(texts.take(pa.array(found))))]
        return kept

    def _named(self, texts: pa.Array) -> Places:
        """The numbers of the texts that name a listed host, perhaps more than once."""
        octets, starts = _content(texts)
        if not len(octets):
            return np.empty(0, np.int64)
        return np.searchsorted(starts, self._dots.listed(octets), side="right") - 1


def _as_bytes(texts: pa.Array) -> pa.Array:
    """The same texts as bytes, of which RE2 makes far fewer states than of UTF-8. Only for ASCII."""
    return texts.view(pa.large_binary() if pa.types.is_large_string(texts.type) else pa.binary())


def _matching(content: pa.Array, expressions: Iterable[str]) -> Places:
    """The numbers of the texts in which one of the expressions finds something, ascending."""
    found = (compute.match_substring_regex(content, expression) for expression in expressions)
    return np.flatnonzero(compute.fill_null(reduce(compute.or_, found), fill_value=False))


def fold_all(texts: Sequence[str]) -> list[str]:
    r"""Each text folded, code point by code point, in one pass; a newline becomes a blank.

    >>> fold_all(["ｂad。ｅxample", "a\\nb"])
    ['bad.example', 'a b']
    """
    # Code points are folded one by one, so the seam between two texts changes neither.
    return fold_characters("\\n".join(text.replace("\\n", " ") for text in texts)).split("\\n")


def _content(texts: pa.Array) -> tuple[Octets, Places]:
    """The bytes of all texts, one after the other, and where each begins; the end of the last one too."""
    _, offsets, content = texts.buffers()
    width: Any = np.int64 if pa.types.is_large_string(texts.type) else np.int32
    starts = np.frombuffer(offsets, width)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    octets = np.frombuffer(content or b"", np.uint8)[starts[0] : starts[-1]]
    return octets, starts - starts[0]
