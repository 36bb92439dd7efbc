"""suspects: which messages of a column the engine should check, told from the whole column at once.

Expressions (`expression`) are searched for by RE2, and the last dots of listed hosts (`host_dots`) by numpy; texts
that are not ASCII are folded first. It may find too much and never misses.

>>> import linkgate
>>> engine = linkgate.compile_lines(["http://bad.example/page"], name="demo").engine
>>> column = pa.array(["hello there.", "see bad.example/x", "b%61d.example", "more.example", "ｂad。example", None])
>>> Suspects(engine.hosts).of(column)
array([1, 2, 4])
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from pyarrow import compute

from linkgate.columns.expression import expressions_of
from linkgate.columns.host_dots import HostDots
from linkgate.core.text.fold import fold_characters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linkgate.columns.host_dots import Octets, Places
    from linkgate.core.prefilter.hosts import ListedHosts


_FEW = 500
"""So many texts that are not ASCII are checked before the expression for folded texts, which takes milliseconds to
compile, is searched for."""


class Suspects:
    """All that it takes to look through columns, made once for the listed hosts of an engine."""

    def __init__(self, hosts: ListedHosts) -> None:
        self._expressions, self._folded = expressions_of(hosts), expressions_of(hosts, folded=True)
        self._dots = HostDots(hosts.words())

    def of(self, texts: pa.Array) -> Places:
        """The numbers of the texts that an engine should check, ascending. A null is no text."""
        foreign = np.flatnonzero(~np.asarray(compute.fill_null(compute.string_is_ascii(texts), fill_value=True)))
        small = compute.ascii_lower(texts)
        found = self._found(small, _as_bytes(small), self._expressions)
        if len(foreign) <= _FEW:
            found = np.union1d(found, foreign)
        else:
            folded = pa.array(fold_all(texts.take(pa.array(foreign)).to_pylist()), pa.large_string())
            found = np.union1d(np.setdiff1d(found, foreign), foreign[self._found(folded, folded, self._folded)])
        kept: Places = found[np.asarray(compute.is_valid(texts.take(pa.array(found))))]
        return kept

    def _found(self, texts: pa.Array, searched: pa.Array, expressions: Iterable[str]) -> Places:
        found = [np.flatnonzero(_matching(searched, expression)) for expression in expressions]
        octets, starts = _content(texts)
        if not len(octets):
            return np.empty(0, np.int64)
        named = np.searchsorted(starts, self._dots.listed(octets), side="right") - 1
        return np.unique(np.concatenate((*found, named)))


def _as_bytes(texts: pa.Array) -> pa.Array:
    """The same texts as bytes, of which RE2 makes far fewer states than of UTF-8. Only for ASCII."""
    return texts.view(pa.large_binary() if pa.types.is_large_string(texts.type) else pa.binary())


def _matching(content: pa.Array, expression: str) -> Any:
    return np.asarray(compute.fill_null(compute.match_substring_regex(content, expression), fill_value=False))


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
