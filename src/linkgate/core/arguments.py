"""Wrong arguments of a check or a look-up: a TypeError that names the argument, before anything is read.

A caller tests for the usual types itself and comes here for all others, so the usual call pays nothing.

>>> require_message("text", ["http://bad.example/"])
('http://bad.example/',)
>>> require_message("text", "http://bad.example/")
Traceback (most recent call last):
TypeError: links must be a list of str, not str: give links=[link]
>>> require_message("text", [None])
Traceback (most recent call last):
TypeError: links must be a list of str, and holds NoneType
"""

from __future__ import annotations

from collections.abc import Collection


def require_text(value: object, *, name: str = "text") -> None:
    """Raise TypeError where a value is no str; `name` is the argument it was given for."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be str, not {type(value).__name__}")


def require_kind(value: object, kind: type, *, name: str) -> None:
    """Raise TypeError where a value is none of a public class of linkgate; `name` is the argument it was given for."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be a linkgate.{kind.__name__}, not {type(value).__name__}")


def require_message(text: object, links: object) -> tuple[str, ...]:
    """The links of a message. Raises TypeError where text or links are of another type."""
    require_text(text)
    return require_texts(links, name="links")


def require_texts(values: object, *, name: str) -> tuple[str, ...]:
    """The values of a collection of str. Raises TypeError for any other: for one str, and for what can be read once."""
    if isinstance(values, str | bytes):
        one = name.removesuffix("s")
        raise TypeError(f"{name} must be a list of str, not {type(values).__name__}: give {name}=[{one}]")
    if not isinstance(values, Collection):
        raise TypeError(f"{name} must be a list of str, not {type(values).__name__}")
    found = tuple(values)
    for value in found:
        if not isinstance(value, str):
            raise TypeError(f"{name} must be a list of str, and holds {type(value).__name__}")
    return found
