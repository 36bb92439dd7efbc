"""What an update costs: `python tests/bench/publish.py`, with ../shared beside the repository.

A million lines are fetched from a server on loopback, parsed, guarded, compiled and written into a
store, beside the time that ada_url.URL takes to parse the same lines; then the store is loaded.
"""

from __future__ import annotations

import argparse
import http.server
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import measure
from ada_url import URL

import data
import linkgate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LIMITS = {"update x ada_url": 12.0, "load s": 3.0, "resident bytes/entry": 300.0}


def main() -> int:
    """Print one line; 1 when a limit is passed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--lines", type=int, default=1_000_000)
    row = measured(options.parse_args().lines)
    sys.stdout.write("; ".join(f"{name} {value:,}" for name, value in row.items()) + "\n")
    over = passed(row)
    sys.stderr.writelines(f"bench: {fault}\n" for fault in over)
    return int(bool(over))


def measured(count: int) -> dict[str, float]:
    """The measures of one update of so many lines."""
    lines = data.lines(data.Case("feed", ("urlhaus_1035k.txt.gz",), count, 0))
    parsed = min(_parse(lines) for _ in range(3))
    with tempfile.TemporaryDirectory() as folder:
        seconds, version = _update(Path(folder), "\n".join(lines).encode())
        loaded = measure.loaded(Path(folder, "store", "snapshots", version.file))
    return {
        "lines": len(lines),
        "entries": version.entries,
        "ada_url s": round(parsed, 2),
        "update s": round(seconds, 1),
        "update x ada_url": round(seconds / parsed, 1),
        "load s": round(loaded["seconds"], 2),
        "resident bytes/entry": round(loaded["bytes"]),
    }


def passed(row: Mapping[str, float]) -> list[str]:
    """A sentence for each measure that is over its limit."""
    return [f"{name} is {row[name]}, and may be {most}" for name, most in LIMITS.items() if row[name] > most]


def _parse(lines: Sequence[str]) -> float:
    start = time.perf_counter()
    for line in lines:
        try:
            URL(line if "://" in line else f"http://{line}")
        except ValueError:
            continue
    return time.perf_counter() - start


def _update(folder: Path, body: bytes) -> tuple[float, linkgate.Version]:
    """Seconds of one update from a server on loopback, and the version that it published."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        toml = folder / "linkgate.toml"
        toml.write_text(
            f'[store]\npath = "store"\n[[list]]\nname = "feed"\nurl = "http://127.0.0.1:{server.server_port}/list.txt"\n'
        )
        config = linkgate.load_config(toml)
        store = config.open_store(create=True)
        start = time.perf_counter()
        done = linkgate.update(config, store)
        seconds = time.perf_counter() - start
        server.shutdown()
    if not done.ok or done.version is None:
        raise SystemExit(f"the update failed: {done.as_dict()}")
    return seconds, done.version


if __name__ == "__main__":
    sys.exit(main())
