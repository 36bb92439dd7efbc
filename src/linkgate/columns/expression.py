r"""expression: one regular expression that finds every folded text in which more than plain names of hosts may matter.

It is put together from the patterns of the tables (`core.disguises`, `core.wrappers`), in the dialect that RE2
and Python share; it holds names of listed hosts without a dot, and nothing else that is listed.

>>> import re
>>> from linkgate.core.prefilter.hosts import ListedHosts
>>> search = re.compile(expression_of(ListedHosts.of(["bad.example"]))).search
>>> [bool(search(text)) for text in ("hello. you?", "bad.example", "bad[dot]example", "b%61d", "1.2.3.4")]
[False, False, True, True, False]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkgate.core.prefilter.addresses import Addresses
from linkgate.core.prefilter.cues import PATTERNS
from linkgate.core.text.patterns import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkgate.core.prefilter.hosts import ListedHosts

_DECODED = r"%(?:[0-9a-f]|[\t\r\n])"
_CONTROLS = r"[\x00-\x08\x0e-\x1f\x7f]"
_MOST_NAMES = 400


def expression_of(hosts: ListedHosts, *, folded: bool = False) -> str:
    """The expression for these listed hosts, for texts in ASCII in lower case, or for folded texts."""
    patterns = dict.fromkeys(pattern.folded if folded else pattern.expression for pattern in PATTERNS)
    return f"(?s){'|'.join((*patterns, *_others(hosts)))}".lower()


def _others(hosts: ListedHosts) -> Iterator[str]:
    yield _DECODED
    yield _CONTROLS
    addresses = Addresses(hosts.addresses, literals=hosts.literals)
    if addresses:
        yield addresses.expression
    names = [quoted(name) for name in hosts.names if name and not name.endswith(":")]
    if names:
        yield rf"(?:^|[^0-9a-z])(?:{'|'.join(names) if len(names) <= _MOST_NAMES else '[^.]'})"
    yield from (quoted(name) + "[/a-z]" for name in hosts.names if name.endswith(":"))
