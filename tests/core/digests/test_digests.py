"""Digests of files in an engine: what meets what, and that a message without files costs and says what it did."""

from __future__ import annotations

import base64
import pickle
import random
import sys
from typing import Any

import pytest

import linkgate
from files import digest_of_word, engine_of, flipped, listed
from linkgate import Media
from linkgate.core.digests import near_values
from linkgate.core.digests.digest import SIZES, DigestType, octets_of
from linkgate.core.digests.near_join import near_pairs
from linkgate.core.digests.near_values import NearValues

EXACT = ("sha256", "sha1", "md5")
PICTURE = digest_of_word("pdq", "zebra")


def told(engine: linkgate.Engine, **given: Any) -> list[tuple[str, str, int | None]]:
    matches = engine.check("", media=[Media(id="att1", **given)]).matches
    assert {match.media for match in matches} <= {"att1"}
    return [(match.entry.id, match.kind.value, match.distance) for match in matches]


@pytest.mark.parametrize("kind", EXACT)
def test_an_exact_digest_meets_its_entry_and_no_other(kind: str) -> None:
    words = [f"word {number}" for number in range(300)]
    engine = engine_of(listed(kind, digest_of_word(kind, word), entry=word) for word in words)
    for word in words:
        assert told(engine, **{kind: digest_of_word(kind, word).upper()}) == [(word, "exact", None)]
        assert told(engine, **{kind: digest_of_word(kind, word + "!")}) == []


def test_what_shares_the_first_eight_bytes_is_told_apart() -> None:
    start = "0123456789abcdef"
    digits = [start + rest * 48 for rest in "0123"]
    engine = engine_of([*(listed("sha256", each, entry=each[-1]) for each in digits), listed("md5", start * 2)])
    assert [told(engine, sha256=each) for each in digits] == [[(each[-1], "exact", None)] for each in digits]
    assert told(engine, sha256=start + "4" * 48) == []
    assert told(engine, md5=start + "0" * 16) == []


def test_64_digits_are_what_their_argument_says() -> None:
    engine = engine_of([listed("sha256", PICTURE, entry="hash")])
    assert told(engine, sha256=PICTURE) == [("hash", "exact", None)]
    assert told(engine, pdq=PICTURE) == []


def test_near_values_are_those_of_brute_force() -> None:
    pytest.importorskip("faiss", reason="the extra `media` is not installed")
    draw = random.Random(1)  # noqa: S311  # drawn for a test
    values = [f"{draw.getrandbits(256):064x}" for _ in range(3000)]
    near = [flipped(draw.choice(values), number % 41, seed=number) for number in range(300)]
    engine = engine_of(listed("pdq", each, entry=each) for each in values)
    numbers = {each: int(each, 16) for each in values}
    for each in near:
        wanted = {name: (int(each, 16) ^ number).bit_count() for name, number in numbers.items()}
        found = {name: distance for name, _, distance in told(engine, pdq=each)}
        assert found == {name: distance for name, distance in wanted.items() if distance <= near_values.DISTANCE}


@pytest.mark.parametrize("reach", [0, 15, 16, 31, 32])
def test_many_together_are_as_each_alone(reach: int) -> None:
    pytest.importorskip("faiss", reason="the extra `media` is not installed")
    draw = random.Random(reach)  # noqa: S311  # drawn for a test
    table = [f"{draw.getrandbits(256):064x}" for _ in range(20_000)]
    table += [flipped(table[0], number % 60, seed=number) for number in range(300)]
    asked = [flipped(draw.choice(table), number % 41, seed=number) for number in range(500)]
    values = NearValues(b"".join(map(bytes.fromhex, table)))
    assert (near_pairs(rows_of(table), rows_of(asked), reach) is None) == (reach > 31)
    together = values.near_each(list(map(bytes.fromhex, asked)), reach)
    numbers = [int(each, 16) for each in table]
    for number in range(0, 500, 25):
        wanted = int(asked[number], 16)
        brute = [((wanted ^ each).bit_count(), place) for place, each in enumerate(numbers)]
        told = [(place, distance) for distance, place in sorted(brute) if distance <= reach]
        assert together[number] == values.near(bytes.fromhex(asked[number]), reach) == told


