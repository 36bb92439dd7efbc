"""How far a message goes before it is clear: the modules that it visits are few, whatever stands in it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

import linkgate
from linkgate.core import engine as core_engine

if TYPE_CHECKING:
    from types import FrameType

ENGINE = linkgate.compile_lines(["http://bad.example/page", "http://192.0.2.7/"]).engine
HOME = core_engine.__file__.removesuffix("core/engine.py")
MOST = 9


def visited(text: str) -> set[str]:
    """The modules whose functions a check of a text calls, when what it loads or remembers is there."""
    modules: set[str] = set()

    def note(frame: FrameType, _event: str, _argument: object) -> None:
        if frame.f_code.co_filename.startswith(HOME):
            modules.add(frame.f_code.co_filename.removeprefix(HOME))

    ENGINE.check(text)
    sys.setprofile(note)
    try:
        verdict = ENGINE.check(text)
    finally:
        sys.setprofile(None)
    assert not verdict.flagged
    return modules


@pytest.mark.parametrize(
    "text",
    [
        "hello there, how are you?",
        "see https://other.example/x?a=1&b=2",
        "version 1.2.3.4 of it, or http://192.0.2.8/",
        "see http://bad.example/other.",
        "na\u00efve caf\u00e9, 100%",
        "a & b [dot] c, hxxp://other.example",
    ],
)
def test_a_clear_message_visits_few_modules(text: str) -> None:
    modules = visited(text)
    assert "core/prefilter/prefilter.py" in modules
    assert len(modules) <= MOST, modules
