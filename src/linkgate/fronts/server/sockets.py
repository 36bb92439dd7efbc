"""Where a sidecar listens: tried before it begins, so that what is in the way is told in one sentence.

>>> with socket.create_server(("127.0.0.1", 0)) as other:
...     port = other.getsockname()[1]
...     try:
...         try_address("127.0.0.1", port)
...     except UsageError as error:
...         str(error).replace(str(port), "8080")
'127.0.0.1, port 8080: address already in use; name another --host or --port'
"""

from __future__ import annotations

import os
import resource
import socket
import stat
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from linkgate import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator


def try_address(host: str, port: int) -> None:
    """Raise UsageError where nobody can listen at an address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except (OSError, UnicodeError) as error:
        why = (getattr(error, "strerror", None) or "it is no address").partition(" (")[0].lower()
        raise UsageError(f"{host}, port {port}: {why}; name another --host or --port") from None


def allow_connections(number: int) -> None:
    """Let this process, and those that it starts, hold so many connections, as far as the system lets it.

    A service is often started with a limit of 1,024 open files, and a client beyond it gets no answer at all.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * number
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(
            resource.RLIMIT_NOFILE, (wanted if hard == resource.RLIM_INFINITY else min(hard, wanted), hard)
        )


def bind_socket(path: str) -> socket.socket:
    """A Unix socket for its owner and group; one that nobody listens at any more is removed. Raises UsageError.

    Whatever else is there stays, and is in the way.
    """
    place, made = Path(path), socket.socket(socket.AF_UNIX)
    try:
        if place.exists():
            _remove_stale(place)
        before = os.umask(0o117)  # from its first moment on
        try:
            made.bind(path)
        finally:
            os.umask(before)
    except BaseException as error:
        made.close()
        if not isinstance(error, OSError):
            raise
        why = (error.strerror or str(error)).lower()
        raise UsageError(f"--uds {path}: {why}; name another path") from None
    return made


@contextmanager
def removed_at_the_end(path: str | None) -> Iterator[None]:
    """Remove a Unix socket when its process ends in order."""
    try:
        yield
    finally:
        if path:
            Path(path).unlink(missing_ok=True)


def _remove_stale(place: Path) -> None:
    if not stat.S_ISSOCK(place.stat().st_mode):
        raise UsageError(f"--uds {place}: there is something that is no socket; remove it, or name another path")
    with socket.socket(socket.AF_UNIX) as other:
        try:
            other.connect(str(place))
        except ConnectionRefusedError:
            place.unlink()
            return
    raise UsageError(f"--uds {place}: another process listens there; stop it, or name another path")
