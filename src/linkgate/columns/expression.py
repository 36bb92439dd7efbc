r"""expression: regular expressions, one of which finds every folded text in which more than names of hosts may matter.

They are put together from the patterns of the tables (`core.disguises`, `core.wrappers`), in the dialect that RE2
and Python share; they hold names of listed hosts without a dot, and nothing else that is listed. They are two, as
the states of RE2's automaton multiply where they would be one.

>>> import re
>>> from linkgate.core.prefilter.hosts import ListedHosts
>>> several = [re.compile(each) for each in expressions_of(ListedHosts.of(["bad.example"]))]
>>> texts = ("hello. you?", "bad.example", "bad[dot]example", "b%61d", "1.2.3.4")
>>> [any(each.search(text) for each in several) for text in texts]
[False, False, True, True, False]
"""

from __future__ import annotations

import re
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from linkgate.core.prefilter.addresses import Addresses
from linkgate.core.prefilter.automaton import ALIKE, CONTROLS
from linkgate.core.prefilter.cues import PATTERNS, UNDONE, pattern_cues
from linkgate.core.text.patterns import one, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from linkgate.core.prefilter.hosts import ListedHosts

_DECODED = r"%(?:[0-9a-f]|[\t\r\n])"
_MOST_NAMES = 400


_CLASSES = {some[0]: one(some).expression for some in ALIKE}
_COUNTED = re.compile(r"(?<!\\)\{(\d+),(?:9|\d\d+)\}")


def expressions_of(hosts: ListedHosts, *, folded: bool = False) -> tuple[str, ...]:
    """The expressions for these listed hosts, for texts in ASCII in lower case, or for folded texts."""
    undone, hiding = PATTERNS[: len(UNDONE)], PATTERNS[len(UNDONE) :]
    if folded:
        return _one_of(each.folded for each in undone), _one_of((each.folded for each in hiding), _others(hosts))
    patterns = [[_uncounted(each.expression) for each in some] for some in (undone, hiding)]
    return _one_of(patterns[0]), _one_of(patterns[1], _others(hosts))


def cues_of(hosts: ListedHosts) -> str:
    """An expression that finds every text in ASCII in which one of `expressions_of` finds something, and some more.

    It is that of the cues, of which RE2 makes few states, and takes half as long as those.
    """
    return _one_of(_cues(), _others(hosts))


@cache
def _cues() -> tuple[str, ...]:
    needles = sorted({needle for needle, _ in pattern_cues()})
    return tuple("".join(_CLASSES.get(char, quoted(char)) for char in each) for each in needles)


def _one_of(*several: Iterable[str]) -> str:
    return f"(?s:{'|'.join(dict.fromkeys(chain(*several)))})".lower()


def _uncounted(expression: str) -> str:
    """An expression that finds as much and more: what may be repeated many times costs RE2 a state each time."""
    return _COUNTED.sub(lambda count: "*" if int(count[1]) == 0 else "+", expression)


def _others(hosts: ListedHosts) -> Iterator[str]:
    yield _DECODED
    yield one(CONTROLS).expression
    addresses = Addresses(hosts.addresses, literals=hosts.literals)
    if addresses:
        yield addresses.expression
    names = [quoted(name) for name in hosts.names if name and not name.endswith(":")]
    if names:
        yield rf"(?:^|[^0-9a-z])(?:{'|'.join(names) if len(names) <= _MOST_NAMES else '[^.]'})"
    yield from (quoted(name) + "[/a-z]" for name in hosts.names if name.endswith(":"))
