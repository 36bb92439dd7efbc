"""Videos by the PDQ values of their frames, and PhotoDNA values by the comparison of who has a licence."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest

import linkgate
from files import digest_of_word, flipped
from linkgate import Media
from linkgate.core.digests.digest import Digest, DigestType
from linkgate.core.digests.video_frames import frames_of

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("faiss", reason="the extra `media` is not installed")

DNA = [bytes([number]) * 144 for number in range(1, 4)]


def frames(name: str, count: int) -> list[str]:
    return [digest_of_word("pdq", f"{name} {number}") for number in range(count)]


def written(digits: list[str], quality: int = 90) -> str:
    """A video as vPDQ writes it."""
    return json.dumps([f"{each},{quality},{second:.3f}" for second, each in enumerate(digits)])


def engine_of(*videos: list[str], more: str = "", **given: Any) -> linkgate.Engine:
    rows = [
        json.dumps({"id": f"v{number}", "type": "vpdq", "digest": written(each)}) for number, each in enumerate(videos)
    ]
    data = "\n".join([*rows, *filter(None, [more])]).encode()
    return linkgate.compile_lists([linkgate.Source(name="demo", data=data, **given)]).engine


def met(engine: linkgate.Engine, asked: str | list[str]) -> list[tuple[str, str, int | None]]:
    matches = engine.check("", media=[Media(id="a", vpdq=asked)]).matches
    assert {match.steps for match in matches} <= {("vpdq",)}
    return [(match.entry.id, match.kind.value, match.distance) for match in matches]


CAT, DOG = frames("cat", 10), frames("dog", 50)


def test_a_video_is_near_by_the_share_of_its_frames_of_either_side() -> None:
    engine = engine_of(CAT, DOG)
    other = frames("other", 100)
    assert met(engine, CAT) == met(engine, written(CAT[::-1])) == [("v0", "near", 0)]
    assert met(engine, [flipped(each, 31, seed=1) for each in CAT]) == [("v0", "near", 0)]
    assert met(engine, [flipped(each, 32, seed=1) for each in CAT]) == []
    assert met(engine, DOG[:5]) == [("v1", "near", 0)]  # an excerpt
    assert met(engine, [*other, *CAT]) == [("v0", "near", 0)]  # a compilation
    assert met(engine, CAT[:8] + other[:2]) == [("v0", "near", 20)]
    assert met(engine, CAT[:7] + other[:3]) == []
    assert met(engine, CAT[:8] + other) == [("v0", "near", 20)]
    assert met(engine, [*CAT, *DOG]) == [("v0", "near", 0), ("v1", "near", 0)]
    assert met(engine, other) == []


def test_the_shares_are_those_of_brute_force() -> None:
    draw = random.Random(3)  # noqa: S311  # drawn for a test
    videos = [frames(f"video {number}", draw.randint(1, 30)) for number in range(40)]
    engine = engine_of(*videos)
    for number in range(60):
        asked = [flipped(each, draw.randint(0, 40), seed=number) for each in draw.choice(videos) if draw.random() < 0.9]
        asked += draw.choice(videos)[: draw.randint(0, 8)]
        wanted = {
            f"v{place}": 100 - share for place, video in enumerate(videos) if (share := shared(asked, video)) >= 80
        }
        assert {name: distance for name, _, distance in met(engine, asked)} == wanted if asked else True


def shared(asked: list[str], listed: list[str]) -> int:
    def near(one: str, other: str) -> bool:
        return (int(one, 16) ^ int(other, 16)).bit_count() <= 31

    asked = list(dict.fromkeys(asked))
    ours, theirs = (
        sum(any(near(one, other) for other in others) for one in some) * 100 // max(len(some), 1)
        for some, others in ((asked, listed), (listed, asked))
    )
    return max(ours, theirs)


def test_the_distance_of_a_list_is_that_of_its_frames() -> None:
    for distance in (0, 10, 40):
        engine = engine_of(CAT, distance=distance)
        for bits in (distance, distance + 1):
            found = met(engine, [flipped(each, bits, seed=2) for each in CAT])
            assert (found == []) == (bits > distance)


def test_frames_of_low_quality_tell_nothing_and_repeated_ones_count_once() -> None:
    engine = engine_of(CAT)
    assert met(engine, written(CAT, quality=49)) == []
    assert met(engine, [*CAT[:8], *(f"{each},20,1.0" for each in frames("other", 50))]) == [("v0", "near", 0)]
    assert met(engine, [*CAT[:8], *frames("other", 1) * 9]) == [("v0", "near", 12)]
    report = linkgate.compile_lists([linkgate.Source(name="x", data=_column(written(CAT, quality=10)))]).report
    assert [each.reason for each in report.quarantined] == ["quality under 50"]
    report = linkgate.compile_lists([linkgate.Source(name="x", data=_column(written([*CAT, "0" * 64])))]).report
    assert [each.reason for each in report.quarantined] == ["a flat picture"]


def _column(text: str) -> bytes:
    return json.dumps({"id": "1", "type": "vpdq", "digest": text}).encode()


def test_an_allowed_video_lifts_itself_alone() -> None:
    own = linkgate.Source(name="own", data=_column(written(CAT[:9])), allow=True)
    listed = linkgate.Source(name="demo", data=_column(written(CAT)))
    engine = linkgate.compile_lists([own, listed]).engine
    assert met(engine, CAT[:9]) == []
    assert met(engine, CAT) == [("1", "near", 0)]


def test_a_snapshot_holds_videos() -> None:
    engine = engine_of(CAT, DOG)
    again = linkgate.Engine.from_sections(engine.sections())
    assert again.snapshot == engine.snapshot
    assert list(again.entries()) == list(engine.entries())
    assert met(again, DOG) == met(engine, DOG) == [("v1", "near", 0)]
    assert CAT[0] not in repr([again.digests, list(again.entries()), Media(id="a", vpdq=CAT)])


def test_a_long_video_fits_in_a_line() -> None:
    long = frames("long", 4000)
    engine = engine_of(long)
    assert met(engine, long[100:400]) == [("v0", "near", 0)]


@pytest.mark.parametrize("value", ["x", "{}", "[1]", [7], ["f0"], ["0" * 64 + ",101,0"], 7, ["z" * 64]])
def test_what_is_no_list_of_frames(value: Any) -> None:
    with pytest.raises(TypeError, match="vpdq must be a list of frames"):
        Media(id="a", vpdq=value)
    assert frames_of(json.dumps(value)) is None


def test_many_messages_at_once_are_as_each_alone() -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="the extra `scan` is not installed")
    engine = engine_of(CAT, DOG)
    videos: list[Any] = [
        CAT,
        written(DOG[:9]),
        frames("other", 3),
        [],
        written(CAT, quality=1),
        json.loads(written(CAT[:8])),
    ]
    rows = [{"text": "hello", "media": [{"id": "a", "vpdq": each}]} for each in videos]
    lines = pyarrow.Table.from_pylist([{**row, "media": json.dumps(row["media"])} for row in rows])
    found = linkgate.scan(lines, engine=engine, text="text", media="media")
    assert [(row["entry"], row["distance"]) for row in found.to_pylist()] == [
        (name, distance) for each in videos for name, _, distance in met(engine, each)
    ]
    assert found.num_rows == 3


# --- PhotoDNA


def compared(asked: bytes, listed: bytes | memoryview) -> Iterator[tuple[int, int]]:
    """Not how PhotoDNA does it: that, who has a licence knows."""
    for place in range(len(listed) // 144):
        distance = abs(listed[place * 144] - asked[0])
        if distance <= 1:
            yield place, distance


def _opaque(**more: Any) -> linkgate.Engine:
    data = "\n".join(each.hex() for each in DNA).encode()
    return linkgate.compile_lists([linkgate.Source(name="dna", data=data, type="photodna", **more)]).engine


def test_photodna_is_compared_by_who_has_a_licence() -> None:
    engine = _opaque()
    found = engine.check("", media=[Media(id="a", photodna=DNA[0].hex(), near_with=compared)]).matches
    assert [(match.kind.value, match.steps, match.distance) for match in found] == [
        ("near", ("photodna",), 0),
        ("near", ("photodna",), 1),
    ]
    assert found[0].entry.digest == Digest(DigestType.PHOTODNA, DNA[0])
    assert not engine.check("", media=[Media(id="a", photodna="09" * 144, near_with=compared)]).matches
    again = linkgate.Engine.from_sections(engine.sections())
    assert list(again.entries()) == list(engine.entries())


@pytest.mark.parametrize("given", [{"photodna": "00" * 144}, {"photodna": "00" * 144, "near_with": 7}])
def test_a_value_without_its_comparison_is_told(given: Any) -> None:
    with pytest.raises(TypeError, match="photodna is compared by near_with"):
        Media(id="a", md5="0" * 32, **given)


def test_a_gate_takes_both_and_asks_for_review() -> None:
    with linkgate.Gate.fixed(_opaque()) as gate:
        verdict = gate.check("", media=[Media(id="a", photodna=DNA[0].hex(), near_with=compared)])
    assert verdict.action == "review"
