"""Rows of tests/data/lists, and the shared data that lies beside the repository."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve()
DATA = HERE.parents[1] / "data" / "lists"
SHARED = HERE.parents[2].parent / "shared" / "data"


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text("utf-8").splitlines()]


def shared(path: str) -> bytes:
    file = SHARED / path
    if not file.exists():
        pytest.skip(f"needs {path} of the shared data, which lies beside the repository")
    data = file.read_bytes()
    return gzip.decompress(data) if path.endswith(".gz") else data
