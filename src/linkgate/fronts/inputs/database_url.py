"""A database's URL as it may be shown.

>>> shown("postgresql://me:secret@db.example/forum?table=posts")
'postgresql://db.example/forum?table=posts'
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

_TABLE = re.compile(r"[\w.$]{1,100}")


def shown(url: str) -> str:
    """A database URL without user, password, query and options: these may be secret, or hold an address."""
    parts = urlsplit(url)
    table = parse_qs(parts.query).get("table", [""])[0]
    end = f"?table={table}" if _TABLE.fullmatch(table) else "?query" if "query=" in parts.query else ""
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}{end}"
