"""A disk that is full, a file that may not grow, a folder without permission: nothing lost, one clear sentence."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from desk import Desk, local, page, pages

from linkgate.errors import StoreError
from linkgate.lists.verify import verify

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(__file__).parents[2] / "src"
NOBODY = 65534
KIB = 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one MiB, where this machine lets us mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("mounting a tmpfs takes root on Linux")
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a tmpfs")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)  # noqa: S607  # where it is differs


def fill(folder: Path, *, leave: int) -> Path:
    """Take all room but so many bytes."""
    path = folder / "filler"
    room = os.statvfs(folder)
    path.write_bytes(bytes(max(room.f_bavail * room.f_bsize - leave, 0)))
    return path


def on(disk: Path, folder: Path) -> Desk:
    """A desk whose store alone is on that disk."""
    desk = Desk(folder, local(more='max_shrink = "100%"'))
    desk.path.write_text(desk.path.read_text().replace('"store"', f'"{disk}/store"'))
    desk.put("partner.txt", pages(2))
    return desk


@pytest.mark.parametrize("leave", [0, 4 * KIB, 8 * KIB, 40 * KIB, 120 * KIB, 164 * KIB, 168 * KIB, 172 * KIB])
def test_a_full_disk_at_every_step(leave: int, small_disk: Path, tmp_path: Path) -> None:
    desk = on(small_disk, tmp_path)
    desk.update()
    before = desk.store.manifest()
    desk.put("partner.txt", pages(3))
    filler = fill(small_disk, leave=leave)
    try:
        desk.update()
    except StoreError as error:
        assert re.search(r"no room on the disk, make room and run it again\.$", str(error))  # noqa: PT017  # may pass
        assert desk.store.manifest() == before
    assert not list(small_disk.rglob("*.draft"))
    assert verify(desk.store) == ()
    assert desk.holds(page(1))
    filler.unlink()
    assert desk.update().ok
    assert desk.holds(page(2))


def test_a_disk_that_is_full_before_there_is_a_store(small_disk: Path, tmp_path: Path) -> None:
    desk = on(small_disk, tmp_path)
    filler = fill(small_disk, leave=0)
    with pytest.raises(StoreError, match="no room on the disk"):
        desk.update()
    filler.unlink()
    assert desk.update().ok


def test_a_limit_of_file_size(tmp_path: Path) -> None:
    desk = Desk(tmp_path, local())
    desk.put("partner.txt", pages(2))
    desk.update()
    before = desk.store.manifest()
    desk.put("partner.txt", pages(3))
    command = f'ulimit -f 100; exec "{sys.executable}" -m linkgate lists update --config "{desk.path}"'
    env = os.environ | {"PYTHONPATH": str(SOURCE)}
    done = subprocess.run(["bash", "-c", command], check=False, capture_output=True, text=True, env=env)  # noqa: S607
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("store: larger than this process may write, raise its limit (ulimit -f).\n")
    assert desk.store.manifest() == before
    assert desk.update().ok


@contextmanager
def nobody() -> Iterator[None]:
    """Be another user for a while; what root may do, everybody may."""
    if os.geteuid() == 0:
        os.seteuid(NOBODY)
        try:
            yield
        finally:
            os.seteuid(0)
    else:
        yield


def test_no_permission(tmp_path: Path) -> None:
    desk = Desk(tmp_path, local())
    desk.put("partner.txt", pages(2))
    desk.update()
    store = desk.store
    store.path.chmod(0o000)
    try:
        with nobody(), pytest.raises(StoreError, match="no permission, check its owner and mode"):
            store.load()
    finally:
        store.path.chmod(0o700)
    assert desk.update().ok


def test_a_read_only_disk(small_disk: Path, tmp_path: Path) -> None:
    desk = on(small_disk, tmp_path)
    desk.update()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)  # noqa: S607  # as above
    desk.put("partner.txt", pages(3))
    with pytest.raises(StoreError, match="the disk is read-only"):
        desk.update()
    assert desk.config.open_store().load().lookup(page(1)).flagged  # reading goes on
