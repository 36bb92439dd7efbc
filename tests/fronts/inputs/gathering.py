"""Inputs read to their end, as rows of Python values."""

import bz2
import gzip
import lzma
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from linkgate.fronts.inputs import BadRecord, Chunk, Fields, Input, decode, open_inputs
from linkgate.fronts.inputs.chunks import Cut, Plan

Row = dict[str, Any]

PACK: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": lambda content: bytes(pa.compress(content, "zstd", asbytes=True)),
}


def gathered(opened: Input) -> tuple[list[Row], list[BadRecord]]:
    """All rows and bad records of one input, chunk by chunk."""
    rows: list[Row] = []
    bad: list[BadRecord] = []
    for chunk in opened.chunks():
        batch, told = decode(chunk, opened.plan)
        batch.validate(full=True)
        rows += batch.to_pylist()
        bad += told
    return rows, bad


def read(
    *names: Path | str, form: str | None = None, links: tuple[str, ...] = (), **fields: str
) -> tuple[list[Row], list[BadRecord]]:
    """All rows and bad records of some inputs."""
    rows: list[Row] = []
    bad: list[BadRecord] = []
    for opened in open_inputs(map(str, names), form=form, fields=Fields(links=links, **fields)):
        more, told = gathered(opened)
        rows += more
        bad += told
    return rows, bad


def texts(*names: Path | str, form: str | None = None, **fields: Any) -> list[str]:
    """The texts of some inputs that have nothing bad in them."""
    rows, bad = read(*names, form=form, **fields)
    assert not bad
    return [row["text"] for row in rows]


def decoded(cuts: Iterable[Cut], plan: Plan, *, first: int = 1) -> tuple[list[Row], list[BadRecord]]:
    """All rows and bad records of cuts, as an input gives them."""
    rows: list[Row] = []
    bad: list[BadRecord] = []
    for number, cut in enumerate(cuts):
        chunk = Chunk(file="x", number=number, first=first, content=cut.content, offset=0)
        batch, told = decode(chunk, plan)
        rows += batch.to_pylist()
        bad += told
        first += cut.places
    return rows, bad


class Dribble:
    """A pipe that gives a few bytes at a time."""

    def __init__(self, content: bytes, sizes: list[int]) -> None:
        self._content = content
        self._sizes = sizes
        self._turn = 0

    def readinto(self, buffer: Any) -> int:
        size = self._sizes[self._turn % len(self._sizes)]
        self._turn += 1
        part = self._content[: min(size, len(buffer))]
        self._content = self._content[len(part) :]
        buffer[: len(part)] = part
        return len(part)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Give up root's right to everything for a while, if this is root."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)
