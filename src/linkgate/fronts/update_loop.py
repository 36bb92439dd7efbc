"""`lists update --every`: updates in a loop, for whoever has no timer; a command is told when one begins to fail.

>>> seconds("5m"), seconds("90s"), seconds("1h")
(300.0, 90.0, 3600.0)
>>> told, codes = [], [0, 0, 2, 2, 0]
>>> loop(codes.pop, every=60.0, notify=told.append, wait=lambda pause: bool(codes)), told
(0, [2, 0])
"""

from __future__ import annotations

import re
import shlex
import signal
import subprocess
import threading
from random import SystemRandom
from typing import TYPE_CHECKING

from linkgate import UsageError
from linkgate.fronts import exits
from linkgate.fronts.show import say

if TYPE_CHECKING:
    from collections.abc import Callable

_UNITS = {"s": 1, "m": 60, "min": 60, "h": 3600}
_TIME = re.compile(r"([1-9][0-9]{0,6})(s|m|min|h)")
_SPREAD = 0.1
"""The part of a pause by which it differs, so that many machines do not ask at once."""
_RANDOM = SystemRandom()
_PATIENCE = 60.0
"""Seconds that a command which is told of a failure may take."""


def seconds(text: str) -> float:
    """A pause as people write it. Raises UsageError."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise UsageError("--every wants a time with its unit, as in 5m")
    return float(int(found[1]) * _UNITS[found[2]])


def loop(
    update: Callable[[], int],
    *,
    every: float,
    notify: Callable[[int], object] | None = None,
    wait: Callable[[float], bool] | None = None,
) -> int:
    """Update, wait, update again, until `wait` says to end (SIGTERM, if nothing else is given). Out: the exit code.

    `notify` is called with the exit code of an update that is not the one before it; of the first, if it is not 0.
    """
    wait = wait or _ended_by_sigterm()
    before = exits.CLEAR
    while True:
        code = exits.guarded(update)
        if code == exits.INTERRUPTED:
            return code
        if code != before and notify is not None:
            notify(code)
        before = code
        if not wait(every * (1 + _RANDOM.uniform(-_SPREAD, _SPREAD))):
            return exits.CLEAR


def _ended_by_sigterm() -> Callable[[float], bool]:
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda _signal, _frame: ended.set())
    return lambda pause: not ended.wait(pause)


def runner(command: str) -> Callable[[int], None]:
    """What runs a command when updates begin to fail, and when they do no more; its last argument is the exit code.

    It is told no list and no address; `linkgate lists status` says which list it is. Raises UsageError.
    """
    try:
        words = shlex.split(command)
    except ValueError:
        words = []
    if not words:
        raise UsageError("--on-change wants a command, with its quotes in pairs")

    def run(code: int) -> None:
        try:
            subprocess.run([*words, str(code)], check=True, timeout=_PATIENCE, stdin=subprocess.DEVNULL)  # noqa: S603  # the operator's
        except (OSError, subprocess.SubprocessError) as error:
            say(f"the command of --on-change failed: {type(error).__name__}")

    return run
