"""How hypothesis runs (HYPOTHESIS_PROFILE: `ci` by default, `dev`, `long`), and where the shared data lies."""

import atexit
import gc
import os
import shutil
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from sharing import WholeFiles, long_ones_first

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import SparkSession
    from xdist.remote import Producer

SHARED = Path(__file__).parents[2] / "shared"
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "ci")
_SLOW_TO_DRAW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]

settings.register_profile("ci", derandomize=True, deadline=None, max_examples=100, database=None)
settings.register_profile("dev", deadline=None, max_examples=50)
settings.register_profile("long", deadline=None, max_examples=5_000, suppress_health_check=_SLOW_TO_DRAW)
settings.load_profile(PROFILE)

# Hundreds of processes are started below: where the environment forbids byte code, each would compile all that it
# imports anew, which is half of its time. Set here, before pytest-xdist starts its workers, it holds for them, too.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


# Where 11,000 tests are collected, nothing is garbage; afterwards every message leaves some, but seldom in a circle.
gc.disable()
gc.set_threshold(10_000, 20, 20)
atexit.register(gc.freeze)


def pytest_configure() -> None:
    """Let the processes of the tests hear Ctrl-C, to which a shell makes deaf what it starts in the background."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        with suppress(ValueError):  # not in the main thread
            signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers() -> int:
    """Half of the time a test waits for another process, so two workers share a processor."""
    return 2 * (os.cpu_count() or 1)


def pytest_xdist_make_scheduler(config: pytest.Config, log: "Producer") -> WholeFiles | None:
    """Deal out whole files, unless another way is asked for."""
    if config.getoption("dist") != "load":
        return None
    config.option.loadscopereorder = False
    return WholeFiles(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    long_ones_first(items)


def pytest_collection_finish() -> None:
    gc.enable()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder beside the repository with other people's data, which is not part of it."""
    if not SHARED.is_dir():
        pytest.skip("no ../shared beside the repository: data of others is not copied into it")
    return SHARED


@pytest.fixture(scope="session")
def at_length() -> bool:
    """Whether to go through all that there is, which takes minutes: HYPOTHESIS_PROFILE=long."""
    return PROFILE == "long"


@pytest.fixture(scope="session")
def long_run(at_length: bool) -> None:  # noqa: FBT001  # a fixture
    """For what takes minutes at its smallest."""
    if not at_length:
        pytest.skip("takes minutes: set HYPOTHESIS_PROFILE=long")


@pytest.fixture(scope="session")
def spark() -> "Iterator[SparkSession]":
    """A Spark of two cores in this process."""
    sql = pytest.importorskip("pyspark.sql", reason="the extra `spark` is not installed")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java")
    os.environ["PYSPARK_PYTHON"] = sys.executable  # the workers, too, must have linkgate
    session = (
        sql.SparkSession.builder.master("local[2]")
        .appName("linkgate-tests")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    yield session
    session.stop()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many of each conformance suite's rows are met; with xdist the numbers travel in the reports."""
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    lines = {
        value
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == "conformance" and isinstance(value, str)
    }
    if not lines:
        return
    terminalreporter.section("conformance: rows met, by suite")
    for line in sorted(lines):
        suite, met, total = line.split("\t")
        terminalreporter.line(f"{suite:<32}{met:>6} / {total}")
