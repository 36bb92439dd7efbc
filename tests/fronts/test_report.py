"""The report as a file: its numbers, what it keeps, what it never holds. How it looks is test_report_page.py's."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reported import HOSTILE, Page, batch, hit, hostile_hits, many, run_of
from running import DATA, environment, run

import linkgate
from linkgate.columns.schema import HITS
from linkgate.fronts.report import charts, require_report, write_report
from linkgate.fronts.report.charts import Bar
from linkgate.fronts.report.hit_table import HitTable
from linkgate.fronts.report.totals import ACTIONS, COLUMNS, Totals

if TYPE_CHECKING:
    from pathlib import Path

LINK = "http://user@bad.example/way?x=1"
DEFANGED = "hxxp://user@bad[.]example/way?x=1"
Hit = dict[str, Any]


def written(folder: Path, hits: Any, told: Any) -> str:
    path = folder / "report.html"
    write_report(path, hits, told)
    return path.read_text("utf-8")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> str:
    told = run_of(1, text=HOSTILE[0]) | {"files": HOSTILE, "lists": HOSTILE, "snapshot": HOSTILE[2]}
    return written(tmp_path_factory.mktemp("hostile"), hostile_hits(), told)


# Numbers

texts = st.sampled_from([None, "one", "two", ""])
hits = st.builds(
    hit,
    file=st.sampled_from(["a", "b"]),
    place=st.integers(1, 3),
    list=texts,
    category=texts,
    steps=st.lists(st.sampled_from(["www", "path-case"]), max_size=2),
    action=st.sampled_from(ACTIONS),
    time=st.none() | st.integers(-(10**17), 3 * 10**17),
)


@given(st.lists(hits, max_size=20), st.integers(1, 7))
def test_totals_are_those_of_the_rows_however_they_are_cut(rows: list[Hit], size: int) -> None:
    totals = Totals()
    for first in range(0, len(rows), size):
        totals.add(batch(rows[first : first + size]))
    assert totals.hits == len(rows)
    for name in COLUMNS:
        assert totals.by[name] == Counter(row[name] for row in rows)
    assert totals.steps == Counter(step for row in rows for step in row["steps"])
    assert totals.stepped == sum(bool(row["steps"]) for row in rows)
    bins = totals.times.bins()
    timed = [row for row in rows if row["time"] is not None]
    assert totals.times.unknown + bins.outside + sum(each.hits for each in bins.bins) == len(rows)
    assert totals.times.unknown >= len(rows) - len(timed)


def test_a_message_counts_once_whatever_its_hits() -> None:
    totals = Totals()
    totals.add(batch([hit(place=1), hit(place=1), hit(place=2, action="review")]))
    totals.add(batch([hit(place=2, action="review"), hit(place=2, file="other", action="log")]))
    assert totals.messages == {"block": 1, "review": 1, "log": 1}
    assert totals.flagged == 2


# What the table keeps


def test_the_heaviest_are_kept_and_the_lighter_get_their_share() -> None:
    kept = HitTable(limit=10, show_urls=False)
    for action, number in (("log", 5), ("review", 9), ("block", 30)):
        kept.add(batch(hit(id=f"{action}{n}", action=action) for n in range(number)))
    assert [each["id"] for each in kept.hits()] == [
        *(f"block{n}" for n in range(6)),
        *("review0", "review1", "log0", "log1"),
    ]


@given(st.lists(st.sampled_from(ACTIONS), max_size=30), st.integers(0, 12))
def test_the_table_is_as_full_as_it_may_be(actions: list[str], limit: int) -> None:
    kept = HitTable(limit=limit, show_urls=False)
    kept.add(batch(hit(id=str(n), action=action) for n, action in enumerate(actions)))
    shown = kept.hits()
    assert len(shown) == min(limit, len(actions))
    assert [ACTIONS.index(each["action"]) for each in shown] == sorted(ACTIONS.index(each["action"]) for each in shown)


def test_memory_does_not_grow_with_the_hits(tmp_path: Path) -> None:
    one = next(many(1_500))
    before = pa.total_allocated_bytes()
    peaks: list[int] = []

    def streamed() -> Any:
        for _ in range(100):
            peaks.append(pa.total_allocated_bytes() - before)
            yield pa.concat_batches([one, one])  # a copy: what is held would add up

    page = written(tmp_path, streamed(), run_of(300_000))
    assert max(peaks) < 8 * one.nbytes
    assert "5,000 of 300,000 hits" in page
    assert len(page) < 1_500_000


# What a page never holds


def test_only_our_own_script_runs(hostile: str) -> None:
    page = Page(hostile)
    policy = str(page.value("meta", "content")[0])
    data, script = page.raw["script"]
    assert page.tags["script"] == 2
    for name, text in (("script-src", script), ("style-src", page.raw["style"][0])):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{name} 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert isinstance(json.loads(data), dict)
    assert hostile.index("Content-Security-Policy") < min(hostile.index("<style"), hostile.index("<script"))


def test_no_text_becomes_an_element_or_attribute(hostile: str) -> None:
    page = Page(hostile)
    assert not page.tags["img"]
    assert not [name for _, name, _ in page.attributes if name.startswith("on") or name in {"src", "style", "action"}]
    links = [value for _, name, value in page.attributes if name.endswith("href")]
    assert links
    assert all(re.fullmatch(r"#[\w%=&.~-]*", str(link)) for link in links)


def test_nothing_invisible_is_in_a_page(hostile: str) -> None:
    bad = {char for char in hostile if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}} - {"\n"}
    assert not bad
    words = json.loads(Page(hostile).raw["script"][0])["words"]
    assert all(word.isprintable() and len(word) <= 160 for word in words)
    assert r"\u202egnp.exe\u2066" in words


@pytest.mark.parametrize("asked", [False, True])
def test_links_are_shown_only_when_asked_and_defanged(tmp_path: Path, *, asked: bool) -> None:
    told = run_of(1, **({"show_urls": "True"} if asked else {}))
    page = written(tmp_path, [batch([hit(link=LINK)])], told)
    assert "bad.example" not in page
    assert (DEFANGED in page) is asked
    assert ("no link of a message" in page) is not asked


def test_ids_and_files_that_are_links_are_defanged_wherever_they_stand(tmp_path: Path) -> None:
    rows = [hit(id=LINK, file=LINK, entry=f"demo:{LINK}", place=n) for n in range(2)]
    page = written(tmp_path, [batch(rows)], run_of(2, text=LINK) | {"files": [LINK], "lists": [LINK]})
    assert "bad.example" not in page
    words = json.loads(Page(page).raw["script"][0])["words"]
    assert {DEFANGED, f"demo:{DEFANGED}"} <= set(words)
    assert f"#file={quote(DEFANGED, safe='')}" in Page(page).value("a", "href")


@given(st.lists(st.text(), min_size=1, max_size=3))
def test_charts_take_any_text(labels: list[str]) -> None:
    rows = [Bar(label="".join(filter(str.isprintable, label)), hits=n + 1, href="#a") for n, label in enumerate(labels)]
    page = Page(charts.bars(rows, 9))
    assert set(page.tags) <= {"svg", "g", "a", "path", "text", "line"}
    assert page.tags["a"] == len(rows)
    told = [value for value in page.value("path", "aria-label") if value]
    assert [text.rpartition(": ")[0] for text in told] == [row.label for row in rows]


# Where it is written


def test_hits_without_the_link_column_and_a_bare_run_are_enough(tmp_path: Path) -> None:
    spooled = batch([hit()]).select([name for name in HITS.names if name != "link"])
    page = written(tmp_path, [spooled], {})
    assert "1 message links to a listed page" in page
    assert "No message links to a listed page" in written(tmp_path, [], {})


def test_unknown_years_and_hidden_links_pass(tmp_path: Path) -> None:
    rows = [hit(time=time) for time in (None, -(2**62), 2**62, 0)]
    page = written(tmp_path, [batch(rows)], run_of(4))
    assert "3 hits without a time are not shown." in page


def test_a_failed_write_keeps_the_old_page_and_leaves_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("old")

    def broken() -> Any:
        yield next(many(10))
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_report(path, broken(), run_of(10))
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["report.html"]  # noqa: PTH208  # names are what is asked
    with pytest.raises(OSError, match="directory"):
        write_report(tmp_path, [], {})


def test_only_its_owner_can_read_it_whatever_lay_there(tmp_path: Path) -> None:
    page, draft, other = (tmp_path / name for name in ("report.html", "report.html.draft", "other.html"))
    for path in (page, other):
        path.write_text("old")
        path.chmod(0o666)
    draft.symlink_to(other)
    write_report(page, [], {})
    assert page.stat().st_mode & 0o777 == 0o600
    assert other.read_text() == "old"
    assert not draft.is_symlink()


@pytest.mark.parametrize("name", ["", "nowhere/report.html", "file/report.html"])
def test_a_place_that_takes_no_report_is_told_before_the_scan(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    for good in (tmp_path / "report.html", "report.html", "/dev/null"):
        require_report(good)
    with pytest.raises(linkgate.UsageError, match=r"directory|its folder"):
        require_report(tmp_path / name)


def test_it_can_be_written_to_a_stream_or_through_a_link(tmp_path: Path) -> None:
    code = "import sys; from linkgate.fronts.report import write_report; write_report(sys.argv[1], [], {})"
    done = subprocess.run(
        [sys.executable, "-c", code, "/dev/stdout"], capture_output=True, check=True, env=environment()
    )
    link = tmp_path / "latest.html"
    link.symlink_to(tmp_path / "report.html")
    write_report(link, [], {})
    assert link.is_symlink()
    for page in (done.stdout, (tmp_path / "report.html").read_bytes()):
        assert page.startswith(b"<!doctype html>")
        assert page.rstrip().endswith(b"</html>")


@pytest.mark.parametrize("name", ["vl_convert", "jinja2"])
def test_a_missing_package_is_one_sentence(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(linkgate.UsageError, match=r"pip install 'linkgate\[report\]'$"):
        write_report(tmp_path / "report.html", [], {})


def test_the_command_writes_one_and_nothing_else(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    found, page = tmp_path / "hits.jsonl", tmp_path / "report.html"
    given: list[str | Path] = [DATA / "posts.jsonl", "--list", DATA / "sample.txt", "-o", found, "--report", page]
    done = run("scan", *given, HOME=str(home), TMPDIR=str(home))
    assert done.returncode == 1, done.stderr
    number = len(found.read_bytes().splitlines())
    table = json.loads(Page(page.read_text("utf-8")).raw["script"][0])
    assert len(table["rows"]) == number
    assert not list(home.rglob("*"))


def test_how_the_inputs_were_read_is_told_once(tmp_path: Path) -> None:
    told = run_of(1) | {"read_as": ["JSON lines; text from body", "CSV; text from text", "JSON lines; text from body"]}
    page = written(tmp_path, [batch([hit()])], told)
    assert page.count("JSON lines; text from body") == page.count("CSV; text from text") == 1
