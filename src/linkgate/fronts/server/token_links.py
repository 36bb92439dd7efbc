"""How many links of each token the matcher read: a token that checks link after link is looking the list up.

>>> links = TokenLinks()
>>> links.add("partner", 3)
>>> [(sample.labels, sample.value) for metric in links.collect() for sample in metric.samples]
[({'token': 'partner'}, 3)]
"""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING

from prometheus_client.core import CounterMetricFamily

if TYPE_CHECKING:
    from collections.abc import Iterator


class TokenLinks:
    """A counter by token, for the metrics."""

    def __init__(self) -> None:
        self._links: Counter[str] = Counter()
        self._lock = threading.Lock()

    def add(self, token: str, number: int) -> None:
        """Count the links of a request. Threads may call it."""
        with self._lock:
            self._links[token] += number

    def collect(self) -> Iterator[CounterMetricFamily]:
        """What a registry calls."""
        family = CounterMetricFamily("linkgate_token_links", "Links that the matcher read, by token.", labels=["token"])
        for token, number in sorted(self._links.copy().items()):
            family.add_metric([token], number)
        yield family


class UnknownFields:
    """How many requests had a field that this server does not know: clients may be newer than it is."""

    def __init__(self) -> None:
        self._number = 0
        self._lock = threading.Lock()

    def add(self) -> None:
        """Count a request. Threads may call it."""
        with self._lock:
            self._number += 1

    def collect(self) -> Iterator[CounterMetricFamily]:
        """What a registry calls."""
        text = "Requests with a field that is not known here."
        yield CounterMetricFamily("linkgate_unknown_fields", text, self._number)