def rows_of(digits: list[str]) -> Any:
    numpy = pytest.importorskip("numpy", reason="the extra `media` is not installed")
    return numpy.frombuffer(b"".join(map(bytes.fromhex, digits)), numpy.uint8).reshape(-1, 32)


def test_few_against_very_many_are_as_brute_force_says() -> None:
    """Then the table is not sorted as a whole."""
    numpy = pytest.importorskip("numpy", reason="the extra `media` is not installed")
    draw = numpy.random.default_rng(1)
    table = draw.integers(0, 256, (140_000, 32), dtype=numpy.uint8)
    digits = [flipped(table[number * 500].tobytes().hex(), number % 41, seed=number) for number in range(260)]
    pairs = near_pairs(table, rows_of(digits), 31)
    assert pairs is not None
    assert {number: (place, distance) for number, place, distance in zip(*pairs, strict=True)} == {
        number: (number * 500, number % 41) for number in range(260) if number % 41 <= 31
    }


def test_a_crowd_of_values_is_compared_one_by_one() -> None:
    """Whose bands are all alike: the join would compare every pair, and more slowly."""
    pytest.importorskip("faiss", reason="the extra `media` is not installed")
    crowd = [flipped(PICTURE, number % 14, seed=number) for number in range(2000)]
    assert near_pairs(rows_of(crowd), rows_of(crowd[:300]), 31) is None
    values = NearValues(b"".join(map(bytes.fromhex, crowd)))
    assert [len(each) for each in values.near_each(list(map(bytes.fromhex, crowd[:300])), 31)] == [1000] * 300


@pytest.mark.parametrize("distance", [0, 1, 10, 31, 40])
def test_the_distance_is_that_of_the_list(distance: int) -> None:
    pytest.importorskip("faiss", reason="the extra `media` is not installed")
    mine, other = listed("pdq", PICTURE, entry="mine"), listed("pdq", PICTURE, entry="other", name="other")
    engine = engine_of([mine, other], {"demo": distance})
    for bits in range(45):
        met = [name for name, _, _ in told(engine, pdq=flipped(PICTURE, bits))]
        assert met == ["mine"] * (bits <= distance) + ["other"] * (bits <= 31)


def test_a_picture_of_low_quality_is_never_near() -> None:
    pytest.importorskip("faiss", reason="the extra `media` is not installed")
    engine = engine_of([listed("pdq", PICTURE, entry="p"), listed("md5", digest_of_word("md5", "zebra"), entry="m")])
    assert told(engine, pdq=PICTURE, pdq_quality=49, md5=digest_of_word("md5", "zebra")) == [("m", "exact", None)]
    assert told(engine, pdq=PICTURE, pdq_quality=50) == [("p", "near", 0)]
    assert told(engine, pdq=PICTURE) == [("p", "near", 0)]


def test_of_many_pictures_alike_the_nearest_are_told() -> None:
    pytest.importorskip("faiss", reason="the extra `media` is not installed")
    crowd = [flipped(PICTURE, 1 + number % 30, seed=number) for number in range(3000)]
    engine = engine_of(listed("pdq", each, entry=each) for each in {*crowd, PICTURE})
    distances = [distance or 0 for _, _, distance in told(engine, pdq=PICTURE)]
    assert len(distances) == 100
    assert distances == sorted(distances)
    assert distances[0] == 0


def test_the_surest_digest_of_one_entry_is_told() -> None:
    kinds: dict[str, Any] = {kind: digest_of_word(kind, "zebra") for kind in EXACT}
    engine = engine_of(listed(kind, digits, entry="one") for kind, digits in kinds.items())
    [match] = engine.check("", media=[Media(id="a", **kinds)]).matches
    assert match.steps == ("sha256",)
    [match] = engine.check("", media=[Media(id="a", md5=kinds["md5"], sha1=kinds["sha1"])]).matches
    assert match.steps == ("sha1",)


