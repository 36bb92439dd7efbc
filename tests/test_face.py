"""The names that other programs are written against, and what importing them costs."""

import subprocess
import sys
from pathlib import Path

import pytest

import linkgate
from linkgate.extras import EXTRAS

MODULES = 60
"""Modules that `import linkgate` may load, those of Python included; the bench measures the time."""
SNAPSHOT_MODULES = 84
"""Modules of linkgate that opening a snapshot and asking it may load."""
HEAVY = {"requests", "tldextract", "click", "urllib3", "yaml", "dns", *EXTRAS}


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def test_all_is_sorted_and_there() -> None:
    assert linkgate.__all__ == sorted(linkgate.__all__)
    assert all(hasattr(linkgate, name) for name in linkgate.__all__)
    assert dir(linkgate) == linkgate.__all__


def test_names_of_the_design() -> None:
    names = {"canonicalize", "compile_lines", "compile_lists", "find_links", "load", "LinkgateError"}
    assert names <= set(linkgate.__all__)


def test_no_other_name() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = linkgate.nothing


def test_the_face_as_designed() -> None:
    compiled = linkgate.compile_lines(["http://bad.example/page", "*.worse.example"])
    assert (compiled.report.entries, compiled.report.rejected, compiled.report.quarantined) == (2, (), ())
    engine = compiled.engine
    verdict = engine.check("text of the message", links=["https://hidden.worse.example/"])
    [match] = verdict.matches
    assert (verdict.flagged, verdict.action, verdict.snapshot) == (True, "block", engine.snapshot)
    assert (match.link.start, match.link.end) == (None, None)
    assert (match.entry.scope, match.entry.list, match.entry.category) == ("domain", "list", None)
    assert (match.kind, match.steps) == ("exact", ())
    assert engine.lookup("hxxp://bad[.]example/page").flagged


def test_nothing_listed_in_what_leaves() -> None:
    engine = linkgate.compile_lines(["http://bad.example/page"]).engine
    verdict = engine.check("see http://bad.example/page")
    for shown in (repr(verdict), str(verdict.as_dict()), repr(engine), repr(verdict.matches[0].entry)):
        assert "bad" not in shown


def test_canonicalize_and_find_links() -> None:
    assert str(linkgate.canonicalize("HTTP://Bad.Example:80/a/../b")) == "http://bad.example/b"
    assert linkgate.canonicalize("mailto:joe@bad.example") is None
    message = "see http://bad.example/page now"
    links = linkgate.find_links(message)
    assert isinstance(links, tuple)
    assert message[links[0].start : links[0].end] == links[0].text == "http://bad.example/page"


def test_a_bad_line_never_raises() -> None:
    report = linkgate.compile_lines(["", "http://", "\x00", "\ud800", "co.uk", "x" * 99_999]).report
    assert report.entries == 0
    assert all(line.line and line.reason for line in report.rejected)
    assert [line.line for line in report.quarantined] == [5]


@pytest.mark.parametrize("name", ["FetchError", "ListError", "SnapshotError", "StoreError", "UsageError"])
def test_one_root_of_all_errors(name: str) -> None:
    assert issubclass(getattr(linkgate, name), linkgate.LinkgateError)


def test_import_loads_few_modules() -> None:
    """The work of an import, which no busy machine changes: modules that Python itself has not loaded."""
    code = "import sys; before = set(sys.modules); import linkgate; print(*set(sys.modules) - before)"
    loaded = python(code).split()
    assert len([name for name in loaded if name.startswith("linkgate")]) <= 2
    assert len(loaded) <= MODULES


def test_import_loads_nothing_heavy() -> None:
    loaded = set(python("import sys, linkgate; print(*sys.modules)").split())
    assert not HEAVY & loaded


def test_checking_loads_no_network() -> None:
    code = "import sys, linkgate; linkgate.compile_lines(['http://bad.example/']).engine.check('x');print(*sys.modules)"
    optional = EXTRAS.keys() - {"zstandard"}  # urllib3, which tldextract brings, takes it where it is
    assert not {"click", *optional} & set(python(code).split())


def test_a_snapshot_is_asked_with_few_modules(tmp_path: Path) -> None:
    """What a send path loads at its start: engine and matcher, and neither the network's code nor that of lists."""
    path = tmp_path / "snapshot"
    linkgate.save(linkgate.compile_lines(["http://bad.example/page"]).engine, path)
    code = f"import sys, linkgate; linkgate.load({str(path)!r}).check('http://bad.example/page'); print(*sys.modules)"
    loaded = set(python(code).split())
    assert not HEAVY & loaded
    assert len({name for name in loaded if name.startswith("linkgate")}) <= SNAPSHOT_MODULES
