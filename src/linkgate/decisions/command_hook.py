"""Runs an operator's command with JSON on stdin.

>>> run_command(["true"], b"{}"), run_command(["false"], b"{}")
(None, 'false ended with 1')
"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

PATIENCE = 60.0
"""Seconds that a command may take."""


def run_command(command: Sequence[str], data: bytes) -> str | None:
    """Run it to its end; what went wrong, None where nothing did."""
    try:
        done = subprocess.run([*command], input=data, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603  # the operator's own
    except OSError:
        return f"{command[0]} cannot be run"
    except subprocess.TimeoutExpired:
        return f"{command[0]} took longer than {PATIENCE:.0f} s"
    return f"{command[0]} ended with {done.returncode}" if done.returncode else None
