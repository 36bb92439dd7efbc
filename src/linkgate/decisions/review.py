"""What reviewers said of sampled decisions, kept beside the log; the precision of each list from it.

>>> low, high = wilson(9, 10)
>>> round(low, 3), round(high, 3)
(0.596, 0.982)
>>> said = [Review(at="", decision=str(n), list="demo", kind="exact", verdict="wrong" if n == 3 else "confirmed",
...                weight=1.0) for n in range(10)]
>>> precision(said)[0].as_dict()["precision"]
0.9
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from math import sqrt
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from linkgate.decisions.opinions import Opinion
from linkgate.errors import UsageError
from linkgate.lists.disk import make_folder, reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

FILE = "reviews.jsonl"
"""Its name in the folder of the decisions; a purge leaves it, for it holds no messages."""

VERDICTS = ("confirmed", "wrong")
_WORD = re.compile(r"[A-Za-z0-9][\w.-]{0,63}", re.ASCII)
_ENTRY = re.compile(r"[\w:.-]{1,512}")
_Z = 1.959963984540054  # of a confidence of 95 %
_MOST = 10**12


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """What was said of one decision.

    weight: for how many decisions of its list and kind it stands. sampled: it was drawn at random, so that it
    tells the precision. overturned: an appeal was granted, by whom and why.
    """

    at: str
    decision: str
    list: str
    kind: str
    verdict: str
    weight: Annotated[float, msgspec.Meta(ge=1, le=_MOST)] = 1.0
    sampled: bool = True
    overturned: bool = False
    by: str | None = None
    reason: str | None = None


class Precision(msgspec.Struct, frozen=True, kw_only=True):
    """How many of a list's matches were right; kind None is all kinds. low, high: the Wilson interval of 95 %."""

    list: str
    kind: str | None
    confirmed: int
    wrong: int
    precision: float
    low: float
    high: float

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        found: dict[str, Any] = msgspec.to_builtins(self)
        return found


def reviews_of(rows: Iterable[Mapping[str, Any]], *, at: str) -> tuple[list[Review], int]:
    """Reviews from the rows of a sample that came back; and how many rows have no verdict yet.

    UsageError, with the number of the row, for one that is no row of a sample or has another verdict.
    """
    found, blank = [], 0
    for number, row in enumerate(rows, 1):
        verdict = str(row.get("verdict") or "").strip().lower()
        if not verdict:
            blank += 1
            continue
        if verdict not in VERDICTS:
            raise UsageError(f"row {number}: its verdict must be {' or '.join(VERDICTS)}, or empty")
        found.append(_review(row, number, at=at, verdict=verdict))
    return found, blank


def _review(row: Mapping[str, Any], number: int, *, at: str, verdict: str) -> Review:
    try:
        decision, name, kind = (_plain(row[key]) for key in ("decision", "list", "kind"))
        weight = _weight(row)
    except (KeyError, OverflowError, TypeError, ValueError):
        raise UsageError(f"row {number} is no row of a sample: `linkgate decisions sample` writes them") from None
    return Review(at=at, decision=decision, list=name, kind=kind, verdict=verdict, weight=weight)


def _weight(row: Mapping[str, Any]) -> float:
    """How many decisions the row stands for; ValueError for numbers that no sample has."""
    stratum, drawn = int(row["stratum"]), int(row["drawn"])
    if 1 <= drawn <= stratum <= _MOST:
        return stratum / drawn
    raise ValueError


def opinions_of(rows: Iterable[Mapping[str, Any]], *, by: str, at: str) -> list[Opinion]:
    """What the verdicts of a sample that came back say of entries; rows without an entry say nothing."""
    found = []
    for row in rows:
        verdict, entry, name = (str(row.get(key) or "").strip() for key in ("verdict", "entry", "list"))
        verdict = verdict.lower()
        if verdict in VERDICTS and _ENTRY.fullmatch(entry) and _WORD.fullmatch(name):
            found.append(
                Opinion(entry=entry, list=name, opinion=verdict, by=by, at=at, decision=str(row.get("decision")))
            )
    return found


def _plain(word: object) -> str:
    """A word as we wrote it; ValueError for what may be anything, an address too (law 9)."""
    if isinstance(word, str) and _WORD.fullmatch(word):
        return word
    raise ValueError


def keep_reviews(folder: Path, reviews: Iterable[Review]) -> None:
    """Add reviews to those that are kept. UsageError where they cannot be written."""
    data = b"".join(msgspec.json.encode(review) + b"\n" for review in reviews)
    try:
        make_folder(folder)
        handle = os.open(folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with open(handle, "ab") as file:  # noqa: PTH123  # a descriptor has no path
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise UsageError(f"{folder / FILE}: {reason(error)}") from None


def kept_reviews(folder: Path) -> tuple[Review, ...]:
    """All reviews, the last one of each decision; lines that cannot be read are left out. UsageError."""
    try:
        lines = (folder / FILE).read_bytes().splitlines()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise UsageError(f"{folder / FILE}: {reason(error)}") from None
    found: dict[str, Review] = {}
    for line in lines:
        try:
            review = msgspec.json.decode(line, type=Review)
        except msgspec.DecodeError:
            continue
        found[review.decision] = review
    return tuple(found.values())


def precision(reviews: Iterable[Review]) -> tuple[Precision, ...]:
    """The precision of each list, and of each of its kinds. Decisions that nobody drew say nothing of it.

    A review counts for as many decisions as it stands for. The interval of a whole list is that of
    the number of reviews which, drawn evenly, would tell as much (Kish's effective sample size).
    """
    groups: dict[tuple[str, str | None], list[Review]] = defaultdict(list)
    for review in reviews:
        if not review.sampled:
            continue
        groups[review.list, None].append(review)
        groups[review.list, review.kind].append(review)
    return tuple(_precision(*key, groups[key]) for key in sorted(groups, key=lambda key: (key[0], key[1] or "")))


def _precision(name: str, kind: str | None, reviews: list[Review]) -> Precision:
    weights = [review.weight for review in reviews]
    right = [review.weight for review in reviews if review.verdict == "confirmed"]
    share = sum(right) / sum(weights)
    effective = sum(weights) ** 2 / sum(weight**2 for weight in weights)
    low, high = wilson(share * effective, effective)
    confirmed = len(right)
    wrong = len(reviews) - confirmed
    return Precision(list=name, kind=kind, confirmed=confirmed, wrong=wrong, precision=share, low=low, high=high)


def wilson(right: float, tried: float) -> tuple[float, float]:
    """The interval of a share at 95 % confidence (E. B. Wilson, 1927), sound for few trials and shares near 1.

    >>> wilson(0, 0)
    (0.0, 1.0)
    """
    if tried <= 0:
        return 0.0, 1.0
    share, squared = right / tried, _Z * _Z
    middle = share + squared / (2 * tried)
    spread = _Z * sqrt(share * (1 - share) / tried + squared / (4 * tried * tried))
    below, above = (middle - spread) / (1 + squared / tried), (middle + spread) / (1 + squared / tried)
    return max(0.0, below), min(1.0, above)
