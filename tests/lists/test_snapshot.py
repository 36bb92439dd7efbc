"""The snapshot file: what is written is read, and nothing else is."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from struct import pack as numbers

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from linkgate.core.engine import Engine
from linkgate.core.index.entry import Entry, Scope
from linkgate.core.url.canonical import VERSION, canonicalize
from linkgate.core.url.suffixes import Rules
from linkgate.errors import SnapshotError
from linkgate.lists.snapshot import FORMAT, MAGIC, dump, is_snapshot, load, loads, pack, save, unpack

SECTIONS = {"keys": b"\0\1\2" * 20, "empty": b"", "ñ": b"http://bad.example/page"}
PACKED = pack(SECTIONS)
HEADER = 8 + 2 + 4 + 8 + 32
AGAIN = "compile the list again with `linkgate lists compile`."


def engine_of(*pages: str) -> Engine:
    entries = []
    for number, page in enumerate(pages):
        url = canonicalize(page)
        assert url
        entries.append(Entry(id=f"demo:{number}", scope=Scope.PAGE, list="demo", url=url))
    return Engine.build(entries, rules=Rules(suffixes=("example",), private=(), tracking=(), redirectors=()))


def sealed(body: bytes, *, version: int = FORMAT, canonicaliser: int = VERSION) -> bytes:
    """A header that vouches for any body."""
    return MAGIC + numbers("<HIQ", version, canonicaliser, len(body)) + sha256(body).digest() + body


def refusal(data: bytes) -> str:
    with pytest.raises(SnapshotError) as caught:
        unpack(data, name="x.snapshot")
    sentence = str(caught.value)
    assert sentence.startswith("x.snapshot ")
    assert sentence.endswith(AGAIN)
    return sentence


# --- the container

NAMED = st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=20), st.binary(max_size=50), max_size=6)


@given(NAMED)
@example({})
def test_sections_come_back_as_they_went_in(sections: dict[str, bytes]) -> None:
    data = pack(sections)
    found = unpack(data)
    assert {name: bytes(section) for name, section in found.items()} == sections
    assert list(found) == list(sections)
    assert all(section.readonly and section.obj is data for section in found.values())


def test_a_cut_at_every_byte_is_refused() -> None:
    for end in range(1, len(PACKED)):
        assert f"is cut short ({end} of " in refusal(PACKED[:end])


def test_a_flip_of_every_bit_is_refused() -> None:
    for at in range(len(PACKED)):
        for bit in range(8):
            flipped = bytearray(PACKED)
            flipped[at] ^= 1 << bit
            refusal(bytes(flipped))


@given(st.binary(max_size=200))
@example(b"")
@example(MAGIC)
def test_any_other_bytes_are_refused(data: bytes) -> None:
    refusal(data)


@given(st.binary(max_size=120))
@example(numbers("<I", 2**32 - 1))
@example(numbers("<IH", 1, 2**16 - 1) + b"name")
@example(numbers("<IHQQ", 1, 0, 22, 2**64 - 1))
@example(numbers("<IHQQ", 1, 0, 2**64 - 1, 1))
@example(numbers("<IHQQ", 1, 0, 23, 0))
@example(numbers("<IHQQ", 1, 0, 0, 22))
@example(numbers("<IHQQ", 1, 0, 22, 0) + b"rest")
@example(numbers("<IHQQHQQ", 2, 0, 40, 0, 0, 40, 0))
@example(numbers("<IH1sQQ", 1, 1, b"\xff", 23, 0))
def test_a_table_that_is_sealed_but_senseless_is_refused(body: bytes) -> None:
    if body != pack({})[HEADER:]:
        assert "a table of sections that makes no sense" in refusal(sealed(body))


def test_more_than_a_snapshot_is_refused() -> None:
    assert "is damaged (its checksum is wrong)" in refusal(PACKED + b"\n")


def test_another_version_is_refused() -> None:
    assert "has snapshot format 99, this program reads 1 and 2: compile" in refusal(sealed(b"", version=99))
    assert f"with version 98 of the canonicaliser, this program has {VERSION}: compile" in refusal(
        sealed(b"", canonicaliser=98)
    )


def test_a_snapshot_is_known_by_its_first_bytes() -> None:
    assert is_snapshot(PACKED)
    assert is_snapshot(MAGIC)
    assert not is_snapshot(MAGIC.replace(b"\r\n", b"\n"))
    assert not is_snapshot(PACKED[1:])


# --- the engine


def test_an_engine_decides_the_same_after_the_round_trip() -> None:
    engine = engine_of("http://bad.example/page", "https://worse.example/x?y=1#z")
    again = loads(dump(engine))
    assert again.snapshot == engine.snapshot
    assert again.check("see BAD.example/page").as_dict() == engine.check("see BAD.example/page").as_dict()
    assert again.check("see BAD.example/page").flagged
    assert dump(again) == dump(engine)


def test_an_empty_engine_has_a_snapshot_too() -> None:
    assert loads(dump(engine_of())).snapshot == engine_of().snapshot


@given(data=st.data())
def test_sections_that_no_engine_wrote_are_refused(data: st.DataObject) -> None:
    sections = dict(engine_of("http://bad.example/page").sections())
    victim = data.draw(st.sampled_from(sorted(sections)))
    if data.draw(st.booleans()):
        del sections[victim]
    else:
        sections[victim] = data.draw(st.binary(max_size=60))
    try:
        loads(pack(sections))  # some other sections do make an engine
    except SnapshotError as error:
        refused = error
    else:
        return
    assert str(refused).endswith(AGAIN)
    assert refused.__context__ is None


# --- the file


def test_a_saved_engine_is_loaded(tmp_path: Path) -> None:
    engine = engine_of("http://bad.example/page")
    path = tmp_path / "list.snapshot"
    save(engine_of(), path)
    path.chmod(0o644)
    save(engine, str(path))
    assert load(path).snapshot == engine.snapshot
    assert load(str(path)).lookup("bad.example/page").flagged
    assert path.read_bytes() == dump(engine)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has these modes")
def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "list.snapshot"
    before = os.umask(0)
    try:
        save(engine_of(), path)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_link_to_the_file_stays_a_link(tmp_path: Path) -> None:
    link = tmp_path / "current"
    link.symlink_to("real.snapshot")
    save(engine_of("http://bad.example/page"), link)
    assert link.is_symlink()
    assert load(tmp_path / "real.snapshot").lookup("bad.example/page").flagged


def failure(path: str | Path, *, write: bool) -> str:
    with pytest.raises(SnapshotError) as caught:
        save(engine_of(), path) if write else load(path)
    assert str(path) in str(caught.value)
    assert str(caught.value).endswith(".")
    assert not list(Path(path).parent.glob(".linkgate-*"))
    return str(caught.value)


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    assert "is a folder: name the snapshot file itself." in failure(tmp_path, write=False)
    assert "cannot be read: it does not exist, check the path." in failure(tmp_path / "none", write=False)
    (tmp_path / "list.txt").write_text("http://bad.example/page\n")
    foreign = failure(tmp_path / "list.txt", write=False)
    assert "is not a linkgate snapshot: name another file" in foreign
    assert "bad.example" not in foreign
    assert "cannot be read: " in failure(tmp_path / "list.txt" / "x", write=False)
    (tmp_path / "half").write_bytes(PACKED[:5])
    assert "is cut short (5 of at least 54 bytes)" in failure(tmp_path / "half", write=False)
    (tmp_path / "half").write_bytes(PACKED[:100])
    assert "is cut short (100 of " in failure(tmp_path / "half", write=False)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system here")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "is not a file" in failure(tmp_path / "pipe", write=False)
    assert "is not a file" in failure(tmp_path / "pipe", write=True)


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "is not a file: name a file" in failure(tmp_path, write=True)
    assert "cannot be written: its folder does not exist" in failure(tmp_path / "none" / "x", write=True)
    assert "cannot be written: " in failure(tmp_path / "file" / "x", write=True)
    assert "cannot be written: " in failure(tmp_path / ("x" * 300), write=True)
    assert "is not a file" in failure("/dev/null", write=True)


AS_NOBODY = """
import os, sys
from pathlib import Path
from linkgate.core.engine import Engine
from linkgate.core.url.suffixes import Rules
from linkgate.errors import SnapshotError
from linkgate.lists.snapshot import load, save
engine = Engine.build([], rules=Rules(suffixes=()))
os.setuid(65534) if os.getuid() == 0 else None
for act in (lambda: load(sys.argv[1]), lambda: save(engine, sys.argv[1])):
    try:
        act()
    except SnapshotError as error:
        print(error)
"""


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has these modes")
def test_no_permission_is_said(tmp_path: Path) -> None:
    path = tmp_path / "list.snapshot"
    path.write_bytes(PACKED)
    path.chmod(0o000)
    tmp_path.chmod(0o555)
    run = subprocess.run([sys.executable, "-c", AS_NOBODY, path], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == [
        f"{path} cannot be {verb}: no permission, check its owner and mode." for verb in ("read", "written")
    ]


FULL = """
import resource, signal, sys
from linkgate.core.engine import Engine
from linkgate.core.url.suffixes import Rules
from linkgate.errors import SnapshotError
from linkgate.lists.snapshot import save
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
engine = Engine.build([], rules=Rules(suffixes=("example",) * 5000))
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    save(engine, sys.argv[1])
except SnapshotError as error:
    print(error)
"""


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has this limit")
def test_a_write_that_fails_half_way_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "list.snapshot"
    save(engine_of(), path)
    old = path.read_bytes()
    run = subprocess.run([sys.executable, "-c", FULL, path], capture_output=True, text=True, check=True)
    assert run.stdout == f"{path} cannot be written: File too large; check the disk and the path.\n"
    assert path.read_bytes() == old
    assert list(tmp_path.iterdir()) == [path]
