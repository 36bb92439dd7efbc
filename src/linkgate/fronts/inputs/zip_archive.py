r"""ZIP archives, read in place: their members as a folder's files are, one at a time and never unpacked to disk.

>>> import io
>>> data = io.BytesIO()
>>> with zipfile.ZipFile(data, "w") as archive:
...     archive.writestr("data/tweets.js", "x")
>>> list(walk(archive.namelist(), "export.zip"))
[('export.zip', ['data'], []), ('export.zip/data', [], ['tweets.js'])]
"""

from __future__ import annotations

import os
import stat
import zipfile
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from linkgate.fronts.inputs.broken_input import BrokenInput, os_reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Folder = tuple[str, list[str], list[str]]

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_ENCRYPTED = 1
_OFFICE = {
    "xl/workbook.xml": "an Excel workbook; save the sheet as CSV",
    "word/document.xml": "a Word document; save it as plain text",
    "mimetype": "an OpenDocument file or an e-book; save it as CSV or plain text",
}


def is_zip(path: str) -> bool:
    """Whether a file is a ZIP archive, by its first bytes; false for what cannot be opened, or is no file."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116  # `/dev/fd/63` is a name too
            return False
        with open(path, "rb") as file:  # noqa: PTH123  # as above
            return file.read(4) in MAGIC
    except (OSError, ValueError):
        return False


def members(path: str) -> dict[str, zipfile.ZipInfo]:
    """The files in an archive. Raises BrokenInput where it is none, or a document of another program."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = {info.filename: info for info in archive.infolist() if not info.is_dir()}
    except OSError as error:
        raise BrokenInput(os_reason(error)) from None
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise BrokenInput("the ZIP archive is damaged or breaks off; copy it again") from None
    what = next((told for name, told in _OFFICE.items() if name in found), None)
    if what:
        raise BrokenInput(what)
    return found


def walk(names: Iterable[str], top: str) -> Iterator[Folder]:
    """What os.walk gives of a folder; taking a folder out of the list takes out what is in it."""
    files: dict[str, list[str]] = defaultdict(list)
    folders: dict[str, dict[str, None]] = defaultdict(dict)
    for name in names:
        *parents, last = [part for part in name.split("/") if part]
        files["/".join(parents)].append(last)
        for at in range(len(parents)):
            folders["/".join(parents[:at])][parents[at]] = None
    yield from _walk("", top, folders, files)


def _walk(at: str, top: str, folders: dict[str, dict[str, None]], files: dict[str, list[str]]) -> Iterator[Folder]:
    below = list(folders[at])
    yield (f"{top}/{at}" if at else top), below, list(files[at])
    for each in below:
        yield from _walk(f"{at}/{each}" if at else each, top, folders, files)


def open_member(path: str, name: str) -> Any:
    """The bytes of a member as they are read. Raises BrokenInput where that cannot be."""
    try:
        archive = zipfile.ZipFile(path)
        if archive.getinfo(name).flag_bits & _ENCRYPTED:
            raise BrokenInput("is encrypted in its .zip; unpack it first")
        return archive.open(name)
    except OSError as error:
        raise BrokenInput(os_reason(error)) from None
    except (zipfile.BadZipFile, KeyError, RuntimeError, ValueError):  # NotImplementedError is a RuntimeError
        raise BrokenInput("is packed in a way that cannot be read, or damaged; unpack the .zip first") from None
