"""Tables and queries: streamed in order, and nothing secret in any name or error."""

import contextlib
import sqlite3
import urllib.parse
from pathlib import Path

import pytest
from gathering import read

from linkgate.fronts.inputs import BadRecord, Fields, decode, open_inputs

pytest.importorskip("sqlalchemy")

SECRET = "hunter2"  # noqa: S105  # what must not be shown


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    path = tmp_path / "posts.db"
    connection = sqlite3.connect(path)
    connection.execute('CREATE TABLE "my posts" (nr INTEGER PRIMARY KEY, body TEXT, "when" REAL, data BLOB, urls TEXT)')
    rows: list[tuple[object, ...]] = [
        (number, f"text {number}", number / 2, b"caf\xe9", None) for number in range(10_000, 0, -1)
    ]
    rows[-2] = (2, None, None, None, '["http://one.example/", "http://two.example/"]')
    rows[-3] = (3, b"caf\xe9", "soon", None, "http://one.example/ x")
    connection.executemany('INSERT INTO "my posts" VALUES (?, ?, ?, ?, ?)', rows)
    connection.commit()
    connection.close()
    return path


def test_a_table_is_read_in_the_order_of_its_key(posts: Path) -> None:
    rows, bad = read(f"sqlite:///{posts}?table=my posts", id="nr", time="when")
    assert [row["id"] for row in rows] == list(range(1, 10_001))
    assert [row["text"] for row in rows[:4]] == ["text 1", "", "caf\ufffd", "text 4"]
    assert [row["links"] for row in rows[:4]] == [
        None,
        ["http://one.example/", "http://two.example/"],
        ["http://one.example/ x"],
        None,
    ]
    assert [row["time"] and row["time"].timestamp() for row in rows[:4]] == [0.5, None, None, 2.0]
    assert [told.place for told in bad] == [3]


def test_a_query(posts: Path) -> None:
    query = urllib.parse.quote("SELECT nr AS id, body || '%:x' AS text FROM \"my posts\" WHERE nr > 9998 ORDER BY nr")
    (opened,) = open_inputs([f"sqlite:///{posts}?query={query}"])
    rows = [row for chunk in opened.chunks() for row in decode(chunk, opened.plan)[0].to_pylist()]
    assert [(row["id"], row["text"]) for row in rows] == [(9999, "text 9999%:x"), (10000, "text 10000%:x")]
    assert opened.remark
    assert opened.remark.startswith("a database; text from text, id from id, no time, no links")


def test_what_was_done_before_is_passed_over(posts: Path) -> None:
    (opened,) = open_inputs([f"sqlite:///{posts}?table=my posts"])
    chunks = list(opened.chunks())
    assert [chunk.first for chunk in chunks] == [1, 4097, 8193]
    assert [chunk.first for chunk in opened.chunks(skip=2)] == [8193]


def test_a_blob_can_be_a_text(posts: Path) -> None:
    query = "SELECT data AS text FROM 'my posts' LIMIT 1 OFFSET 5"
    rows, bad = read(f"sqlite:///{posts}?query={query}")
    assert [row["text"] for row in rows] == ["caf\ufffd"]
    assert len(bad) == 1


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("sqlite:///{}", "which table"),
        ("sqlite:///{}?table=a&query=SELECT 1", "which table"),
        ("sqlite:///{}?table=none", "no such table"),
        ("sqlite:///{}?query=SELECT nothing", "the database refused"),
        ("sqlite:///{}?query=DROP", "the database refused"),
        ("sqlite:///{}?query=SELECT 1 AS n", "no column looks like a text"),
        ("sqlite:///{}.none?table=posts", "no such file"),
        ("nonsense://x?table=a", "no URL of a database"),
        ("postgresql+nodriver://me:hunter2@127.0.0.1/x?table=a", "no URL of a database"),
        ("mysql+mysqldb://me:hunter2@127.0.0.1/x?table=a", "driver"),
    ],
)
def test_what_cannot_be_read_is_told(posts: Path, url: str, told: str) -> None:
    _, bad = read(url.format(posts))
    assert [each.place for each in bad] == [None]
    assert told in bad[0].reason
    assert SECRET not in repr(bad)
    assert not Path(f"{posts}.none").exists()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:hunter2@db.example:5432/forum?table=posts&password=hunter2",
        "postgresql://me:p@hunter2@db.example/forum?query=SELECT text FROM posts WHERE text LIKE '%hunter2%'",
        "mysql+pymysql://hunter2@db.example/forum?table=hunter2/bad.example/",
    ],
)
def test_no_name_holds_a_secret(url: str) -> None:
    (opened,) = open_inputs([url], fields=Fields())
    assert SECRET not in opened.name
    assert SECRET not in repr(opened)
    assert "db.example" in opened.name


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "posts.db"
    path.write_bytes(b"x" * 5000)
    _, bad = read(f"sqlite:///{path}?table=posts")
    assert bad == [BadRecord(None, "the database refused or broke off (DatabaseError); what stood before was read")]


def table_of(path: Path, *statements: str) -> str:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return f"sqlite:///{path}?table=t"


MANY = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 10000)"


def test_a_table_is_gone_on_with_behind_its_last_row(tmp_path: Path) -> None:
    url = table_of(
        tmp_path / "posts.db",
        "CREATE TABLE t (forum INTEGER, nr INTEGER, body TEXT, PRIMARY KEY (forum, nr))",
        f"INSERT INTO t {MANY} SELECT n % 3, n, 'text ' || n FROM c",  # noqa: S608  # ours
    )
    chunks = list(open_inputs([url])[0].chunks())
    assert [chunk.mark for chunk in chunks] == [(1, 2287), (2, 4574), (2, 9998)]
    table_of(tmp_path / "posts.db", "DELETE FROM t WHERE forum = 0")
    (again,) = open_inputs([url])
    rest = list(again.chunks(skip=1, mark=chunks[0].mark))
    assert [chunk.number for chunk in rest] == [1, 2]
    assert [decode(chunk, again.plan)[0] for chunk in rest] == [decode(chunk, again.plan)[0] for chunk in chunks[1:]]


def test_a_table_without_a_key_is_told(tmp_path: Path) -> None:
    url = table_of(tmp_path / "posts.db", "CREATE TABLE t (body TEXT)", "INSERT INTO t VALUES ('hi')")
    (opened,) = open_inputs([url])
    assert [chunk.mark for chunk in opened.chunks()] == [None]
    assert opened.remark
    assert opened.remark.startswith("a database (a table without a primary key: --resume may miss rows of it); text")


def test_a_key_of_texts_is_never_kept(tmp_path: Path) -> None:
    create = "CREATE TABLE t (url TEXT PRIMARY KEY, body TEXT)"
    url = table_of(tmp_path / "posts.db", create, "INSERT INTO t VALUES ('http://bad.example/', 'hi')")
    assert [chunk.mark for chunk in open_inputs([url])[0].chunks()] == [None]


def test_a_view_is_read(tmp_path: Path) -> None:
    url = table_of(tmp_path / "posts.db", "CREATE TABLE p (body TEXT)", "INSERT INTO p VALUES ('hi')")
    table_of(tmp_path / "posts.db", "CREATE VIEW t AS SELECT body AS text FROM p")
    assert [row["text"] for row in read(url)[0]] == ["hi"]
