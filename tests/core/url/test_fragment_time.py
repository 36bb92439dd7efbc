from __future__ import annotations

import time

from linkgate.core.url.canonical import canonicalize
from linkgate.core.url.fragment import selecting


def test_a_long_fragment_of_letters_takes_no_time() -> None:
    url = canonicalize("http://bad.example/#" + "a" * 5000 + "~")
    assert url is not None
    start = time.perf_counter()
    assert selecting(url) == "a" * 5000 + "~"
    assert time.perf_counter() - start < 1
