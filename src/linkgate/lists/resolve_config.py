r"""What linkgate.toml says of following short links: who waits for it, for how long, and who is told.

>>> from pathlib import Path
>>> from linkgate.lists.toml import read_toml
>>> text = '[shorteners]\nreport = true\n[resolve]\ncontact = "abuse@example.test"\nmode = "hold"\nbudget = "800ms"'
>>> settings = read_resolve(read_toml(text, name="linkgate.toml"), Path())
>>> settings.mode, settings.budget, settings.on_timeout
('hold', 0.8, 'publish')
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkgate.lists.source_config import read_credentials, web_address

if TYPE_CHECKING:
    from pathlib import Path

    from linkgate.core.verdict import Action
    from linkgate.lists.credentials import Credential
    from linkgate.lists.toml import Document, TomlTable

_KEYS = ("budget", "contact", "credentials", "mode", "on_failure", "on_late", "on_timeout", "webhook")
_BUDGET = re.compile(r"([0-9]{1,5})\s*(ms|s)")
_MOST_BUDGET = 4.0
"""Seconds; after so many the resolver itself gives up on a link."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveConfig:
    """How short links are followed.

    contact: whom the services can write to; it stands in each request. mode: `hold`, who asks waits for the answer,
    `budget` seconds at most, and then does as `on_timeout` says (`publish`, `review`); `after`, the message is
    published, and a listed target gives a late decision, of which `on_late`, a command with its arguments, and
    `webhook`, an address with its `credentials`, are told. on_failure: what a link asks for of which
    the resolver told nothing.
    """

    contact: str
    mode: str = "hold"
    budget: float = 0.8
    on_timeout: str = "publish"
    on_failure: Action = "log"
    on_late: tuple[str, ...] = ()
    webhook: str | None = field(default=None, repr=False)
    credentials: tuple[Credential, ...] = ()


def read_resolve(document: Document, folder: Path) -> ResolveConfig | None:
    """Read `[resolve]`; None where it is not there. UsageError."""
    if "resolve" not in document.values:
        return None
    table = document.table("resolve", _KEYS)
    contact = table.text("contact")
    if contact is None:
        raise table.fault(None, "needs contact, an address of mail or of a page: it stands in each request")
    if not contact.isascii() or any(mark in contact for mark in "();\\"):
        raise table.fault("contact", "must be an address of mail or of a page in ASCII, without brackets")
    if not document.table("shorteners", ("action", "report", "surfaces")).get("report", bool, "true or false"):
        raise table.fault(None, "has nothing to follow: add [shorteners] with report = true")
    mode = table.choice("mode", ("after", "hold")) or "hold"
    _refuse_idle(table, mode)
    credentials = read_credentials(table, folder)
    webhook = web_address(table, "webhook", credentials)
    if credentials and webhook is None:
        raise table.fault("credentials", "are for the webhook, and there is none")
    failure = table.choice("on_failure", ("log", "review"))
    return ResolveConfig(
        contact=contact,
        mode=mode,
        budget=_budget(table),
        on_timeout=table.choice("on_timeout", ("publish", "review")) or "publish",
        on_failure="review" if failure == "review" else "log",
        on_late=table.texts("on_late"),
        webhook=webhook,
        credentials=credentials,
    )


def _refuse_idle(table: TomlTable, mode: str) -> None:
    """Raise UsageError for a key that the mode has no use for."""
    for key in ("credentials", "on_late", "webhook") if mode == "hold" else ("budget", "on_timeout"):
        if key in table.values:
            raise table.fault(key, f'has no effect with mode = "{mode}"')


def _budget(table: TomlTable) -> float:
    text: str | None = table.get("budget", str, 'a time with its unit, as in "800ms"')
    if text is None:
        return ResolveConfig(contact="").budget
    found = _BUDGET.fullmatch(text.strip())
    seconds = int(found[1]) / (1000 if found[2] == "ms" else 1) if found else 0.0
    if not 0 < seconds <= _MOST_BUDGET:
        raise table.fault("budget", 'must be a time with its unit, as in "800ms", 4 seconds at most')
    return seconds
