r"""What linkgate.toml says of notices: `[notify]`, the command or the webhook that is told when something fails.

>>> from pathlib import Path
>>> from linkgate.lists.toml import read_toml
>>> document = read_toml('[notify]\ncommand = ["/usr/local/bin/page", "lists"]', name="linkgate.toml")
>>> read_notify(document, Path("etc")).command
('/usr/local/bin/page', 'lists')
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkgate.lists.source_config import read_credentials, web_address

if TYPE_CHECKING:
    from pathlib import Path

    from linkgate.lists.credentials import Credential
    from linkgate.lists.toml import Document

_KEYS = ("command", "credentials", "url")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyConfig:
    """Who is told of problems with lists and alarms.

    command: with its arguments; it gets JSON on stdin. url: where the same JSON is posted to; credentials: what fills
    its `{places}`, and its headers.
    """

    command: tuple[str, ...] = ()
    url: str | None = None
    credentials: tuple[Credential, ...] = ()


def read_notify(document: Document, folder: Path) -> NotifyConfig | None:
    """Read `[notify]`; None where there is none. UsageError."""
    if "notify" not in document.values:
        return None
    table = document.table("notify", _KEYS)
    credentials = read_credentials(table, folder)
    command, url = table.texts("command"), web_address(table, "url", credentials)
    if not command and url is None:
        raise table.fault(None, "needs a command, or the url of a webhook, or both")
    if credentials and url is None:
        raise table.fault("credentials", "are for the url, and there is none")
    return NotifyConfig(command=command, url=url, credentials=credentials)
