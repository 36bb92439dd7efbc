"""Metrics of a gate for Prometheus, and for OpenTelemetry where its API is installed. Needs prometheus-client.

    registry = prometheus_client.CollectorRegistry()
    linkgate.watch(gate, registry)

Every number is of this process. No label holds an address: lists, kinds, actions and surfaces alone.
"""

from __future__ import annotations

import math
from itertools import accumulate
from typing import TYPE_CHECKING

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

from linkgate import GateProblem
from linkgate.fronts.counts import Counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from prometheus_client import CollectorRegistry
    from prometheus_client.metrics_core import Metric

    from linkgate import Gate, GateStatus


def watch(gate: Gate, registry: CollectorRegistry) -> None:
    """Count every check of a gate from now on, and tell how it stands whenever the registry is collected."""
    counts = Counts()
    gate.observe(counts)
    registry.register(GateCollector(gate, counts))
    tell_open_telemetry(counts)


class GateCollector:
    """The metrics of a gate, made when a registry collects."""

    def __init__(self, gate: Gate, counts: Counts) -> None:
        self._gate = gate
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        """All metrics."""
        status = self._gate.status()
        yield from _done(self._counts)
        yield from (GaugeMetricFamily(f"linkgate_{name}", text, value) for name, text, value in _gauges(status))
        yield from (CounterMetricFamily(f"linkgate_{name}", text, value) for name, text, value in _counters(status))
        snapshot = GaugeMetricFamily("linkgate_snapshot_info", "What decides.", labels=["snapshot"])
        snapshot.add_metric([status.snapshot], 1)
        yield snapshot
        stale = GaugeMetricFamily("linkgate_list_stale", "Lists over their maximum age.", labels=["list"])
        for each in self._gate.lists:
            stale.add_metric([each.name], float(each.name in status.stale))
        yield stale
        problems = GaugeMetricFamily("linkgate_problems", "What somebody should look at, by kind.", labels=["kind"])
        for kind in GateProblem.KINDS:
            problems.add_metric([kind], sum(each.kind == kind for each in status.problems))
        yield problems
        unknown = CounterMetricFamily(
            "linkgate_unknown_surface_messages",
            "Messages of a surface that the configuration does not know.",
            labels=["surface"],
        )
        for name, number in status.unknown_surfaces.items():
            unknown.add_metric([name], number)
        yield unknown


def _done(counts: Counts) -> Iterator[Metric]:
    labels = ["surface", "outcome"]
    messages = CounterMetricFamily("linkgate_messages", "Messages that were checked.", labels=labels)
    for outcome, number in list(counts.messages.items()):
        messages.add_metric(outcome, number)
    yield messages
    matches = CounterMetricFamily(
        "linkgate_matches", "Links that met an entry, rechecks too.", labels=["list", "kind", "action"]
    )
    for match, number in list(counts.matches.items()):
        matches.add_metric(match, number)
    yield matches
    seconds = HistogramMetricFamily("linkgate_check_seconds", "Seconds that a check took.")
    bounds = [*map(str, counts.bounds), "+Inf"]
    seconds.add_metric([], list(zip(bounds, accumulate(counts.seconds), strict=True)), counts.total)
    yield seconds
    links = HistogramMetricFamily("linkgate_judged_links", "Links that the judge read, by message that came to it.")
    bounds = [*map(str, counts.link_bounds), "+Inf"]
    links.add_metric([], list(zip(bounds, accumulate(counts.links), strict=True)), counts.links_total)
    yield links
    yield CounterMetricFamily("linkgate_suspects", "Messages that came to the judge.", sum(counts.links))
    yield CounterMetricFamily("linkgate_opaque_links", "Short links that no entry covers.", counts.opaque)


def _gauges(status: GateStatus) -> Iterator[tuple[str, str, float]]:
    version = math.nan if status.version is None else status.version
    waiting = sum(not alarm.confirmed for alarm in status.alarms)
    yield "healthy", "1 where nobody needs to look at the gate.", float(status.ok)
    yield "snapshot_age_seconds", "Seconds since what decides was published.", status.age
    yield "snapshot_version", "Number of what decides in its store.", version
    yield "entries", "Entries of what decides.", status.entries
    yield "checked_seconds", "Seconds since the disk was last looked at without a fault.", status.checked
    yield "load_seconds", "Seconds that the last load took.", status.seconds
    yield "open_alarms", "Alarms that wait for an operator.", waiting


def _counters(status: GateStatus) -> Iterator[tuple[str, str, float]]:
    yield "reloads", "Engines that took another one's place.", status.reloads
    yield "reload_failures", "Engines that could not be loaded.", status.failures
    yield "decisions_written", "Decisions put on record.", status.written
    yield "decisions_failed", "Decisions that could not be put on record.", status.failed


def tell_open_telemetry(counts: Counts) -> None:
    """The counts as observable counters, read when they are exported: a check pays nothing for them."""
    try:
        from opentelemetry import metrics  # noqa: PLC0415  # optional
    except ImportError:
        return

    def messages(_options: object) -> Iterable[metrics.Observation]:
        for (surface, outcome), number in list(counts.messages.items()):
            yield metrics.Observation(number, {"surface": surface, "outcome": outcome})

    def matches(_options: object) -> Iterable[metrics.Observation]:
        for (name, kind, action), number in list(counts.matches.items()):
            yield metrics.Observation(number, {"list": name, "kind": kind, "action": action})

    def suspects(_options: object) -> Iterable[metrics.Observation]:
        yield metrics.Observation(sum(counts.links))

    def links(_options: object) -> Iterable[metrics.Observation]:
        yield metrics.Observation(counts.links_total)

    def opaque(_options: object) -> Iterable[metrics.Observation]:
        yield metrics.Observation(counts.opaque)

    meter = metrics.get_meter("linkgate")
    meter.create_observable_counter("linkgate.opaque_links", [opaque], description="Short links that no entry covers.")
    meter.create_observable_counter("linkgate.suspects", [suspects], description="Messages that came to the judge.")
    meter.create_observable_counter("linkgate.judged_links", [links], description="Links that the judge read.")
    meter.create_observable_counter("linkgate.messages", [messages], description="Messages that were checked.")
    meter.create_observable_counter("linkgate.matches", [matches], description="Links that met an entry.")
