"""A piece -> messages and bad records: what a worker does, alone, with nothing but the piece and its plan."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from linkgate.fronts.inputs.records import Bad

if TYPE_CHECKING:
    import pyarrow as pa

    from linkgate.fronts.inputs.messages import Decoded
    from linkgate.fronts.inputs.records import Piece, Plan

_HOMES = {
    "jsonl": "jsonl",
    "csv": "tables",
    "tsv": "tables",
    "text": "lines",
    "parquet": "arrows",
    "arrow": "arrows",
    "mbox": "mails",
    "eml": "mails",
    "database": "database",
}
"""Which module decodes which form; the others are JSON documents."""


def decode(piece: Piece, plan: Plan | None) -> tuple[pa.RecordBatch, list[Bad]]:
    """Decode one piece. Out: a batch of MESSAGES, and the records that could not be read.

    Never raises for what a piece holds. A piece that is a Bad gives no message and that Bad. `plan` is
    that of the piece's Input; None will do for such a piece.
    """
    from linkgate.fronts.inputs.messages import EMPTY  # noqa: PLC0415  # pyarrow is loaded when it is needed

    if isinstance(piece.content, Bad) or plan is None:
        return EMPTY, [piece.content] if isinstance(piece.content, Bad) else []
    home = import_module(f"linkgate.fronts.inputs.{_HOMES.get(plan.form, 'documents')}")
    decoded: Decoded = home.decode(piece.content, piece.first, plan)
    return decoded
