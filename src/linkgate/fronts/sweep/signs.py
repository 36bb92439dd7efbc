r"""signs: anchors that mean something only with more beside them than one byte: looked at one by one.

>>> text = b"a&b, 7&amp;8 (what) (dot) src = x y = 7 0x1, then [12:30] [::1]"
>>> anchors = np.array([place for place, sign in enumerate(text) if sign in b"&)=0["])
>>> [text[place:][:5] for place in confirmed(np.frombuffer(text, np.uint8), anchors)]
[b'&amp;', b') src', b'= x y', b'[::1]']
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from linkgate.fronts.sweep.anchors import Octets, Places

# For an anchor: how far around it to look, and what must be found there. As in `core.repair`, `links` and `numbers`.
_WORDS = rb"(?:dot|d0t|punto|punkt|punt|point|ponto|nokta|tochka|titik|kropka) ?\Z"
_SIGNS = {
    anchor: (before, behind, re.compile(sign, re.IGNORECASE))
    for anchors, before, behind, sign in (
        (b"&", 0, 40, rb"&(?:#|[a-z][a-z0-9]{1,31};)"),
        (b"])}>", 8, 0, _WORDS),
        (b"=", 16, 0, rb"(?:href|src|action|\s{8})\s*\Z"),
        (b"0", 4, 16, rb"0x(?:[0-9a-f]{6}|[0-9a-f]*(?:\.|\Z))|hr0c"),
        (b"[", 0, 10, rb"\[(?:[0-9a-f:.]*(?:::|\Z)|[./:@\])}>]|(?:[0-9a-f]{1,4}:){2})"),
    )
    for anchor in anchors
}


def confirmed(octets: Octets, anchors: Places) -> Places:
    """Those of the anchors that have beside them what they need."""
    content = octets.tobytes()
    return np.array([place for place in anchors.tolist() if _is_confirmed(content, place)], np.int64)


def _is_confirmed(content: bytes, place: int) -> bool:
    sign = _SIGNS.get(content[place])
    if sign is None:
        return True
    before, behind, pattern = sign
    look = pattern.search if before else pattern.match
    return look(content, max(0, place - before), place + behind) is not None
