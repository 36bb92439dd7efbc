"""What people write freely, looked through before it leaves: an address or an account in it keeps it in.

>>> [text for text in ("a school, e.g. theirs", "bad.example", "at bad[.]example", "hxxp //x", "ask @ann", "192.0.2.1")
...  if not names_somebody(text)]
['a school, e.g. theirs']
"""

from __future__ import annotations

import re

_ADDRESS = re.compile(
    r"\w[.。．｡]\w\w|[\[({<]\s?(?:dot|[.。．｡])\s?[\])}>]|[:/\\]{2}|h[tx]{2}ps?\b"
    r"|\d\.\d{1,3}\.\d|@|e\d+:[0-9a-f]{16}",
    re.IGNORECASE,
)


def names_somebody(text: str) -> bool:
    """Whether there is something in a text that may be an address, an e-mail or an account."""
    return _ADDRESS.search(text) is not None
