"""Memory is that of some chunks, whatever the file: long, one line, one row group, one list."""

import random
import subprocess
import sys
from collections.abc import Iterable, Iterator
from itertools import repeat
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import ipc, parquet
from running import environment

READ = """
import sys
from linkgate.fronts.inputs import decode, open_inputs
source, = open_inputs([sys.argv[1]], form=sys.argv[2] or None)
count = told = 0
for chunk in source.chunks():
    batch, bad = decode(chunk, source.plan)
    count += batch.num_rows
    told += len(bad)
lines = open("/proc/self/status").read().splitlines()
print(count, told, next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")))
"""


def reads(name: str | Path, form: str = "", stdin: Iterable[bytes] = ()) -> tuple[int, int, int]:
    """Read an input in a process of its own: messages, bad records, megabytes at most."""
    command = [sys.executable, "-c", READ, str(name), form]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment()) as process:
        assert process.stdin
        assert process.stdout
        for part in stdin:
            process.stdin.write(part)
        process.stdin.close()
        count, told, megabytes = map(int, process.stdout.read().split())
    return count, told, megabytes


LINE = b'{"id": 1, "text": "' + b"x" * 80 + b'"}\n'
MESSAGE = b' {"id": 1, "type": "message", "text": ["a", {"type": "bold", "text": "' + b"x" * 80 + b'"}]},\n'
TELEGRAM = b'{"name": "c", "type": "private_group", "id": 5, "messages": [\n'
MAIL = b"From a Thu Jan  1 00:00:00 2015\nSubject: s\n\n" + b"x" * 5000 + b"\n\n"
STREAMS: dict[str, tuple[bytes, bytes, bytes]] = {
    "jsonl": (b"", LINE * 10_000, b""),
    "csv": (b"id,text\n", (b'1,"a\n' + b"x" * 80 + b'"\n') * 10_000, b""),
    "text": (b"", (b"x" * 80 + b"\n") * 10_000, b""),
    "telegram": (TELEGRAM, MESSAGE * 10_000, b"{}]}"),
    "mbox": (b"", MAIL * 200, b""),
    "one line": (LINE, b"x" * 1_000_000, b"\n" + LINE),
    "one quote": (b'text\n"', b"x" * 1_000_000, b'"\nx\n'),
    "one text of a document": (TELEGRAM + b'{"text": "', b"x" * 1_000_000, b'"}]}'),
    "one space": (TELEGRAM, b" " * 1_000_000, b"{}]}"),
    "one mail": (MAIL, b"x" * 1_000_000, b"\n\n" + MAIL),
}
FORMS = {"one line": "jsonl", "one quote": "csv", "one mail": "mbox"}


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_of_any_length(name: str) -> None:
    begin, part, end = STREAMS[name]

    def stream(times: int) -> Iterator[bytes]:
        yield begin
        yield from repeat(part, times)
        yield end

    form = FORMS.get(name, "telegram" if name.startswith("one") else name)
    times = (20_000_000 if name.startswith("one") else 10_000_000) // len(part)  # one record: above its limit
    _, _, small = reads("-", form, stream(times))
    count, told, large = reads("-", form, stream(3 * times))
    assert large < small * 1.2
    assert large < 400
    assert count + told > 0


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_one_giant_row_group(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"posts.{form}"
    noise = random.Random(1).randbytes(60_000_000).hex()  # noqa: S311  # any bytes will do
    table = pa.table({"id": range(120_000), "text": [noise[at : at + 1000] for at in range(0, len(noise), 1000)]})
    if form == "parquet":
        parquet.write_table(table, path, row_group_size=10**9, use_dictionary=False)
    else:
        with ipc.new_file(path, table.schema) as writer:
            writer.write_table(table, max_chunksize=10**9)
    del noise, table
    count, told, megabytes = reads(path)
    assert (count, told) == (120_000, 0)
    assert megabytes < (200 if form == "parquet" else 400)  # of Arrow the mapped pages count, which any need may take


def test_texts_that_repeat_take_little_room_in_parquet_and_much_outside(tmp_path: Path) -> None:
    path = tmp_path / "posts.parquet"
    texts = pa.array(["x" * 10_000, "y" * 10_000] * 20_000).dictionary_encode()
    parquet.write_table(pa.table({"text": texts}), path)
    assert path.stat().st_size < 1_000_000
    count, _, megabytes = reads(path)
    assert count == 40_000
    assert megabytes < 500
