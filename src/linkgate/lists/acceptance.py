"""What the operator accepted although the guard holds it back: by entry id, or by name, with a reason.

A name is an address as a plain list spells it, and accepts what it says and no more: `github.io`
the host, `*.github.io` the domain, `https://github.io/` the front page.

>>> accepted = Acceptance({"github.io": "agreed with the partner, ticket 7"})
>>> from linkgate.core.url.canonical import canonicalize
>>> from linkgate.core.index.entry import Scope
>>> url = canonicalize("github.io")
>>> accepted.covers("demo:1", Scope.HOST, url), accepted.covers("demo:1", Scope.DOMAIN, url)
(True, False)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkgate.errors import UsageError
from linkgate.lists.address import locate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linkgate.core.index.entry import Scope
    from linkgate.core.url.canonical import CanonicalUrl


class Acceptance:
    """The operator's word on quarantined entries.

    In: id or name -> why it was accepted. Raises UsageError where the reason is blank; it does not
    say which one, for a name is an address (law 9).
    """

    def __init__(self, accept: Mapping[str, str]) -> None:
        if not all(reason.strip() for reason in accept.values()):
            raise UsageError("an accepted entry needs a reason; write down who decided, and why")
        self._ids = frozenset(accept)
        located = (locate(name) for name in accept)
        self._names = frozenset((*found, found[1].fragment) for found in located if not isinstance(found, str))

    def covers(self, entry_id: str, scope: Scope, url: CanonicalUrl) -> bool:
        """Whether an entry was accepted."""
        return entry_id in self._ids or (scope, url, url.fragment) in self._names
