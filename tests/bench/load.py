"""The sidecar under load: `python tests/bench/load.py`, with wrk on the path.

Requests a second of single messages and of batches of 100, beside an ordinary endpoint of the same
server that reads the body and answers a constant as long as a verdict. The sidecar asks for tokens, as
it does in production. Rounds in turn; the ratio is the median of theirs, so that what else the machine
does meets both. `tests/bench/soak.py` is the load that goes on for long.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import statistics
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
    from starlette.requests import Request

    from linkgate.fronts.server.app import SidecarApp

SOURCE = Path(__file__).parents[2] / "src"
LEAST = 0.8
ROUNDS = 8
PORT = 8191
TEXT = "hello there how are you today, see http://other.example/page for more"
_LUA = """wrk.method="POST"
wrk.body=[==[{body}]==]
wrk.headers["Content-Type"]="application/json"
wrk.headers["Authorization"]="Bearer chat"
"""
_VERDICT = b'{"flagged":false,"action":null,"snapshot":"0123456789abcdef0123456789abcdef","matches":[]}'


def application() -> SidecarApp:
    """The sidecar with one more endpoint, which does nothing."""
    from linkgate.fronts.server.app import application as sidecar  # noqa: PLC0415  # the workers import this module

    async def nothing(request: Request) -> Response:
        await request.body()
        return Response(_VERDICT, media_type="application/json")

    app = sidecar()
    app.plain.router.routes.insert(0, Route("/nothing", nothing, methods=["POST"]))
    return app


def main() -> int:
    """Print requests a second; 1 when singles reach less than 0.8 of doing nothing."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=int, default=2)
    options.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.serve:
        import uvicorn  # noqa: PLC0415  # only this process needs it

        from linkgate.fronts.server.launcher import UVICORN  # noqa: PLC0415  # as above

        uvicorn.run("load:application", port=PORT, **UVICORN, log_level="warning")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        snapshot = Path(folder, "list.snapshot")
        _compile(snapshot)
        tokens = Path(folder, "tokens")
        tokens.touch(mode=0o600)
        tokens.write_text(f"chat check {hashlib.sha256(b'chat').hexdigest()}\n")
        server = _serve(snapshot, tokens)
        try:
            return _measure(Path(folder), chosen.seconds)
        finally:
            server.terminate()
            server.wait(30)


def _compile(snapshot: Path) -> None:
    import linkgate  # noqa: PLC0415  # only the parent needs it

    lines = [f"http://bad{number}.example/page" for number in range(10_000)]
    linkgate.save(linkgate.compile_lines(lines, name="made-up").engine, snapshot)


def _serve(snapshot: Path, tokens: Path) -> subprocess.Popen[bytes]:
    env = os.environ | {
        "LINKGATE_SERVE": json.dumps({"store": str(snapshot), "tokens": str(tokens)}),
        "PYTHONPATH": os.pathsep.join(map(str, (Path(__file__).parent, SOURCE))),
    }
    server = subprocess.Popen([sys.executable, __file__, "--serve"], env=env)
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
    rates: dict[str, list[float]] = {name: [] for name in bodies}
    for _ in range(ROUNDS):
        for name, (path, body) in bodies.items():
            rates[name].append(_wrk(folder, path, body, seconds))
    for name, found in rates.items():
        sys.stdout.write(f"{name:14} {statistics.median(found):10,.0f} requests/s\n")
    ratios = sorted(single / nothing for single, nothing in zip(rates["single"], rates["nothing"], strict=True))
    ratio, batches = statistics.median(ratios), statistics.median(rates["batch of 100"])
    sys.stdout.write(f"singles / nothing: {ratio:.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})\n")
    sys.stdout.write(f"messages/s in batches: {batches * 100:,.0f}\n")
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
