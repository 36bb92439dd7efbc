"""One input: a file, standard input or a database, cut into chunks. Nothing is opened before `chunks` is asked."""

from __future__ import annotations

import os
import stat
from importlib import import_module
from typing import TYPE_CHECKING

from linkgate.fronts.inputs.broken_input import BrokenInput
from linkgate.fronts.inputs.chunks import BadRecord, Chunk, Fields, FileRange, Plan

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

    from linkgate.fronts.inputs.chunks import Cut, Mark


class Input:
    """Where messages come from.

    name: as it is shown (of a database without its user, password and query). path: None for standard input
    and databases; member: what is meant of the archive at path. note: what of its folder is not read. listed:
    it was found in a folder, where not every file need hold a record. There from the first chunk on: plan and
    remark, how the chunks are decoded, and one sentence on how the fields were found; plain, whether the bytes
    are those on the disk; held, whether there are any.
    """

    def __init__(  # noqa: PLR0913  # keywords all
        self,
        name: str,
        *,
        path: str | None = None,
        member: zipfile.ZipInfo | None = None,
        form: str | None = None,
        fields: Fields | None = None,
        database: str | None = None,
        trouble: str | None = None,
        note: str | None = None,
        listed: bool = False,
    ) -> None:
        self.name = name.encode("utf-8", "backslashreplace").decode()  # a file's name may be no text
        self.path = path
        self.member = member
        self.plan: Plan | None = None
        self.remark: str | None = None
        self.plain = False
        self.held = False
        self.form = form
        self.fields = fields or Fields()
        self.database = database
        self.note = note
        self.listed = listed
        self._trouble = trouble

    def __repr__(self) -> str:
        return f"Input({self.name!r})"

    @property
    def identity(self) -> str:
        """What says that a file is the same one as before; empty for a pipe or a database."""
        status = self._status()
        inside = f" {self.member.CRC} {self.member.file_size}" if self.member else ""
        return f"{status.st_size} {status.st_mtime_ns}{inside}" if status else ""

    @property
    def size(self) -> int | None:
        """Bytes on disk, of a member of an archive when it is unpacked; None for a pipe or a database."""
        if self.member:
            return self.member.file_size
        status = self._status()
        return status.st_size if status else None

    def _status(self) -> os.stat_result | None:
        try:
            status = os.stat(self.path) if self.path else None  # noqa: PTH116  # `/dev/fd/63` is a name too
        except (OSError, ValueError):
            return None
        return status if status and stat.S_ISREG(status.st_mode) else None

    def chunks(self, *, skip: int = 0, mark: Mark | None = None) -> Iterator[Chunk]:
        """Cut the input into chunks, always the same ones; the first `skip` are passed over, not decoded.

        mark: that of the last of these, if it has one. What cannot be read is a chunk whose content is a
        BadRecord; nothing is raised but Unavailable, by a database.
        """
        number, first, offset = 0, 1, 0
        try:
            self._require()
            reading = import_module("linkgate.fronts.inputs.reading")
            for cut, offset in reading.cuts(self, skip=skip, mark=mark):
                first += cut.before
                if number >= skip:
                    yield self._chunk(cut, number, first, offset)
                number += 1
                first += cut.places
        except BrokenInput as error:
            if number >= skip:
                bad = BadRecord(None, str(error))
                yield Chunk(file=self.name, number=number, first=first, content=bad, offset=offset)

    def _require(self) -> None:
        if self._trouble:
            raise BrokenInput(self._trouble)

    def _chunk(self, cut: Cut, number: int, first: int, offset: int) -> Chunk:
        stretch = None
        if cut.at is not None and self.path and self.plain and isinstance(cut.content, bytes):
            stretch = FileRange(self.path, cut.at, len(cut.content))
        return Chunk(
            file=self.name,
            number=number,
            first=first,
            content=cut.content,
            offset=offset,
            stretch=stretch,
            mark=cut.mark,
        )
