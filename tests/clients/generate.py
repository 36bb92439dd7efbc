"""Generate clients of the HTTP API from a running sidecar's description, and call it with them.

python tests/clients/generate.py GENERATOR

GENERATOR is the program openapi-python-client; its Python runs the client. The TypeScript one takes npm, and is
left out, with a sentence, where that or its packages are not to be had.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1] / "src"), str(HERE.parent / "fronts" / "server")]

from sidecars import furnish, running  # noqa: E402  # found by the line above

TOKEN = "analyst"  # noqa: S105  # tokens of the tests are named after their holders


def main(generator: str) -> int:
    """Out: 0 where each client that could be made got the right answers."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        furnish(folder)
        with running(folder, "--lookup") as sidecar:
            base = f"http://127.0.0.1:{sidecar.port}"
            with urllib.request.urlopen(f"{base}/openapi.json") as answer:  # noqa: S310  # ours, on loopback
                (folder / "openapi.json").write_bytes(answer.read())
            _python(folder, generator, base)
            _typescript(folder, base)
    return 0


def _python(folder: Path, generator: str, base: str) -> None:
    _run([generator, "generate", "--path", "openapi.json", "--output-path", "python", "--fail-on-warning"], folder)
    python = Path(generator).resolve(strict=False).with_name("python")
    shutil.copy(HERE / "client.py", folder / "python")
    _run([str(python), "client.py", base, TOKEN], folder / "python")


def _typescript(folder: Path, base: str) -> None:
    if shutil.which("npm") is None:
        sys.stdout.write("the TypeScript client: left out, there is no npm here\n")
        return
    made = folder / "typescript"
    made.mkdir()
    for name in ("package.json", "client.ts"):
        shutil.copy(HERE / name, made)
    quiet = ["--silent", "--no-audit", "--no-fund"]
    if subprocess.run(["npm", "install", *quiet], cwd=made, check=False).returncode:  # noqa: S607  # wherever it is
        sys.stdout.write("the TypeScript client: left out, npm cannot get its packages here\n")
        return
    programs = made / "node_modules" / ".bin"
    _run([str(programs / "openapi-typescript"), "../openapi.json", "-o", "schema.d.ts"], made)
    _run([str(programs / "tsc"), "--strict", "--target", "es2022", "--module", "nodenext", "client.ts"], made)
    _run(["node", "client.js", base, TOKEN], made)


def _run(command: list[str], folder: Path) -> None:
    path = os.pathsep.join((str(Path(command[0]).parent), os.environ["PATH"]))  # the generator calls the ruff beside it
    env = os.environ | {"PATH": path, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{command[0]} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    sys.stdout.write(done.stdout if done.stdout.startswith("the ") else "")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
