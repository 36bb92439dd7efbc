"""The generated pages of docs/ are what the code says, and the site builds with every link in it."""

import importlib
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from linkgate.lists.config import parse_config

REPO = Path(__file__).parents[1]


def test_the_reference_is_what_the_code_says() -> None:
    pytest.importorskip("prometheus_client", reason="the extra `serve` is not installed")
    script = REPO / "docs" / "generate_reference.py"
    env = {key: value for key, value in os.environ.items() if not key.startswith("LINKGATE_")}
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(REPO / "src"), env.get("PYTHONPATH", "")]))
    command = [sys.executable, str(script), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 0, done.stderr


def test_each_default_is_what_the_code_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(REPO / "docs"))
    keys = importlib.import_module("configuration_keys")
    plain, compared = parse_config(keys.SAMPLE, name="linkgate.toml"), 0
    for (place, key), (default, _) in keys.DESCRIPTIONS.items():
        if not re.fullmatch("`[^`]+`", default):
            continue  # in words
        values = tomllib.loads(keys.SAMPLE)
        table = values
        for name in filter(None, place.split(".")):
            table = table.setdefault(name, {})
            table = table[0] if isinstance(table, list) else table
        if key in table:
            continue
        table[key] = tomllib.loads(f"it = {default.strip('`')}")["it"]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tomllib, "loads", lambda _text, values=values: values)
            told = parse_config(keys.SAMPLE, name="linkgate.toml")
        assert told == plain or place == "list.actions", (place, key, default)
        compared += 1
    assert compared > 20


def test_the_site_builds(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason="the extra `docs` is not installed")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site" / "reference" / "command-line" / "index.html").exists()
