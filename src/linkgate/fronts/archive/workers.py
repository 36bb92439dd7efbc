"""Chunks to processes and back, in order: at most a few chunks are under way, whatever the length of the input.

Each worker has a pipe of its own, whose other end only the parent holds: a worker whose parent was
killed sees the end of the pipe and ends too, and a parent whose worker was killed sees the same.
Workers are spawned, not forked, so that they start clean whatever threads the parent has.
"""

from __future__ import annotations

import signal
from collections import deque
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.reduction import ForkingPickler
from typing import TYPE_CHECKING, Any

from linkgate import LinkgateError
from linkgate.fronts import exits
from linkgate.fronts.archive.prefetch import feeding
from linkgate.fronts.inputs import decode
from linkgate.fronts.without_pandas import without_pandas

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from multiprocessing.context import SpawnProcess

    import pyarrow as pa

    from linkgate.fronts.archive.prefetch import Feed
    from linkgate.fronts.archive.worker import Done, Scanner
    from linkgate.fronts.inputs import BadRecord, Chunk

    Found = tuple[pa.RecordBatch, list[BadRecord]]
    Work = Iterable[tuple[int, Chunk, Any]]
    Results = Iterator[tuple[int, Chunk, Done]]

_PATIENCE = 5.0
"""Seconds for a worker to end by itself."""
_AHEAD = 2
"""Chunks that a worker has: one in work, one for when that is done."""
_WINDOW = 2 * _AHEAD
"""Chunks under way for each worker, those included that are done but wait for an earlier one."""


@contextmanager
def workers(jobs: int) -> Iterator[Workers | InProcess]:
    """So many processes for a while; for one job, none but this. They load their modules at once."""
    if jobs == 1:
        yield InProcess()
        return
    started = Workers()
    try:
        started.start(jobs)
        yield started
        started.stop()
    finally:
        started.kill()


class InProcess:
    """The same work in this process."""

    def run(self, scanner: Scanner, work: Work) -> Results:
        """Do each chunk; the next one is read and decoded meanwhile, where there is a processor for it."""
        with feeding((number, *_decoded(chunk, plan)) for number, chunk, plan in work) as feed:
            for number, chunk, found in feed:
                yield number, chunk, scanner.do(chunk.file, *found)


class _Turn:
    """A chunk under way, and the number of its file."""

    __slots__ = ("chunk", "done", "number")

    def __init__(self, number: int, chunk: Chunk) -> None:
        self.number = number
        self.chunk = chunk
        self.done: Done | None = None