@pytest.mark.parametrize(
    ("allowed", "met"), [("sha256", []), ("sha1", ["sha256"]), ("md5", ["sha256", "sha1"]), ("pdq", EXACT)]
)
def test_an_allow_entry_lifts_what_says_no_more_than_it(allowed: str, met: list[str]) -> None:
    pytest.importorskip("faiss", reason="the extra `media` is not installed")
    kinds: dict[str, Any] = {kind: digest_of_word(kind, "zebra") for kind in (*EXACT, "pdq")}
    lines = [listed(kind, digits, entry=kind) for kind, digits in kinds.items()]
    engine = engine_of([*lines, listed(allowed, kinds[allowed], entry="ok", name="own", allow=True)])
    found = [match.entry.id for match in engine.check("", media=[Media(id="a", **kinds)]).matches]
    assert found == list(met)


def test_an_allowed_picture_lifts_itself_and_none_that_is_near() -> None:
    pytest.importorskip("faiss", reason="the extra `media` is not installed")
    mine = flipped(PICTURE, 4)
    engine = engine_of([listed("pdq", PICTURE, entry="p"), listed("pdq", mine, entry="ok", name="own", allow=True)])
    assert told(engine, pdq=mine) == []
    assert told(engine, pdq=flipped(mine, 1)) != []
    assert told(engine, pdq=PICTURE) == [("p", "near", 0)]


def test_no_media_is_todays_verdict() -> None:
    page = "http://bad.example/page"
    plain = linkgate.compile_lines([page], name="demo").engine
    beside = [linkgate.Source(name="demo", data=page.encode()), _source("md5", "zebra")]
    both = linkgate.compile_lists(beside).engine
    for text in ("nothing", f"see {page}", "half\ud800 bad.example/page"):
        for engine in (plain, both):
            clear = engine.check(text)
            assert engine.check(text, media=[]) == engine.check(text, media=()) == clear
            assert engine.check(text, media=[Media(id="a", md5="0" * 32)]).as_dict() == clear.as_dict()
            assert all("media" not in match for match in clear.as_dict()["matches"])
    assert "digest-names" not in plain.sections()
    assert plain.check("x", media=[]) is plain.check("x")


def _source(kind: str, *words: str, **more: Any) -> linkgate.Source:
    lines = "\n".join(digest_of_word(kind, word) for word in words)
    return linkgate.Source(name=kind, data=lines.encode(), type=kind, **more)


def test_link_and_file_of_one_message() -> None:
    page = "http://bad.example/page"
    engine = linkgate.compile_lists([linkgate.Source(name="demo", data=page.encode()), _source("md5", "zebra")]).engine
    verdict = engine.check(f"see {page}", media=[Media(id="a", md5=digest_of_word("md5", "zebra"))])
    assert [(match.media, match.link.start) for match in verdict.matches] == [(None, 4), ("a", None)]
    assert verdict.links == 2
    assert [row.get("media") for row in verdict.as_dict()["matches"]] == [None, "a"]


