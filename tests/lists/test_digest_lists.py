"""Lists of digests: what each format gives, what the guard holds back, and how they travel through a store."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from desk import Desk
from list_rows import shared

import linkgate
from files import digest_of_word, flipped
from linkgate import Media, Source, compile_lists
from linkgate.core.digests.digest import DigestType
from linkgate.lists import snapshot
from linkgate.lists.config import parse_config
from linkgate.lists.deltas import DeltaPart, apply
from linkgate.lists.formats import FORMATS, ListItem, sniff

if TYPE_CHECKING:
    from pathlib import Path

SHA256, SHA1, MD5, PDQ = (digest_of_word(kind, "zebra") for kind in ("sha256", "sha1", "md5", "pdq"))


def met(engine: linkgate.Engine, **given: Any) -> list[str]:
    return [match.entry.id for match in engine.check("", media=[Media(id="a", **given)]).matches]


def compiled(data: str | bytes, **given: Any) -> linkgate.Compiled:
    data = data.encode() if isinstance(data, str) else data
    return compile_lists([Source(name=given.pop("name", "demo"), data=data, **given)])


def test_one_digest_a_line() -> None:
    found = compiled(
        f"# of May\n{SHA256.upper()}\n  {SHA256}  \n{MD5}\n\n{SHA256[:-1]}\nhttp://bad.example/\n", type="sha256"
    )
    assert found.report.scopes == {"file": 1}
    assert found.report.duplicates == 1
    assert [(line.line, line.reason) for line in found.report.rejected] == [
        (4, "no digest of its type"),
        (6, "no digest of its type"),
        (7, "no digest of its type"),
    ]
    assert met(found.engine, sha256=SHA256) == ["demo:2"]


@pytest.mark.parametrize("digits", [SHA256, SHA1, MD5])
def test_a_digest_without_a_type_is_refused_and_never_guessed(digits: str) -> None:
    report = compiled(f"{digits}\nbad.example\n").report
    assert [line.reason for line in report.rejected] == ["a digest, and its list says no type"]
    rows = f"hash,category\n{digits},A1\n"
    assert [line.reason for line in compiled(rows, name="x.csv").report.rejected] == ["a digest without a type"]


def test_64_digits_are_of_the_type_that_the_list_says() -> None:
    pytest.importorskip("faiss", reason="the extra `media` is not installed")
    for kind, other in (("sha256", "pdq"), ("pdq", "sha256")):
        engine = compiled(SHA256, type=kind).engine
        assert met(engine, **{kind: SHA256}) == ["demo:1"]
        assert met(engine, **{other: SHA256}) == []


CSV = f"id,value,algo,class\n7,{MD5},MD5,A1\n8,{SHA1},SHA-1,A2\n9,{PDQ},pdq,\n10,{SHA256},sha512,\n11,,md5,\n"


@pytest.mark.parametrize("columns", [{"digest": "value", "type": "algo"}, {"digest": "1", "type": "2"}])
def test_columns(columns: dict[str, str]) -> None:
    found = compiled(CSV, format="csv", columns=columns | {"id": "id" if "value" in columns.values() else "0"})
    reasons = [(line.line, line.reason) for line in found.report.rejected if line.line > 1]
    assert reasons == [(5, "another type of digest"), (6, "no address in its column")]
    assert met(found.engine, md5=MD5) == ["7"]
    assert met(found.engine, sha1=SHA1) == ["8"]


def test_usual_names_of_columns_and_fields() -> None:
    table = f"hash,type,tags\n{MD5},md5,A1\n"
    rows = [{"digest": MD5, "type": "md5", "category": "A1"}]
    lines = "\n".join(map(json.dumps, rows))
    for name, data in (("x.csv", table), ("x.json", json.dumps(rows)), ("x.jsonl", lines)):
        engine = compiled(data, name=name).engine
        [match] = engine.check("", media=[Media(id="a", md5=MD5)]).matches
        assert match.entry.category == "A1", name


def test_a_column_called_type_beside_addresses_stays_their_category() -> None:
    engine = compiled(f"url,type,hash\nhttp://bad.example/,spam,{MD5}\n", name="x.csv").engine
    assert engine.lookup("http://bad.example/").matches[0].entry.category == "spam"
    assert engine.digests is None


def test_threatexchange() -> None:
    pytest.importorskip("faiss", reason="the extra `media` is not installed")
    kinds = {"HASH_MD5": MD5, "HASH_SHA1": SHA1, "HASH_SHA256": SHA256, "HASH_PDQ": PDQ, "HASH_TMK": "x"}
    rows = [{"id": kind, "type": kind, "raw_indicator": value} for kind, value in kinds.items()]
    rows.append({"id": "v", "type": "HASH_VIDEO_MD5", "raw_indicator": digest_of_word("md5", "hyena")})
    rows.append({"id": "u", "type": "URI", "raw_indicator": "http://bad.example/"})
    found = compiled(json.dumps({"data": rows}), format="threatexchange")
    assert found.report.scopes == {"file": 5, "page": 1}
    assert met(found.engine, md5=MD5, sha1=SHA1, sha256=SHA256, pdq=PDQ) == [
        *("HASH_SHA256", "HASH_SHA1", "HASH_MD5", "HASH_PDQ")
    ]
    assert met(found.engine, md5=digest_of_word("md5", "hyena")) == ["v"]


def test_what_threatexchange_prints_of_an_exchange() -> None:
    pytest.importorskip("faiss", reason="the extra `media` is not installed")
    signals = {"pdq": PDQ, "video_md5": MD5, "video_sha256": SHA256, "url": "http://bad.example/"}
    others = {"url_md5": digest_of_word("md5", "url"), "raw_text": "some, words", "trend_query": '{"and": []}'}
    rows = [["signal_type", "signal_str", "collab", "category", "tags"]]
    rows += [[kind, text, "Partner", "POSITIVE_CLASS", "a b"] for kind, text in (signals | others).items()]
    rows.append(["video_md5", digest_of_word("md5", "harmless"), "Partner", "NEGATIVE_CLASS", ""])
    csv.writer(text := io.StringIO()).writerows(rows)
    found = compiled(text.getvalue())
    assert found.report.scopes == {"file": 3, "page": 1}
    assert found.report.skipped == {"no web address": 3, "not active": 1}
    verdict = found.engine.check("", media=[linkgate.Media(id="a", pdq=PDQ, md5=MD5, sha256=SHA256)])
    assert [match.steps[0] for match in verdict.matches] == ["sha256", "md5", "pdq"]
    assert {match.entry.category for match in verdict.matches} == {"a b"}


def test_misp() -> None:
    rows = [
        {"type": "sha256", "value": SHA256, "to_ids": True, "uuid": "1"},
        {"type": "filename|md5", "value": f"a|b.jpg|{MD5}", "to_ids": True, "uuid": "2"},
        {"type": "sha1", "value": SHA1, "to_ids": False, "uuid": "3"},
        {"type": "sha512", "value": "x", "to_ids": True, "uuid": "4"},
    ]
    found = compiled(json.dumps({"Event": {"Attribute": rows}}))
    assert found.report.skipped == {"misp: not for detection": 1, "misp: no web address": 1}
    assert met(found.engine, sha256=SHA256, md5=MD5, sha1=SHA1) == ["1", "2"]


def items(kind: str, data: bytes) -> list[tuple[str | None, str | None, bool] | str]:
    found = FORMATS[kind](data)
    return [(each.id, each.type, each.gone) if isinstance(each, ListItem) else each.reason for each in found]


def test_ncmec_pages_deletions_and_votes() -> None:
    pages = [shared(f"../digests/ncmec_entries_{name}.xml") for name in ("xml", "xml2", "xml3", "xml4")]
    assert [sniff(page, "x") for page in pages] == ["ncmec"] * 4
    assert items("ncmec", pages[0]) == [
        *(("42:image1", "md5", False), ("42:image1", "sha1", False), "ncmec: another fingerprint"),
        *(("43:image4", None, True), ("42:video1", "md5", False), ("42:video1", "sha1", False)),
        ("42:video4", None, True),
    ]
    found = compiled(b"\n".join(pages), name="ncmec.xml")
    assert [(line.id, line.reason) for line in found.report.quarantined] == [("42:image1", "called wrong by members")]
    assert found.report.skipped == {"taken off by its publisher": 3, "ncmec: another fingerprint": 2}
    [match] = found.engine.check("", media=[Media(id="a", md5="faceface" * 4)]).matches
    assert (match.entry.id, match.entry.category) == ("101:willupdate", "A2")  # as the last page has it
    assert met(found.engine, md5="baceface" * 4) == met(found.engine, md5="baceb" * 6 + "ac") == []
    assert met(found.engine, md5="a1" * 16) == ["42:image1"]
    assert met(found.engine, sha1="a1" * 20) == []


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<queryResult><images>", "not XML, or only a part"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><queryResult/>", "document type"),
        (b"<?xml version='1.0'?><other/>", "no answer of NCMEC"),
        (b"<queryResult/><queryResult>", "not XML, or only a part"),
    ],
)
def test_what_is_no_ncmec(data: bytes, sentence: str) -> None:
    with pytest.raises(linkgate.ListError, match=sentence):
        list(FORMATS["ncmec"](data))


def test_ncmec_without_id_or_fingerprint() -> None:
    data = b"<queryResult><images><image><fingerprints/></image><image><id>1</id></image></images></queryResult>"
    assert items("ncmec", data) == ["ncmec: no id", "ncmec: no fingerprint"]


def test_an_answer_of_ncmec_without_entries_is_told() -> None:
    found = compiled(shared("../digests/ncmec_entries_no_data_xml.xml"))
    assert list(found.report.faults()) == ["list 'demo' holds not one entry that can be used"]


def test_stopncii() -> None:
    pytest.importorskip("faiss", reason="the extra `media` is not installed")
    data = shared("../digests/stopncii_pages.json")
    assert sniff(data, "x") == "stopncii"
    engine = compiled(data).engine
    value = "2afc4a5c09628a7961c14d436493bba66b89b831453baa1d556ba385554daa82"
    assert len(met(engine, pdq=flipped(value, 31))) == 1
    pages = json.loads(data)
    pages[0]["hashRecords"][0]["hashStatus"] = "Withdrawn"
    pages[1]["hashRecords"][0]["caseNumbers"] = {"1": "Deleted", "2": "Withdrawn"}
    report = compiled(json.dumps(pages)).report
    assert (report.scopes, report.skipped) == ({"file": 1}, {"taken off by its publisher": 2})


@pytest.mark.parametrize("data", ["{}", "[7]", '{"hashRecords": 7}', "[[]]", "7"])
def test_what_is_no_stopncii(data: str) -> None:
    with pytest.raises(linkgate.ListError, match="no answer of StopNCII"):
        compiled(data, format="stopncii")


@pytest.mark.parametrize(
    ("kind", "digits", "reason"),
    [
        ("md5", "d41d8cd98f00b204e9800998ecf8427e", "the empty file"),
        ("sha1", "da39a3ee5e6b4b0d3255bfef95601890afd80709", "the empty file"),
        ("sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "the empty file"),
        ("md5", "0" * 32, "a placeholder"),
        ("sha256", "F" * 64, "a placeholder"),
        ("pdq", "0" * 64, "a flat picture"),
        ("pdq", "f" * 64, "a flat picture"),
        ("pdq", f"{(1 << 31) - 1:064x}", "a flat picture"),
        ("pdq", f"{(1 << 225) - 1:064x}", "a flat picture"),
        ("pdq", f"{(1 << 32) - 1:064x}", None),
        ("pdq", f"{(1 << 224) - 1:064x}", None),
        ("md5", "a1" * 16, None),
    ],
)
def test_the_guard_of_digests(kind: str, digits: str, reason: str | None) -> None:
    report = compiled(f"{digits}\n", type=kind).report
    assert [line.reason for line in report.quarantined] == ([reason] if reason else [])


def test_quality() -> None:
    pytest.importorskip("faiss", reason="the extra `media` is not installed")
    values = [digest_of_word("pdq", str(number)) for number in range(5)]
    told = ("49", "50", "", "much", "101")
    rows = "digest,quality\n" + "".join(f"{value},{quality}\n" for value, quality in zip(values, told, strict=True))
    found = compiled(rows, name="x.csv", type="pdq")
    assert [(line.line, line.reason) for line in found.report.quarantined] == [(2, "quality under 50")]
    assert [line.line for line in found.report.rejected] == [5, 6]
    assert {line.reason for line in found.report.rejected} == {"quality that is no number from 0 to 100"}
    assert [bool(met(found.engine, pdq=value)) for value in values] == [False, True, True, False, False]


def test_an_accepted_digest_is_in_use() -> None:
    source = Source(name="demo", data=b"0" * 32, type="md5")
    report = compile_lists([source], secret=b"key").report
    name = report.quarantined[0].id
    again = compile_lists([source], secret=b"key", accept={name: "ticket 7"})
    assert [line.id for line in again.report.accepted] == [name]
    assert met(again.engine, md5="0" * 32) == [name]


@pytest.mark.parametrize("named", ["ID", "id-ID", "MD5", "md5:MD5"])
def test_ids_that_hold_a_digest_are_not_taken(named: str) -> None:
    word = named.replace("MD5", MD5.upper()).replace("ID", SHA1)
    rows = f"digest,type,id,category\n{MD5},md5,{word},{word}\n"
    [entry] = [each for each in compiled(rows, name="x.csv").engine.entries() if each.list == "x.csv"]
    assert (entry.id, entry.category) == ("x.csv:2", None)


def test_many_duplicates_are_one_entry() -> None:
    report = compiled(f"{MD5}\n" * 100_000, type="md5").report
    assert (report.entries, report.duplicates) == (1, 99_999)


def test_an_allow_list_of_digests() -> None:
    sources = [Source(name="bad", data=MD5.encode(), type="md5")]
    assert met(compile_lists(sources).engine, md5=MD5) == ["bad:1"]
    own = f'{{"digest": "{MD5}", "type": "md5", "expires": "2026-02-01"}}'.encode()
    engine = compile_lists([*sources, Source(name="own", data=own, format="jsonl", allow=True)]).engine
    assert met(engine.at(0), md5=MD5) == []
    assert met(engine.at(2e9), md5=MD5) == ["bad:1"]


DELTA = f"-{MD5.upper()}\n+{digest_of_word('md5', 'hyena')}\n"


def test_a_delta_of_lines() -> None:
    full = f"{MD5}\n{digest_of_word('md5', 'giraffe')}\n"
    merged = apply(DeltaPart(full.encode(), "plain"), DeltaPart(DELTA.encode(), "plain"), usual=DigestType.MD5)
    assert (merged.added, merged.removed, merged.unknown) == (1, 1, 0)
    engine = compiled(merged.data, format="jsonl", type="md5").engine
    assert [bool(met(engine, md5=digest_of_word("md5", word))) for word in ("zebra", "giraffe", "hyena")] == [
        *(False, True, True)
    ]


def test_a_delta_of_ncmec_takes_off_all_digests_of_a_file() -> None:
    first, last = (shared(f"../digests/ncmec_entries_{name}.xml") for name in ("xml3", "xml4"))
    merged = apply(DeltaPart(first, "ncmec"), DeltaPart(last, "ncmec"))
    assert (merged.added, merged.removed, merged.unknown, merged.rejected) == (0, 1, 0, 0)
    assert [json.loads(line) for line in merged.data.splitlines()] == [
        {
            "digest": "faceface" * 4,
            "type": "md5",
            "id": "101:willupdate",
            "category": "A2",
            "added": "2019-11-24T15:10:00Z",
        }
    ]
    full = shared("../digests/ncmec_entries_xml.xml")
    gone = b'<queryResult><deletedImage><member id="42"/><id>image1</id></deletedImage></queryResult>'
    merged = apply(DeltaPart(full, "ncmec"), DeltaPart(gone, "ncmec"))
    assert {json.loads(line)["id"] for line in merged.data.splitlines()} == {"42:video1"}


CONFIG = """
[store]
path = "store"
[[list]]
name = "md5s"
path = "md5s.txt"
type = "md5"
[[list]]
name = "pictures"
path = "pictures.txt"
type = "pdq"
distance = 10
[list.actions]
near = "log"
[[list]]
name = "known"
path = "known.txt"
type = "md5"
kind = "guard"
"""


@pytest.fixture
def config(tmp_path: Path) -> linkgate.Config:
    Desk(tmp_path)
    (tmp_path / "linkgate.toml").write_text(CONFIG)
    (tmp_path / "md5s.txt").write_text(f"{MD5}\n{digest_of_word('md5', 'giraffe')}\n")
    (tmp_path / "pictures.txt").write_text(f"{PDQ}\n")
    (tmp_path / "known.txt").write_text(f"{digest_of_word('md5', 'giraffe')}\n")
    config = linkgate.load_config(tmp_path / "linkgate.toml")
    linkgate.update(config, config.open_store(create=True))
    return config


def test_lists_of_a_configuration(config: linkgate.Config) -> None:
    pytest.importorskip("faiss", reason="the extra `media` is not installed")
    with linkgate.Gate.of(config, watch=None) as gate:
        assert len(gate.check("", media=[Media(id="a", md5=MD5)]).matches) == 1
        assert not gate.check("", media=[Media(id="a", md5=digest_of_word("md5", "giraffe"))]).matches
        near = gate.check("", media=[Media(id="a", pdq=flipped(PDQ, 10))])
        assert (near.action, near.flagged, near.matches[0].distance) == ("log", False, 10)
        assert not gate.check("", media=[Media(id="a", pdq=flipped(PDQ, 11))]).matches
    state = config.open_store().manifest().version(None)
    assert state is not None
    assert [(each.reason) for each in state.lists[0].quarantine] == ["a well-known file"]
    assert "github.io" not in str(state)  # hosts are guarded by our own table still
    report = compile_lists([Source(name="x", data=b"github.io\n")], popular=None).report
    assert report.quarantined


def test_versions_are_compared_by_digest(config: linkgate.Config, tmp_path: Path) -> None:
    before = linkgate.load(config.store)
    (tmp_path / "md5s.txt").write_text(f"{digest_of_word('md5', 'hyena')}\n{MD5}\n")
    store = config.open_store()
    linkgate.update(config, store)
    [change] = linkgate.diff(store, 1, 2)
    assert (change.list, len(change.added), len(change.removed)) == ("md5s", 1, 0)
    history = linkgate.entry_history(store, "md5s", change.added[0])
    assert history is not None
    assert (history.first, history.scope) == (2, "file")
    found = linkgate.newer(linkgate.load(config.store), than=before)
    assert (found.whole, found.engine.size) == (None, 1)
    assert found.fresh == {("md5s", change.added[0])}
    assert met(found.engine, md5=digest_of_word("md5", "hyena")) == [change.added[0]]


def test_what_the_publisher_calls_an_entry(config: linkgate.Config) -> None:
    with linkgate.Gate.of(config, watch=None) as gate:
        name = gate.check("", media=[Media(id="a", md5=MD5)]).matches[0].entry.id
    found, _ = linkgate.publisher_ids(config.open_store(), config.sources[0], [name])
    assert found[name].line == 1


def test_an_encrypted_snapshot_holds_no_digest_in_the_clear(tmp_path: Path) -> None:
    pytest.importorskip("cryptography", reason="the extra `encryption` is not installed")
    engine = compiled(f"{MD5}\n", type="md5").engine
    linkgate.save(engine, tmp_path / "x.snapshot", key=bytes(32))
    data = (tmp_path / "x.snapshot").read_bytes()
    assert bytes.fromhex(MD5)[8:] not in data
    assert met(linkgate.load(tmp_path / "x.snapshot", key=bytes(32)), md5=MD5) == ["demo:1"]


def test_a_snapshot_with_digests_has_another_format_and_damage_is_told() -> None:
    plain = snapshot.dump(compiled("bad.example").engine)
    sources = [Source(name=kind, data=digits.encode(), type=kind) for kind, digits in (("md5", MD5), ("pdq", PDQ))]
    data = snapshot.dump(compile_lists(sources).engine)
    assert (plain[8], data[8]) == (1, 2)  # what knows no digests reads 1 alone, and says so
    sections = {name: bytes(section) for name, section in snapshot.unpack(data).items()}
    for name in ("digest-keys", "digest-offsets", "digest-blob", "pdq-values", "pdq-offsets", "pdq-blob"):
        for broken in (sections[name][:-1], sections[name] + b"\0"):
            with pytest.raises(linkgate.SnapshotError, match="cannot read"):
                snapshot.loads(snapshot.pack(sections | {name: broken}))
        with pytest.raises(linkgate.SnapshotError, match="cannot read"):
            snapshot.loads(
                snapshot.pack({key: each for key, each in sections.items() if key != name} | {"digest-names": b""})
            )


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('type = "sha512"', "list.type must be one of md5, pdq, photodna, sha1, sha256, vpdq"),
        ("distance = 65", "list.distance must be a number of bits from 0 to 64"),
        ("distance = true", "distance"),
        ('default_scope = "file"', "default_scope must be one of"),
        ('kind = "allow"\ndistance = 3', 'is for lists of kind = "deny"'),
        ('actions = { far = "log" }', "far"),
    ],
)
def test_settings_that_make_no_sense(line: str, sentence: str) -> None:
    with pytest.raises(linkgate.UsageError, match=sentence):
        parse_config(f'[[list]]\nname = "a"\npath = "a"\n{line}\n', name="linkgate.toml")
