from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from linkgate.core.text.patterns import cues, one, seq, text
from linkgate.core.text.undoing import Disguise

ROW = Disguise(
    name="a dot in brackets",
    before=one("ab"),
    core=seq(text("["), text("."), text("]")),
    behind=one("ab"),
    undo=lambda _: ".",
    examples=("bad[.]example/page",),
)


@given(st.text("ab[.]", max_size=20))
def test_looking_around_cues_finds_what_looking_everywhere_finds(written: str) -> None:
    (cue,) = cues(ROW.pattern) if len(cues(ROW.pattern)) == 1 else ("[.]",)
    places = [at for at in range(len(written)) if written.startswith(cue, at)]
    assert ROW.edits(written, places) == ROW.edits(written)


def test_neighbours_share_a_character() -> None:
    assert ROW.edits("a[.]b[.]a") == [(1, 4, "."), (5, 8, ".")]
