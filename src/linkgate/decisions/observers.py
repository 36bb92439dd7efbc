"""Observers: what is called after every check of a gate, with its verdict and its seconds; a fault reaches nobody.

>>> seen = []
>>> observers = Observers()
>>> observers.add(lambda verdict, seconds: seen.append(seconds))
>>> observers.add(lambda verdict, seconds: 1 / 0)
>>> observers.tell(None, 0.5)
>>> seen, observers.faults, bool(observers), bool(Observers())
([0.5], 1, True, False)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkgate.decisions.counter import ThreadCounter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from linkgate.core.verdict import Verdict

    Observer = Callable[[Verdict, float], object]


class Observers:
    """The observers of a gate, in their order. Threads share it without a lock."""

    def __init__(self) -> None:
        self._observers: tuple[Observer, ...] = ()
        self._faults = ThreadCounter()

    def __bool__(self) -> bool:
        return bool(self._observers)

    @property
    def faults(self) -> int:
        """How often one raised something."""
        return self._faults.total

    def add(self, observer: Observer) -> None:
        """Have one called from now on."""
        self._observers = (*self._observers, observer)

    def tell(self, verdict: Verdict, seconds: float) -> None:
        """Call each of them. What one raises is counted."""
        self._call(self._observers, verdict, seconds)

    def tell_of_recheck(self, verdict: Verdict) -> None:
        """Call `rechecked` of those that have it, with a verdict that has the new matches alone."""
        several = (getattr(observer, "rechecked", None) for observer in self._observers)
        self._call(filter(None, several), verdict)

    def _call(self, several: Iterable[Callable[..., object]], *given: object) -> None:
        for each in several:
            try:
                each(*given)
            except Exception:  # noqa: BLE001  # whatever it is, it must not stop the sending of messages
                self._faults.add()
