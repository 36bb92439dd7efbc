"""What `linkgate.watch` tells a registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk import Desk, local, page
from prometheus_client import CollectorRegistry, generate_latest

import linkgate
from linkgate import Gate

if TYPE_CHECKING:
    from pathlib import Path


def desk(folder: Path, rest: str = "") -> Desk:
    made = Desk(folder, local())
    made.configure(local(), rest=rest)
    made.put("partner.txt", f"{page(1)}\n".encode())
    made.update()
    return made


def told(registry: CollectorRegistry) -> str:
    text = generate_latest(registry).decode()
    assert "example" not in text
    return text


def test_unknown_surfaces_are_counted_by_name(tmp_path: Path) -> None:
    registry = CollectorRegistry()
    with Gate.of(desk(tmp_path, "[surfaces]\nforum = true\n").path, watch=None) as gate:
        linkgate.watch(gate, registry)
        for surface in ("forum", "fourm", "fourm", page(1)):
            gate.check(page(1), surface=surface)
        text = told(registry)
    assert 'linkgate_unknown_surface_messages_total{surface="fourm"} 2.0\n' in text
    assert 'linkgate_unknown_surface_messages_total{surface="another"} 1.0\n' in text
    assert 'linkgate_messages_total{outcome="block",surface="other"} 1.0\n' in text
