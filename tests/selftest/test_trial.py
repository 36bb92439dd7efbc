"""The trial: every class of what is documented, right kinds, and no way to pass by mistake."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

import linkgate
from catches import rows
from files import digest_of_word
from linkgate.lists.canaries import ADDRESSES, CANARY_LIST
from linkgate.selftest import Answer, Certificate, one_by_one, probes, run, to_html
from linkgate.selftest.controls import CONTROLS
from linkgate.selftest.table import SPELLINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linkgate import Engine, Verdict
    from linkgate.selftest import Probe, Trial

from linkgate.core.wrappers import WRAPPERS
from linkgate.selftest.carriers import NESTED

DAY = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)
# Nothing that a canary could stand for.
NO_CANARY = {
    "Telegram: one target, many spellings",
    "Telegram: invitations",
    "MEGA: the old and the new form",
    "MEGA: a file in a listed folder",
    "matrix.to, however escaped",
    "an anchor in the list",
    "other names of one shortener",
    "mentions in Telegram, which are no links",
    "an escaped `&` or `+`, which is another character to a server",
    "shorteners: what lies behind one is not fetched",
    "pages behind a login, QR codes, pictures of an address, files",
    "an address spelled out letter by letter",
}
FILES = ("sha256", "sha1", "md5", "pdq")
BARE = linkgate.Engine.build(iter(()), rules=linkgate.packaged_rules())


@pytest.fixture(scope="module")
def engine() -> Engine:
    """An engine with listed addresses of every kind, so that it carries every canary."""
    return linkgate.compile_lines(["http://198.51.100.7/x", "http://[2001:db8::1]/zebrapath"], name="demo").engine


@pytest.fixture(scope="module")
def trial(engine: Engine) -> Trial:
    return run(one_by_one(engine.check), carried=engine.canaries)


def test_every_documented_class_is_tried() -> None:
    documented = {(row["class"], bool(row["kind"])) for row in rows() if row["class"] not in NO_CANARY}
    documented -= {(row.name, True) for row in WRAPPERS if row.name not in {each.name for each in NESTED}}
    tried = {(spelling.name, True) for spelling in SPELLINGS} | {(control.name, False) for control in CONTROLS}
    assert documented <= tried


def test_all_is_caught_as_what_it_is(trial: Trial) -> None:
    assert trial.passed
    assert (trial.absent, len(trial.snapshots)) == (FILES, 1)
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    for outcome in (each for each in trial.outcomes if each.probe.media is None):
        kinds[outcome.probe.spelling].update(outcome.kinds)
    assert {name: kinds[name] for name in kinds} == {
        **{spelling.name: {spelling.kind or ""} for spelling in SPELLINGS},
        **{control.name: set() for control in CONTROLS},
    }


def test_every_canary_is_tried_in_many_classes_and_near_it() -> None:
    near: set[str] = set()
    classes: defaultdict[str, set[str]] = defaultdict(set)
    for probe in (each for each in probes() if each.media is None):
        if probe.control:
            near.add(probe.canary)
        else:
            classes[probe.canary].add(probe.spelling)
    assert near == set(classes) == set(ADDRESSES)
    assert min(map(len, classes.values())) >= 18


def test_messages_are_all_different_and_always_the_same() -> None:
    posted = [str(probe.posted) for probe in probes()]
    assert len(set(posted)) == len(posted)
    assert probes() == probes()


def test_spellings_that_a_browser_opens_lead_where_the_canary_is() -> None:
    """What is called exact is not exact by the grace of our own table: the canonical URL is the sample's."""
    for probe in probes():
        if probe.link is not None and probe.spelling != "scripts":
            plain = next(each for each in probes() if each.canary == probe.canary and each.spelling == "as listed")
            told = linkgate.canonicalize(plain.text.removeprefix("see "))
            assert linkgate.canonicalize(probe.link) == told