class Workers:
    """Processes that each do a chunk at a time."""

    def __init__(self) -> None:
        self._processes: dict[Connection, SpawnProcess] = {}
        self._given: dict[Connection, deque[_Turn]] = {}
        self._turns: deque[_Turn] = deque()

    def start(self, jobs: int) -> None:
        """Start the processes."""
        with _without_ctrl_c():
            for _ in range(jobs):
                self._start()

    def _start(self) -> None:
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=serve, args=(theirs,), daemon=True)
        process.start()
        theirs.close()
        self._processes[ours] = process
        self._given[ours] = deque()

    def run(self, scanner: Scanner, work: Work) -> Results:
        """Do the chunks; what is done comes out in their order. LinkgateError when a worker dies or fails."""
        told = bytes(ForkingPickler.dumps(scanner))
        for link in self._processes:
            with self._noticing(link):
                link.send_bytes(told)
        with feeding(work) as feed:
            more = True
            while more or self._turns:
                if self._receive(feed.bell if more and self._free() else None):
                    more = self._give(feed)
                yield from self._finished()

    def _free(self) -> Connection | None:
        """The worker with the least to do, if one may have a chunk more."""
        link = min(self._given, key=lambda link: len(self._given[link]))
        enough = len(self._given[link]) >= _AHEAD or len(self._turns) >= _WINDOW * len(self._given)
        return None if enough else link

    def _give(self, feed: Feed[tuple[int, Chunk, Any]]) -> bool:
        """Give the next chunk to a worker; false when there is none."""
        item, link = feed.take(), self._free()
        if item is None or link is None:
            return False
        number, chunk, plan = item[0]
        lean = chunk if chunk.stretch is None else replace(chunk, content=chunk.stretch)
        with self._noticing(link):
            link.send((lean, plan))
        self._turns.append(_Turn(number, replace(chunk, content=b"")))
        self._given[link].append(self._turns[-1])
        return True

    def _receive(self, bell: Connection | None) -> bool:
        """Wait until a worker is done with a chunk, or there is a new one; true when there is."""
        busy = [link for link, turns in self._given.items() if turns]
        ready = wait([*busy, bell] if bell else busy)
        for link in ready:
            if isinstance(link, Connection) and link is not bell:
                with self._noticing(link):
                    answer = link.recv()
                if isinstance(answer, str):
                    raise LinkgateError(answer)
                self._given[link].popleft().done = answer
        return bell in ready

    def _finished(self) -> Results:
        while self._turns and self._turns[0].done is not None:
            turn = self._turns.popleft()
            if turn.done is not None:
                yield turn.number, turn.chunk, turn.done

    @contextmanager
    def _noticing(self, link: Connection) -> Iterator[None]:
        try:
            yield
        except (EOFError, OSError):
            raise LinkgateError(self._lost(link)) from None

    def _lost(self, link: Connection) -> str:
        process = self._processes[link]
        process.join(_PATIENCE)
        code = process.exitcode or 0
        how = f"was killed ({signal.Signals(-code).name})" if code < 0 else f"ended (exit code {code})"
        memory = ", perhaps for want of memory: use fewer --jobs" if code == -signal.SIGKILL else ""
        return f"a worker process {how}{memory}"

    def stop(self) -> None:
        """Let the workers end."""
        for link in self._processes:
            link.close()
        for process in self._processes.values():
            process.join(_PATIENCE)

    def kill(self) -> None:
        """End whoever is still there, at once."""
        for link, process in self._processes.items():
            if process.is_alive():
                process.kill()
            process.join(_PATIENCE)
            link.close()


@contextmanager
def _without_ctrl_c() -> Iterator[None]:
    """Start processes that Ctrl-C does not reach: the parent ends them; it hears what came meanwhile afterwards."""
    resource_tracker.ensure_running()  # which would unblock the signal, as it starts a process too
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def serve(link: Connection) -> None:
    """Be a worker: answer each chunk until the pipe ends."""
    without_pandas()
    import_module("linkgate.fronts.archive.worker")  # while the parent opens its lists
    try:
        scanner: Scanner = link.recv()
        with feeding(_received(link)) as feed:
            for chunk, found in feed:
                link.send(_answer(scanner, chunk, found))
    except (EOFError, OSError):
        return  # the parent is gone


def _received(link: Connection) -> Iterator[tuple[Chunk, Found | str]]:
    """Chunks as they come, decoded; a sentence where that fails."""
    while True:
        try:
            chunk, plan = link.recv()
        except (EOFError, OSError):
            return  # the parent is gone, or needs no more
        yield _decoded_or_told(chunk, plan)


def _decoded_or_told(chunk: Chunk, plan: Any) -> tuple[Chunk, Found | str]:
    try:
        stretch = chunk.stretch
        return _decoded(chunk if stretch is None else replace(chunk, content=stretch.read()), plan)
    except Exception as error:  # noqa: BLE001  # it crosses the pipe as a sentence, without what it may quote
        return chunk, exits.told(error)


def _decoded(chunk: Chunk, plan: Any) -> tuple[Chunk, Found]:
    return replace(chunk, content=b""), decode(chunk, plan)


def _answer(scanner: Scanner, chunk: Chunk, found: Found | str) -> Done | str:
    if isinstance(found, str):
        return found
    try:
        return scanner.do(chunk.file, *found)
    except Exception as error:  # noqa: BLE001  # as above
        return exits.told(error)
