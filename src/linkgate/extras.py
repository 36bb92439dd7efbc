"""Packages that are no part of a plain install, and the sentence that names the extra with them.

The core is what a send path needs: engine, gate, lists, store, `check`. All else is an extra of pyproject.toml.

>>> str(lacking(ModuleNotFoundError(name="pyarrow.compute")))
"this needs the package pyarrow, which is not installed: pip install 'linkgate[scan]'"
>>> lacking(ModuleNotFoundError(name="antigravity")) is None
True
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from linkgate.errors import UsageError, installing

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["EXTRAS", "installing", "lacking", "of_extra"]

EXTRAS = {
    "aiohttp": "resolve",
    "cryptography": "encryption",
    "jinja2": "report",
    "libipld": "archive",
    "markupsafe": "report",
    "numpy": "scan",
    "pandas": "spark",
    "prometheus_client": "serve",
    "pyarrow": "scan",
    "pyspark": "spark",
    "rich": "scan",
    "sqlalchemy": "database",
    "starlette": "serve",
    "threatexchange": "threatexchange",
    "uvicorn": "serve",
    "vl_convert": "report",
    "zstandard": "archive",
}
"""Module -> the extra that installs it; tests/test_light_core.py compares it with pyproject.toml."""


def lacking(error: ModuleNotFoundError, *, extra: str = "") -> UsageError | None:
    """What to tell the caller about a module that is not there; None where no extra would bring it.

    extra: the one that the caller needs, which brings more than that module.
    """
    name = (error.name or "").partition(".")[0]
    if name not in EXTRAS:
        return None
    cure = installing(extra or EXTRAS[name])
    return UsageError(f"this needs the package {name}, which is not installed: {cure}")


@contextmanager
def of_extra(extra: str) -> Iterator[None]:
    """Imports of a module that an extra is for. Raises UsageError, which names it, where one of them is not there."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise lacking(error, extra=extra) or error from None