class Wrong:
    """A gate with a fault of its own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def drops_loose(self, text: str, *, links: Sequence[str] = ()) -> Verdict:
        verdict = self.engine.check(text, links=links)
        kept = tuple(match for match in verdict.matches if match.kind.value != "loose")
        return linkgate.Verdict(snapshot=verdict.snapshot, matches=kept)

    def ignores_hidden_links(self, text: str, *, links: Sequence[str] = ()) -> Verdict:
        return self.engine.check(text, links=links[:0])

    def reads_ascii_alone(self, text: str, *, links: Sequence[str] = ()) -> Verdict:
        links = [link.encode("ascii", "ignore").decode() for link in links]
        return self.engine.check(text.encode("ascii", "ignore").decode(), links=links)

    def flags_all_that_names_a_host(self, text: str, *, links: Sequence[str] = ()) -> Verdict:
        if "linkgate-canary-page" in text:
            text = f"{text} {ADDRESSES['page']}"
        return self.engine.check(text, links=links)


@pytest.mark.parametrize(
    ("fault", "slipped", "flagged"),
    [
        ("drops_loose", {spelling.name for spelling in SPELLINGS if spelling.kind == "loose"}, set()),
        ("ignores_hidden_links", {spelling.name for spelling in SPELLINGS if spelling.hidden}, set()),
        ("reads_ascii_alone", {"full-width letters and ideographic dots"}, {"look-alike letters"}),
        ("flags_all_that_names_a_host", set(), {"another page of the same host", "another port"}),
    ],
)
def test_a_fault_is_found_and_named(engine: Engine, fault: str, slipped: set[str], flagged: set[str]) -> None:
    trial = run(one_by_one(getattr(Wrong(engine), fault)), carried=engine.canaries)
    certificate = Certificate(trial=trial, date=DAY, via="test")
    assert not certificate.passed
    assert slipped <= {outcome.probe.spelling for outcome in certificate.slipped}
    if not flagged:
        assert certificate.flagged == ()
    elif not slipped:
        assert {outcome.probe.canary for outcome in certificate.flagged} == {"page"}
        assert flagged <= {outcome.probe.spelling for outcome in certificate.flagged}
        assert certificate.slipped == ()
    assert json.loads(certificate.to_json())["result"] == "failed"
    page = to_html(certificate)
    assert "Failed." in page
    assert ("Slipped through" in page) == bool(slipped)


@pytest.mark.parametrize("carried", [(), None])
def test_an_engine_without_canaries_cannot_be_tested(carried: tuple[str, ...] | None) -> None:
    with pytest.raises(linkgate.UsageError, match="carries no canaries"):
        run(one_by_one(BARE.check), carried=carried)


def test_an_engine_that_lost_one_canary_fails() -> None:
    """What an engine should carry and is not found has slipped, even where nobody says what it carries."""
    entries = [entry for entry in _canaries() if not entry.id.endswith(("domain", "ipv6"))]
    engine = linkgate.Engine.build(entries, rules=linkgate.packaged_rules())
    trial = run(one_by_one(engine.check))
    assert trial.absent == ("ipv6", *FILES)
    assert {outcome.probe.canary for outcome in trial.outcomes if not outcome.right} == {"domain"}


def _canaries() -> Iterator[linkgate.Entry]:
    engine = linkgate.compile_lines(["http://198.51.100.7/x", "http://[2001:db8::1]/x"]).engine
    return (entry for entry in engine._matcher.index.entries() if entry.list == CANARY_LIST)


def test_an_answer_that_does_not_come_is_no_pass(engine: Engine) -> None:
    ask = one_by_one(engine.check)

    def cut_off(messages: Sequence[Probe]) -> Iterator[Answer]:
        yield from ask(messages[:-1])

    with pytest.raises(linkgate.UsageError, match=r"([0-9,]+) messages were sent and (?!\1)[0-9,]+ answers came back"):
        run(cut_off, carried=engine.canaries)


def test_a_certificate_is_the_same_but_for_its_date(engine: Engine, trial: Trial) -> None:
    again = run(one_by_one(engine.check), carried=engine.canaries)
    one, other = (Certificate(trial=each, date=DAY, via="library") for each in (trial, again))
    assert one.to_json() == other.to_json()
    assert to_html(one) == to_html(other)
    later = Certificate(trial=trial, date=DAY + dt.timedelta(days=90), via="library").as_dict()
    assert {key for key, value in one.as_dict().items() if later[key] != value} == {"date"}


def test_a_certificate_says_all_that_was_tried(trial: Trial) -> None:
    lists = ({"name": "partner", "entries": 3, "changed": "2026-01-30T00:00:00Z"},)
    told = json.loads(Certificate(trial=trial, date=DAY, via="library", lists=lists).to_json())
    assert (told["result"], told["date"], told["via"]) == ("passed", "2026-01-31T12:00:00Z", "library")
    assert (
        told["counts"]["tried"]
        == told["counts"]["caught"]
        == sum(not probe.control and probe.media is None for probe in probes())
    )
    assert told["counts"]["controls"] == told["counts"]["controls_clear"]
    assert told["versions"]["linkgate"] == linkgate.__version__
    assert dt.date.fromisoformat(told["public_suffix_list"]) > dt.date(2020, 1, 1)
    assert told["lists"] == list(lists)
    messages = [(row["class"], each) for row in told["spellings"] + told["controls"] for each in row["messages"]]
    assert [(name, each.get("text", ""), each.get("link")) for name, each in messages] == [
        (probe.spelling, probe.text, probe.link) for probe in probes() if probe.media is None
    ]


def test_a_certificate_holds_no_listed_address_and_its_page_no_link(trial: Trial) -> None:
    certificate = Certificate(trial=trial, date=DAY, via="<library>", lists=({"name": "<b>"},))
    page = to_html(certificate)
    for text in (page, certificate.to_json()):
        assert "zebrapath" not in text
        assert "198.51.100.7" not in text
    assert "<a " not in page
    assert "<img" not in page
    assert "<script" not in page
    assert "<b>" not in page
    assert "&lt;library&gt;" in page
    assert page.isprintable() or not [char for char in page if not (char.isprintable() or char == "\n")]


def test_files_are_tried_where_lists_have_them() -> None:
    pytest.importorskip("faiss", reason="the extra `media` is not installed")
    lists = [linkgate.Source(name=kind, data=digest_of_word(kind, "zebra").encode(), type=kind) for kind in FILES]
    engine = linkgate.compile_lists(lists).engine
    trial = run(one_by_one(engine.check), carried=engine.canaries)
    assert trial.passed
    assert trial.absent == ("ipv4", "ipv6")
    files = [each for each in trial.outcomes if each.probe.media is not None]
    assert {each.kinds for each in files if not each.probe.control} == {("exact",), ("near",)}
    assert sum(each.probe.control for each in files) == 8
    told = Certificate(trial=trial, date=DAY, via="library").as_dict()
    assert [row["entry"] for row in told["canaries"] if row["tried"]][-4:] == [
        f"linkgate-canary:{kind}" for kind in FILES
    ]

    def deaf(text: str, *, links: Sequence[str] = (), media: object = ()) -> Verdict:  # noqa: ARG001  # its fault
        return engine.check(text, links=links)

    slipped = [each for each in run(one_by_one(deaf), carried=engine.canaries).outcomes if not each.right]
    assert {each.probe.canary for each in slipped} == set(FILES)
