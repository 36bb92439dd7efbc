from __future__ import annotations

from linkgate.core.url.canonical import canonicalize
from linkgate.core.url.fragment import selecting


def test_a_long_fragment_of_letters_comes_to_an_end() -> None:
    """What is tried at every letter for every other one would take minutes."""
    letters = "a" * 100_000 + "~"
    url = canonicalize(f"http://bad.example/#{letters}")
    assert url is not None
    assert selecting(url) == letters
