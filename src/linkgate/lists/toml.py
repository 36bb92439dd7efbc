r"""TOML text -> values that know their place, and faults that name file, key and line.

tomllib says nothing of lines for what it has read well, so the lines of keys are found by a look at
the text: a key that is written in a way this does not see gets the line of its table.

>>> document = read_toml("[store]\npath = 1\n", name="linkgate.toml")
>>> document.table("store", {"path", "history"}).text("path")
Traceback (most recent call last):
linkgate.errors.UsageError: linkgate.toml, line 2: store.path must be a text in quotes
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from linkgate.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

Place = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_WORD = re.compile(r"[A-Za-z][\w-]{0,30}")
_AT = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")


@dataclass(frozen=True, slots=True)
class TomlTable:
    """A table of a document, its values taken out one by one and checked."""

    document: Document
    place: Place
    values: dict[str, Any] = field(repr=False)

    def fault(self, key: str | None, sentence: str) -> UsageError:
        """The error for a key of this table, or for the table: file, line, key."""
        return self.document.fault((*self.place, key) if key else self.place, sentence)

    def get(self, key: str, kind: type | tuple[type, ...], what: str) -> Any:
        """A value of a type, None when it is not there; UsageError saying `what` it must be."""
        value = self.values.get(key)
        wrong = value is not None and not isinstance(value, kind)
        if wrong or (isinstance(value, bool) and kind is int):
            raise self.fault(key, f"must be {what}")
        return value

    def text(self, key: str) -> str | None:
        """A text that is not empty; None when it is not there."""
        value: str | None = self.get(key, str, "a text in quotes")
        if value is not None and (not value.strip() or not value.isprintable()):
            raise self.fault(key, "is empty, or holds what cannot be printed")
        return value

    def choice(self, key: str, known: Collection[str], default: str | None = None) -> str | None:
        """One of several words."""
        value = self.text(key)
        if value is not None and value not in known:
            near = _near(value, known)
            raise self.fault(key, f"must be one of {', '.join(sorted(known))}{near}")
        return value if value is not None else default

    def texts(self, key: str) -> tuple[str, ...]:
        """An array of texts; one alone may stand without brackets."""
        value = self.get(key, (str, list), "a text in quotes, or several in brackets")
        found = [value] if isinstance(value, str) else value or []
        if not all(isinstance(text, str) and text.strip() and "\0" not in text for text in found):
            raise self.fault(key, "must hold texts in quotes only, and no NUL")
        return tuple(found)

    def mapping(self, key: str) -> dict[str, str] | None:
        """A table of texts or numbers, as texts."""
        value = self.get(key, dict, 'a table, as in { url = "address" }')
        if value is None:
            return None
        for name, text in value.items():
            if isinstance(text, bool) or not isinstance(text, str | int):
                raise self.document.fault((*self.place, key, name), "must be a text in quotes or a number")
        return {name: str(text) for name, text in value.items()}

    def table(self, key: str, known: Collection[str]) -> TomlTable | None:
        """A table inside this one, whose keys are all known; None when it is not there."""
        value = self.get(key, dict, "a table")
        return (
            None if value is None else self.document.checked(TomlTable(self.document, (*self.place, key), value), known)
        )

    def tables(self, key: str, known: Collection[str]) -> Iterator[TomlTable]:
        """The tables of an array of tables."""
        value = self.get(key, list, f"an array of tables: write [[{key}]]")
        for number, found in enumerate(value or []):
            if not isinstance(found, dict):
                raise self.fault(key, f"must be an array of tables: write [[{key}]]")
            yield self.document.checked(TomlTable(self.document, (*self.place, key, number), found), known)


@dataclass(frozen=True, slots=True)
class Document:
    """A whole TOML file."""

    name: str
    values: dict[str, Any] = field(repr=False)
    lines: dict[Place, int] = field(repr=False)

    def root(self, known: Collection[str]) -> TomlTable:
        """The file as a table, whose keys are all known."""
        return self.checked(TomlTable(self, (), self.values), known)

    def table(self, key: str, known: Collection[str]) -> TomlTable:
        """A table of the file, empty when it is not there."""
        return TomlTable(self, (), self.values).table(key, known) or TomlTable(self, (key,), {})

    def checked(self, table: TomlTable, known: Collection[str]) -> TomlTable:
        """The table, or UsageError for a key that nothing would read, with the key that may be meant."""
        for key in table.values:
            if key not in known:
                raise table.fault(key, f"is no key that linkgate knows{_near(key, known)}")
        return table

    def fault(self, place: Place, sentence: str) -> UsageError:
        """The error for a place: its line, or that of the nearest table around it."""
        outer = [place[:end] for end in range(len(place), 0, -1)]
        line = next((self.lines[found] for found in outer if found in self.lines), 1)
        return UsageError(f"{self.name}, line {line}: {_spelled(place)} {sentence}")


def read_toml(text: str, *, name: str) -> Document:
    """Read a file's text; UsageError with its line where it is no TOML, without quoting it."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT.search(str(error))
        line = at[1] if at and at[1] else str(text.count("\n") + 1)
        raise UsageError(f"{name}, line {line}: this is no TOML: check quotes, brackets and `=`") from None
    return Document(name, values, dict(_lines(text)))


def _lines(text: str) -> Iterator[tuple[Place, int]]:
    """Where tables and keys stand, as far as their lines show it."""
    place: Place = ()
    counts: dict[Place, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            place = _resolved(tuple(_parts(header[2])), counts, array=header[1] == "[[")
            yield place, number
        elif key := _KEY.match(line):
            parts = _parts(key[1])
            yield from (((*place, *parts[:end]), number) for end in range(len(parts), 0, -1))


def _parts(text: str) -> list[str]:
    return [part.strip("\"'") for part in _PART.findall(text)]


def _resolved(names: tuple[str, ...], counts: dict[Place, int], *, array: bool) -> Place:
    """Put the number of the array's element behind its name: `list.actions` is `list`, 2, `actions`."""
    place: Place = ()
    for depth, name in enumerate(names, 1):
        place = (*place, name)
        if array and depth == len(names):
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = (*place, counts[place])
    return place


def _spelled(place: Place) -> str:
    """A key as the file has it; one that is no plain word may be an address in the wrong place (law 9)."""
    names = (part for part in place if not isinstance(part, int))
    return ".".join(name if _WORD.fullmatch(name) else "…" for name in names) or "the file"


def _near(word: str, known: Collection[str]) -> str:
    close = get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; did you mean {close[0]}?" if close else ""
