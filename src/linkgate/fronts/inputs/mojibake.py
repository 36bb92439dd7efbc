r"""UTF-8 that was written as if each of its bytes were a character, as Facebook and Instagram do: undone.

>>> undone({"content": "caf\u00c3\u00a9", "name": ["plain", "caf\u00e9"]})
{'content': 'caf\xe9', 'name': ['plain', 'caf\xe9']}
"""

from __future__ import annotations

import re
from typing import Any, Final

MOJIBAKE: Final = re.compile(rb"\\u00[c-fC-F][0-9a-fA-F]\\u00[89abAB]")
"""What such a text has, as it stands in JSON."""


def undone(value: Any) -> Any:
    """The same value with every text in it as it was meant; what is no such text stays."""
    if isinstance(value, str):
        return value if value.isascii() else _text(value)
    if isinstance(value, dict):
        return {key: undone(item) for key, item in value.items()}
    return [undone(item) for item in value] if isinstance(value, list) else value


def _text(text: str) -> str:
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
