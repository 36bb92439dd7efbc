"""PlatformFacts: what only the platform knows of a case, read from a file of JSON and put into an export.

>>> facts = read_facts(b'{"user": {"id": "u1", "ip_events": [{"address": "192.0.2.7", "event": "Login"}]}}', name="f")
>>> facts.user.id, facts.user.ip_events[0].event, facts.missing()[0]
('u1', 'Login', "the user's screen_name")
>>> read_facts(b'{"user": {"ip_events": [{"address": "192.0.2.7", "port": 0}]}}', name="f")
Traceback (most recent call last):
linkgate.errors.UsageError: f: Expected `int` >= 1 - at `$.user.ip_events[0].port`
"""

from __future__ import annotations

import datetime as dt  # msgspec reads it
from ipaddress import ip_address
from typing import Annotated, Any, Literal

import msgspec

from linkgate.errors import UsageError

Moment = Annotated[dt.datetime, msgspec.Meta(tz=True)]
Event = Literal["Login", "Registration", "Purchase", "Upload", "Other", "Unknown"]
_WANTED = ("id", "screen_name", "emails", "ip_events")


class IpEvent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From which IP address the user did something, and when."""

    address: str
    event: Event = "Unknown"
    time: Moment | None = None
    possible_proxy: bool | None = None
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] | None = None


class ReportedUser(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who posted the message. prior_reports: ids of earlier reports to the same authority."""

    id: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    screen_name: str | None = None
    display_names: tuple[str, ...] = ()
    profile_urls: tuple[str, ...] = ()
    ip_events: tuple[IpEvent, ...] = ()
    prior_reports: tuple[int, ...] = ()
    group: str | None = None
    more: str | None = None


class Chat(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the message was posted, if that was a chat."""

    client: str | None = None
    room: str | None = None


class PlatformFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of it; each part may lack. An account's own id stands nowhere but in the export that it is given for."""

    user: ReportedUser = ReportedUser()
    chat: Chat | None = None

    def missing(self) -> tuple[str, ...]:
        """What would help and was not given."""
        return tuple(f"the user's {name}" for name in _WANTED if not getattr(self.user, name))

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        found: dict[str, Any] = msgspec.to_builtins(self)
        return found


def read_facts(data: bytes, *, name: str) -> PlatformFacts:
    """The facts of a file. UsageError, which quotes no more than a word that it does not know."""
    try:
        facts = msgspec.json.decode(data, type=PlatformFacts)
    except msgspec.DecodeError as error:
        raise UsageError(f"{name}: {error}") from None
    for number, event in enumerate(facts.user.ip_events, 1):
        try:
            ip_address(event.address)
        except ValueError:
            raise UsageError(f"{name}: the address of IP event {number} is no IP address") from None
    return facts
