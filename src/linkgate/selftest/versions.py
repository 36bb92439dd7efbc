"""What a certificate says of the program: versions, and the date of the public suffix list."""

from __future__ import annotations

import platform
import re
from importlib.metadata import PackageNotFoundError, files, version

import linkgate

_DEPENDENCIES = ("ada-url", "idna", "pyahocorasick", "tldextract")
_DATE = re.compile(r"// VERSION: (\d{4}-\d\d-\d\d)")


def versions() -> dict[str, str]:
    """The versions of all that reads a link, by name.

    >>> sorted(versions())
    ['ada-url', 'idna', 'linkgate', 'pyahocorasick', 'python', 'tldextract']
    """
    return {
        "linkgate": linkgate.__version__,
        "python": platform.python_version(),
        **{name: _version(name) for name in _DEPENDENCIES},
    }


def suffix_list_date() -> str | None:
    """The day of the public suffix list that is installed (tldextract's copy); None where it does not say."""
    try:
        found = [path for path in files("tldextract") or () if path.name == ".tld_set_snapshot"]
        head = found[0].read_text("utf-8")[:4096] if found else ""
    except (PackageNotFoundError, OSError):
        return None
    match = _DATE.search(head)
    return match[1] if match else None


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"
