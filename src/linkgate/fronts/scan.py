"""The scan: chunks of files in order, to workers and back, into outputs; from where a killed one stopped.

For each chunk in order: its hits are appended to the outputs and its counts added; now and then all
that is put on disk and written down. So whatever stops the scan, the same command goes on.
"""

from __future__ import annotations

import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from linkgate import LinkgateError, UsageError
from linkgate.fronts.archive.checkpoints import Checkpoints, State
from linkgate.fronts.archive.outputs import Outputs, Wanted
from linkgate.fronts.archive.scan_counts import ScanCounts
from linkgate.fronts.archive.worker import TOLD, Scanner
from linkgate.fronts.progress import Progress
from linkgate.fronts.show import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import pyarrow as pa

    from linkgate.fronts.archive.finder import Finder
    from linkgate.fronts.archive.worker import Done
    from linkgate.fronts.archive.workers import InProcess, Workers
    from linkgate.fronts.inputs import Chunk, Input

LEAST = 1_000
"""Records to have seen before a share of bad ones stops a scan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to scan and how.

    parameters: what must be equal for `resume`. most_bad: a share, 0 to 1. report: is handed all hits at
    the end. remark: is told the name of a file and how it is read, where that is not as for the last one.
    """

    inputs: Sequence[Input]
    look: Finder
    wanted: Wanted
    parameters: Mapping[str, str] = field(default_factory=dict)
    resume: bool = False
    most_bad: float = 0.05
    report: Callable[[Iterator[pa.RecordBatch], ScanCounts], None] | None = None
    remark: Callable[[str, str], object] = lambda name, remark: say(f"{name}: {remark}")


class TooManyBadError(UsageError):
    """More records are bad than the user would have."""


def scan(job: Job, pool: Workers | InProcess, tally: ScanCounts) -> None:
    """Have a pool do a job to its end; `tally` is true for what is in the outputs, whatever happens.

    Raises UsageError where an output cannot be written or gone on with, LinkgateError when a worker dies.
    """
    with Outputs(job.wanted) as outputs:
        checkpoints = Checkpoints(str(job.wanted.output), job.parameters) if job.wanted.resumable else None
        state = checkpoints.open(resume=job.resume) if checkpoints else None
        if job.resume and state is None:
            say(f"{job.wanted.output}: nothing to go on with, so from the beginning")
        _Scan(job, outputs, checkpoints, tally).run(pool, state)


