"""Whichever call on the store fails, in whichever task, one sentence tells it, and none says what is listed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def test_a_disk_that_fails_at_every_step(tmp_path: Path) -> None:
    command = [sys.executable, str(HERE / "failing_at_every_step.py"), str(tmp_path)]
    env = os.environ | {"PYTHONPATH": str(HERE.parents[1] / "src")}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert not re.search(r"bad\d\.", done.stdout)  # the hosts of the lists
    ends = re.findall(r"^== (\w+) \d+ (\d)$", done.stdout, re.MULTILINE)
    tasks = {"update", "accept", "rollback", "status", "verify", "load"}
    assert {task for task, _ in ends} == tasks
    assert {task for task, end in ends if end == "1"} == tasks
    sentences = re.findall(r"^linkgate\.errors\.\w+: (.*)$", done.stdout, re.MULTILINE)
    assert len(sentences) == len([end for _, end in ends if end == "1"])
    assert all("input/output error, check the disk" in sentence for sentence in sentences)
