"""The threatexchange extension: by its own command, and by its interfaces; no address lands on its disk."""

from __future__ import annotations

import io
import os
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from desk import Desk, local

from linkgate.lists.canaries import ADDRESSES

pytest.importorskip("threatexchange", reason="the extra threatexchange is not installed")

from threatexchange.content_type.text import TextContent
from threatexchange.content_type.url import URLContent
from threatexchange.exchanges.fetch_state import SignalOpinionCategory
from threatexchange.extensions.manifest import ThreatExchangeExtensionManifest
from threatexchange.interface_validation import SignalTypeMapping
from threatexchange.signal_type.url import URLSignal

import linkgate
from linkgate.threatexchange import LinkgateStoreAPI, LinkgateUrlSignal
from linkgate.threatexchange.exchange import StoreCheckpoint, StoreConfig
from linkgate.threatexchange.signals import LinkgateIndex, LinkgateSimilarity, signal_of

if TYPE_CHECKING:
    from pathlib import Path

MODULE = "linkgate.threatexchange"
HOST, PATH = "zebrahost", "giraffepath"
LISTED = f"http://{HOST}.example/{PATH}\n*.{HOST}.test\n"
MESSAGE = f"see hxxp://www[.]{HOST}[.]example/{PATH} and http://a.{HOST}.test/"
COMMAND = (sys.executable, "-c", "from threatexchange.cli.main import main; main()")


class Room:
    """A store, and the state of the `threatexchange` command in a folder of its own."""

    def __init__(self, folder: Path, *, store: str = "") -> None:
        (folder / "tmp").mkdir()
        self.desk = Desk(folder, local(more='category = "phishing"'), store=store)
        self.state = folder / "state"
        self.env = os.environ | {"TX_STATEDIR": str(self.state), "TMPDIR": str(folder / "tmp")}
        self.env.pop("LINKGATE_KEY", None)

    def run(self, *arguments: str, stdin: str = "", code: int = 0) -> list[str]:
        """Run the command; its lines on stdout, sorted."""
        done = subprocess.run(
            [*COMMAND, *arguments], input=stdin, env=self.env, capture_output=True, check=False, text=True, timeout=120
        )
        assert done.returncode == code, done.stderr
        assert not any(word in done.stderr for word in (HOST, PATH))
        return sorted(done.stdout.splitlines())

    def join(self) -> None:
        self.run("config", "extensions", "add", MODULE)
        self.run("config", "collab", "edit", "linkgate_store", "--create", "Partner", "--store", str(self.store))

    def match(self, message: str, *, content: str = "text") -> list[str]:
        return self.run("match", "--all", "-S", "linkgate_url", content, "-", stdin=message)

    @property
    def store(self) -> Path:
        return self.desk.folder / "store"


@pytest.fixture
def room(tmp_path: Path) -> Room:
    room = Room(tmp_path)
    room.desk.put("partner.txt", LISTED.encode())
    room.desk.update()
    return room


def signals(room: Room) -> dict[str, Any]:
    """What the exchange gives, without the command."""
    config = StoreConfig(name="Partner", store=str(room.store))
    [delta] = LinkgateStoreAPI.for_collab(config).fetch_iter([LinkgateUrlSignal], None)
    found: dict[str, Any] = LinkgateStoreAPI.naive_convert_to_signal_type([LinkgateUrlSignal], config, delta.updates)[
        LinkgateUrlSignal
    ]
    return found


def test_with_its_own_command(room: Room) -> None:
    room.join()
    room.run("fetch")
    assert room.run("dataset") == ["linkgate_url: 2"]
    lines = room.match(MESSAGE)
    assert [line.split()[:4] for line in lines] == [
        ["linkgate_url", "exact", "(Partner)", "POSITIVE_CLASS"],
        ["linkgate_url", "loose:repaired,www", "(Partner)", "POSITIVE_CLASS"],
    ]
    assert {tag for line in lines for tag in line.split()[4].split(",")} == {"list:partner", "phishing"}
    assert room.match(f"http://{HOST}.example/{PATH}", content="url")[0].startswith("linkgate_url exact ")
    assert room.match("http://other.example/", content="url") == []
    for path in room.state.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        assert not [word for word in (HOST, PATH) if word.encode() in data], path
    assert [path.name for path in room.state.glob("index/linkgate*")] == ["linkgate_url.index"]


def test_what_changes_is_told_after_the_next_fetch(room: Room) -> None:
    room.join()
    room.run("fetch")
    room.desk.put("partner.txt", LISTED.encode() + f"http://{HOST}2.example/\n".encode())
    room.desk.update()
    assert (len(room.match(MESSAGE)), len(room.match(f"http://{HOST}2.example/"))) == (2, 0)
    room.run("fetch")
    assert (len(room.match(MESSAGE)), len(room.match(f"http://{HOST}2.example/"))) == (2, 1)
    room.desk.put("partner.txt", f"http://{HOST}2.example/\nhttp://{HOST}3.example/\n".encode())
    room.desk.update()
    room.run("fetch")
    assert room.run("dataset") == ["linkgate_url: 2"]
    assert room.match(MESSAGE) == []


def test_an_encrypted_store_needs_its_key(tmp_path: Path) -> None:
    room = Room(tmp_path, store='key_env = "LINKGATE_KEY"')
    room.desk.put("partner.txt", LISTED.encode())
    room.env["LINKGATE_KEY"] = "ab" * 32
    update = [sys.executable, "-m", "linkgate", "lists", "update", "--config", str(room.desk.path)]
    subprocess.run(update, env=room.env, check=True, capture_output=True)
    room.join()
    room.run("fetch")
    assert len(room.match(MESSAGE)) == 2
    del room.env["LINKGATE_KEY"]
    done = subprocess.run([*COMMAND, "fetch"], env=room.env, capture_output=True, check=False, text=True)
    assert done.returncode != 0
    assert "no key was given" in done.stderr
    assert HOST not in done.stderr


