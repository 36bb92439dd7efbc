"""Notices: problems of lists and open alarms, told once when they begin and once when they are over.

What was told is kept in a small file of the store, so a timer and a loop behave alike. Names, ids and reasons: no
address (law 9).

>>> was, now = Notice(kind="stale", list="demo"), Notice(kind="failed", list="demo", sentence="it is a web page")
>>> print(message_of([now], [was], at="2026-01-31T10:00:00Z")["text"])
linkgate: list demo: failed: it is a web page
linkgate: list demo: stale no more
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from linkgate.decisions.alarms import Alarms
from linkgate.decisions.command_hook import run_command
from linkgate.decisions.webhook import post_json
from linkgate.errors import LinkgateError
from linkgate.lists.credentials import filled, headers
from linkgate.lists.disk import reason, replace_file
from linkgate.lists.status import status

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from linkgate.lists.config import Config
    from linkgate.lists.notify_config import NotifyConfig

FILE = "notified.json"
"""Its name in the store's folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that somebody should look at.

    kind: `update` (nothing could be updated), `failed` (a list could not be had), `held` (its new file was held back),
    `stale` (it was not confirmed for longer than its max_age) or `alarm` (it flags far more than usual).
    """

    kind: str
    list: str | None = None
    entry: str | None = None
    sentence: str = ""

    @property
    def key(self) -> tuple[str, str | None, str | None]:
        """What it is about: the same with another sentence is no news."""
        return self.kind, self.list, self.entry


def notify(config: Config, *, at: dt.datetime, fault: str | None = None) -> str | None:
    """Tell whom `[notify]` names what began and what is over since the last time; say what went wrong, or None.

    fault: why the update ended before its end. at: the time, in UTC. What could not be told is told the
    next time. StoreError where the store cannot be read.
    """
    if config.notify is None:
        return None
    path = config.store / FILE
    before = _told(path)
    now = [*_notices(config, before, at, fault)]
    began = [each for each in now if each.key not in {one.key for one in before}]
    over = [each for each in before if each.key not in {one.key for one in now}]
    if not began and not over:
        return None
    if wrong := _tell(
        config.notify,
        msgspec.json.encode(message_of(began, over, at=at.isoformat(timespec="seconds").replace("+00:00", "Z"))),
    ):
        return f"[notify]: {wrong}"
    try:
        if config.store.is_dir():
            replace_file(path, [msgspec.json.encode([asdict(each) for each in now])])
    except OSError as error:
        return f"{path}: {reason(error)}; the same will be told again"
    return None


def message_of(began: Sequence[Notice], over: Sequence[Notice], *, at: str) -> dict[str, Any]:
    """What is told; `text` is what chat services show of a webhook."""
    lines = [f"linkgate: {_about(each)}{each.kind}{': ' * bool(each.sentence)}{each.sentence}" for each in began]
    lines += [f"linkgate: {_about(each)}{each.kind} no more" for each in over]
    return {"text": "\n".join(lines), "time": at, "began": [*map(asdict, began)], "over": [*map(asdict, over)]}


def _about(notice: Notice) -> str:
    entry = f", entry {notice.entry}" if notice.entry else ""
    return f"list {notice.list}{entry}: " if notice.list else ""


def _told(path: Path) -> tuple[Notice, ...]:
    """What was told; nothing where that cannot be read, so that it is told again."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=tuple[Notice, ...])
    except (OSError, msgspec.DecodeError):
        return ()


def _notices(config: Config, before: Iterable[Notice], at: dt.datetime, fault: str | None) -> Iterator[Notice]:
    """What is wrong now. Where nothing could be read, what was wrong before still is."""
    if fault is not None:
        yield Notice(kind="update", sentence=fault)
        yield from (each for each in before if each.kind != "update")
        return
    for each in status(config, config.open_store(), now=at).lists:
        if each.error:
            yield Notice(kind="failed", list=each.list, sentence=each.error)
        if each.held:
            yield Notice(kind="held", list=each.list, sentence=each.held)
        if each.stale:
            yield Notice(kind="stale", list=each.list, sentence="not confirmed for longer than its max_age")
    for alarm in Alarms.of(config).read():
        if alarm.is_open:
            told = f"{alarm.rate} messages in a minute, where {alarm.limit:g} are the limit; see linkgate policy alarms"
            yield Notice(kind="alarm", list=alarm.list, entry=alarm.entry, sentence=told)


def _tell(whom: NotifyConfig, data: bytes) -> str | None:
    """Run the command and post to the webhook; what went wrong with either."""
    wrong = [run_command(whom.command, data)] if whom.command else []
    if whom.url is not None:
        try:
            wrong.append(post_json(filled(whom.url, whom.credentials), data, headers=headers(whom.credentials)))
        except LinkgateError as error:
            wrong.append(str(error))
    return "; ".join(filter(None, wrong)) or None