def test_sections_give_the_same_engine() -> None:
    pytest.importorskip("faiss", reason="the extra `media` is not installed")
    kinds = (*EXACT, "pdq")
    engine = engine_of((listed(kind, digest_of_word(kind, word)) for kind in kinds for word in "abc"), {"demo": 7})
    again = linkgate.Engine.from_sections(engine.sections())
    assert again.snapshot == engine.snapshot
    assert list(again.entries()) == list(engine.entries())
    assert again.digests is not None
    assert again.digests.reach == 31
    assert again.digests.distances == {"demo": 7}
    assert pickle.loads(pickle.dumps(engine)).snapshot == engine.snapshot  # noqa: S301  # our own bytes


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "media has no digest: give sha256, sha1, md5, pdq, vpdq or photodna"),
        ({"id": 7, "md5": "0" * 32}, "id must be str, not int"),
        ({"md5": b"0" * 32}, r"md5 must be str, not bytes: give hexdigest\(\)"),
        ({"sha256": "0" * 63}, "sha256 must be 64 hexadecimal digits"),
        ({"sha1": "0" * 64}, "sha1 must be 40 hexadecimal digits"),
        ({"md5": "0" * 31 + "g"}, "md5 must be 32 hexadecimal digits"),
        ({"md5": "٠" * 32}, "md5 must be 32 hexadecimal digits"),
        ({"pdq": ""}, "pdq must be 64 hexadecimal digits"),
        ({"pdq": "0" * 64, "pdq_quality": "87"}, "pdq_quality must be int, not str"),
        ({"pdq": "0" * 64, "pdq_quality": True}, "pdq_quality must be int, not bool"),
        ({"pdq": "0" * 64, "pdq_quality": 101}, "pdq_quality must be from 0 to 100"),
        ({"sha512": "0" * 128}, "sha512"),
    ],
    ids=repr,
)
def test_what_is_no_media(given: Any, sentence: str) -> None:
    with pytest.raises(TypeError, match=sentence) as caught:
        Media(**{"id": "a"} | given)
    assert "000" not in str(caught.value)


@pytest.mark.parametrize(
    "media",
    [None, 7, "x", b"x", {"id": "a"}, [{"id": "a"}], [None], iter(()), object()],
    ids=["None", "number", "text", "bytes", "mapping", "mapping in a list", "None in a list", "iterator", "object"],
)
def test_what_is_no_list_of_media(media: Any) -> None:
    engine = engine_of([])
    with pytest.raises(TypeError, match=r"^media must be a list of linkgate\.Media, "):
        engine.check("text", media=media)
    with linkgate.Gate.fixed(engine) as gate, pytest.raises(TypeError, match=r"^media must be"):
        gate.check("text", media=media)


def test_one_media_alone() -> None:
    with pytest.raises(TypeError, match=r"give media=\[item\]"):
        engine_of([]).check("text", media=Media(id="a", md5="0" * 32))  # type: ignore[arg-type]  # on purpose


@pytest.mark.parametrize("kind", list(SIZES))
def test_every_spelling_of_a_digest(kind: DigestType) -> None:
    octets = bytes(range(SIZES[kind]))
    base = base64.b64encode(octets).decode()
    for text in (octets.hex(), octets.hex().upper(), f"\n {octets.hex()}\t", base):
        assert octets_of(kind, text) == octets
    for text in (octets.hex()[2:], octets.hex() + "00", f"0x{octets.hex()}", " ".join(octets.hex()), base[:-1]):
        assert octets_of(kind, text) is None, text


def test_a_digest_never_shows() -> None:
    digits = digest_of_word("md5", "zebra")
    entry = listed("md5", digits, entry="one")
    engine = engine_of([entry])
    verdict = engine.check("", media=[Media(id="a", md5=digits)])
    shown: list[object] = [
        entry,
        entry.digest,
        engine,
        engine.digests,
        verdict,
        verdict.matches,
        Media(id="a", md5=digits),
    ]
    shown += [pickle.loads(pickle.dumps(entry)).digest, verdict.as_dict()]  # noqa: S301  # our own bytes
    assert not any(digits[:12] in repr(each) or bytes.fromhex(digits).hex(" ") in repr(each) for each in shown)
    assert repr(bytes.fromhex(digits))[2:10] not in repr(shown)


def test_without_faiss_the_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "faiss", None)
    exact = engine_of([listed("md5", digest_of_word("md5", "zebra"), entry="m")])
    exact.ready()
    assert told(exact, md5=digest_of_word("md5", "zebra"), pdq=PICTURE) == [("m", "exact", None)]
    with pytest.raises(linkgate.UsageError, match=r"need faiss: pip install 'linkgate\[media\]'"):
        engine_of([listed("pdq", PICTURE)]).ready()
