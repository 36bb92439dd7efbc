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


def test_suspects_and_the_links_that_were_judged(tmp_path: Path) -> None:
    """Of messages that come to the matcher it is told how many links it read: at listed hosts, and hidden."""
    registry = CollectorRegistry()
    with Gate.of(desk(tmp_path, "[surfaces]\nprivate = false\n").path, watch=None) as gate:
        linkgate.watch(gate, registry)
        for _ in range(5):
            gate.check("good morning, see http://good.example/ and http://other.example/")
        gate.check(page(1))
        gate.check(
            "not listed: http://me@bad1.example/other and http://good.example/, www.good.example", links=["x", "y"]
        )
        gate.check(page(1), surface="private")
        text = told(registry)
    for row in (
        "linkgate_suspects_total 2.0",
        'linkgate_judged_links_bucket{le="0"} 0.0',
        'linkgate_judged_links_bucket{le="1"} 1.0',
        'linkgate_judged_links_bucket{le="2"} 1.0',
        'linkgate_judged_links_bucket{le="5"} 2.0',
        "linkgate_judged_links_count 2.0",
        "linkgate_judged_links_sum 4.0",
        'linkgate_messages_total{outcome="clear",surface="public"} 6.0',
    ):
        assert f"{row}\n" in text


def test_a_suspect_without_a_match_is_under_the_policy(tmp_path: Path) -> None:
    with Gate.of(desk(tmp_path, "[surfaces]\nprivate = false\n").path, watch=None) as gate:
        verdict = gate.check("http://me@bad1.example/other", surface="forum")
        assert (verdict.links, verdict.surface, verdict.flagged, verdict.scanned) == (1, "forum", False, True)
        assert verdict.as_dict().keys() == gate.check("good morning", surface="forum").as_dict().keys()
        assert gate.check("good morning").links is None
        assert Gate.open(tmp_path / "store", watch=None).check("http://me@bad1.example/other").links == 1


def test_matches_of_a_recheck_are_counted_and_its_message_once(tmp_path: Path) -> None:
    made = desk(tmp_path, "[shorteners]\nreport = true\n")
    for fixed in (False, True):
        registry = CollectorRegistry()
        with Gate.of(made.path, watch=None) as one:
            gate = Gate.fixed(one.engine, policy=one.policy) if fixed else one
            linkgate.watch(gate, registry)
            verdict = gate.check("see https://bit.ly/3xYz")
            found = linkgate.ShortTarget(verdict.opaque[0].url, "redirects", (page(1),), 0.0)
            assert gate.recheck(verdict, [found]).action == "block"
            assert gate.recheck(verdict, []).matches == ()
            text = told(registry)
        assert 'linkgate_matches_total{action="block",kind="nested",list="partner"} 1.0\n' in text
        assert "linkgate_opaque_links_total 1.0\n" in text
        assert text.count("linkgate_messages_total{") == 1
        assert 'linkgate_messages_total{outcome="clear",surface="public"} 1.0\n' in text
