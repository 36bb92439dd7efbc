"""The test itself: every message goes in, and what comes out is held against what should.

>>> from linkgate import compile_lines
>>> engine = compile_lines(["http://bad.example/page"]).engine
>>> trial = run(one_by_one(engine.check), carried=engine.canaries)
>>> trial.passed, trial.snapshots == (engine.snapshot,), trial.absent
(True, True, ('ipv4', 'ipv6', 'sha256', 'sha1', 'md5', 'pdq'))
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from linkgate.core.digests.media import Media
from linkgate.errors import UsageError
from linkgate.lists.canaries import CANARY_LIST, LISTED, OPTIONAL, canary_id
from linkgate.selftest.table import probes

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from linkgate.core.verdict import Verdict
    from linkgate.selftest.probes import Probe

    Ask = Callable[[Sequence[Probe]], Iterable["Answer"]]

NO_CANARIES = "carries no canaries: compile its lists again with this version of linkgate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was said of one message: the canaries found, each with its kind, and who said it."""

    hits: tuple[tuple[str, str], ...]
    snapshot: str | None = None

    @classmethod
    def of(cls, verdict: Mapping[str, Any]) -> Answer:
        """From a verdict as a dictionary. Raises KeyError or TypeError where it is none.

        >>> match = {"list": "linkgate-canary", "entry": "linkgate-canary:page", "kind": "loose"}
        >>> Answer.of({"snapshot": "f00d", "matches": [match, {"list": "partner"}]})
        Answer(hits=(('linkgate-canary:page', 'loose'),), snapshot='f00d')
        """
        found = [match for match in verdict["matches"] if match["list"] == CANARY_LIST]
        return cls(hits=tuple((match["entry"], match["kind"]) for match in found), snapshot=verdict.get("snapshot"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeOutcome:
    """One message and what became of it. `kinds`: how its canary was found; `found`: all canaries that were."""

    probe: Probe
    kinds: tuple[str, ...]
    found: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether it was caught, or, for a control, left alone."""
        return not self.found if self.probe.control else bool(self.kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """All outcomes. `absent` are canaries that the engine does not carry, and that so were not tried."""

    outcomes: tuple[ProbeOutcome, ...]
    absent: tuple[str, ...]
    snapshots: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing slipped and no control was flagged."""
        return all(outcome.right for outcome in self.outcomes)


def one_by_one(check: Callable[..., Verdict]) -> Ask:
    """Ask a function such as `engine.check` or `gate.check`."""

    def ask(messages: Sequence[Probe]) -> Iterable[Answer]:
        for probe in messages:
            links = () if probe.link is None else (probe.link,)
            media = {} if probe.media is None else {"media": [Media(**probe.media)]}
            yield Answer.of(check(probe.text, links=links, **media).as_dict())

    return ask


def run(ask: Ask, *, carried: Collection[str] | None = None) -> Trial:
    """Send every message through `ask`, which answers all of them in order.

    `carried`: the ids of the canaries that the engine carries, where that is known (`engine.canaries`).
    An engine without listed addresses carries none; where it is not known, addresses of which no
    spelling at all is found are taken for absent. Raises UsageError when the engine carries no canaries.
    """
    every = tuple(each for each in probes() if _is_asked(each, carried))
    answers = tuple(ask(every))
    if len(answers) != len(every):
        raise UsageError(f"{len(every):,} messages were sent and {len(answers):,} answers came back")
    outcomes = tuple(map(_outcome, every, answers))
    absent = _absent(outcomes, carried)
    return Trial(
        outcomes=tuple(outcome for outcome in outcomes if outcome.probe.canary not in absent),
        absent=absent,
        snapshots=tuple(dict.fromkeys(answer.snapshot for answer in answers if answer.snapshot)),
    )


def _is_asked(probe: Probe, carried: Collection[str] | None) -> bool:
    """Whether a probe is sent: files are no part of the message where no list has any."""
    return probe.media is None or carried is None or canary_id(probe.canary) in carried


def _outcome(probe: Probe, answer: Answer) -> ProbeOutcome:
    own = canary_id(probe.canary)
    return ProbeOutcome(
        probe=probe,
        kinds=tuple(sorted({kind for entry, kind in answer.hits if entry == own})),
        found=tuple(sorted({entry for entry, _ in answer.hits})),
    )


def _absent(outcomes: Iterable[ProbeOutcome], carried: Collection[str] | None) -> tuple[str, ...]:
    found = {outcome.probe.canary for outcome in outcomes if outcome.kinds}
    if carried is not None:
        found = {name for name in LISTED if canary_id(name) in carried}
    if not found:
        raise UsageError(f"the engine {NO_CANARIES}")
    missing = [name for name in LISTED if name not in found]
    # Names are in every engine: one that is not found has slipped, whatever else is not known.
    return tuple(name for name in missing if name in OPTIONAL)
