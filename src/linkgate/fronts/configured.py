"""`--list` or `--config`: what is asked, and under which policy. With a configuration it is what a gate has.

The surge breaker alone has no say: it is about the messages of a minute, and an archive is not sent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

import linkgate
from linkgate.fronts.engines import Engines, now, open_engines
from linkgate.fronts.show import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkgate import Config, Explanation, Media, Policy, Store, Verdict

_USUAL = "public"
DEFAULT_CONFIG = "linkgate.toml"
"""What is used where neither a list nor a configuration is named."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What answers: engines and, of a configuration, its policy, its store and the surface that is asked for."""

    engines: Engines
    policy: Policy | None = None
    store: Store | None = None
    surface: str = _USUAL
    config: Config | None = None

    @property
    def is_off(self) -> bool:
        """Whether messages of this surface may not be read."""
        return self.policy is not None and not self.policy.scans(self.surface)

    def check(
        self, text: str, *, links: Sequence[str] = (), media: Sequence[Media] = (), message: str | None = None
    ) -> Verdict:
        """Ask about a message, as a gate without a breaker would. Never raises."""
        if self.policy is None:
            return self.engines.check(text, links=links, media=media)
        if self.is_off:
            snapshot = self.engines.parts[0].snapshot
            return linkgate.Verdict(snapshot=snapshot, policy=self.policy, surface=self.surface, scanned=False)
        found = self.engines.check(text, links=links, media=media)
        asked = self.policy.asks_of_opaque(self.surface) if found.opaque else None
        return replace(found, policy=self.policy, surface=self.surface, message=message, opaque_action=asked)

    def explain(self, url: str) -> Explanation:
        """Ask about one URL under the policy, and how it was read. Never raises."""
        told = self.engines.explain(url)
        return told if self.policy is None else replace(told, verdict=replace(told.verdict, policy=self.policy))


def _chosen(lists: Sequence[str], config: str | None) -> str | None:
    """The configuration to use: the one that is named, else the one of the folder where no list is named, else none.

    What the command line names counts before the environment. UsageError where it names both.
    """
    source = click.get_current_context().get_parameter_source
    if lists and source("lists") is ParameterSource.COMMANDLINE:
        if config is not None and source("config") is ParameterSource.COMMANDLINE:
            raise linkgate.UsageError("--config has a store of its own: leave out --list")
        return None
    if config is None and not lists and Path(DEFAULT_CONFIG).is_file():
        return DEFAULT_CONFIG
    return config


def open_asked(lists: Sequence[str], config: str | None, surface: str | None, *, partial: bool = False) -> Opened:
    """Open what `--list` names, or the store of `--config`. Raises LinkgateError, UsageError for both.

    `partial`: as for `open_engines`.
    """
    config = _chosen(lists, config)
    if config is None:
        if surface is not None:
            raise linkgate.UsageError("--surface is a word of linkgate.toml: name that with --config")
        return Opened(open_engines(lists, partial=partial))
    found = linkgate.load_config(config)
    store = found.open_store()
    engine, version = store.load_version()
    policy = linkgate.policy_of(found, version.lists, disputed=linkgate.disputed_entries(found))
    opened = Opened(Engines((engine.at(now()),)), policy, store, surface or _USUAL, found)
    if not policy.knows(opened.surface):
        say(f"{config} does not know the surface {surface}, so it is read; it knows {', '.join(policy.surfaces)}")
    return opened
