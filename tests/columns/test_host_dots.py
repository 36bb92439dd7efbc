from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from linkgate.columns.host_dots import HostDots
from linkgate.core.prefilter.hosts import ListedHosts

NAMES = st.lists(st.from_regex(r"[a-z0-9]{1,9}(\.[a-z]{1,9}){1,3}", fullmatch=True), min_size=1, max_size=6)


@given(NAMES, st.text("ab. x", max_size=20))
def test_every_listed_host_is_found(names: list[str], before: str) -> None:
    dots = HostDots(ListedHosts.of(names).words())
    for name in names:
        octets = np.frombuffer(f"{before}{name.upper()} and more".encode(), np.uint8)
        assert len(before) + name.rindex(".") in dots.listed(octets)


def test_others_are_not() -> None:
    dots = HostDots(ListedHosts.of(["bad.example"]).words())
    octets = np.frombuffer(b"at the start: good.example, bad.test and the end. More", np.uint8)
    assert not len(dots.listed(octets))