def test_the_demonstration_needs_no_store(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.run("config", "extensions", "add", MODULE)
    [line] = room.match(f"look: {ADDRESSES['page'].upper()}")
    assert line.split()[:4] == ["linkgate_url", "loose:path-case", "(Sample", "Signals)"]


def test_the_manifest_names_nothing_that_is_taken() -> None:
    manifest = ThreatExchangeExtensionManifest.load_from_module_name(MODULE)
    names = [each.get_name() for each in (*manifest.signal_types, *manifest.apis)]
    assert names == ["linkgate_url", "linkgate_store"]
    assert SignalTypeMapping([URLContent, TextContent], [URLSignal, *manifest.signal_types])  # refuses names twice


def test_what_is_fetched(room: Room) -> None:
    found = signals(room)
    engine = linkgate.load(room.store)
    ids = {match.entry.id for match in engine.check(MESSAGE).matches}
    assert set(found) == {signal_of(str(room.store), "partner", entry) for entry in ids}
    opinions = [opinion for record in found.values() for opinion in record.get_as_opinions()]
    assert {opinion.category for opinion in opinions} == {SignalOpinionCategory.POSITIVE_CLASS}
    assert not any(opinion.is_mine for opinion in opinions)
    assert sorted(record.scope for record in found.values()) == ["domain", "page"]
    assert not [word for word in (HOST, PATH) if word.encode() in pickle.dumps(found)]


def test_a_version_that_is_known_is_not_read_again(room: Room) -> None:
    api = LinkgateStoreAPI.for_collab(StoreConfig(name="Partner", store=str(room.store)))
    [delta] = api.fetch_iter([LinkgateUrlSignal], None)
    assert isinstance(delta.checkpoint, StoreCheckpoint)
    assert list(api.fetch_iter([LinkgateUrlSignal], delta.checkpoint)) == []
    assert list(api.fetch_iter([], None)) == []
    room.desk.put("partner.txt", LISTED.encode() + b"http://other.example/\n")
    room.desk.update()
    assert len(list(api.fetch_iter([LinkgateUrlSignal], delta.checkpoint))) == 1


def test_allow_entries_list_nothing(tmp_path: Path) -> None:
    room = Room(tmp_path)
    allow = 'name = "ours"\npath = "ours.txt"\nkind = "allow"'
    room.desk.configure('name = "partner"\npath = "partner.txt"', allow)
    room.desk.put("partner.txt", LISTED.encode())
    room.desk.put("ours.txt", f"http://ok.{HOST}.test/\n".encode())
    room.desk.update()
    assert len(signals(room)) == 2


def test_no_store_says_so(tmp_path: Path) -> None:
    with pytest.raises(linkgate.StoreError, match="is no store"):
        LinkgateStoreAPI.for_collab(StoreConfig(name="x", store=str(tmp_path)))


def test_an_index_on_disk_holds_no_address_and_finds_as_before(room: Room) -> None:
    index = LinkgateIndex.build(signals(room).items())
    before = {(str(found.similarity_info.pretty_str()), found.metadata.scope) for found in index.query(MESSAGE)}
    assert before == {("exact", "domain"), ("loose:repaired,www", "page")}
    file = io.BytesIO()
    index.serialize(file)
    assert not [word for word in (HOST, PATH) if word.encode() in file.getvalue()]
    file.seek(0)
    again = LinkgateIndex.deserialize(file)
    assert {(found.similarity_info.pretty_str(), found.metadata.scope) for found in again.query(MESSAGE)} == before
    with pytest.raises(TypeError, match="holds no index of linkgate"):
        LinkgateIndex.deserialize(io.BytesIO(pickle.dumps([])))


def test_an_entry_is_told_once_by_its_surest_match(room: Room) -> None:
    index = LinkgateIndex.build(signals(room).items())
    page = f"http://{HOST}.example/{PATH}"
    for message in (f"{page}/ {page} {page}?utm_source=x", f"{page} {page}/"):
        [found] = index.query(message)
        assert found.similarity_info.pretty_str() == "exact"


def test_likeness_is_ordered() -> None:
    exact, nested, loose = (LinkgateSimilarity(distance) for distance in range(3))
    assert exact < nested < loose
    assert loose <= LinkgateSimilarity(2)


@pytest.mark.parametrize("text", ["", "x", f"http://{HOST}.example/", "[1, 2, 3]", '["a", "b"]', "{}", "null", "3"])
def test_a_foreign_signal_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ValueError, match="no signal of linkgate") as refused:
        LinkgateUrlSignal.validate_signal_str(text)
    assert HOST not in str(refused.value)


def test_examples_match_what_canaries_list() -> None:
    examples = LinkgateUrlSignal.get_examples()
    assert [LinkgateUrlSignal.validate_signal_str(example) for example in examples] == examples
    assert LinkgateUrlSignal.matches_str(examples[0], ADDRESSES["page"]).match
    assert not LinkgateUrlSignal.matches_str(examples[0], ADDRESSES["query"]).match


def test_what_its_command_prints_of_an_exchange_is_a_list(tmp_path: Path) -> None:
    """Of its own samples: signals of every type that it has."""
    room = Room(tmp_path)
    printed = room.run("dataset", "-P", "--csv")
    data = "\n".join([*(line for line in printed if line.startswith("signal_type,")), *printed]).encode()
    report = linkgate.compile_lists([linkgate.Source(name="tx", data=data)]).report
    assert not report.rejected
    assert report.entries
    assert report.scopes.keys() <= {"file", "page"}
