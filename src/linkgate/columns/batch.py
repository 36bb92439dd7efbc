"""batch: messages in, hits out, both as Arrow record batches of the schemas beside it.

The texts of a batch are searched together (`suspects`), not one Python call a message; what that finds is
checked as any message is, so the hits are those of `engine.check`, message by message.

>>> import linkgate
>>> engine = linkgate.compile_lines(["http://bad.example/page"], name="demo").engine
>>> messages = pa.RecordBatch.from_pydict({"text": ["nothing here", "see BAD.example/page"]})
>>> hits_in(messages, engine).select(["place", "entry"]).to_pylist()
[{'place': 2, 'entry': 'demo:1'}]
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
import numpy as np
import pyarrow as pa
from pyarrow import compute

from linkgate.columns.schema import HITS, with_id
from linkgate.columns.suspects import Suspects
from linkgate.core.digests.media import Media
from linkgate.core.text.defang import defang

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from linkgate.core.digests.digest_index import Near
    from linkgate.core.engine import Engine
    from linkgate.core.verdict import Verdict

    Row = dict[str, Any]


class Pseudonyms(Protocol):
    """What gives pseudonyms."""

    def pseudonym(self, account: str) -> str:
        """That of an account."""

    def spelling(self, link: str) -> str:
        """A keyed hash of a link as it was written."""


_FOUND = HITS.remove(0)
_MEDIA = msgspec.json.Decoder(list[Media])


def hits_in(
    messages: pa.RecordBatch,
    engine: Engine,
    *,
    show_urls: bool = False,
    policy: Any = None,
    pseudonyms: Pseudonyms | None = None,
) -> pa.RecordBatch:
    """Find the hits of a batch.

    In: messages, with columns of MESSAGES, of which `text` must be there, and perhaps `media`, JSON lists of Media;
    with `show_urls` a hit holds its link, defanged; with a `policy` its action is that of a gate, by the message's id,
    as long as the breaker is closed; with `pseudonyms` it holds that of the message's account, and a keyed hash of
    its link.
    Out: the columns of HITS but for `file`, in the order of the messages; `place` counts from 1 in the batch
    where the messages have none. Never raises for what a message holds.
    """
    suspects = _suspects(messages, engine)
    texts, links, media = (_values(messages, name, suspects) for name in ("text", "links", "media"))
    files = [_MEDIA.decode(each) if each else [] for each in media]
    near = engine.digests.near_each(chain.from_iterable(files)) if engine.digests is not None else None
    checked = map(_check_with(engine, near), texts, links, files)
    hits = [(number, verdict) for number, verdict in zip(suspects, checked, strict=True) if verdict.matches]
    rows = _rows(messages, [number for number, _ in hits])
    found: list[Row] = []
    for (number, verdict), row in zip(hits, rows, strict=True):
        id_ = row.get("id")
        ruled = verdict if policy is None else replace(verdict, policy=policy, message=id_ if id_ is None else str(id_))
        hits_of_message = _hits(ruled, row, place=row.get("place", number + 1), show_urls=show_urls)
        found += hits_of_message if pseudonyms is None else _named(hits_of_message, ruled, row, pseudonyms)
    kind = messages.schema.field("id").type if "id" in messages.schema.names else pa.string()
    return pa.RecordBatch.from_pylist(found, schema=with_id(_FOUND, kind))


def _check_with(engine: Engine, near: Near | None) -> Callable[[str | None, list[str] | None, list[Media]], Verdict]:
    return lambda text, links, media: engine.check_files(text or "", links or (), media, near)


def _rows(messages: pa.RecordBatch, numbers: list[int]) -> list[Row]:
    """Place, id, time and account of some messages, where they have them."""
    names = [name for name in messages.schema.names if name in {"place", "id", "time", "account"}]
    rows: list[Row] = messages.select(names).take(pa.array(numbers, pa.int64())).to_pylist() if names else []
    return rows or [{} for _ in numbers]


def _values(messages: pa.RecordBatch, name: str, numbers: list[int]) -> list[Any]:
    """Some values of a column; None where there is no such column."""
    if name not in messages.schema.names:
        return [None] * len(numbers)
    values: list[Any] = messages.column(name).take(pa.array(numbers, pa.int64())).to_pylist()
    return values


def _hits(verdict: Verdict, row: Row, *, place: int | None, show_urls: bool) -> Iterator[Row]:
    for match, ruling in zip(verdict.matches, verdict.rulings, strict=True):
        hit = match.as_dict() | {"place": place, "id": row.get("id"), "time": row.get("time")}
        hit |= {"action": ruling.action, "asked": ruling.asked, "held": ruling.held}
        hit |= {"message_action": verdict.action, "snapshot": verdict.snapshot}
        hit |= {"link_start": match.link.start, "link_end": match.link.end}
        yield hit | {"link": defang(match.link.text)} if show_urls and match.media is None else hit


def _named(hits: Iterator[Row], verdict: Verdict, row: Row, pseudonyms: Pseudonyms) -> Iterator[Row]:
    """The hits of one message with the pseudonym of who posted it."""
    account = row.get("account")
    for hit, match in zip(hits, verdict.matches, strict=True):
        known = {} if account is None else {"actor": pseudonyms.pseudonym(account)}
        yield hit | known | {"spelling": pseudonyms.spelling(match.written)}


def _suspects(messages: pa.RecordBatch, engine: Engine) -> list[int]:
    """The numbers of the messages that may be suspect by their text, or have hidden links; ascending."""
    found = _suspects_of(engine).of(messages.column("text"))
    if "links" in messages.schema.names:
        hidden = compute.fill_null(compute.list_value_length(messages.column("links")), 0)
        found = np.union1d(found, np.flatnonzero(hidden))
    if "media" in messages.schema.names:
        found = np.union1d(found, np.flatnonzero(compute.is_valid(messages.column("media"))))
    return [int(number) for number in found]


_KNOWN: dict[str, Suspects] = {}


def _suspects_of(engine: Engine) -> Suspects:
    """What looks through columns for an engine, made once: equal snapshots have equal ones."""
    if engine.snapshot not in _KNOWN:
        if len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.clear()
        _KNOWN[engine.snapshot] = Suspects(engine.hosts)
    return _KNOWN[engine.snapshot]


_MOST_KNOWN = 8
