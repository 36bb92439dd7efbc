"""Source: one list of one publisher, as bytes of a file, with what the operator says of it.

>>> Source(name="demo", data=b"http://bad.example/page", default_scope="domain")  # doctest: +ELLIPSIS
Source(name='demo', format=None, columns=None, category=None, default_scope='domain', ..., type=None, distance=None)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkgate.core.digests.digest import DigestType, type_named
from linkgate.core.index.entry import ADDRESSED, Scope
from linkgate.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One list of one publisher, as bytes of a file.

    `format` is a key of `linkgate.lists.formats.FORMATS`, guessed where it is None; `columns` says where
    the file holds which field: columns of a CSV, field paths of JSON. `category` fills in where an
    entry has none, `default_scope` where neither a field nor the spelling gives a scope: for bare
    hosts. `type` is that of digests: every line is one; `distance` in how many bits a picture may differ from a PDQ
    value. With `allow` every entry is an allow entry, and with `lifts` one that lifts listed pages, too.
    """

    name: str
    data: bytes = field(repr=False)
    format: str | None = None
    columns: Mapping[str, str] | None = None
    category: str | None = None
    default_scope: str | None = None
    allow: bool = False
    lifts: bool = False
    type: str | None = None
    distance: int | None = None

    def digest_type(self) -> DigestType | None:
        """The type of the digests that say none; UsageError when it is not known."""
        found = None if self.type is None else type_named(self.type)
        if self.type is not None and found is None:
            known = ", ".join(DigestType)
            raise UsageError(f"list {self.name!r}: no type of digest {self.type!r}; there are {known}")
        return found

    def scope(self) -> Scope | None:
        """The default scope; UsageError when it is none of the five."""
        if self.default_scope is None:
            return None
        try:
            found = Scope(self.default_scope)
        except ValueError:
            found = Scope.FILE
        if found not in ADDRESSED:
            known = ", ".join(scope.value for scope in ADDRESSED)
            raise UsageError(f"list {self.name!r}: no scope {self.default_scope!r}; there are {known}")
        return found
