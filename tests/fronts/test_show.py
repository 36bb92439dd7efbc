"""Nothing that is shown can be clicked, or steer a terminal."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkgate.fronts.show import defang, printable

PIECES = [
    "http",
    "HTTPS",
    "hTtp",
    "hxxp",
    "ftp",
    ":",
    "//",
    "/",
    "\\",
    "bad",
    ".",
    "。",
    "[.]",
    "[",
    "]",
    "example",
    "%2F",
]
CLICKABLE = re.compile(r"https?:|ftp:[/\\]{2}|(?<!\[)\.|\.(?!\])|[。．｡]", re.IGNORECASE)


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12).map("".join))
def test_nothing_is_left_to_click(link: str) -> None:
    assert not CLICKABLE.search(defang(link))


@given(st.text())
def test_everything_is_printable(text: str) -> None:
    assert printable(text).isprintable()
    assert defang(text).isprintable()


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("https://bad.example/page", "hxxps://bad[.]example/page"),
        ("HTTP://bad.example", "HXXP://bad[.]example"),
        ("bad.example/a.html", "bad[.]example/a[.]html"),
        ("http://[2001:db8::7]/drop", "hxxp://[2001:db8::7]/drop"),
        ("https://other.example/?u=https://bad.example", "hxxps://other[.]example/?u=hxxps://bad[.]example"),
        ("hxxp://bad[.]example", "hxxp://bad[.]example"),
        ("tg://resolve?domain=name", "tg[:]//resolve?domain=name"),
        ("http:\\\\bad。example", "hxxp:\\\\bad[.]example"),
    ],
)
def test_defanged(link: str, shown: str) -> None:
    assert defang(link) == shown
