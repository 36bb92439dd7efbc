"""The numbers of several processes as those of one: what was counted is added up, how it stands is the worst of them.

>>> def family(name: str, kind: str, value: float) -> Family:
...     return Family(name, kind, "", [Sample(name, {}, value)])
>>> added([[family("messages", "counter", 2)], [family("messages", "counter", 3)]])[0].samples[0].value
5.0
>>> added([[family("linkgate_healthy", "gauge", 1)], [family("linkgate_healthy", "gauge", 0)]])[0].samples[0].value
0.0
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from prometheus_client.metrics_core import Metric

if TYPE_CHECKING:
    from collections.abc import Iterable

_LEAST_IS_WORST = frozenset({"linkgate_healthy", "linkgate_snapshot_version", "linkgate_entries"})
_COUNTED = frozenset({"counter", "histogram"})


class Sample(msgspec.Struct, array_like=True):
    """One number, with its labels."""

    name: str
    labels: dict[str, str]
    value: float


class Family(msgspec.Struct, array_like=True):
    """The numbers of one metric."""

    name: str
    kind: str
    text: str
    samples: list[Sample]

    @classmethod
    def of(cls, metric: Metric) -> Family:
        """A metric as prometheus-client has it."""
        samples = [Sample(each.name, each.labels, each.value) for each in metric.samples]
        return cls(metric.name, metric.type, metric.documentation, samples)

    def metric(self) -> Metric:
        """A metric as prometheus-client wants it."""
        made = Metric(self.name, self.text, self.kind)
        for each in self.samples:
            made.add_sample(each.name, each.labels, each.value)
        return made


def counted(families: Iterable[Family]) -> list[Family]:
    """What remains of a process that is no more: what it has counted."""
    return [family for family in families if family.kind in _COUNTED]


def added(processes: Iterable[Iterable[Family]]) -> list[Family]:
    """The families of all processes, in the order in which they are first met."""
    same: dict[str, list[Family]] = {}
    for families in processes:
        for family in families:
            same.setdefault(family.name, []).append(family)
    return [_one(families) for families in same.values()]


def _one(families: list[Family]) -> Family:
    first = families[0]
    values: dict[tuple[str, tuple[tuple[str, str], ...]], list[float]] = {}
    for sample in (sample for family in families for sample in family.samples):
        values.setdefault((sample.name, tuple(sample.labels.items())), []).append(sample.value)
    join = sum if first.kind in _COUNTED else min if first.name in _LEAST_IS_WORST else max
    samples = [Sample(name, dict(labels), float(join(found))) for (name, labels), found in values.items()]
    return Family(first.name, first.kind, first.text, samples)
