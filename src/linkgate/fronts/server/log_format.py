"""Log lines of the sidecar, with time (UTC) and level: text for people, or one JSON object a line.

>>> record = logging.LogRecord("linkgate.reload", logging.INFO, "", 0, "engine replaced", None, None)
>>> record.created, record.fields = 0.0, {"who": "analyst"}
>>> TextFormatter().format(record)
'1970-01-01T00:00:00.000+00:00 INFO linkgate.reload: engine replaced {"who": "analyst"}'
>>> JsonFormatter().format(record)
'{"time": "1970-01-01T00:00:00.000+00:00", "level": "INFO", "logger": "linkgate.reload", "message": "engine replaced", \
"who": "analyst"}'
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any


class TextFormatter(logging.Formatter):
    """Time, level, logger, message, and the fields of the record as JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and a traceback where there is one."""
        line, fields = f"{_time(record)} {record.levelname} {record.name}: {record.getMessage()}", _fields(record)
        line = f"{line} {json.dumps(fields)}" if fields else line
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class JsonFormatter(logging.Formatter):
    """The same as one JSON object, the fields of the record beside the others."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever the message holds."""
        told = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_fields(record),
        }
        return json.dumps(told | {"traceback": self.formatException(record.exc_info)} if record.exc_info else told)


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    """What a logger was given as `extra={"fields": …}`."""
    fields: dict[str, Any] = getattr(record, "fields", {})
    return fields


def log_config(*, as_json: bool) -> dict[str, Any]:
    """For `logging.config.dictConfig`, in each worker: everything to stderr."""
    formatter = f"{__name__}.{'JsonFormatter' if as_json else 'TextFormatter'}"
    handler = {"handlers": ["stderr"], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "loggers": {
            "linkgate": {**handler, "level": "INFO"},
            "uvicorn": {**handler, "level": "WARNING"},
            "uvicorn.error": {"level": "INFO"},
        },
    }
