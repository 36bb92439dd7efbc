"""`linkgate serve`: settings in, a running server until it is told to stop."""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import nullcontext
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NoReturn

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.show import say

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_LOGS = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {
        "linkgate.lookups": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "linkgate.tokens": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "uvicorn": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "uvicorn.error": {"level": "INFO"},
    },
}
UVICORN: dict[str, Any] = {
    "factory": True,
    "http": "linkgate.fronts.server.connections:Connection",
    "ws": "none",
    "proxy_headers": False,
    "log_config": _LOGS,
    "access_log": False,
    "server_header": False,
    "limit_concurrency": 1_000,
    "timeout_keep_alive": 30,
    "timeout_graceful_shutdown": 20,
    "timeout_worker_healthcheck": 15,  # a worker that begins with a large list on a busy machine is not dead
}
"""How uvicorn serves, wherever it listens."""


def run(*, host: str, port: int, uds: str | None, workers: int, new_token: str | None, **settings: Any) -> int:
    """Serve until SIGTERM or Ctrl-C; requests that are under way are finished."""
    if new_token:
        return _new_token(new_token)
    _refuse_open_doors(host, uds, settings)
    try:
        import uvicorn  # noqa: PLC0415  # an extra

        from linkgate.fronts.server import app, sockets  # noqa: PLC0415
    except ImportError:
        raise linkgate.UsageError("the sidecar needs more packages: pip install 'linkgate[serve]'") from None
    signal.signal(signal.SIGTERM, _end)
    app.service_of({**settings, "watch": None}).gate.close()  # what is wrong is told here, in one sentence
    if uds:
        sockets.try_socket(uds)
    else:
        sockets.try_address(host, port)
    sockets.allow_connections(UVICORN["limit_concurrency"])
    say(f"serving on {uds or f'{host}, port {port}'}")
    with _shared(workers) as shared:
        os.environ[app.SETTINGS] = json.dumps({**settings, "shared": shared})
        uvicorn.run("linkgate.fronts.server.app:application", host=host, port=port, uds=uds, workers=workers, **UVICORN)
    return exits.CLEAR


def _end(_signal: int, _frame: object) -> NoReturn:
    """Before uvicorn serves, and once more when it has stopped in order, and would die of the signal."""
    raise SystemExit(exits.CLEAR)


def _shared(workers: int) -> AbstractContextManager[str | None]:
    """A private folder for what several workers share: their metrics, and how often somebody asked."""
    if workers == 1:
        return nullcontext()
    try:
        return TemporaryDirectory(prefix="linkgate-", ignore_cleanup_errors=True)
    except OSError as error:
        reason = (error.strerror or "it cannot be written").lower()
        raise linkgate.UsageError(f"several workers need a temporary folder: {reason}; set TMPDIR") from None


def _refuse_open_doors(host: str, uds: str | None, settings: dict[str, Any]) -> None:
    """Without tokens, nobody but this machine; look-ups never without tokens."""
    if settings.get("tokens"):
        return
    if settings.get("lookups"):
        raise linkgate.UsageError("--lookup answers what is listed: it needs --tokens FILE")
    if not uds and host not in _LOOPBACK:
        raise linkgate.UsageError(f"--host {host} is open to other machines: it needs --tokens FILE")


def _new_token(words: str) -> int:
    from linkgate.fronts.server.bearer_tokens import new_token  # noqa: PLC0415  # as above

    name, _, rights = words.partition("=")
    token, line = new_token(name, rights or "check")
    sys.stdout.write(f"{line}\n")
    say(f"the token of {name}, shown only now: {token}")
    return exits.CLEAR
