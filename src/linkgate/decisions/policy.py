"""Policy: list x kind -> action, by surface, share and state of the breaker. Pure: it is told everything.

    match -- its list's table --> asked -- shadow? outside the share? --> log
                                       -- breaker open? entry called wrong? --> at most review
                                       -- else --> asked

>>> from linkgate.core.url.canonical import canonicalize
>>> from linkgate.core.index.entry import Entry, Scope
>>> from linkgate.core.links.find import Link
>>> from linkgate.core.verdict import Match, Verdict
>>> entry = Entry(id="demo:1", scope=Scope.PAGE, list="demo", url=canonicalize("http://bad.example/page"))
>>> match = Match(link=Link(0, 23, "http://bad.example/page", "http://bad.example/page"), entry=entry, kind=Kind.EXACT)
>>> shadow = Policy(rules={"demo": Rule(shadow=True)})
>>> shadow.rule_on(match, None), Verdict(snapshot="id", matches=(match,), policy=shadow).action
(Ruling(action='log', asked='block', held='shadow'), 'log')
>>> Policy().capped({("demo", "demo:1")}).rule_on(match, None)
Ruling(action='review', asked='block', held='surge')
>>> Policy(surfaces={"private": False}).scans("private")
False
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING

from linkgate.core.verdict import ACTIONS, Kind, Ruling, lighter

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from linkgate.core.verdict import Action, Match
    from linkgate.lists.config import Config
    from linkgate.lists.manifest import ListState
    from linkgate.lists.surge import Key

PUBLIC, PRIVATE = "public", "private"
"""The surfaces that have a name of ours; callers may name others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How one list is acted on.

    actions: what each kind asks for; a kind that is not named asks for its usual action. shadow:
    the list decides and reports, and never more. share: the part of all messages, from 0 to 1, that
    it acts on; for the rest it is in shadow.
    """

    actions: Mapping[Kind, Action] = field(default_factory=dict)
    shadow: bool = False
    share: float = 1.0


_USUAL = Rule()
_WORDS: dict[str, Action] = {"block": "block", "review": "review", "log": "log"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What becomes of a match. Immutable: another state of the breaker is another policy.

    rules: by name of list, the usual one for a list that is not named. surfaces: which are on; one
    that is not named is on, for to pass over what should be read is the worse slip. surges: lists and
    entries whose action is `review` at most. disputed: entries whose action is `demoted` at most;
    overlay: what the id of a snapshot ends with while there are any, since they can change a verdict (law 7).
    opaque: what a short link asks for that no entry covers, None to count it alone; opaque_on: on a surface.
    """

    rules: Mapping[str, Rule] = field(default_factory=dict)
    surfaces: Mapping[str, bool] = field(default_factory=dict)
    surges: frozenset[Key] = frozenset()
    disputed: frozenset[Key] = frozenset()
    demoted: Action = "review"
    overlay: str = ""
    opaque: Action | None = None
    opaque_on: Mapping[str, Action | None] = field(default_factory=dict)

    def scans(self, surface: str) -> bool:
        """Whether messages of a surface may be read."""
        return self.surfaces.get(surface, True)

    def knows(self, surface: str) -> bool:
        """Whether a surface is one of ours or declared; where none is declared, there is nothing to miss.

        >>> Policy(surfaces={"forum": False}).knows("fourm"), Policy().knows("fourm")
        (False, True)
        """
        return not self.surfaces or surface in self.surfaces or surface in {PUBLIC, PRIVATE}

    def asks(self, name: str, kind: Kind) -> Action:
        """What a list asks for where it meets a link in this way."""
        return self.rules.get(name, _USUAL).actions.get(kind) or ACTIONS[kind]

    def asks_of_opaque(self, surface: str | None) -> Action | None:
        """What short links ask for that no entry covers."""
        return self.opaque_on.get(surface or PUBLIC, self.opaque)

    def rule_on(self, match: Match, message: str | None) -> Ruling:
        """What becomes of one match in a message with this id, if it has one."""
        return self.rule(match.entry.list, match.entry.id, match.kind, message)

    def rule(self, name: str, entry: str, kind: Kind, message: str | None = None) -> Ruling:
        """What becomes of a match with an entry of a list.

        >>> Policy(rules={"demo": Rule(shadow=True)}).rule("demo", "demo:1", Kind.LOOSE)
        Ruling(action='log', asked='review', held='shadow')
        """
        rule, asked = self.rules.get(name, _USUAL), self.asks(name, kind)
        if rule.shadow:
            return Ruling("log", asked, "shadow")
        if not in_share(name, message, rule.share):
            return Ruling("log", asked, "share")
        if self.surges and ((name, None) in self.surges or (name, entry) in self.surges):
            return Ruling(lighter(asked, "review"), asked, "surge")
        if self.disputed and (name, entry) in self.disputed:
            return Ruling(lighter(asked, self.demoted), asked, "disputed")
        return Ruling(asked, asked)

    def capped(self, surges: Collection[Key]) -> Policy:
        """The same policy while the breaker is open for these lists and entries."""
        return replace(self, surges=frozenset(surges))


def in_share(name: str, message: str | None, share: float) -> bool:
    """Whether a list that is rolled out to a share of all messages acts on this one.

    The same message is always in or out, and one that is in stays in when the share grows. Each list
    draws its own part. A message without an id cannot be told apart from others, so it is in only
    when all are.

    >>> sum(in_share("demo", str(number), 0.1) for number in range(10_000))
    987
    >>> in_share("demo", None, 0.99), in_share("demo", None, 1.0)
    (False, True)
    """
    if share >= 1:
        return True
    if message is None:
        return False
    text = f"{name}\0{message}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big") < share * 2**64


def policy_of(config: Config, lists: Iterable[ListState], *, disputed: frozenset[Key] = frozenset()) -> Policy:
    """The policy of a configuration for the lists of a version; disputed: entries that people called wrong.

    The actions of a list travel with the version, so that a rollback takes them back too; shadow,
    share and surfaces are those of the configuration.
    """
    actions = {state.name: state.actions for state in lists}
    rules = {
        source.name: Rule(actions=_actions(actions.get(source.name, {})), shadow=source.shadow, share=source.share)
        for source in config.sources
        if source.kind == "deny"
    }
    demoted = _WORDS[config.wrong.action] if config.wrong else "review"
    overlay = f"!{blake2b(repr(sorted(disputed)).encode(), digest_size=4).hexdigest()}" if disputed else ""
    surfaces = config.policy.surfaces
    opaque, opaque_on = config.shorteners.action, config.shorteners.surfaces
    return Policy(
        rules=rules,
        surfaces=surfaces,
        disputed=disputed,
        demoted=demoted,
        overlay=overlay,
        opaque=opaque,
        opaque_on=opaque_on,
    )


def _actions(named: dict[str, str]) -> dict[Kind, Action]:
    """What a manifest keeps; a word that another version wrote there asks for the usual."""
    return {kind: action for kind in Kind if (action := _WORDS.get(named.get(kind, "")))}
