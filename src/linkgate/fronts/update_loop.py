"""`lists update --every`: updates in a loop, for whoever has no timer.

>>> seconds("5m"), seconds("90s"), seconds("1h")
(300.0, 90.0, 3600.0)
>>> codes, pauses = [0, 2, 0], []
>>> loop(codes.pop, every=60.0, wait=lambda pause: not pauses.append(pause) and bool(codes))
0
>>> len(pauses), all(54 <= pause <= 66 for pause in pauses)
(3, True)
"""

from __future__ import annotations

import re
import signal
import threading
from random import SystemRandom
from typing import TYPE_CHECKING

from linkgate import UsageError
from linkgate.fronts import exits

if TYPE_CHECKING:
    from collections.abc import Callable

_UNITS = {"s": 1, "m": 60, "min": 60, "h": 3600}
_TIME = re.compile(r"([1-9][0-9]{0,6})(s|m|min|h)")
_SPREAD = 0.1
"""The part of a pause by which it differs, so that many machines do not ask at once."""
_RANDOM = SystemRandom()


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
    wait: Callable[[float], bool] | None = None,
) -> int:
    """Update, wait, update again, until `wait` says to end (SIGTERM, if nothing else is given). Out: the exit code.

    What an update that failed says is on stderr, and the next one is tried all the same.
    """
    wait = wait or _ended_by_sigterm()
    while True:
        code = exits.guarded(update)
        if code == exits.INTERRUPTED:
            return code
        if not wait(every * (1 + _RANDOM.uniform(-_SPREAD, _SPREAD))):
            return exits.CLEAR


def _ended_by_sigterm() -> Callable[[float], bool]:
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda _signal, _frame: ended.set())
    return lambda pause: not ended.wait(pause)
