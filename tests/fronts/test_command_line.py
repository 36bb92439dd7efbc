"""The command line as a whole: help, examples, completion; and the commands of the policy that change something."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest
from running import DATA, environment, run, sentence

import linkgate
from linkgate.fronts import cli
from linkgate.fronts.cli.examples import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LISTED = "http://bad.example/page"


def commands(group: click.Group, *names: str) -> Iterator[tuple[str, click.Command]]:
    ctx = click.Context(group)
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        if isinstance(command, click.Group):
            yield from commands(command, *names, name)
        elif command is not None:
            yield " ".join((*names, name)), command


ALL = dict(commands(cli.linkgate))


def test_every_command_has_an_example() -> None:
    assert sorted(ALL) == sorted(EXAMPLES)


@pytest.mark.parametrize("name", sorted(ALL))
def test_an_example_is_a_command_and_its_help_shows_it(name: str) -> None:
    words = shlex.split(EXAMPLES[name].partition(" >> ")[0])
    place = len(name.split())
    assert words[:place] == name.split()
    with ALL[name].make_context(name, words[place:]) as ctx:
        text = ctx.get_help()
    assert f"linkgate {EXAMPLES[name]}" in text
    assert "Exit codes:" in text
    for option in ALL[name].params:
        assert not isinstance(option, click.Option) or option.help, option.name


@pytest.mark.parametrize("group", [(), ("lists",), ("policy",), ("decisions",)])
def test_a_bare_group_prints_its_help_as_lines(group: tuple[str, ...]) -> None:
    done = run(*group)
    assert (done.returncode, done.stdout) == (2, b"")
    lines = done.stderr.decode().splitlines()
    assert lines[0] == f"Usage: linkgate {' '.join((*group, ''))}[OPTIONS] COMMAND [ARGS]..."
    assert not any("..." in line for line in lines[1:])


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_completion_in_a_real_bash(tmp_path: Path) -> None:
    program = tmp_path / "linkgate"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m linkgate "$@"\n')
    program.chmod(0o755)
    code = """
eval "$(linkgate completion bash)"
complete -p linkgate
COMP_WORDS=(linkgate lists up) COMP_CWORD=2
_linkgate_completion linkgate up lists
echo "${COMPREPLY[@]}"
COMPREPLY=()
COMP_WORDS=(linkgate check --show) COMP_CWORD=2
_linkgate_completion linkgate --show check
echo "${COMPREPLY[@]}"
"""
    env = environment()
    env["PATH"] = f"{tmp_path}:{env['PATH']}"
    done = subprocess.run(["bash", "-c", code], env=env, capture_output=True, text=True, check=False)  # noqa: S607
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1:] == ["update", "--show-urls"]
    for shell in ("zsh", "fish"):
        assert b"_LINKGATE_COMPLETE" in run("completion", shell).stdout


def test_quiet_leaves_the_exit_code() -> None:
    for command in (("check", "see http://partner.example/a/1"), ("lookup", "partner.example/a/1")):
        done = run(*command, "-q", "--list", DATA / "partner.jsonl")
        assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")


def test_lists_add_says_columns_headers_and_age(tmp_path: Path) -> None:
    more = ("--column", "url=address", "--column", "id=key", "--header", "X-Token=PARTNER_TOKEN", "--max-age", "3d")
    done = run("lists", "add", "partner", "https://lists.example/today.csv", *more, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    [source] = linkgate.load_config(tmp_path / "linkgate.toml").sources
    assert source.columns == {"url": "address", "id": "key"}
    assert (source.limits.age, source.credentials[0].header) == (3 * 86400, "X-Token")
    assert "PART=COLUMN" in sentence(run("lists", "add", "other", "x.csv", "--column", "url", cwd=tmp_path))


def test_a_list_is_stopped_at_once_and_on_record(tmp_path: Path) -> None:
    lists = ('[[list]]\npath = "a.txt"  # ours\nname = "a"\n', '[[list]]\nname = "b"\npath = "b.txt"\n')
    (tmp_path / "linkgate.toml").write_text("\n".join(('[store]\npath = "store"', *lists)))
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(f"http://{name}.example/page\n")
    config = linkgate.load_config(tmp_path / "linkgate.toml")
    assert linkgate.update(config, config.open_store(create=True)).ok
    with linkgate.Gate.of(tmp_path / "linkgate.toml", watch=None) as gate:
        assert [gate.check(f"http://{name}.example/page").action for name in "ab"] == ["block", "block"]
        done = run("policy", "stop", "a", "--reason", "blocks a\nnews page", "--by", "joe", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        gate.reload()
        assert [gate.check(f"http://{name}.example/page").action for name in "ab"] == ["log", "block"]
    text = (tmp_path / "linkgate.toml").read_text()
    assert "by joe: blocks a news page\n" in text
    assert "# ours" in text
    [row] = map(json.loads, (tmp_path / "store" / "changes.jsonl").read_text().splitlines())
    assert (row["change"], row["list"], row["by"], row["reason"]) == ("stop", "a", "joe", "blocks a\nnews page")
    assert "c" in sentence(run("policy", "stop", "c", "--reason", "x", cwd=tmp_path))


def test_confirm_all(tmp_path: Path) -> None:
    (tmp_path / "linkgate.toml").write_text(
        '[store]\npath = "store"\n[surge]\nentry_per_minute = 2\n[[list]]\nname = "a"\npath = "a.txt"\n'
    )
    (tmp_path / "a.txt").write_text(f"{LISTED}\n")
    config = linkgate.load_config(tmp_path / "linkgate.toml")
    assert linkgate.update(config, config.open_store(create=True)).ok
    with linkgate.Gate.of(config, watch=None) as gate:
        for _ in range(4):
            gate.check(LISTED)
    assert run("policy", "alarms", cwd=tmp_path).returncode == 2
    assert "or give --all" in sentence(run("policy", "confirm", cwd=tmp_path))
    assert b"1 alarm confirmed; 0 open" in run("policy", "confirm", "--all", cwd=tmp_path).stdout
    assert run("policy", "alarms", cwd=tmp_path).returncode == 0


def test_serve_takes_list_files_and_nothing_else(tmp_path: Path) -> None:
    snapshot = tmp_path / "a.snapshot"
    linkgate.save(linkgate.compile_lines([LISTED]).engine, snapshot)
    assert "goes to --store" in sentence(run("serve", "--list", snapshot, cwd=tmp_path))


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    odd = os.fsdecode(b"hits-\xff.jsonl")
    posts = tmp_path / os.fsdecode(b"posts-\xff.jsonl")
    posts.write_text('{"text": "see http://partner.example/a/1"}\n')
    for option in ("-o", "--report", "--rejects"):
        done = run("scan", posts, "--text", "text", "--list", DATA / "partner.jsonl", option, odd, cwd=tmp_path)
        assert (done.returncode, b"its name is no UTF-8" in done.stderr) == (2, True)
    done = run("scan", posts, "--text", "text", "--list", DATA / "partner.jsonl", "-o", "hits.jsonl", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert json.loads((tmp_path / "hits.jsonl").read_text())["entry"] == "case-1001"


def test_an_empty_record_is_said(tmp_path: Path) -> None:
    (tmp_path / "linkgate.toml").write_text("[decisions]\n")
    (tmp_path / "decisions").mkdir()
    done = run("decisions", "sample", cwd=tmp_path)
    assert (done.returncode, b"no decision on record to draw from" in done.stderr) == (2, True)
    done = run("decisions", "find", "--message", "m-1", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"linkgate: no decision on record is like that\n")