class _Scan:
    """One scan under way."""

    def __init__(self, job: Job, outputs: Outputs, checkpoints: Checkpoints | None, tally: ScanCounts) -> None:
        self._job = job
        self._outputs = outputs
        self._checkpoints = checkpoints
        self._tally = tally
        self._state = State()
        self._began = time.perf_counter()
        self._remark: str | None = None
        self._records: Counter[int] = Counter()
        self._state_at_start = self._state

    def run(self, pool: Workers | InProcess, state: State | None) -> None:
        self._start(state)
        if not self._state.finished:
            self._go_on(pool)
        self._outputs.tidy()
        if self._checkpoints:
            self._checkpoints.remove()

    def _go_on(self, pool: Workers | InProcess) -> None:
        """Read to the end, or keep what was done when something stops it."""
        try:
            self._read(pool)
            self._end()
        except BaseException as error:
            with suppress(UsageError):  # what stopped it is told, not what that led to
                self._save()
            if self._checkpoints and isinstance(error, LinkgateError):
                reason = str(error).removesuffix(" and run it again")
                raise type(error)(f"{reason}; {self._cure(error)}") from None
            raise

    def _cure(self, error: LinkgateError) -> str:
        if not isinstance(error, TooManyBadError) or self._checkpoints is None:
            return "go on with --resume"
        again = f"else remove {self._checkpoints.path} and start again with other fields (--text)"
        return f"if they are as they should be, go on with --resume and a larger --max-bad, {again}"

    def _start(self, state: State | None) -> None:
        if state is None:
            self._save()  # before the old output is cut: from now on it is an unfinished one
        else:
            self._state = state
            self._tally.add(ScanCounts.load(state.tally))
            self._began -= self._tally.seconds
        self._state_at_start = self._state
        if not self._state.finished:
            self._outputs.begin(self._state.lengths)

    def _read(self, pool: Workers | InProcess) -> None:
        job = self._job
        sizes = [each.size for each in job.inputs]
        before = list(accumulate((size or 0 for size in sizes), initial=0))
        total = None if None in sizes else before[-1]
        scanner = Scanner(job.look, tuple(self._outputs.encodings))
        with Progress(total, done=before[self._state.file], messages=self._tally.messages) as progress:
            for number, chunk, done in pool.run(scanner, self._work()):
                self._note(number, chunk, done)
                self._records[number] += done.tally.records + done.tally.broken
                progress(chunk.file, before[number] + chunk.offset, self._tally)

        self._tell_recordless()

    def _tell_recordless(self) -> None:
        """Say of which files nothing was read: one that was named should have held something."""
        begun = self._state_at_start
        for number, each in enumerate(self._job.inputs[begun.file :], begun.file):
            if each.held and not self._records[number] and not (number == begun.file and begun.chunks):
                self._tally.broken += not each.listed
                self._tally.recordless += each.listed
                say(f"{each.name}: no record was found in it{_as(each)}; {_CURE}")
        self._state = replace(self._state, tally=self._tally.dump())

    def _work(self) -> Iterator[tuple[int, Chunk, Any]]:
        """Every chunk that is not done, with the number of its file and the plan for reading it."""
        start = self._state
        for number, each in enumerate(self._job.inputs[start.file :], start.file):
            left_off = start if number == start.file else State()
            for chunk in each.chunks(skip=left_off.chunks, mark=left_off.mark):
                yield number, chunk, each.plan

    def _note(self, number: int, chunk: Chunk, done: Done) -> None:
        """Write what a chunk gave. The state is replaced last: until then, the chunk is not done."""
        self._tell(self._job.inputs[number], done)
        self._outputs.write(done.encoded, done.rejects)
        self._outputs.flush()
        self._tally.add(done.tally)
        self._tally.seconds = time.perf_counter() - self._began
        self._state = State(
            file=number,
            chunks=chunk.number + 1,
            mark=chunk.mark,
            lengths=self._outputs.lengths(),
            tally=self._tally.dump(),
        )
        if self._checkpoints and self._checkpoints.due():
            self._save()
        if self._tally.records >= LEAST and self._tally.share_bad > self._job.most_bad:
            raise TooManyBadError("stopped, as " + too_many(self._tally, self._job.most_bad))

    def _tell(self, source: Input, done: Done) -> None:
        """Say how a file is read, and what could not be: a file that broke off always, records for the first ones."""
        name, told = source.name, self._told
        if source.remark and source.remark != self._remark:
            self._remark = source.remark
            self._job.remark(name, source.remark)
        for bad in done.bad:
            if bad.place is None:
                say(f"{name}: {bad.reason}")
            elif told < TOLD:
                told += 1
                say(f"{name}:{bad.place}: {bad.reason}")
        if told >= TOLD > self._told and self._told + done.tally.bad + done.tally.empty > TOLD:
            say(f"more bad records follow; they are {self._where()}")

    @property
    def _told(self) -> int:
        return self._tally.bad + self._tally.empty

    def _where(self) -> str:
        file = self._job.wanted.rejects_file
        return f"written to {file}" if file else "counted"

    def _save(self) -> None:
        if self._checkpoints:
            self._checkpoints.save(self._state, self._outputs.logs)

    def _end(self) -> None:
        self._outputs.make()
        if self._job.report:
            self._job.report(self._outputs.hits(), self._tally)
        if self._checkpoints:
            self._checkpoints.finish(self._state, self._outputs.logs)


_CURE = "check that it is the right file, or name the format with --format and the text with --text"


def _as(each: Input) -> str:
    form = (each.remark or "").partition(";")[0].partition(" (")[0]
    return f", read as {form}" if form else ""


def too_many(tally: ScanCounts, most: float) -> str:
    """Why so many bad records are no scan.

    >>> too_many(ScanCounts(records=200, bad=30), 0.05)
    '30 of 200 records (15 %) cannot be read, more than the 5 % of --max-bad'
    """
    share = f"{tally.share_bad * 100:.3g} %"
    records = f"{tally.bad:,} of {tally.records:,} records ({share})"
    return f"{records} cannot be read, more than the {most * 100:.3g} % of --max-bad"
