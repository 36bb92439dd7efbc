"""Offsets in the unit of the client: Python counts code points, JavaScript and Java UTF-16 units, Go and Rust bytes.

>>> [offset_in("a😀é!", 3, unit) for unit in ("code-points", "utf-16", "bytes")]
[3, 4, 7]
"""

from __future__ import annotations


def offset_in(text: str, offset: int | None, unit: str) -> int | None:
    """An offset in code points in another unit; None, of a hidden link, stays."""
    if offset is None or unit == "code-points":
        return offset
    before = text[:offset]
    if unit == "utf-16":
        return len(before.encode("utf-16-le", "surrogatepass")) // 2
    return len(before.encode("utf-8", "surrogatepass"))
