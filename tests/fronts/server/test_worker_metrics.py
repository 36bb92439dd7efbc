"""The folder where workers write their metrics: an ended one is added up once."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("prometheus_client", reason="the extra `serve` is not installed")

from prometheus_client import CollectorRegistry, Counter, Gauge

from linkgate.fronts.server.worker_metrics import WorkerMetrics

if TYPE_CHECKING:
    from pathlib import Path


def member(folder: Path, *, checks: int, healthy: int) -> WorkerMetrics:
    registry = CollectorRegistry()
    Counter("checks", "Checks.", ["surface"], registry=registry).labels("public").inc(checks)
    Gauge("linkgate_healthy", "Health.", registry=registry).set(healthy)
    return WorkerMetrics(folder, registry)


def told(one: WorkerMetrics) -> dict[str, float]:
    samples = [sample for metric in one.collect() for sample in metric.samples]
    return {sample.name: sample.value for sample in samples if not sample.name.endswith("_created")}


def test_the_dead_are_folded_in_once_even_where_their_files_stay(tmp_path: Path) -> None:
    living, dead = member(tmp_path, checks=3, healthy=1), member(tmp_path, checks=4, healthy=0)
    assert told(living) == {"checks_total": 7.0, "linkgate_healthy": 0.0, "linkgate_workers": 2.0}
    dead.close()
    names = [path for path in tmp_path.iterdir() if path.name.startswith(dead._name)]
    kept = tmp_path.with_name("kept")
    kept.mkdir()
    for path in names:
        shutil.copy2(path, kept)
    after = {"checks_total": 7.0, "linkgate_healthy": 1.0, "linkgate_workers": 1.0}
    assert told(living) == after
    assert not any(path.exists() for path in names)
    for path in names:  # as if the process that folded them in was killed before it removed them
        shutil.copy2(kept / path.name, path)
    assert told(living) == after
    assert not any(path.exists() for path in names)
    living.close()


def test_without_the_folder_it_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "worker_metrics"
    folder.mkdir()
    living = member(folder, checks=1, healthy=1)
    shutil.rmtree(folder)
    with pytest.raises(OSError, match="No such file"):
        told(living)
    living.close()
