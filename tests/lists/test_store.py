"""The store: what it holds, who may use it, and what it says when it cannot."""

from __future__ import annotations

import datetime as dt
import os
import threading
from typing import TYPE_CHECKING

import pytest

from linkgate.errors import SnapshotError, StoreError
from linkgate.lists.compile import compile_lines
from linkgate.lists.current import load
from linkgate.lists.manifest import ManifestError, read_manifest
from linkgate.lists.store import Store, is_store
from linkgate.lists.verify import verify

if TYPE_CHECKING:
    from pathlib import Path

    from linkgate.core.engine import Engine

KEY = bytes(range(32))


def engine(number: int = 0) -> Engine:
    return compile_lines([f"http://bad{number}.example/page"]).engine


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store", create=True)


@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "encrypted"])
def test_what_is_published_is_what_decides(key: bytes | None, tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store", key=key, create=True)
    first, second = store.publish(engine(1)), store.publish(engine(2))
    assert [version.id for version in store.versions()] == [1, 2]
    assert store.current == second
    assert store.load().snapshot == second.snapshot
    assert store.load(1).snapshot == first.snapshot == engine(1).snapshot
    assert load(tmp_path / "store", key=key).snapshot == second.snapshot
    assert verify(store) == ()


def test_an_equal_engine_is_no_new_version(store: Store) -> None:
    assert store.publish(engine()).id == store.publish(engine()).id == 1


def test_history_is_bounded_and_leaves_nothing_behind(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store", create=True, history=2)
    for number in range(5):
        store.publish(engine(number))
    assert [version.id for version in store.versions()] == [4, 5]
    assert len(list(store.snapshots.iterdir())) == 2
    with pytest.raises(StoreError, match="no version 1"):
        store.load(1)


def test_a_rollback_goes_both_ways(store: Store) -> None:
    store.publish(engine(1))
    store.publish(engine(2))
    assert store.rollback(1).id == store.current.id == 1
    assert store.rollback(2).id == store.current.id == 2
    store.rollback(1)
    assert store.publish(engine(3)).id == 3
    with pytest.raises(StoreError, match="no version 9"):
        store.rollback(9)


def test_what_a_rollback_made_current_is_not_pruned(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store", create=True, history=2)
    store.publish(engine(1))
    store.publish(engine(2))
    store.rollback(1)
    store.publish(engine(1))
    assert store.current.id == 1


def test_only_the_owner_may_look(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store = Store.open(tmp_path / "store", create=True)
        store.publish(engine())
    finally:
        os.umask(before)
    modes = {path.stat().st_mode & 0o777 for path in [store.path, *store.path.rglob("*")] if path.is_dir()}
    assert modes == {0o700}
    assert {path.stat().st_mode & 0o777 for path in store.path.rglob("*") if path.is_file()} == {0o600}


def test_encrypted_files_show_nothing(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store", key=KEY, create=True)
    store.publish(engine(7))
    for path in store.path.rglob("*"):
        assert path.is_dir() or b"bad7." not in path.read_bytes()
    assert store.secret not in (store.path / "secret").read_bytes()


@pytest.mark.parametrize(
    ("made", "opened", "sentence"),
    [
        (KEY, bytes(32), "is encrypted with another key"),
        (KEY, None, "is encrypted, and no key was given"),
        (None, KEY, "is not encrypted, and a key was given"),
    ],
)
def test_a_key_that_does_not_fit(made: bytes | None, opened: bytes | None, sentence: str, tmp_path: Path) -> None:
    Store.open(tmp_path / "store", key=made, create=True)
    with pytest.raises(StoreError, match=sentence) as caught:
        Store.open(tmp_path / "store", key=opened, create=True)
    assert str(caught.value).count(": ") == 1


def test_folders_that_are_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is no store"):
        Store.open(tmp_path / "none")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter").write_text("dear")
    with pytest.raises(StoreError, match="not empty"):
        Store.open(tmp_path / "mine", create=True)
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="is no store and not empty"):
        Store.open(tmp_path / "file", create=True)
    assert not is_store(tmp_path / "mine")


def test_a_store_without_a_version(store: Store) -> None:
    with pytest.raises(StoreError, match="no version yet"):
        store.load()
    with pytest.raises(StoreError, match="no version yet"):
        _ = store.current


def test_two_writers_do_not_meet(store: Store) -> None:
    store.publish(engine(1))
    with store.transaction(), pytest.raises(StoreError, match=rf"another process \({os.getpid()}\) is at work on it"):
        Store.open(store.path).publish(engine(2))
    with store.transaction():
        assert Store.open(store.path).load().snapshot == engine(1).snapshot  # readers need no lock
    assert store.publish(engine(2)).id == 2


def test_a_stamp_changes_with_every_commit(store: Store) -> None:
    stamps = [store.stamp()]
    for number in range(3):
        store.publish(engine(number))
        stamps.append(store.stamp())
    store.rollback(1)
    assert len({*stamps, store.stamp()}) == 5
    assert store.stamp() == store.stamp()


def test_readers_while_versions_come_and_go(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store", create=True, history=1)
    engines = [engine(number) for number in range(10)]
    store.publish(engines[0])
    known = {each.snapshot for each in engines}
    stop, seen, faults = threading.Event(), set[str](), list[BaseException]()

    def read() -> None:
        while not stop.is_set():
            try:
                seen.add(Store.open(store.path).load().snapshot)
            except BaseException as error:  # noqa: BLE001  # any fault at all fails the test
                faults.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(40):
        store.publish(engines[number % 10])
    stop.set()
    for reader in readers:
        reader.join()
    assert not faults
    assert seen <= known
    assert len(seen) > 1


def test_a_clock_that_runs_back_orders_nothing(store: Store) -> None:
    late, early = (dt.datetime(year, 1, 1, tzinfo=dt.UTC) for year in (2030, 2020))
    store.publish(engine(1), now=late)
    assert store.publish(engine(2), now=early).id == store.current.id == 2


DAMAGE = [
    ("snapshots/1-*", "lists update --force"),
    ("secret", "secret is damaged"),
    ("manifest.json", "manifest cannot be used"),
]


@pytest.mark.parametrize(("where", "sentence"), DAMAGE)
def test_damage_is_told_and_never_loaded(where: str, sentence: str, store: Store) -> None:
    store.publish(engine())
    [path] = store.path.glob(where)
    data = path.read_bytes()
    path.write_bytes(data[:9] + b"!" + data[10:] if where == "snapshots/1-*" else data[:9])

    def use() -> None:
        found = Store.open(store.path)
        found.load()
        _ = found.secret

    with pytest.raises((StoreError, SnapshotError), match=sentence) as caught:
        use()
    assert "bad0." not in str(caught.value)


@pytest.mark.parametrize(("key", "sentence"), [(None, "another one than was published"), (KEY, "it is damaged")])
def test_an_older_snapshot_cannot_stand_in_for_a_newer(key: bytes | None, sentence: str, tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store", key=key, create=True)
    old, new = store.publish(engine(1)), store.publish(engine(2))
    (store.snapshots / new.file).write_bytes((store.snapshots / old.file).read_bytes())
    with pytest.raises((StoreError, SnapshotError), match=sentence):
        store.load()
    [finding] = verify(store)
    assert "bad" not in finding.problem
    assert store.load(1).snapshot == old.snapshot
    store.publish(engine(2))
    assert store.load().snapshot == new.snapshot


def test_verify_finds_what_is_wrong(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.put_raw(b"http://bad.example/page\n")
    store.publish(engine(1))
    store.publish(engine(2))
    old, new = sorted(store.snapshots.iterdir())
    old.unlink()
    new.write_bytes(old.name.encode())
    store.path.chmod(0o755)
    (store.path / "secret").chmod(0o644)
    found = {finding.place: finding.problem for finding in verify(store)}
    assert found["."] == "others may use it (mode 755); chmod 700"
    assert "mode 644" in found["secret"]
    assert "does not exist" in found[f"snapshots/{old.name}"]
    assert "damaged" in found[f"snapshots/{new.name}"]


def test_a_file_that_is_gone_is_told(store: Store) -> None:
    store.publish(engine())
    next(store.snapshots.iterdir()).unlink()
    with pytest.raises(StoreError, match="the file of version 1 is gone"):
        store.load()


def test_drafts_of_the_dead_are_swept(store: Store) -> None:
    for folder in (store.path, store.raws, store.snapshots):
        (folder / ".linkgate-dead.draft").write_bytes(b"half")
    store.publish(engine())
    assert not list(store.path.rglob("*.draft"))


def test_what_a_later_version_wrote_is_left_alone(store: Store) -> None:
    path = store.path / "manifest.json"
    path.write_text(path.read_text().replace('"format": 1', '"format": 2'))
    with pytest.raises(StoreError, match="later version"):
        Store.open(store.path)


def test_one_letter_of_a_manifest_is_missed(store: Store) -> None:
    """Whichever it is: in a number, a name, a time, white space, or the checksum itself."""
    store.publish(engine())
    path = store.path / "manifest.json"
    good = path.read_bytes()
    for place in range(len(good)):
        with pytest.raises(ManifestError):
            read_manifest(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :])
    path.write_bytes(good.replace(b'"current": 1', b'"current": 2'))
    with pytest.raises(StoreError, match="manifest cannot be used, it is not as it was written"):
        store.manifest()
    path.write_bytes(good)
    assert store.manifest().version(1)


def test_a_store_half_made_is_made_whole(tmp_path: Path) -> None:
    path = tmp_path / "store"
    path.mkdir(mode=0o700)
    (path / "secret").write_bytes(b"half")
    assert len(Store.open(path, create=True).secret) == 32
