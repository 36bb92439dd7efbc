"""The command line without its start: one process loads it, and forks for each command that a test runs.

What runs is what `linkgate` runs, in a process of its own, with its own streams, folder, environment and exit
code. Only what a start costs, a second of imports and tables, is paid once for all. What is about the start itself,
or is stopped on its way, is started anew: see `running.py`.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from pkgutil import walk_packages
from threading import Timer
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_MOST = 1 << 18
"""Bytes of a request at most: arguments, folder and environment."""
_FILES = 1_024
"""More than this process has open."""
_LOADED = tuple(
    f"linkgate.{name}"
    for name in ("fronts.cli", "fronts.inputs", "fronts.archive", "fronts.report", "columns", "decisions", "lists")
)


class Forker:
    """The process that forks, seen from the tests."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, __file__, str(theirs.fileno())]
        alone = dict(env) | {"OPENBLAS_NUM_THREADS": "1"}  # no thread of numpy's, which no child would have
        self._process = subprocess.Popen(command, env=alone, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        theirs.close()
        atexit.register(self._close)

    def _close(self) -> None:
        self._ours.close()
        self._process.wait()

    def run(  # noqa: PLR0913  # keyword-only
        self,
        arguments: Sequence[str],
        *,
        stdin: bytes,
        cwd: str,
        env: Mapping[str, str],
        seconds: float,
        stdout: int | None = None,
        interrupt: str = "",
        unprivileged: bool = False,
    ) -> tuple[int, bytes, bytes]:
        """Run one command to its end: how it ended, as subprocess says it, its stdout and its stderr.

        stdout: where its output goes instead, an open file of ours. interrupt: Ctrl-C comes when it opens a file
        whose name ends so. unprivileged: the permissions of files hold for it, for root too.
        """
        request = json.dumps(
            [list(arguments), cwd, dict(env), {"interrupt": interrupt, "unprivileged": unprivileged}]
        ).encode()
        (reads, feeds), (outs, out), (errs, err) = os.pipe(), os.pipe(), os.pipe()
        if stdout is not None:
            os.close(out)
            out = os.dup(stdout)
        ours, theirs = socket.socketpair()
        with ours, ours.makefile("rb") as told, ThreadPoolExecutor(3) as pool:
            with theirs:
                socket.send_fds(self._ours, [request], [reads, out, err, theirs.fileno()])
            for each in (reads, out, err):
                os.close(each)
            late = Timer(seconds, os.kill, (int(told.readline()), signal.SIGKILL))
            late.start()
            fed = pool.submit(_feed, os.fdopen(feeds, "wb"), stdin)
            seen = [pool.submit(_all_of, os.fdopen(each, "rb")) for each in (outs, errs)]
            ended = os.waitstatus_to_exitcode(int(told.readline()))
            late.cancel()
            fed.result()
        return ended, seen[0].result(), seen[1].result()


@cache
def forker() -> Forker:
    """The forker of this process of the tests, started when it is first asked for."""
    return Forker(os.environ)


def _feed(stdin: BinaryIO, content: bytes) -> None:
    with suppress(BrokenPipeError), stdin:
        stdin.write(content)


def _all_of(stream: BinaryIO) -> bytes:
    with stream:
        return stream.read()


def _serve(requests: socket.socket) -> None:
    """Fork for each request. Returns in the process of a command only; ends when nobody is left who asks."""
    running: dict[int, int] = {}
    woken, wakes = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(wakes)
    signal.signal(signal.SIGCHLD, lambda *_: None)  # a byte into that pipe for each child that ends
    while True:
        ready, _, _ = select.select([requests.fileno(), woken], [], [])
        if woken in ready:
            os.read(woken, _MOST)
            _tell_who_ended(running)
        if requests.fileno() not in ready:
            continue
        request, files, _, _ = socket.recv_fds(requests, _MOST, 4)
        if not request:
            os._exit(0)
        *streams, telling = files
        if not (child := os.fork()):
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.set_wakeup_fd(-1)
            _be(streams, *json.loads(request))
            return
        running[child] = telling
        _tell(telling, child)
        for each in streams:
            os.close(each)


def _tell_who_ended(running: dict[int, int]) -> None:
    """Tell how each command ended that has ended by now."""
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            _tell(running[ended[0]], ended[1])
            os.close(running.pop(ended[0]))


def _tell(telling: int, number: int) -> None:
    with suppress(BrokenPipeError):
        os.write(telling, b"%d\n" % number)


def _be(
    streams: Sequence[int], arguments: Sequence[str], cwd: str, env: Mapping[str, str], options: Mapping[str, Any]
) -> None:
    """Take on what a process starts with."""
    for number, each in enumerate(streams):
        os.dup2(each, number)
    os.closerange(3, _FILES)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    sys.argv = ["linkgate", *arguments]
    sys.stdin, sys.stdout = (_stream(number, mode, "surrogateescape") for number, mode in enumerate("rw"))
    sys.stderr = _stream(2, "w", "backslashreplace")
    sys.stderr.reconfigure(line_buffering=True)
    if options["unprivileged"]:
        _without_capabilities()
    if options["interrupt"]:
        _interrupt_at(options["interrupt"])


def _without_capabilities() -> None:
    """Give up what root may do beyond the permissions of files (capabilities(7)); only Linux has them."""
    header = struct.pack("Ii", 0x20080522, 0)
    ctypes.CDLL(None).capset(header, bytes(24))


def _interrupt_at(name: str) -> None:
    left = [name]

    def heard(event: str, values: tuple[object, ...]) -> None:
        if left and event == "open" and str(values[0]).endswith(name):
            left.clear()
            signal.raise_signal(signal.SIGINT)

    sys.addaudithook(heard)


def _stream(number: int, mode: str, errors: str) -> TextIOWrapper:
    """A standard stream, as Python opens it in UTF-8 mode."""
    return TextIOWrapper(open(number, f"{mode}b", closefd=False), encoding="utf-8", errors=errors)


def _warm() -> None:
    """Load what a command would load, but start no thread: none would survive a fork."""
    import linkgate  # noqa: PLC0415  # in the forker alone

    for package in _LOADED:
        for each in walk_packages(import_module(package).__path__, f"{package}."):
            with suppress(ModuleNotFoundError):  # of an extra that is not installed
                import_module(each.name)
    import_module("linkgate.fronts.scanning")
    linkgate.compile_lines(["http://bad.example/page"]).engine.check("http://bad.example/page bad[.]example")


def _leave(command: Callable[[], NoReturn]) -> NoReturn:
    """Run a command to its end, without Python's own: taking apart what is shared would copy it first."""
    try:
        command()
    except SystemExit as end:
        threading._shutdown()  # type: ignore[attr-defined]  # as Python itself does at the end
        atexit._run_exitfuncs()
        sys.stdout.flush()
        os._exit(int(end.code or 0))


def main() -> NoReturn:
    """Be the forker, then a command."""
    sys.path.remove(str(Path(__file__).parent))
    _warm()
    gc.freeze()
    # The thread is that of the allocator of pyarrow, jemalloc, which takes care of forks itself.
    warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
    _serve(socket.socket(fileno=int(sys.argv[1])))
    _leave(import_module("linkgate.__main__").main)


if __name__ == "__main__":
    main()
