"""Real installs, in environments of their own: python tests/installs.py core | image.

core: a plain `pip install .` takes less than 30 MB, and does what `light_core.py` says. image: the steps of
deploy/Dockerfile, as they stand there, run by hand in a folder; then the image's command serves, its health check
is content, and SIGTERM ends it. Needs pip and a registry; CI runs both.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPO = Path(__file__).parents[1]
MOST = 30_000_000
"""Bytes on disk of a plain install: linkgate, what it depends on, and their compiled files."""
PATIENCE = 60


def run(*command: str | Path, cwd: Path) -> None:
    """Run a command that must succeed, without the sources on the path."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run([str(each) for each in command], cwd=cwd, env=env, check=True)


def core(folder: Path) -> None:
    """A plain install."""
    venv = folder / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", venv, cwd=folder)
    run(sys.executable, "-m", "pip", "--python", venv / "bin/python", "install", "--quiet", REPO, cwd=folder)
    [packages] = venv.glob("lib/python*/site-packages")
    size = sum(path.stat().st_size for path in packages.rglob("*") if path.is_file())
    sys.stdout.write(f"a plain install takes {size / 1e6:.1f} MB\n")
    assert size < MOST
    run(venv / "bin/python", REPO / "tests/light_core.py", cwd=folder)


def image(folder: Path) -> None:
    """The steps of the Dockerfile's first stage, then its command."""
    text = (REPO / "deploy/Dockerfile").read_text(encoding="utf-8").replace("\\\n", "")
    _, build, final = text.split("\nFROM ")
    home, config = folder / "opt", folder / "etc"
    for words in re.findall(r"^COPY (.+)$", build, re.MULTILINE):
        *sources, target = words.split()
        for name in sources:
            copy = shutil.copytree if (REPO / name).is_dir() else shutil.copy
            copy(REPO / name, folder / target)
    for step in re.findall(r"^RUN (.+)$", build, re.MULTILINE):
        run("sh", "-euc", step.replace("/opt/linkgate", str(home)), cwd=folder)
    serve(final, home, config)


def serve(final: str, home: Path, config: Path) -> None:
    """What the image does when it is started, over a store that its own updater made."""
    config.mkdir()
    linkgate = home / "bin/linkgate"
    (config / "listed.txt").write_text("http://bad.example/page\n")
    (config / "linkgate.toml").write_text('[[list]]\nname = "partner"\npath = "listed.txt"\n')
    run(linkgate, "lists", "update", cwd=config)
    token = subprocess.run([linkgate, "serve", "--new-token", "chat=check"], capture_output=True, text=True, check=True)
    (config / "tokens").write_text(token.stdout)
    (config / "tokens").chmod(0o600)
    [words] = re.findall(r"^CMD (\[.+\])$", final, re.MULTILINE)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])  # the image has a network of its own, this machine may use 8080
    command = [word.replace("/etc/linkgate", str(config)).replace("8080", port) for word in json.loads(words)]
    [health] = re.findall(r"^HEALTHCHECK .*?CMD (\[.+\])$", final, re.MULTILINE)
    python, *code = json.loads(health)
    healthy = [home / "bin" / python, *(word.replace("8080", port) for word in code)]
    process = subprocess.Popen([linkgate, *command], cwd=config)
    try:
        end = time.monotonic() + PATIENCE
        while subprocess.run(healthy, check=False, capture_output=True).returncode:
            assert process.poll() is None, shlex.join(command)
            assert time.monotonic() < end, "never healthy"
            time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        code = process.wait(PATIENCE)
        assert code == 0, code
    finally:
        process.kill()
    sys.stdout.write("the steps of the image work: it serves, is healthy and ends\n")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        {"core": core, "image": image}[sys.argv[1]](Path(name))
