"""What a gate does with a match beside answering: rule on it, count it for the breaker, put it on record.

Nothing here waits on the way of a check but the one write() of a record (and its fsync, where the
configuration asks for `always`). The rest, alarms to the disk, confirmations from it, an edited
configuration, fsync and purge, is `upkeep`, called once a second by a thread.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING

from linkgate.decisions.account_log import AccountLog
from linkgate.decisions.alarms import file_stamp
from linkgate.decisions.case_store import CaseStore
from linkgate.decisions.log import DecisionLog
from linkgate.decisions.opinions import OpinionFile, disputed_entries
from linkgate.decisions.policy import policy_of
from linkgate.decisions.record import line_of, opaque_line
from linkgate.decisions.retention import Retention
from linkgate.decisions.surge_watch import SurgeWatch
from linkgate.errors import LinkgateError
from linkgate.lists.canaries import CANARY_LIST
from linkgate.lists.config import load_config
from linkgate.lists.disk import reason

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from linkgate.core.digests.media import Media
    from linkgate.core.verdict import Verdict
    from linkgate.decisions.capture import Inbox
    from linkgate.decisions.policy import Policy
    from linkgate.lists.accounts_config import AccountsConfig
    from linkgate.lists.cases_config import CasesConfig
    from linkgate.lists.config import Config
    from linkgate.lists.manifest import ListState
    from linkgate.lists.surge import Key


class Enforcement:
    """The policy of a configuration at work. Threads share it without a lock.

    seen: the stamp of the configuration's file before it was read, so that no edit is missed.
    """

    def __init__(self, config: Config, *, seen: Hashable = None) -> None:
        record = config.policy.record
        self.log = DecisionLog(record.path, fsync=record.fsync, size=record.size) if record else None
        self._config_error: str | None = None
        self._capture_error: str | None = None
        self._inbox: Inbox | None = None
        self._accounts: AccountLog | None = None
        self._kept: tuple[CasesConfig | None, AccountsConfig | None] = None, None
        self._retention = Retention(config)
        self.surge_watch = SurgeWatch(config)
        self._path = config.path
        self._config_stamp = seen or file_stamp(self._path)
        self._opinions_stamp: Hashable = None
        self._opinions_error: str | None = None
        self.disputed: frozenset[Key] = frozenset()
        self.follow(config)
        if self.log is not None:
            self.log.prepare()
        self.upkeep()

    def renew(self) -> None:
        """Be another process, as after a fork."""
        self.surge_watch.renew()

    def follow(self, config: Config) -> None:
        """Take the policy of a configuration; its store, and the place of its record and alarms, stay as they began.

        Raises UsageError, and stays as it was, where captures or accounts need a key that is not there.
        """
        self._keep(config)
        self.surge_watch.follow(config)
        self._text = config.policy.record is not None and config.policy.record.text
        self.ages = {source.name: source.limits.age for source in config.sources if source.limits.age is not None}
        self.config = self._retention.config = config

    def _keep(self, config: Config) -> None:
        """Capture, and keep accounts, as a configuration says from now on."""
        wanted = config.cases, config.accounts
        if wanted == self._kept:
            return
        captures = config.cases is not None and config.cases.capture != "none"
        inbox = CaseStore.of(config).inbox if captures else None
        self._accounts = AccountLog(config) if config.accounts else None
        self._inbox, self._kept = inbox, wanted

    def policy(self, lists: Iterable[ListState]) -> Policy:
        """The policy for the lists of an engine, in the present state of the breaker."""
        return policy_of(self.config, lists, disputed=self.disputed).capped(self.surge_watch.surges)

    @property
    def error(self) -> str | None:
        """Why alarms cannot be shared, what is usual not be kept, or the configuration not be followed."""
        return self.surge_watch.error or self._config_error or self._opinions_error

    @property
    def record_error(self) -> str | None:
        """Why decisions cannot be recorded, or old ones not be removed."""
        accounts = self._accounts.error if self._accounts else None
        return (self.log.error if self.log else None) or self._capture_error or accounts or self._retention.error

    def record(  # noqa: PLR0913  # what a record holds
        self,
        verdict: Verdict,
        *,
        text: str,
        seconds: float,
        media: Sequence[Media] = (),
        account: object = None,
        posted: dt.datetime | None = None,
        late: bool = False,
    ) -> tuple[str, ...]:
        """Put the matches of a message on record, short links where they ask for something, and who posted it.

        Out: the ids of the decisions on its matches. late: it was published before.
        """
        if self.log is None:
            return ()
        at, when = _instant(dt.datetime.now(dt.UTC)), None if posted is None else _instant(posted)
        micros, kept = int(seconds * 1e6), text if self._text else None
        names = [_new_id() for _ in verdict.matches]
        lines = [
            line_of(match, ruling, verdict, at=at, decision=name, micros=micros, text=kept, posted=when, late=late)
            for match, ruling, name in zip(verdict.matches, verdict.rulings, names, strict=True)
        ]
        if asked := verdict.opaque_action:
            lines += [
                opaque_line(verdict, asked, at=at, decision=_new_id(), micros=micros, text=kept, posted=when)
                for _ in verdict.opaque
            ]
        self.log.write(lines, day=at[:10])
        if self._accounts is not None and account is not None and names:
            self._accounts.record(account, verdict, names, day=at[:10])
        if self._inbox is not None:
            self._capture(self._inbox, verdict, names, media, day=at[:10], text=text)
        return tuple(names)

    def _capture(  # noqa: PLR0913  # what a capture holds
        self, inbox: Inbox, verdict: Verdict, names: Sequence[str], media: Sequence[Media], *, day: str, text: str
    ) -> None:
        """Keep what a message linked to or held, where something is done about it. What fails is in the status."""
        try:
            for match, ruling, name in zip(verdict.matches, verdict.rulings, names, strict=True):
                if ruling.action != "log" and match.entry.list != CANARY_LIST:
                    link = match.link
                    held = [each.digests for each in media if each.id == match.media]
                    inbox.put(name, day=day, link=link.text, start=link.start, end=link.end, text=text, media=held)
            self._capture_error = None
        except OSError as error:
            self._capture_error = f"a message cannot be captured: {reason(error)}"

    def upkeep(self, *, last: bool = False) -> None:
        """Do what is to be done beside the checks. Never raises: what fails is in the status, and tried again.

        last: the gate is being closed, so what can wait for a minute else is done now.
        """
        self.surge_watch.sync(last=last)
        self._follow_config()
        self._sync_opinions()
        if self.log is not None:
            self.log.sync()
            self._retention.apply()
        if self._accounts is not None:
            self._accounts.upkeep()

    def _sync_opinions(self) -> None:
        """Take what people said of entries since; a new set only where it is another one."""
        seen = OpinionFile.of(self.config).stamp(), self.config.wrong
        if seen == self._opinions_stamp:
            return
        try:
            found = disputed_entries(self.config)
            self._opinions_stamp, self._opinions_error = seen, None
        except LinkgateError as error:
            self._opinions_error = str(error)
        else:
            self.disputed = self.disputed if found == self.disputed else found

    def _follow_config(self) -> None:
        seen = file_stamp(self._path)
        if seen is None or seen == self._config_stamp:
            return
        self._config_stamp = seen
        try:
            self.follow(load_config(self._path))
            self._config_error = None
        except LinkgateError as error:
            self._config_error = str(error)


def _instant(moment: dt.datetime) -> str:
    """A moment in UTC, to the microsecond; one that no calendar of UTC has stays as its clock told it."""
    try:
        moment = moment.astimezone(dt.UTC)
    except OverflowError:  # the first or last day of the calendar
        moment = moment.replace(tzinfo=dt.UTC)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _new_id() -> str:
    """A random id that no spreadsheet takes for a number."""
    return "d" + os.urandom(8).hex()
