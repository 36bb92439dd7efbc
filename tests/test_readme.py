"""What the README and the pages of docs/ show is run: Python as a doctest, commands with the output shown."""

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import linkgate

REPO = Path(__file__).parents[1]
README = (REPO / "README.md").read_text(encoding="utf-8")
PAGES = (
    "scopes",
    "digests",
    "python",
    "command-line",
    "archive",
    "updates",
    "send-path",
    "policy",
    "sidecar",
    "operations",
    "selftest",
)
"""Pages whose Python examples stand on each other, in their order; the generated ones are compared, not run."""


def blocks(text: str) -> list[tuple[str, str]]:
    """The language and the code of each fenced block."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


TEXTS = {"README": README} | {name: (REPO / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in PAGES}
BLOCKS = [block for text in TEXTS.values() for block in blocks(text)]
SHELL = [code for language, code in BLOCKS if language == "sh"]
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder like the repository's to a reader: the samples, and `linkgate` on the path."""
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "data").symlink_to(REPO / "data")
    command = folder / "bin" / "linkgate"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m linkgate "$@"\n')
    command.chmod(0o755)
    return folder


def shell(code: str, desk: Path) -> "subprocess.CompletedProcess[str]":
    env = {key: value for key, value in os.environ.items() if key != "LINKGATE_LIST"}
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(REPO / "src"), env.get("PYTHONPATH", "")]))
    env["PATH"] = f"{desk / 'bin'}{os.pathsep}{env['PATH']}"
    return subprocess.run(
        ["sh", "-euc", code],  # noqa: S607  # the shell that the reader has
        capture_output=True,
        text=True,
        check=False,
        cwd=desk,
        env=env,
    )


def test_python(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk)
    code = "\n".join(code for language, code in BLOCKS if language == "python")
    test = doctest.DocTestParser().get_doctest(code, {}, "README.md", "README.md", 0)
    assert len(test.examples) > 20
    told: list[str] = []
    doctest.DocTestRunner(optionflags=FLAGS).run(test, out=told.append)
    assert not told, "".join(told)


def test_the_first_two_blocks_are_the_two_commands() -> None:
    for code in SHELL[:2]:
        assert code.startswith("python3 -m venv .venv\n.venv/bin/python -m pip install --quiet ")
    assert ".venv/bin/linkgate scan data/posts.jsonl" in SHELL[0]
    assert SHELL[1].splitlines()[1:] == [
        ".venv/bin/python -m pip install --quiet -e '.[test]'",
        ".venv/bin/python -m pytest -n auto",
    ]


def test_the_first_block_shows_flagged_posts(desk: Path) -> None:
    *_, scan = SHELL[0].splitlines()
    done = shell(scan.replace(".venv/bin/linkgate", "linkgate"), desk)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count('"action": "block"') > 20


def test_ci_runs_the_second_block(tmp_path: Path) -> None:
    ci = (REPO / ".ci" / "run").read_text(encoding="utf-8")
    [extract] = [line for line in ci.splitlines() if line.startswith("awk ")]
    code = extract.replace("$tools", str(tmp_path))
    subprocess.run(["bash", "-euo", "pipefail", "-c", code], check=True, cwd=REPO)  # noqa: S607  # as above
    assert (tmp_path / "block.sh").read_text(encoding="utf-8") == SHELL[1]
    assert 'bash -euo pipefail "$tools/block.sh"' in ci


@pytest.mark.parametrize("page", TEXTS)
def test_commands(page: str, desk: Path) -> None:
    """What a page shows is typed in its order, by a reader who has seen no other page."""
    for language, code in blocks(TEXTS[page]):
        if language == "sh" and code not in SHELL[:2]:
            done = shell(code, desk)
            assert done.returncode == 0, done.stderr
        elif language == "console":
            prompt, _, expected = code.partition("\n")
            done = shell(prompt.removeprefix("$ "), desk)
            assert doctest.OutputChecker().check_output(expected, done.stdout, FLAGS), done.stdout


@pytest.mark.parametrize("code", [code for language, code in BLOCKS if language == "toml"])
def test_configurations(code: str, tmp_path: Path) -> None:
    (tmp_path / "linkgate.toml").write_text(f'[store]\npath = "store"\n{code}')
    assert linkgate.load_config(tmp_path / "linkgate.toml").sources


def test_every_block_is_run() -> None:
    # `py` is run by test_examples.py.
    assert {language for language, _ in BLOCKS} == {"sh", "python", "py", "console", "toml"}
    assert all(code.startswith("$ linkgate ") for language, code in BLOCKS if language == "console")


def test_every_dependency_is_told() -> None:
    toml = (REPO / "pyproject.toml").read_text(encoding="utf-8")
    wanted = re.findall(r'"([\w-]+)>=', toml.partition("dependencies = [")[2].partition("]")[0])
    built_on = README.partition("## Built on")[2]
    assert wanted
    assert [name for name in wanted if f"[{name}](" not in built_on] == []


@pytest.mark.parametrize(
    "page", [Path("README.md"), *sorted((REPO / "docs").rglob("*.md"))], ids=lambda page: page.name
)
def test_links_lead_somewhere(page: Path) -> None:
    text = (REPO / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#\s]+)[^)]*\)", text):
        assert ((REPO / page).parent / target).exists(), target


def test_the_readme_is_short_and_leads_to_every_page() -> None:
    assert len(README.splitlines()) <= 180
    pages = [page.relative_to(REPO).as_posix() for page in (REPO / "docs").rglob("*.md")]
    assert [page for page in pages if f"]({page})" not in README and page != "docs/index.md"] == []


def test_version_is_the_projects() -> None:
    assert f'version = "{linkgate.__version__}"' in (REPO / "pyproject.toml").read_text(encoding="utf-8")
