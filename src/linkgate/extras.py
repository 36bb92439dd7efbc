"""Packages that are no part of a plain install, and the sentence that names the extra with them.

The core is what a send path needs: engine, gate, lists, store, `check`. All else is an extra of pyproject.toml.

>>> str(lacking(ModuleNotFoundError(name="pyarrow.compute")))
"this needs the package pyarrow, which is not installed: pip install 'linkgate[scan]'"
>>> lacking(ModuleNotFoundError(name="antigravity")) is None
True
"""

from linkgate.errors import UsageError

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
    "uvicorn": "serve",
    "vl_convert": "report",
    "zstandard": "archive",
}
"""Module -> the extra that installs it; tests/test_light_core.py compares it with pyproject.toml."""


def lacking(error: ModuleNotFoundError) -> UsageError | None:
    """What to tell the caller about a module that is not there; None where no extra would bring it."""
    name = (error.name or "").partition(".")[0]
    if name not in EXTRAS:
        return None
    return UsageError(f"this needs the package {name}, which is not installed: pip install 'linkgate[{EXTRAS[name]}]'")
