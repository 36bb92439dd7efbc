"""schema: the columns of messages and of hits, as Arrow schemas.

>>> MESSAGES.names
['place', 'id', 'time', 'text', 'links', 'account']
"""

from __future__ import annotations

import pyarrow as pa

_STRINGS = pa.list_(pa.string())
_TIME = pa.timestamp("us", "UTC")

MESSAGES = pa.schema(
    [
        *(("place", pa.int64()), ("id", pa.string()), ("time", _TIME), ("text", pa.string()), ("links", _STRINGS)),
        ("account", pa.string()),
    ]
)
"""place: line, row or number of a message in its file, from 1; links: those that the text does not show.

account: who posted it; it goes no further than to the pseudonym of a hit.
"""

HITS = pa.schema(
    [
        ("file", pa.string()),
        ("place", pa.int64()),
        ("id", pa.string()),
        ("time", _TIME),
        ("start", pa.int64()),
        ("end", pa.int64()),
        *((name, pa.string()) for name in ("entry", "list", "category", "scope", "kind")),
        ("steps", _STRINGS),
        *((name, pa.string()) for name in ("action", "snapshot", "link", "asked", "held", "message_action")),
        *((name, pa.int64()) for name in ("link_start", "link_end")),
        *((name, pa.string()) for name in ("actor", "spelling")),
    ]
)
"""A hit: where the message stands, where in it the link stands, which entry it met and how; link only if shown.

action is what becomes of this hit, asked what its list and kind ask for, held why the one is lighter than the other;
message_action what becomes of the message. link_start and link_end are start and end, which are words of SQL.
actor is the pseudonym of who posted the message, spelling a keyed hash of the link as written: null unless they were
asked for.
"""
