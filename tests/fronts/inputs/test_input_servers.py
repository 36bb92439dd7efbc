"""PostgreSQL and MariaDB, real ones: the same hits as from a file, constant memory, and every way to fail in words."""

import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from running import COMMAND, environment, last, rows, run, until

import linkgate

pytest.importorskip("sqlalchemy", reason="the extra `database` is not installed")

from servers import PASSWORD, SERVERS, Between, Server, free_port
from test_input_memory import reads

POSTS: list[dict[str, Any]] = [
    {"nr": 1, "body": "see http://bad.example/page 😀", "links": None, "sent": "2024-05-17 08:30:00"},
    {"nr": 2, "body": None, "links": '["http://a.worse.example/"]', "sent": None},
    {"nr": 3, "body": "😀😀 ｗorse。example", "links": None, "sent": "2024-05-17 08:30:01"},
    {"nr": 4, "body": "nothing", "links": None, "sent": "1969-12-31 23:59:59"},
    {"nr": 2**62, "body": "a\nb\t'\"\\ %s :x bad.example/page", "links": "", "sent": "2024-05-17 08:30:01"},
]
INSERT = "INSERT INTO posts VALUES (:nr, :body, :links, :sent)"
LARGE = {"postgresql": "generate_series(1, {})", "mysql": "seq_1_to_{}"}


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with SERVERS[request.param]() as server:
        server.execute(
            "CREATE TABLE posts (nr BIGINT PRIMARY KEY, body TEXT, links TEXT, sent TIMESTAMP NULL)"
            if server.driver.startswith("postgresql")
            else "CREATE TABLE posts (nr BIGINT PRIMARY KEY, body TEXT, links TEXT, sent DATETIME NULL)"
        )
        server.insert(INSERT, POSTS[::-1])
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    linkgate.save(linkgate.compile_lines(["http://bad.example/page", "*.worse.example"]).engine, tmp_path / "listed")
    return tmp_path


def scan(folder: Path, source: str, *options: str) -> "subprocess.CompletedProcess[bytes]":
    return run("scan", source, "--list", "listed", *options, cwd=folder)


def of_file(row: dict[str, Any]) -> dict[str, Any]:
    """A hit without where it was found."""
    return {name: value for name, value in row.items() if name not in {"file", "place"}}


def large(server: Server, count: int) -> str:
    """A table of so many rows, of which every thousandth links to a listed page."""
    backend = server.driver.partition("+")[0]
    name, number = (f"large_{count}", "g" if backend == "postgresql" else "seq")
    text = f"CASE WHEN MOD({number}, 1000) = 0 THEN 'see http://bad.example/page' ELSE REPEAT('x', 200) END"
    series = LARGE[backend].format(count)
    server.execute(
        f"CREATE TABLE IF NOT EXISTS {name} (id BIGINT PRIMARY KEY, body TEXT)",
        f"INSERT INTO {name} SELECT {number}, {text} FROM {series} {'g' if number == 'g' else ''} "  # noqa: S608  # ours
        f"WHERE NOT EXISTS (SELECT 1 FROM {name})",
    )
    return name


def test_the_same_hits_as_from_a_file(server: Server, folder: Path) -> None:
    lines = [post | {"links": json.loads(post["links"] or "[]")} for post in POSTS]
    (folder / "posts.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    fields = ("--id", "nr", "--time", "sent", "--max-bad", "0")
    found = scan(folder, server.url(table="posts"), *fields)
    expected = scan(folder, "posts.jsonl", *fields)
    assert (found.returncode, expected.returncode) == (1, 1), found.stderr
    assert list(map(of_file, rows(found.stdout))) == list(map(of_file, rows(expected.stdout)))
    assert [row["id"] for row in rows(found.stdout)] == [1, 2, 3, 2**62]
    assert PASSWORD.encode() not in found.stdout + found.stderr


def test_a_table_of_a_schema(server: Server, folder: Path) -> None:
    schema = "public" if server.driver.startswith("postgresql") else "forum"
    done = scan(folder, server.url(table=f"{schema}.posts"), "--id", "nr")
    assert [row["id"] for row in rows(done.stdout)] == [1, 2, 3, 2**62], done.stderr


def test_ctrl_c_waits_for_no_rest_of_a_table(server: Server, folder: Path) -> None:
    source = server.url(table=large(server, 300_000))
    scanning = [*COMMAND, "scan", source, "--list", "listed", "-o", "hits.jsonl"]
    with subprocess.Popen(scanning, stderr=subprocess.PIPE, cwd=folder, env=environment()) as process:
        until(lambda: (folder / "hits.jsonl").exists() and (folder / "hits.jsonl").stat().st_size > 0)
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=60)[1].decode()
    assert process.returncode == 130, told
    assert told.splitlines()[-1] == "linkgate: interrupted; go on with --resume"
    assert "Traceback" not in told
    assert scan(folder, source, "-o", "hits.jsonl", "--resume").returncode == 1
    assert [int(row["id"]) for row in rows((folder / "hits.jsonl").read_bytes())] == list(range(1000, 300_001, 1000))


