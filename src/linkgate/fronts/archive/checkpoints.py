"""What a scan has done, in a small file beside its output: from there a killed one goes on.

After some chunks the output is flushed to disk, and then this file replaced in one step: so it never
claims more than is there. It holds the parameters of the run, which must be the same, and lengths and
counts; no message, no address.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from linkgate import UsageError
from linkgate.fronts.archive.append_log import START_AGAIN, replace_file, settle
from linkgate.fronts.archive.scan_counts import ScanCounts
from linkgate.fronts.exits import writing
from linkgate.fronts.inputs.chunks import Mark  # noqa: TC001  # msgspec reads the types of State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linkgate.fronts.archive.append_log import AppendLog

_FORMAT = 2
_SECONDS = 1.0
"""Between two checkpoints: what is done again after a crash at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where a scan stands: so many chunks of this file are done, all those of the files before it.

    mark: where the last of these ended, if that was in a table. lengths: of each log, by path. tally:
    what was counted. finished: nothing is left but to tidy up.
    """

    file: int = 0
    chunks: int = 0
    mark: Mark | None = None
    lengths: dict[str, int] = field(default_factory=dict)
    tally: dict[str, Any] = field(default_factory=ScanCounts().dump)
    finished: bool = False


class Checkpoints:
    """The progress file of one output."""

    def __init__(self, output: str, parameters: Mapping[str, str]) -> None:
        self.path = Path(f"{output}.progress")
        self.output = output
        self._parameters = dict(parameters)
        self._last = time.monotonic()

    def open(self, *, resume: bool) -> State | None:
        """Where to go on; None for the beginning. UsageError when that is not to be decided here."""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError:
            raise UsageError(f"{self.path} cannot be read: check its owner and mode") from None
        if not resume:
            raise UsageError(f"{self.output} is unfinished: go on with --resume, or remove {self.path} to start again")
        return self._read(data)

    def _read(self, data: bytes) -> State:
        try:
            found = msgspec.json.decode(data)
            if found["format"] != _FORMAT:
                raise UsageError(f"{self.path} is of another version of linkgate: {START_AGAIN}")
            parameters, state = found["parameters"], msgspec.convert(found["state"], State)
            ScanCounts.load(state.tally)
        except (msgspec.MsgspecError, LookupError, TypeError):
            raise UsageError(f"{self.path} is damaged: {START_AGAIN}") from None
        self._compare(parameters)
        return state

    def _compare(self, parameters: Mapping[str, str]) -> None:
        """Refuse to go on with anything but the same run."""
        for name in {**parameters, **self._parameters}:
            if parameters.get(name) != self._parameters.get(name):
                changed = f"{name} has changed since it was begun"
                raise UsageError(f"{self.output}: {changed}: run the same command, or {START_AGAIN}")

    def due(self) -> bool:
        """Whether the last one is long enough ago."""
        return time.monotonic() - self._last >= _SECONDS

    def save(self, state: State, logs: list[AppendLog]) -> None:
        """Have the logs on disk, then say so. The state must hold no more than they do."""
        for log in logs:
            log.sync()
        whole = {"format": _FORMAT, "parameters": self._parameters, "state": state}
        replace_file(self.path, msgspec.json.encode(whole))
        self._last = time.monotonic()

    def finish(self, state: State, logs: list[AppendLog]) -> None:
        """Note that the output is whole: from now on there is only tidying up."""
        self.save(replace(state, finished=True), logs)

    def remove(self) -> None:
        """Forget about it."""
        with writing(str(self.path)):
            os.unlink(self.path)  # noqa: PTH108
            settle(self.path)
