"""Metrics of a resolver for Prometheus. No label holds an address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.metrics_core import Metric

    from linkgate.fronts.resolver.late_links import LateLinks
    from linkgate.fronts.resolver.link_follower import LinkFollower


class ResolverCollector:
    """The metrics, made when a registry collects. late: None where messages wait for the answer."""

    def __init__(self, follower: LinkFollower, late: LateLinks | None = None) -> None:
        self._follower, self._late = follower, late

    def collect(self) -> Iterator[Metric]:
        """All metrics."""
        follower, late = self._follower, self._late
        links = CounterMetricFamily("linkgate_resolve_links", "Short links that were answered.", labels=["state"])
        for state, number in list(follower.states.items()):
            links.add_metric([state], number)
        yield links
        asks = CounterMetricFamily("linkgate_resolve_asks", "Questions to shorteners.", labels=["answer"])
        for answer, number in list(follower.answers.items()):
            asks.add_metric([answer], number)
        yield asks
        yield CounterMetricFamily("linkgate_resolve_cache_hits", "Links that were known.", follower.hits)
        yield GaugeMetricFamily("linkgate_resolve_cache_entries", "Links that are known.", len(follower.cache))
        yield GaugeMetricFamily("linkgate_resolve_flights", "Links that are being followed.", follower.waiting)
        waiting, decisions, faults = (late.waiting, late.decisions, late.faults) if late is not None else (0, 0, 0)
        yield GaugeMetricFamily("linkgate_late_messages_waiting", "Published messages that wait.", waiting)
        yield CounterMetricFamily("linkgate_late_decisions", "Decisions on published messages.", decisions)
        yield CounterMetricFamily(
            "linkgate_late_faults", "Published messages that could not be judged or told of.", faults
        )
