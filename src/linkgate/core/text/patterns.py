r"""patterns: regular expressions put together from combinators, with the literals that they cannot match without.

A disguise or a wrapper is stated once, as a pattern; what finds it (the cues of the automaton, the
expression over a whole column) is computed from that pattern, so that it cannot be forgotten. The
expressions keep to the dialect that RE2 and Python share, with ASCII classes alone, and are meant to be
matched without regard to case. How literals are told: an expression whose language is finite and small is
its own set of literals; of a sequence the rarest run of such parts is taken, of a choice the literals of
every branch (as RE2's FilteredRE2 and the prefilters of aho-corasick do).

>>> dot = seq(one("[("), maybe(text(" ")), words("dot", "punkt"), one("])"))
>>> dot.expression
'[\\[\\(](?:\\x20)?(?:dot|punkt)[\\]\\)]'
>>> sorted(cues(dot))[:3], len(cues(dot)), dot.width
(['( dot)', '( dot]', '( punkt)'], 16, 8)
>>> sorted(cues(seq(text("http"), maybe(text("s")), text("://"), opaque(r"[a-z]"))))
['http://', 'https://']
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate, combinations, product
from typing import TYPE_CHECKING

from linkgate.core.text.fold import fold_characters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MOST_LITERALS = 512
_RARITIES = defaultdict(
    lambda: 5, {**dict.fromkeys(" \tetaoinsrhldcump0123456789", 2), **dict.fromkeys(".,-)'", 3), "/": 4}
)
_END_COSTS = {" ": 8.0, "\t": 8.0, **dict.fromkeys("abcdefghijklmnopqrstuvwxyz0123456789", 4.0)}
_END_COST = 0.5
_UNKNOWN: tuple[None, int] = None, 0
_LITERAL_COST = 1 / 128


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression, with what is known of every match of it.

    expression: in the dialect of RE2 and Python. folded: the same for folded text. finite: all texts that
    it matches, None where they are too many. literals: texts of which every match holds one, None where
    there are none. width: the most characters of a match. lead: the most of them before the last one of its first
    literal, where it has any.
    """

    expression: str
    folded: str
    finite: frozenset[str] | None
    literals: frozenset[str] | None
    width: int
    lead: int = 0


def text(literal: str) -> Pattern:
    """This text alone."""
    return words(literal)


def words(*several: str) -> Pattern:
    """One of several texts."""
    return _finite(_choice(several), _choice(tuple(map(fold_characters, several))), several)


def one(characters: str) -> Pattern:
    """One of these ASCII characters."""
    expression = f"[{''.join(map(quoted, characters))}]"
    return _finite(expression, expression, characters)


def opaque(expression: str, width: int = 1, *, folded: str | None = None) -> Pattern:
    """An expression of which nothing is known but how much it matches at most.

    It has ASCII classes and no look-around, and is a single term or grouped. folded: the same for folded text. It
    is another one where the expression matches what is not ASCII, of which folding makes anything, or nothing.
    """
    return Pattern(expression, expression if folded is None else folded, None, None, width)


def maybe(part: Pattern) -> Pattern:
    """The part, or nothing."""
    finite = None if part.finite is None else part.finite | {""}
    return Pattern(f"(?:{part.expression})?", f"(?:{part.folded})?", finite, None, part.width)


def many(part: Pattern, least: int, most: int) -> Pattern:
    """The part, so many times."""
    literals, lead = _best([part]) if least else _UNKNOWN
    times = f"{{{least},{most}}}"
    expression, folded = f"(?:{part.expression}){times}", f"(?:{part.folded}){times}"
    return Pattern(expression, folded, None, literals, part.width * most, lead)


def group(part: Pattern, name: str) -> Pattern:
    """The part, as a group by which what it matched is asked for."""
    return replace(part, expression=f"(?P<{name}>{part.expression})", folded=f"(?P<{name}>{part.folded})")


def either(*branches: Pattern) -> Pattern:
    """One of the branches."""
    expression, folded = (f"(?:{'|'.join(texts)})" for texts in _texts(branches))
    finite = _union([branch.finite for branch in branches])
    best = [_best([branch]) for branch in branches]
    literals, lead = _union([each for each, _ in best]), max(lead for _, lead in best)
    return Pattern(expression, folded, finite, literals, max(branch.width for branch in branches), lead)


