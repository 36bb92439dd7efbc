"""What a publisher has now -> the origin that the manifest will name, its file written to the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from linkgate.core.digests.digest import DigestType
from linkgate.core.index.entry import Scope
from linkgate.errors import ListError
from linkgate.lists import deltas
from linkgate.lists.download import download, download_delta
from linkgate.lists.manifest import Origin, moment, stamp

if TYPE_CHECKING:
    import datetime as dt

    from linkgate.lists.download import Download
    from linkgate.lists.source_config import SourceConfig
    from linkgate.lists.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Origins:
    """Asks publishers, at one moment, for one transaction of the store."""

    transaction: Transaction
    now: dt.datetime

    def origin(self, source: SourceConfig, known: Origin | None, *, full: bool) -> Origin:
        """The file that a list has now.

        `known`: the one that came last. `full`: neither a delta nor the answer that it is the same.
        Raises ListError.
        """
        if source.delta is not None and known is not None and not full and not self._full_due(source, known):
            return self._changed(source, known)
        # What a merged file was made from is another file than this one: ask without conditions.
        found = download(source, known if known is not None and known.form is None and not full else None)
        if found.data is None:
            if known is None:
                raise ListError("it sent nothing; ask the publisher.")
            return msgspec.structs.replace(known, checked=stamp(self.now), full=stamp(self.now))
        return self._whole(found.data, found, known)

    def _full_due(self, source: SourceConfig, known: Origin) -> bool:
        every = source.delta.full_every if source.delta else None
        age = (self.now - moment(known.full)).total_seconds()
        return every is not None and (age >= every or age < 0)

    def _whole(self, data: bytes, found: Download, known: Origin | None) -> Origin:
        raw, at = self.transaction.put_raw(data), stamp(self.now)
        return Origin(
            raw=raw,
            size=len(data),
            changed=known.changed if known is not None and known.raw == raw else at,
            checked=at,
            full=at,
            etag=found.etag,
            last_modified=found.last_modified,
        )

    def _changed(self, source: SourceConfig, known: Origin) -> Origin:
        """The list with its delta applied."""
        found, at = download_delta(source, known), stamp(self.now)
        if found.data is None:
            return msgspec.structs.replace(known, checked=at)
        data = self._merged(source, known, found.data)
        raw = self.transaction.put_raw(data)
        return msgspec.structs.replace(
            known,
            raw=raw,
            size=len(data),
            form=deltas.MERGED,
            changed=known.changed if raw == known.raw else at,
            checked=at,
            delta_etag=found.etag,
            delta_modified=found.last_modified,
        )

    def _merged(self, source: SourceConfig, known: Origin, changes: bytes) -> bytes:
        delta = source.delta
        if delta is None:
            return changes
        merged = deltas.apply(
            deltas.DeltaPart(
                self.transaction.raw(known.raw), known.form or source.form, None if known.form else source.columns
            ),
            deltas.DeltaPart(changes, delta.form or source.form, delta.columns or source.columns, delta.tombstone),
            default=Scope(source.default_scope) if source.default_scope else None,
            usual=DigestType(source.type) if source.type else None,
        )
        if merged.rejected > source.limits.rejected * merged.lines:
            raise ListError(f"{merged.rejected:,} of the {merged.lines:,} lines of its delta cannot be read.")
        return merged.data
