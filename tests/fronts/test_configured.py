"""`check` and `scan` under a linkgate.toml: what they say is what the send path does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from desk import Desk, local, page
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from running import rows, run, sentence
from test_resuming import interrupted

import linkgate
from linkgate import Gate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RULES = [
    ('actions = { exact = "review", loose = "log" }', ""),
    ("shadow = true", 'actions = { loose = "block" }'),
    ('share = "40%"', 'share = "70%"'),
    ('share = "40%"\nactions = { nested = "log" }', "shadow = true"),
]
LOOSE, NESTED = "www.bad2.example/page/", "http://other.example/?u=http%3A%2F%2Fbad1.example%2Fpage"
PIECES = ["good morning", page(0), page(1), page(2), page(5), LOOSE, NESTED]


def two_lists(folder: Path, one: str, other: str, *, rest: str = "") -> Desk:
    made = Desk(folder, local())
    made.configure(local(more=one), f'name = "other"\npath = "other.txt"\n{other}', rest=rest)
    made.put("partner.txt", "".join(f"{page(number)}\n" for number in range(3)).encode())
    made.put("other.txt", f"{page(1)}\n{page(5)}\n".encode())
    made.update()
    return made


@pytest.fixture(scope="module", params=RULES, ids=["actions", "shadow", "share", "both"])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return two_lists(tmp_path_factory.mktemp("desk"), *request.param, rest="[surge]\nleast = 1_000_000\n")


@pytest.fixture(scope="module")
def gate(desk: Desk) -> Iterator[Gate]:
    with Gate.of(desk.path, watch=None) as opened:
        yield opened


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    messages=st.lists(
        st.tuples(st.lists(st.sampled_from(PIECES), max_size=3).map(" ".join), st.none() | st.text(max_size=5)),
        min_size=1,
        max_size=20,
    )
)
def test_an_archive_gets_the_actions_of_the_send_path(
    messages: list[tuple[str, str | None]], desk: Desk, gate: Gate
) -> None:
    """The law: with one configuration, and the breaker closed, `scan` and `Gate` agree message by message."""
    policy = linkgate.policy_of(desk.config, desk.store.current.lists)
    names = [None if name is None else name.encode("utf-8", "replace").decode() for _, name in messages]
    texts = [text for text, _ in messages]
    batch = pa.RecordBatch.from_pydict({"id": pa.array(names, pa.string()), "text": texts})
    hits = linkgate.scan_batch(batch, desk.store.load(), policy=policy)
    told = dict(zip(hits.column("place").to_pylist(), hits.column("message_action").to_pylist(), strict=True))
    sent = [gate.check(text, message=name) for text, name in zip(texts, names, strict=True)]
    assert told == {place: verdict.action for place, verdict in enumerate(sent, 1) if verdict.matches}


def posts(desk: Desk, count: int = 200) -> list[dict[str, Any]]:
    found = [{"id": f"m{number}", "text": PIECES[number % len(PIECES)]} for number in range(count)]
    desk.put("posts.jsonl", "".join(f"{json.dumps(post)}\n" for post in found).encode())
    return found


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_scan_under_a_configuration(desk: Desk, gate: Gate, jobs: str) -> None:
    found = posts(desk)
    done = run("scan", "posts.jsonl", "--config", "linkgate.toml", "--json", "--jobs", jobs, cwd=desk.folder)
    sent = {post["id"]: gate.check(post["text"], message=post["id"]) for post in found}
    assert {hit["id"]: hit["message_action"] for hit in rows(done.stdout)} == {
        name: verdict.action for name, verdict in sent.items() if verdict.matches
    }
    flagged = sum(verdict.flagged for verdict in sent.values())
    assert json.loads(done.stderr)["flagged"] == flagged
    assert done.returncode == (1 if flagged else 0)


def test_check_under_a_configuration(desk: Desk, gate: Gate) -> None:
    for number in range(8):
        text, name = f"{page(1)} {LOOSE}", f"m{number}"
        done = run("check", text, "--config", "linkgate.toml", "--id", name, "--json", cwd=desk.folder)
        verdict = gate.check(text, message=name)
        assert json.loads(done.stdout) == verdict.as_dict()
        assert done.returncode == (1 if verdict.flagged else 0)


def test_check_says_why_less_is_done(tmp_path: Path) -> None:
    made = two_lists(tmp_path, "shadow = true", 'share = "0%"')
    done = run("check", page(1), "--config", "linkgate.toml", cwd=made.folder)
    assert done.returncode == 0
    told = done.stdout.decode().splitlines()
    assert told[0] == "listed (log)"
    assert sorted(row.partition("; characters 0-24; ")[2] for row in told[1:]) == [
        "log, not block: its list is in shadow",
        "log, not block: the message is not in the share of its list",
    ]


SURFACES = "[surfaces]\nprivate = false\n[surge]\nlist_per_minute = 1\n"


def test_a_surface_that_is_off_is_not_read(tmp_path: Path) -> None:
    made = two_lists(tmp_path, "", "", rest=SURFACES)
    options = ("--config", "linkgate.toml", "--surface", "private")
    done = run("check", page(1), *options, cwd=made.folder)
    assert (done.returncode, done.stdout) == (2, b"not scanned\n")
    assert "has the surface private off, so nobody looked" in sentence(done)
    done = run("check", page(1), *options, "--json", cwd=made.folder)
    assert (done.returncode, json.loads(done.stdout)["scanned"]) == (2, False)
    posts(made)
    done = run("scan", "posts.jsonl", *options, cwd=made.folder)
    assert (done.returncode, done.stdout) == (2, b"")
    assert "has the surface private off, so nothing is read" in sentence(done)


def test_a_surface_that_nobody_declared_is_read_and_told(tmp_path: Path) -> None:
    made = two_lists(tmp_path, "", "", rest=SURFACES)
    done = run("check", page(1), "--config", "linkgate.toml", "--surface", "privat", cwd=made.folder)
    assert "does not know the surface privat, so it is read; it knows private" in sentence(done, code=1)


def test_the_breaker_has_no_say_about_an_archive(tmp_path: Path) -> None:
    made = two_lists(tmp_path, "", "", rest=SURFACES)
    with Gate.of(made.path, watch=None) as gate:
        assert [gate.check(page(0)).action for _ in range(3)] == ["block", "review", "review"]
    made.put("posts.txt", f"{page(0)}\n".encode() * 50)
    done = run("scan", "posts.txt", "--config", "linkgate.toml", cwd=made.folder)
    assert {hit["action"] for hit in rows(done.stdout)} == {"block"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("check", "x", "--config", "linkgate.toml", "--list", "store"), "--config has a store of its own"),
        (("scan", "posts.txt", "--config", "linkgate.toml", "--list", "store"), "--config has a store of its own"),
        (("check", "x", "--list", "store", "--surface", "private"), "--surface is a word of linkgate.toml"),
        (("check", "x", "--list", "store", "--id", "7"), "--id counts where a list has a share"),
        (("check", "x", "--config", "none.toml"), "none.toml cannot be read: it does not exist"),
    ],
)
def test_options_that_do_not_go_together(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    made = two_lists(tmp_path, "", "")
    made.put("posts.txt", b"x\n")
    done = run(*arguments, cwd=made.folder)
    assert done.returncode == 2
    assert words in sentence(done)


def test_a_list_of_the_environment_gives_way(tmp_path: Path) -> None:
    made = two_lists(tmp_path, "", "")
    done = run("check", page(1), "--config", "linkgate.toml", cwd=made.folder, LINKGATE_LIST="nowhere.txt")
    assert done.returncode == 1


def test_since_under_a_configuration(tmp_path: Path) -> None:
    made = two_lists(tmp_path, 'actions = { exact = "review" }', "")
    made.put("partner.txt", "".join(f"{page(number)}\n" for number in range(4)).encode())
    made.update()
    made.put("posts.txt", f"{page(0)}\n{page(3)}\n".encode())
    done = run("scan", "posts.txt", "--config", "linkgate.toml", "--since", "1", cwd=made.folder)
    assert [(hit["place"], hit["action"]) for hit in rows(done.stdout)] == [(2, "review")]


def test_under_another_policy_no_scan_goes_on(tmp_path: Path) -> None:
    made = two_lists(tmp_path, "", "")
    made.put("posts.jsonl", b"".join(b'{"id": "%d", "text": "%s"}\n' % (n, page(0).encode()) for n in range(20)))
    scan = ("scan", "posts.jsonl", "-", "--config", "linkgate.toml", "-o", "hits.jsonl")
    interrupted(tmp_path, *scan)
    made.configure(local(more="shadow = true"))
    told = run(*scan, "--resume", cwd=tmp_path).stderr.decode().splitlines()
    assert "hits.jsonl: the policy of --config has changed since it was begun" in told[-1]
