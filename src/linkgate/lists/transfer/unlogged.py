"""Silence for urllib3's loggers: at levels up to WARNING they write whole URLs, with path and query.

>>> with unlogged():
...     logging.getLogger("urllib3.connection").warning("Failed to parse headers (url=https://…?key=secret)")
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from threading import get_ident
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_WRITE_URLS = ("urllib3.connection", "urllib3.connectionpool")


@contextmanager
def unlogged() -> Iterator[None]:
    """Drop what these loggers are told by this thread; other threads' records pass."""
    thread = get_ident()

    def foreign(record: logging.LogRecord) -> bool:
        return record.thread != thread

    for name in _WRITE_URLS:
        logging.getLogger(name).addFilter(foreign)
    try:
        yield
    finally:
        for name in _WRITE_URLS:
            logging.getLogger(name).removeFilter(foreign)
