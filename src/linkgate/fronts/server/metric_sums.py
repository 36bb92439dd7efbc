"""The metrics of several processes as those of one: counters are added up, of gauges the worst one counts.

>>> def family(name: str, kind: str, value: float) -> MetricFamily:
...     return MetricFamily(name, kind, "", [MetricSample(name, {}, value)])
>>> summed([[family("messages", "counter", 2)], [family("messages", "counter", 3)]])[0].samples[0].value
5.0
>>> summed([[family("linkgate_healthy", "gauge", 1)], [family("linkgate_healthy", "gauge", 0)]])[0].samples[0].value
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


class MetricSample(msgspec.Struct, array_like=True):
    """One number, with its labels."""

    name: str
    labels: dict[str, str]
    value: float


class MetricFamily(msgspec.Struct, array_like=True):
    """The numbers of one metric."""

    name: str
    kind: str
    text: str
    samples: list[MetricSample]

    @classmethod
    def of(cls, metric: Metric) -> MetricFamily:
        """A metric as prometheus-client has it."""
        samples = [MetricSample(each.name, each.labels, each.value) for each in metric.samples]
        return cls(metric.name, metric.type, metric.documentation, samples)

    def metric(self) -> Metric:
        """A metric as prometheus-client wants it."""
        made = Metric(self.name, self.text, self.kind)
        for each in self.samples:
            made.add_sample(each.name, each.labels, each.value)
        return made


def counters(families: Iterable[MetricFamily]) -> list[MetricFamily]:
    """What remains of a process that is no more: what it has counted."""
    return [family for family in families if family.kind in _COUNTED]


def summed(processes: Iterable[Iterable[MetricFamily]]) -> list[MetricFamily]:
    """The families of all processes, in the order in which they are first met."""
    same: dict[str, list[MetricFamily]] = {}
    for families in processes:
        for family in families:
            same.setdefault(family.name, []).append(family)
    return [_one(families) for families in same.values()]


def _one(families: list[MetricFamily]) -> MetricFamily:
    first = families[0]
    values: dict[tuple[str, tuple[tuple[str, str], ...]], list[float]] = {}
    for sample in (sample for family in families for sample in family.samples):
        values.setdefault((sample.name, tuple(sample.labels.items())), []).append(sample.value)
    join = sum if first.kind in _COUNTED else min if first.name in _LEAST_IS_WORST else max
    samples = [MetricSample(name, dict(labels), float(join(found))) for (name, labels), found in values.items()]
    return MetricFamily(first.name, first.kind, first.text, samples)