def test_a_query_with_signs_that_drivers_know(server: Server, folder: Path) -> None:
    query = "SELECT nr AS id, sent AS created, body FROM posts WHERE body LIKE '%page%' AND body <> '%s :x' ORDER BY nr"
    done = scan(folder, server.url(query=query))
    assert done.returncode == 1, done.stderr
    assert [(row["id"], row["time"]) for row in rows(done.stdout)] == [
        (1, "2024-05-17T08:30:00Z"),
        (2**62, "2024-05-17T08:30:01Z"),
    ]


def test_a_large_table_in_the_memory_of_a_small_one(server: Server) -> None:
    ((_, _, small),) = reads(":" + server.url(table=large(server, 20_000)))
    ((count, bad, most),) = reads(":" + server.url(table=large(server, 300_000)))
    assert (count, bad) == (300_000, 0)
    assert most < small * 1.2


@pytest.fixture
def between(server: Server) -> Iterator[Between]:
    with contextlib.closing(Between(server.port)) as between:
        yield between


def test_a_dropped_connection_is_gone_on_with(server: Server, between: Between, folder: Path) -> None:
    source = server.url(port=between.port, table=large(server, 50_000))
    between.most = 1 << 40
    assert scan(folder, source, "-o", "whole.jsonl").returncode == 1
    between.most = 5_000_000
    dropped = last(scan(folder, source, "-o", "hits.jsonl"))
    assert ": the database broke off; try again when it answers; " in dropped
    assert dropped.endswith("go on with --resume")
    part = (folder / "hits.jsonl").read_bytes()
    assert 5 < len(rows(part)) < 45
    between.most = 0
    refused = last(scan(folder, source, "-o", "hits.jsonl", "--resume"))
    assert refused.endswith("go on with --resume")
    assert (folder / "hits.jsonl").read_bytes() == part
    between.most = 1 << 40
    server.execute("DELETE FROM large_50000 WHERE id <= 3000")  # nothing may be passed over for that
    done = scan(folder, source, "-o", "hits.jsonl", "--resume", "--jobs", "2")
    assert done.returncode == 1, done.stderr
    assert (folder / "hits.jsonl").read_bytes() == (folder / "whole.jsonl").read_bytes()
    assert [int(row["id"]) for row in rows((folder / "hits.jsonl").read_bytes())] == list(range(1000, 50_001, 1000))


@pytest.mark.parametrize(
    ("user", "told"),
    [
        ("reader:wrong-hunter2", "refused user or password"),
        ("reader", "refused user or password"),
        ("nobody:hunter2", "refused user or password"),
    ],
)
def test_a_wrong_password_is_told_and_not_shown(server: Server, folder: Path, user: str, told: str) -> None:
    done = scan(folder, server.url(user=user, table="posts"), "-o", "hits.jsonl")
    assert told in last(done)
    assert PASSWORD.encode() not in done.stdout + done.stderr
    assert b"reader" not in done.stderr
    assert PASSWORD not in "".join(path.read_text() for path in folder.glob("hits.jsonl*"))
    assert scan(folder, server.url(table="posts"), "-o", "hits.jsonl", "--resume").returncode == 1 + ("nobody" in user)


def test_a_database_that_is_not_there(server: Server, folder: Path) -> None:
    other = server.url(table="posts").replace("/forum", "/other")
    assert "is not on this server" in last(scan(folder, other))
    assert "does not answer" in last(scan(folder, server.url(port=free_port(), table="posts")))


def without(module: str, folder: Path, source: str) -> "subprocess.CompletedProcess[bytes]":
    """A scan in which a module cannot be imported."""
    code = f"import sys; sys.modules[{module!r}] = None; from linkgate.fronts.cli import main; main()"
    command = [sys.executable, "-c", code, "scan", source, "--list", "listed"]
    return subprocess.run(command, capture_output=True, check=False, timeout=60, cwd=folder, env=environment())


def test_a_driver_that_is_not_installed(server: Server, folder: Path) -> None:
    driver = server.driver.partition("+")[2]
    cure = {"psycopg": "pip install 'psycopg[binary]'", "pymysql": "pip install pymysql"}[driver]
    told = without(driver, folder, server.url(table="posts")).stderr.decode()
    assert f"127.0.0.1:{server.port}/forum?table=posts: its driver is not installed; run: {cure}\n" in told


def test_words_for_what_is_wrong_with_a_query(server: Server, folder: Path) -> None:
    for query, told in (("SELECT nothing FROM posts", "no such"), ("SELEC 1", "query")):
        done = scan(folder, server.url(query=query))
        assert told in done.stderr.decode()
        assert done.returncode == 2
