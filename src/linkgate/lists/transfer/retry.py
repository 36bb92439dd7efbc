"""Try again what may work the next time: a few times, ever later, never past the deadline.

>>> from linkgate.lists.transfer.deadline import Deadline
>>> answers = iter([PassingError("lists.example: answers with status 503", wait=2), None])
>>> def attempt():
...     if fault := next(answers):
...         raise fault
...     return b"the list"
>>> with Deadline(60) as deadline:
...     persist(attempt, tries=3, deadline=deadline, pause=lambda seconds: print(f"{seconds:g} s"))
2 s
b'the list'
"""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, TypeVar

from urllib3.exceptions import InvalidHeader
from urllib3.util import Retry

from linkgate.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Callable

    from linkgate.lists.transfer.deadline import Deadline

_Found = TypeVar("_Found")

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 60.0


class PassingError(FetchError):
    """A fault that the next try may not meet; `wait`: the seconds that the server asks for."""

    def __init__(self, sentence: str, *, wait: float = 0.0) -> None:
        super().__init__(sentence)
        self.wait = wait


def persist(
    attempt: Callable[[], _Found], *, tries: int, deadline: Deadline, pause: Callable[[float], object]
) -> _Found:
    """Call `attempt` until it raises no PassingError; FetchError when tries or time are used up.

    Between tries: `pause` seconds, doubled each time, at least what the server asks for, at most 60.
    """
    number = 1
    while True:
        try:
            return attempt()
        except PassingError as error:
            fault = error
        wait = max(_backoff(number), fault.wait)
        wait = min(wait, _LONGEST_PAUSE)
        if number >= tries or wait >= deadline.left():
            break
        pause(wait)
        number += 1
    raise FetchError(f"{fault} ({number} {'try' if number == 1 else 'tries'}); try again later.")


def _backoff(number: int) -> float:
    # Chance in it, so that many machines that failed together do not come back together.
    jitter = random.uniform(0.5, 1.5)  # noqa: S311  # nothing secret depends on it
    return min(math.ldexp(_FIRST_PAUSE, min(number, 10) - 1) * jitter, _LONGEST_PAUSE)


def retry_after(value: str | None) -> float:
    """Read a Retry-After header (RFC 9110 §10.2.3): seconds or a date -> seconds; 0 if none or garbled.

    >>> retry_after("7"), retry_after("Thu, 01 Jan 1970 00:00:00 GMT"), retry_after("soon"), retry_after(None)
    (7.0, 0.0, 0.0, 0.0)
    """
    try:
        return float(Retry().parse_retry_after(value or "0"))
    except (InvalidHeader, ValueError, OverflowError):
        return 0.0
