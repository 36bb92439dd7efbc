"""Memory is that of some chunks, whatever the file: long, one line, one row group, one list.

What is counted are the bytes that Python, numpy and Arrow ask for at most, in a process of its own in which chunks and
the longest record are smaller than they are.
"""

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import ipc, parquet
from running import environment

BLOCK, LIMIT, ROWS = 1 << 16, 1 << 18, 1 << 10
READ = f"""
import gc, json, sys, tracemalloc
from linkgate.fronts.inputs import chunks
chunks.BLOCK, chunks.LIMIT = {BLOCK}, {LIMIT}
import pyarrow as pa
from linkgate.fronts.inputs import arrow_files, decode, open_inputs
arrow_files._ROWS = {ROWS}

def read(path, form):
    source, = open_inputs([path], form=form or None)
    count = told = arrow = 0
    for chunk in source.chunks():
        batch, bad = decode(chunk, source.plan)
        count, told, arrow = count + batch.num_rows, told + len(bad), max(arrow, pa.total_allocated_bytes())
    return count, told, arrow

warm = set()
for name in sys.argv[1:]:
    form, _, path = name.partition(":")
    if form not in warm:
        warm.add(form)
        read(path, form)  # what is loaded once is none of the file
    gc.collect()
    tracemalloc.start()
    count, told, arrow = read(path, form)
    print(json.dumps([count, told, tracemalloc.get_traced_memory()[1] + arrow]))
    tracemalloc.stop()
"""


def reads(*names: str) -> list[list[int]]:
    """Read inputs, each `form:path`, in one process: messages, bad records, bytes at most."""
    command = [sys.executable, "-c", READ, *names]
    done = subprocess.run(command, capture_output=True, check=True, env=environment())
    return [json.loads(line) for line in done.stdout.splitlines()]


LINE = b'{"id": 1, "text": "' + b"x" * 80 + b'"}\n'
MESSAGE = b' {"id": 1, "type": "message", "text": ["a", {"type": "bold", "text": "' + b"x" * 80 + b'"}]},\n'
TELEGRAM = b'{"name": "c", "type": "private_group", "id": 5, "messages": [\n'
MAIL = b"From a Thu Jan  1 00:00:00 2015\nSubject: s\n\n" + b"x" * 5000 + b"\n\n"
LONG = b"x" * 100_000
STREAMS: dict[str, tuple[str, bytes, bytes, bytes]] = {
    "jsonl": ("jsonl", b"", LINE * 1_000, b""),
    "csv": ("csv", b"id,text\n", (b'1,"a\n' + b"x" * 80 + b'"\n') * 1_000, b""),
    "text": ("text", b"", (b"x" * 80 + b"\n") * 1_000, b""),
    "telegram": ("telegram", TELEGRAM, MESSAGE * 1_000, b"{}]}"),
    "mbox": ("mbox", b"", MAIL * 20, b""),
    "one line": ("jsonl", LINE, LONG, b"\n" + LINE),
    "one quote": ("csv", b'text\n"', LONG, b'"\nx\n'),
    "one text of a document": ("telegram", TELEGRAM + b'{"text": "', LONG, b'"}]}'),
    "one space": ("telegram", TELEGRAM, b" " * 100_000, b"{}]}"),
    "one mail": ("mbox", MAIL, LONG, b"\n\n" + MAIL),
}


@pytest.fixture(scope="module")
def streams(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """For each stream what reading it takes, of one length and of three times that."""
    folder, names = tmp_path_factory.mktemp("streams"), []
    for name, (form, begin, part, end) in STREAMS.items():
        for times in (6, 18):
            path = folder / f"{name} {times}"
            path.write_bytes(begin + part * times + end)
            names.append(f"{form}:{path}")
    found = iter(reads(*names))
    return {name: (next(found), next(found)) for name in STREAMS}


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_of_any_length(streams: dict[str, Any], name: str) -> None:
    (_, _, small), (count, told, large) = streams[name]
    assert count + told > 0
    assert large < small * 1.2
    assert large < 6_000_000 * (1 if name.startswith("one") else 0.8)


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_one_giant_row_group(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"posts.{form}"
    noise = random.Random(1).randbytes(10_000_000).hex()  # noqa: S311  # any bytes will do
    table = pa.table({"id": range(20_000), "text": [noise[at : at + 1000] for at in range(0, len(noise), 1000)]})
    if form == "parquet":
        parquet.write_table(table, path, row_group_size=10**9, use_dictionary=False, data_page_size=1 << 16)
    else:
        with ipc.new_file(path, table.schema) as writer:
            writer.write_table(table, max_chunksize=10**9)
    ((count, told, size),) = reads(f":{path}")
    assert (count, told) == (20_000, 0)
    assert size < len(noise) / 4


def test_texts_that_repeat_take_little_room_in_parquet_and_much_outside(tmp_path: Path) -> None:
    path = tmp_path / "posts.parquet"
    texts = pa.array(["x" * 10_000, "y" * 10_000] * 2_500).dictionary_encode()
    parquet.write_table(pa.table({"text": texts}), path)
    assert path.stat().st_size < 1_000_000
    ((count, _, size),) = reads(f":{path}")
    assert count == 5_000
    assert size < 3 * ROWS * 10_000  # all texts take 5,000 times 10,000
