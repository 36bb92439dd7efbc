"""A plain install is a light one: what it does without the packages of the extras, and what it says of the rest."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from running import environment

from linkgate.errors import UsageError
from linkgate.extras import EXTRAS, lacking

TESTS = Path(__file__).parent
PROJECT = tomllib.loads((TESTS.parent / "pyproject.toml").read_text("utf-8"))["project"]
MODULES = {"prometheus-client": "prometheus_client", "vl-convert-python": "vl_convert"}
SCANS = ("numpy", "pyarrow", "rich")


def packages(wanted: list[str]) -> set[str]:
    """The modules of requirements, less those of linkgate's own extras."""
    names = {each.split(">")[0].split("[")[0].strip() for each in wanted} - {"linkgate"}
    return {MODULES.get(name, name) for name in names}


def test_every_package_of_an_extra_is_told_by_that_extra() -> None:
    extras = PROJECT["optional-dependencies"]
    told = set(EXTRAS.values())
    assert {module: extra for extra in sorted(told) for module in packages(extras[extra])} == EXTRAS
    assert not packages(PROJECT["dependencies"]) & set(EXTRAS)
    assert EXTRAS.keys() >= set(SCANS)


def test_the_sentence_names_the_extra() -> None:
    error = lacking(ModuleNotFoundError(name="pyarrow.lib"))
    assert isinstance(error, UsageError)
    assert str(error).endswith("pip install 'linkgate[scan]'")


@pytest.mark.parametrize("refused", [SCANS, tuple(EXTRAS)], ids=["without scan", "without any extra"])
def test_what_a_plain_install_does(refused: tuple[str, ...], tmp_path: Path) -> None:
    command = [sys.executable, str(TESTS / "light_core.py"), ",".join(refused)]
    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


FACE = """
import sys
sys.path.insert(0, sys.argv[1])
from light_core import Refused
sys.meta_path.insert(0, Refused(sys.argv[2].split(",")))
import linkgate
for name in linkgate.__all__:
    try:
        getattr(linkgate, name)
    except linkgate.LinkgateError as error:
        print(name, error)
"""


def test_the_names_that_need_an_extra_say_so() -> None:
    command = [sys.executable, "-c", FACE, str(TESTS), ",".join(EXTRAS)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True)
    told = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    assert {name: sentence.rpartition("linkgate[")[2] for name, sentence in told.items()} == {
        "Resolver": "resolve]'",
        "scan": "scan]'",
        "scan_batch": "scan]'",
        "watch": "serve]'",
    }


MODULES_OF_EXTRAS = {"linkgate.spark": "spark", "linkgate.threatexchange": "threatexchange"}
"""The modules that other programs import by their names, and that an extra is for."""

IMPORTS = """
import importlib, json, sys
sys.path.insert(0, sys.argv[1])
from light_core import Refused
sys.meta_path.insert(0, Refused(sys.argv[2].split(",")))
from linkgate.errors import LinkgateError
from linkgate.extras import lacking
told = {}
for name in sys.stdin.read().split():
    try:
        importlib.import_module(name)
    except LinkgateError as error:
        told[name] = str(error)
    except ModuleNotFoundError as error:
        told[name] = lacking(error) and "for a command to tell"
print(json.dumps(told))
"""


def test_a_module_without_its_packages_says_so() -> None:
    """Those that others import, by a sentence; what lies behind a command or a name fails as these can tell."""
    source = TESTS.parent / "src"
    names = [".".join(path.relative_to(source).with_suffix("").parts) for path in source.rglob("linkgate/**/*.py")]
    names = [name.removesuffix(".__init__") for name in names if not name.endswith(("__main__", "pytest_fixtures"))]
    command = [sys.executable, "-c", IMPORTS, str(TESTS), ",".join(EXTRAS)]
    done = subprocess.run(
        command, env=environment(), input=" ".join(names), capture_output=True, text=True, check=True, timeout=60
    )
    told = json.loads(done.stdout)
    assert None not in told.values()
    sentences = {name: told.pop(name) for name in MODULES_OF_EXTRAS}
    for name, extra in MODULES_OF_EXTRAS.items():
        assert sentences[name].endswith(f"which is not installed: pip install 'linkgate[{extra}]'"), sentences
    assert {sentence for name, sentence in told.items() if not name.startswith(tuple(MODULES_OF_EXTRAS))} == {
        "for a command to tell"
    }
