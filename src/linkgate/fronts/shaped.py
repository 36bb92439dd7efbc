"""A batch of messages, as its owner's columns have it -> the columns of MESSAGES, of their types.

>>> columns = {"id": [7], "text": pa.array(["hi"]).dictionary_encode(), "links": ["a.example"]}
>>> shaped(pa.RecordBatch.from_pydict(columns)).select(["id", "text", "links"]).to_pylist()
[{'id': 7, 'text': 'hi', 'links': ['a.example']}]
"""

from __future__ import annotations

import pyarrow as pa
from pyarrow import compute

from linkgate.columns.schema import MESSAGES


def shaped(messages: pa.RecordBatch) -> pa.RecordBatch:
    """Rows that hold no message are left out; `place` says which the others were, from 1 where there are none.

    Never raises for what the columns hold.
    """
    from linkgate.fronts.inputs.arrow_files import decode  # noqa: PLC0415  # which most batches have no need of
    from linkgate.fronts.inputs.chunks import Paths, Plan  # noqa: PLC0415
    from linkgate.fronts.inputs.media_column import joined_media  # noqa: PLC0415

    names = messages.schema.names
    id_, time, account = ((name,) if name in names else None for name in ("id", "time", "account"))
    links = (("links",),) if "links" in names else ()
    paths = Paths(text=("text",), id=id_, time=time, account=account, links=links)
    own = messages.select([name for name in names if name not in {"place", "media"}])
    found, _ = decode(own, 1, Plan(form="arrow", paths=paths))
    if "media" in names:
        found, _ = joined_media((found, []), enumerate(messages.column("media").to_pylist(), 1))
    if "place" not in names:
        return found
    places = messages.column("place").take(compute.subtract(found.column("place"), 1))
    return found.set_column(found.schema.get_field_index("place"), MESSAGES.field("place"), places.cast(pa.int64()))
