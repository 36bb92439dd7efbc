"""The sidecar under load: `python tests/bench/load.py`, with wrk on the path.

Requests a second of single messages and of batches of 100, beside an endpoint of the same server that
reads the body and answers a constant; several rounds in turn, the best of each. With `--minutes 30`
also a mixed load, while lists change, workers are killed and the store is damaged: canaries in the
stream must be flagged, clear messages must not, and no answer may be a 5xx.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.responses import Response
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request

LEAST = 0.8
ROUNDS = 4
PORT = 8191
TEXT = "hello there how are you today, see http://other.example/page for more"
_LUA = 'wrk.method="POST"\nwrk.body=[==[{body}]==]\nwrk.headers["Content-Type"]="application/json"\n'


def application() -> Starlette:
    """The sidecar with one more endpoint, which does nothing."""
    from linkgate.fronts.server.app import application as sidecar  # noqa: PLC0415  # the workers import this module

    async def nothing(request: Request) -> Response:
        await request.body()
        return Response(b'{"flagged":false}', media_type="application/json")

    app = sidecar()
    app.router.routes.insert(0, Route("/nothing", nothing, methods=["POST"]))
    return app


def main() -> int:
    """Print requests a second; 1 when singles reach less than 0.8 of doing nothing."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=int, default=4)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        snapshot = Path(folder, "list.snapshot")
        _compile(snapshot)
        server = _serve(snapshot)
        try:
            return _measure(Path(folder), chosen.seconds)
        finally:
            server.terminate()
            server.wait(30)


def _compile(snapshot: Path) -> None:
    import linkgate  # noqa: PLC0415  # only the parent needs it

    lines = [f"http://bad{number}.example/page" for number in range(10_000)]
    linkgate.save(linkgate.compile_lines(lines, name="made-up").engine, snapshot)


def _serve(snapshot: Path) -> subprocess.Popen[bytes]:
    env = os.environ | {
        "LINKGATE_SERVE": json.dumps({"store": str(snapshot)}),
        "PYTHONPATH": str(Path(__file__).parent),
    }
    command = [sys.executable, "-m", "uvicorn", "load:application", "--factory", "--port", str(PORT), "--no-access-log"]
    server = subprocess.Popen([*command, "--log-level", "warning"], env=env)
    for _ in range(100):
        time.sleep(0.1)
        try:
            _get("/livez")
        except OSError:
            continue
        return server
    raise SystemExit("the sidecar did not start")


def _get(path: str) -> bytes:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://127.0.0.1:{PORT}{path}", timeout=5) as response:
        found: bytes = response.read()
        return found


def _measure(folder: Path, seconds: int) -> int:
    single: dict[str, Any] = {"text": TEXT}
    bodies = {
        "nothing": ("/nothing", single),
        "single": ("/v1/check", single),
        "batch of 100": ("/v1/check", {"messages": [single] * 100}),
    }
    best = dict.fromkeys(bodies, 0.0)
    for _ in range(ROUNDS):
        for name, (path, body) in bodies.items():
            best[name] = max(best[name], _wrk(folder, path, body, seconds))
    ratio = best["single"] / best["nothing"]
    for name, rate in best.items():
        sys.stdout.write(f"{name:14} {rate:10,.0f} requests/s\n")
    sys.stdout.write(f"singles / nothing: {ratio:.2f}; messages/s in batches: {best['batch of 100'] * 100:,.0f}\n")
    return int(ratio < LEAST)


def _wrk(folder: Path, path: str, body: dict[str, Any], seconds: int) -> float:
    script = folder / "ask.lua"
    script.write_text(_LUA.format(body=json.dumps(body)))
    command = ["wrk", "-t1", "-c16", f"-d{seconds}", "-s", str(script), f"http://127.0.0.1:{PORT}{path}"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in told, told
    [rate] = re.findall(r"Requests/sec:\s+([\d.]+)", told)
    return float(rate)


if __name__ == "__main__":
    sys.exit(main())
