"""A chunk -> messages and bad records: what a worker does, alone, with nothing but the chunk and its plan."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from linkgate.fronts.inputs.chunks import BadRecord

if TYPE_CHECKING:
    import pyarrow as pa

    from linkgate.fronts.inputs.chunks import Chunk, Plan
    from linkgate.fronts.inputs.messages import Decoded

_HOMES = {
    "jsonl": "json_lines",
    "csv": "delimited",
    "tsv": "delimited",
    "text": "plain_text",
    "parquet": "arrow_files",
    "arrow": "arrow_files",
    "mbox": "mails",
    "eml": "mails",
    "database": "database",
    "telegram-html": "exports.chat_html",
    "discord-html": "exports.chat_html",
    "whatsapp": "exports.whatsapp_text",
    "xml-rows": "exports.xml_rows",
    "html": "exports.web_page",
}
"""Which module decodes which form; the others are JSON documents."""


def decode(chunk: Chunk, plan: Plan | None) -> tuple[pa.RecordBatch, list[BadRecord]]:
    """Decode one chunk. Out: a batch of MESSAGES, and the records that could not be read.

    Never raises for what a chunk holds. A chunk that is a BadRecord gives no message and that BadRecord. `plan` is
    that of the chunk's Input; None will do for such a chunk.
    """
    from linkgate.fronts.inputs.messages import EMPTY  # noqa: PLC0415  # pyarrow is loaded when it is needed

    if isinstance(chunk.content, BadRecord) or plan is None:
        return EMPTY, [chunk.content] if isinstance(chunk.content, BadRecord) else []
    home = import_module(f"linkgate.fronts.inputs.{_HOMES.get(plan.form, 'documents')}")
    decoded: Decoded = home.decode(chunk.content, chunk.first, plan)
    if plan.paths.media is not None:
        from linkgate.fronts.inputs.media_column import with_media  # noqa: PLC0415  # which most scans have no need of

        return with_media(decoded, chunk, plan)
    return decoded
