"""Exit codes, and every error as one sentence on stderr.

0    clear                        2    could not tell: some input could not be read
1    flagged                      130  stopped by Ctrl-C
                                  141  nobody reads the output any more, as after `| head -1`
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import click

from linkgate import LinkgateError, UsageError
from linkgate.extras import lacking
from linkgate.fronts.show import mute, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

CLEAR = 0
FLAGGED = 1
UNSURE = 2
INTERRUPTED = 130
NO_READER = 141  # 128 + SIGPIPE, what a shell sees of `cat` in the same place

_CURES = {
    errno.ENOENT: "check the path",
    errno.EISDIR: "name a file",
    errno.ENOTDIR: "check the path",
    errno.EACCES: "ask for the right to use it",
    errno.EPERM: "ask for the right to use it",
    errno.EROFS: "write somewhere else",
    errno.ENOSPC: "make room and run it again",
    errno.EDQUOT: "make room and run it again",
}


def guarded(command: Callable[[], int]) -> int:
    """Run a command to its exit code; whatever stops it becomes one sentence and a code."""
    try:
        code = command()
        sys.stdout.flush()
    except click.exceptions.Exit as leave:  # --help and --version
        code = leave.exit_code
    except (KeyboardInterrupt, click.Abort):
        say("interrupted")
        code = INTERRUPTED
    except BrokenPipeError:
        code = NO_READER
    except Exception as error:  # noqa: BLE001  # Python's own code for a crash is 1, which here means flagged
        say(told(error))
        code = UNSURE
    _settle()
    return code


def told(error: Exception) -> str:
    """Say in one sentence what stopped a command."""
    if isinstance(error, click.ClickException):
        return _usage(error)
    if isinstance(error, LinkgateError):
        return str(error)
    if isinstance(error, OSError) and error.errno is not None:
        return os_sentence(error)
    if isinstance(error, ModuleNotFoundError) and (lack := lacking(error)):
        return str(lack)
    if isinstance(error, MemoryError):
        return "out of memory: give it a smaller list, or a machine with more"
    return _bug(error)


def _usage(error: click.ClickException) -> str:
    ctx = getattr(error, "ctx", None)
    text = error.format_message().rstrip(".").replace("\n", " ")
    return f"{text} (see {ctx.command_path} --help)" if ctx else text


def os_sentence(error: OSError, *, name: str | None = None) -> str:
    """Say which file could not be used, why, and what to do about it.

    >>> os_sentence(OSError(errno.ENOSPC, "No space left on device"), name="hits.jsonl")
    'hits.jsonl: no space left on device; make room and run it again'
    """
    name = str(name or error.filename or "output")
    reason = (error.strerror or "input or output failed").lower()
    cure = _CURES.get(error.errno or 0)
    return f"{name}: {reason}; {cure}" if cure else f"{name}: {reason}"


def _bug(error: Exception) -> str:
    """Name the place of a bug, never its message: that may quote a listed address (law 9)."""
    trace: TracebackType | None = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = ""
    if trace:
        where = f" in {os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}"  # noqa: PTH119
    return f"a bug of linkgate: {type(error).__name__}{where}; please report it"


def _settle() -> None:
    """Make Python's last flush of the standard streams a quiet one."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            mute(stream)


@contextmanager
def writing(name: str, *, whole: bool = False) -> Iterator[None]:
    """Turn a failed write into a UsageError that names the file; a closed pipe stays what it is.

    whole: a file that could not be written to its end is removed, for half of it would mislead.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        if whole and os.path.isfile(name):  # noqa: PTH113  # a name, as the user gave it
            with suppress(OSError):
                os.unlink(name)  # noqa: PTH108  # as above
        raise UsageError(os_sentence(error, name=name)) from None
