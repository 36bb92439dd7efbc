"""Allow entries end at their time, and the snapshot id says which have."""

from __future__ import annotations

import pytest

from linkgate import Engine, Source, compile_lists, newer

LISTED = Source(name="listed", data=b"*.bad.example\nhttp://worse.example/x\n")
DATES = "url,scope,expires,note\none.bad.example,host,2026-01-31,case 1\ntwo.bad.example,host,2026-02-28,case 2\n"
FIRST, SECOND = 1769904000, 1772323200


def engine_of(dates: str = DATES) -> Engine:
    return compile_lists([LISTED, Source(name="ours", data=dates.encode(), allow=True, format="csv")]).engine


def flagged(engine: Engine) -> list[bool]:
    """For both allowed hosts; the gate finds each suspect, so `check` says what `lookup` says."""
    messages = [f"see http://{name}.bad.example/" for name in ("one", "two")]
    found = [engine.check(message).flagged for message in messages]
    assert found == [engine.lookup(message[4:]).flagged for message in messages]
    return found


@pytest.mark.parametrize(
    ("moment", "expected", "ended", "following"),
    [
        (FIRST - 1, [False, False], None, FIRST),
        (FIRST, [True, False], FIRST, SECOND),
        (SECOND - 0.5, [True, False], FIRST, SECOND),
        (SECOND, [True, True], SECOND, None),
    ],
)
def test_what_was_allowed_is_flagged_from_its_end_on(
    moment: float, expected: list[bool], ended: int | None, following: int | None
) -> None:
    engine = engine_of()
    later = engine.at(moment)
    assert flagged(later) == expected
    assert later.snapshot == (engine.snapshot if ended is None else f"{engine.snapshot}~{ended}")
    assert later.check("nothing").snapshot == later.check("http://one.bad.example/").snapshot == later.snapshot
    assert later.next_end(moment) == following
    assert flagged(engine) == [False, False]  # the engine itself is immutable


def test_one_moment_after_another_is_the_later_one() -> None:
    engine = engine_of()
    assert engine.at(FIRST).at(SECOND).snapshot == engine.at(SECOND).snapshot
    assert engine.at(SECOND).at(0).snapshot == engine.snapshot
    assert engine.at(FIRST - 1) is engine


def test_an_engine_of_a_moment_travels_as_sections() -> None:
    later = engine_of().at(FIRST)
    again = Engine.from_sections(later.sections())
    assert (again.snapshot, again.allowances) == (later.snapshot, later.allowances)
    assert flagged(again) == [True, False]


def test_reason_and_end_are_part_of_the_snapshot() -> None:
    engines = [engine_of(), engine_of(DATES.replace("case 2", "case 3")), engine_of(DATES.replace("02-28", "02-27"))]
    assert len({engine.snapshot for engine in engines}) == 3


def test_lists_without_terms_have_the_snapshot_that_they_had() -> None:
    assert "allowances" not in engine_of("url,scope\none.bad.example,host\n").sections()


def test_of_one_id_the_earliest_end_counts() -> None:
    dates = "url,scope,id,expires\none.bad.example,host,A,2026-02-28\ntwo.bad.example,host,A,2026-01-31\n"
    assert flagged(engine_of(dates).at(FIRST)) == [True, True]


def test_an_allowance_that_has_ended_since_makes_news() -> None:
    engine = engine_of()
    assert flagged(newer(engine.at(FIRST), than=engine).engine)[0]
    assert not any(flagged(newer(engine, than=engine.at(FIRST)).engine))
    shorter = engine_of(DATES.replace("2026-02-28", "2026-01-30"))
    assert all(flagged(newer(shorter.at(FIRST), than=engine).engine))


def test_an_explanation_names_what_allows() -> None:
    engine = engine_of()
    [found] = engine.explain("hxxp://one.bad[.]example/x").allowed
    assert (found.list, found.reason, found.ends) == ("ours", "case 1", FIRST)
    assert engine.at(FIRST).explain("http://one.bad.example/x").allowed == ()
    assert engine.explain("http://worse.example/x").allowed == ()
