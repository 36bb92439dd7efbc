from __future__ import annotations

import re
from array import array

import pytest
from counted_work import calls

import linkgate
from linkgate.core.prefilter.addresses import Addresses

LISTED = Addresses(array("I", [0xC0000207]), literals=True)
LOW = Addresses(array("I", [7]), literals=False)


@pytest.mark.parametrize("run", ["192.0.2.7", "0300.0.519", "0xc0000207", "3221225991", "192.0.2.7.", "[2001:db8::1]"])
def test_a_listed_address_in_any_spelling(run: str) -> None:
    assert LISTED.any_in(run)
    assert re.search(LISTED.expression, f"http://{run}/")


@pytest.mark.parametrize("run", ["192.0.2.8", "10.04", "12", "0xc0000208", "[12:30]", ""])
def test_another_number(run: str) -> None:
    assert not LISTED.any_in(run)


def test_a_number_glued_to_others() -> None:
    assert LISTED.any_in("5192.0.2.77", glued=True)
    assert not LISTED.any_in("5192.0.2.77")


def test_an_address_below_the_first_network_may_be_any_number() -> None:
    assert LOW.any_in("7")
    assert re.search(LOW.expression, "http://7/")


def test_nothing_listed_is_nowhere() -> None:
    assert not Addresses(array("I"), literals=False).any_in("192.0.2.7 [::1]")


@pytest.mark.parametrize("run", ["0x" * 25 + "\u00e9" + "1." * 20, "1." * 40 + "\u00e9"])
def test_a_run_with_many_cues_is_looked_up_once(run: str) -> None:
    engine = linkgate.compile_lines(f"192.0.2.{number}" for number in range(256)).engine
    engine.check("see \u00e9 http://192.0.2.7/")  # what is made once
    assert calls(lambda: engine.check(run)) <= 300 * len(run)
