"""`linkgate serve`: settings in, a running server until it is told to stop."""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NoReturn

import linkgate
from linkgate.extras import installing
from linkgate.fronts import exits
from linkgate.fronts.engines import is_compiled, open_engines
from linkgate.fronts.server.log_format import log_config
from linkgate.fronts.show import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
UVICORN: dict[str, Any] = {
    "factory": True,
    "http": "linkgate.fronts.server.connections:Connection",
    "ws": "none",
    "proxy_headers": False,
    "access_log": False,
    "server_header": False,
    "limit_concurrency": 1_000,
    "timeout_keep_alive": 30,
    "timeout_graceful_shutdown": 8,
    "timeout_worker_healthcheck": 15,  # a worker that begins with a large list on a busy machine is not dead
}
"""How uvicorn serves, wherever it listens."""


def run(  # noqa: PLR0913  # one argument an option
    *, host: str, port: int, uds: str | None, workers: int, log_format: str, lists: tuple[str, ...], **settings: Any
) -> int:
    """Serve until SIGTERM or Ctrl-C; requests that are under way are finished."""
    refuse_open_doors(host, uds, settings)
    with _compiled(lists, settings) as chosen:
        return _serve(host=host, port=port, uds=uds, workers=workers, log_format=log_format, settings=chosen)


@contextmanager
def _compiled(lists: tuple[str, ...], settings: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The settings; with list files, those of a snapshot that is made of them, once. Raises LinkgateError."""
    if not lists:
        yield settings
        return
    if settings.get("store"):
        raise linkgate.UsageError("--list and --store: name one of them")
    with TemporaryDirectory(prefix="linkgate-list-", ignore_cleanup_errors=True) as folder:
        store = str(Path(folder, "lists.snapshot"))
        if any(map(is_compiled, lists)):
            raise linkgate.UsageError("--list takes list files; a store or a snapshot goes to --store")
        [engine] = open_engines(lists).parts
        linkgate.save(engine, store)
        say("the list files are read once: name a store with --store, or a configuration, to follow changes")
        yield settings | {"store": store}


def _serve(  # noqa: PLR0913  # as above
    *, host: str, port: int, uds: str | None, workers: int, log_format: str, settings: dict[str, Any]
) -> int:
    try:
        import uvicorn  # noqa: PLC0415  # an extra

        from linkgate.fronts.server import app, sockets  # noqa: PLC0415
    except ImportError:
        raise linkgate.UsageError(f"the sidecar needs more packages: {installing('serve')}") from None
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # what it asks for, a reload, is under way
    app.service_of({**settings, "watch": None}).gate.close()  # what is wrong is told here, in one sentence
    fd = sockets.bind_socket(uds).detach() if uds else None
    if not uds:
        sockets.try_address(host, port)
    sockets.allow_connections(UVICORN["limit_concurrency"])
    say(f"serving on {uds or f'{host}, port {port}'}")
    with _shared(workers) as shared, sockets.removed_at_the_end(uds):
        os.environ[app.SETTINGS] = json.dumps({**settings, "uds": uds, "shared": shared})
        logs = log_config(as_json=log_format == "json")
        how = UVICORN | {"host": host, "port": port, "fd": fd, "workers": workers, "log_config": logs}
        uvicorn.run("linkgate.fronts.server.app:application", **how)
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


def refuse_open_doors(host: str, uds: str | None, settings: dict[str, Any]) -> None:
    """Without tokens, nobody but this machine; look-ups never without tokens. Who names a file of them has some."""
    if settings.get("tokens"):
        from linkgate.fronts.server.bearer_tokens import TokenFile  # noqa: PLC0415  # as above

        TokenFile(Path(settings["tokens"])).require_some()
        return
    if settings.get("lookups"):
        raise linkgate.UsageError("--lookup answers what is listed: it needs --tokens FILE")
    if not uds and host not in _LOOPBACK:
        raise linkgate.UsageError(f"--host {host} is open to other machines: it needs --tokens FILE")


def print_new_token(words: str) -> int:
    """Make a token of NAME=RIGHTS: its line for the file of tokens goes to stdout, the token itself to stderr."""
    from linkgate.fronts.server.bearer_tokens import new_token  # noqa: PLC0415  # as above

    name, _, rights = words.partition("=")
    token, line = new_token(name, rights or "check")
    sys.stdout.write(f"{line}\n")
    say(f"the token of {name}, shown only now: {token}")
    return exits.CLEAR