def seq(*parts: Pattern) -> Pattern:
    """The parts one after the other."""
    expression, folded = map("".join, _texts(parts))
    finite = _product([part.finite for part in parts])
    literals, lead = _best(parts)
    return Pattern(expression, folded, finite, literals, sum(part.width for part in parts), lead)


def cues(pattern: Pattern, *, folded: bool = True) -> frozenset[str]:
    """The literals, folded: the folded text of every match holds one. Raises ValueError where there are none.

    folded: else in small letters alone, as a match holds one in small letters.
    """
    found, _ = _best([pattern])
    if found is None:
        raise ValueError(f"nothing is known of every match of {pattern.expression}")
    return _minimal(frozenset(map(fold_characters if folded else str.lower, found)))


def compiled(pattern: Pattern, *, folded: bool = False) -> re.Pattern[str]:
    """The pattern for Python; folded: for folded text."""
    return re.compile(pattern.folded if folded else pattern.expression, re.IGNORECASE)


def _minimal(literals: frozenset[str]) -> frozenset[str]:
    """The literals, less those that hold another one."""
    kept: set[str] = set()
    for literal in sorted(literals, key=len):
        sizes = range(1, len(literal))
        if not any(literal[start : start + size] in kept for size in sizes for start in range(len(literal) - size + 1)):
            kept.add(literal)
    return frozenset(kept)


def _texts(parts: Sequence[Pattern]) -> tuple[list[str], list[str]]:
    return [part.expression for part in parts], [part.folded for part in parts]


def _choice(several: Sequence[str]) -> str:
    choices = "|".join(map(quoted, several))
    return choices if len(several) == 1 else f"(?:{choices})"


def _finite(expression: str, folded: str, several: Iterable[str]) -> Pattern:
    finite = frozenset(several)
    longest = max(map(len, finite))
    return Pattern(expression, folded, finite, None if "" in finite else finite, longest, max(0, longest - 1))


def quoted(literal: str) -> str:
    """An expression for this text alone."""
    return "".join(map(_quoted_char, literal))


def _quoted_char(char: str) -> str:
    if char.isalnum() or not char.isascii():
        return char
    return f"\\{char}" if char.isprintable() and char not in " _:;/&#%<>=!\"'," else f"\\x{ord(char):02x}"


def _union(several: list[frozenset[str] | None]) -> frozenset[str] | None:
    known = [each for each in several if each is not None]
    together = frozenset().union(*known)
    return together if len(known) == len(several) and len(together) <= 4 * _MOST_LITERALS else None


def _product(several: list[frozenset[str] | None]) -> frozenset[str] | None:
    found = frozenset({""})
    for each in several:
        if each is None or len(found) * len(each) > _MOST_LITERALS:
            return None
        found = frozenset(map("".join, product(found, each)))
    return found


def _best(parts: Sequence[Pattern]) -> tuple[frozenset[str] | None, int]:
    """The rarest set of literals, of a run of finite parts or of one part, and what `lead` is for it."""
    before = list(accumulate((part.width for part in parts), initial=0))
    found = [(part.literals, start + part.lead) for part, start in zip(parts, before, strict=False)]
    for start, end in combinations(range(len(parts) + 1), 2):
        run = _product([part.finite for part in parts[start:end]])
        found.append((run, before[start] + max(map(len, run or [""])) - 1))
    sets = [(each, lead) for each, lead in found if each and "" not in each]
    return max(sets, key=lambda best: _worth(best[0]), default=_UNKNOWN)


@cache
def _worth(literals: frozenset[str]) -> float:
    """How good a set of literals is: by its commonest one, less what it costs.

    Text is read backwards: every last character is an edge at the root of the automaton.
    """
    ends = {literal[-1] for literal in map(fold_characters, literals)}
    cost = sum(_END_COSTS.get(end, _END_COST) for end in ends) + _LITERAL_COST * len(literals)
    return min(map(rarity, literals)) - cost


@cache
def rarity(literal: str) -> int:
    """How rare a text is: the more characters and the rarer ones, the rarer."""
    return sum(map(_RARITIES.__getitem__, fold_characters(literal)))  # quick: of many, each time it starts
