r"""The hits of a scan, out of the file that it wrote, row by row: JSON lines, CSV (both also .gz, .zst) or Parquet.

>>> import pathlib, tempfile
>>> path = pathlib.Path(tempfile.mkdtemp(), "hits.csv")
>>> _ = path.write_text("file,entry,list,actor\nposts.txt,7,demo,e1:ab\n")
>>> list(hit_rows(str(path)))
[{'file': 'posts.txt', 'entry': '7', 'list': 'demo', 'actor': 'e1:ab'}]
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow import parquet

from linkgate import UsageError
from linkgate.fronts.archive.encodings import encoding_of, is_parquet
from linkgate.fronts.exits import os_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

_NEEDED = {"actor", "entry", "list"}
_CURE = "give the output of a scan with --account"


def hit_rows(name: str) -> Iterator[dict[str, Any]]:
    """The hits. UsageError for a file that is none of a scan's, or of a scan that knew no account."""
    known = nobody = 0
    try:
        for row in _rows(name):
            if not row.keys() >= _NEEDED:
                raise UsageError(f"{name} holds no pseudonyms: {_CURE}")
            known, nobody = known + bool(row["actor"]), nobody + (not row["actor"])
            yield row
    except FileNotFoundError:
        raise UsageError(f"{name}: there is no such file: {_CURE}") from None
    except OSError as error:
        raise UsageError(os_sentence(error, name=name)) from None
    except (ValueError, csv.Error, pa.ArrowException):
        raise UsageError(f"{name} cannot be read as {PurePath(name).suffix or 'JSON lines'}: {_CURE}") from None
    if nobody and not known:
        raise UsageError(f"{name} holds no pseudonyms: {_CURE}")


def _rows(name: str) -> Iterator[dict[str, Any]]:
    if is_parquet(name):
        for batch in parquet.ParquetFile(name).iter_batches():
            yield from batch.to_pylist()
        return
    encoding = encoding_of(name, show_urls=False)
    with open(name, "rb") as file:  # noqa: PTH123  # a name, as the user gave it; Arrow's own errors say less
        packing = {"gz": "gzip", "zst": "zstd"}.get(encoding.packing or "")
        unpacked: Any = pa.CompressedInputStream(file, packing) if packing else file
        text = io.TextIOWrapper(io.BufferedReader(unpacked), "utf-8", newline="")
        if encoding.form == "csv":
            yield from ({key: value or None for key, value in row.items()} for row in csv.DictReader(text))
            return
        for line in text:
            row = json.loads(line)
            yield row if isinstance(row, dict) else {}
