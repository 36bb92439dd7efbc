"""The digests of one file: MD5, SHA-1 and SHA-256, and PDQ of a picture where pdqhash is installed.

>>> import tempfile; from pathlib import Path
>>> with tempfile.TemporaryDirectory() as folder:
...     _ = Path(folder, "empty").write_bytes(b"")
...     file_hashes(Path(folder, "empty"))["md5"]
'd41d8cd98f00b204e9800998ecf8427e'
"""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import os

_TYPES = ("sha256", "sha1", "md5")
_STEP = 1 << 20


def file_hashes(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The digests of a file by type, in hexadecimal digits; `pdq` and `pdq_quality` for a picture. OSError."""
    hashes = {name: hashlib.new(name, usedforsecurity=False) for name in _TYPES}
    with Path(path).open("rb") as file:
        while content := file.read(_STEP):
            for each in hashes.values():
                each.update(content)
    return {name: each.hexdigest() for name, each in hashes.items()} | _picture(path)


def has_pdq() -> bool:
    """Whether PDQ can be computed here."""
    return find_spec("pdqhash") is not None and find_spec("PIL") is not None


def _picture(path: str | os.PathLike[str]) -> dict[str, Any]:
    """PDQ of what is a picture; nothing for any other file."""
    if not has_pdq():
        return {}
    import numpy as np  # noqa: PLC0415  # the extra `hashing`
    import pdqhash  # noqa: PLC0415  # as above
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415  # as above

    try:
        with Image.open(path) as picture:
            pixels = np.asarray(picture.convert("RGB"))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        return {}
    bits, quality = pdqhash.compute(pixels)
    return {"pdq": np.packbits(np.asarray(bits, np.uint8)).tobytes().hex(), "pdq_quality": int(quality)}
