"""Whatever a block holds, pyarrow's way and the plain way give the same messages; wherever it is cut, too."""

import io
import json
import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pytest
from gathering import Dribble, decoded
from hypothesis import example, given
from hypothesis import strategies as st

from linkgate.fronts.inputs import arrow_files, cutting, delimited, documents, json_lines, plain_text
from linkgate.fronts.inputs.chunks import Cut, Fields, Paths, Plan
from linkgate.fronts.inputs.json_walk import Walk
from linkgate.fronts.inputs.messages import Decoded
from linkgate.fronts.inputs.record_lists import RecordLists
from linkgate.fronts.inputs.streams import ByteSource
from linkgate.fronts.inputs.timestamps import instant, instants

PATHS = Paths(text=("text",), id=("id",), time=("ts",), links=(("ents", "url"),))
JSONL = Plan(form="jsonl", paths=PATHS)

STRINGS = st.sampled_from(["", "a", "http://bad.example/", "\u00e9\U0001f600", "\ud83d", "\x00", '"', "a\nb", "7"])
SCALARS = st.one_of(STRINGS, st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats())
TIMES = st.one_of(
    st.sampled_from(
        [
            *(
                "1358788919",
                "1358788919.5",
                "1358788919123",
                "-1",
                "1e9",
                ".5",
                "1.",
                "",
                " ",
                "soon",
                "nan",
                "inf",
                "1_0",
            ),
            *("2013-01-21", "2013-01-21T17:21:59", "2013-01-21 17:21:59.123456Z", "2013-01-21T17:21:59+01:00"),
            *("2013-02-30", "0000-01-01", "2013-01-21T24:00:00", "2013-01-21T17:21:60Z", "2013-01-21 17:21:59 UTC"),
            *("Mon, 21 Jan 2013 17:21:59 GMT", "9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00+01:00", "1e400"),
            *("2013-01-21T17:21:59.1234567", "2013-W04-1", "20130121", "+1358788919", "0x10", "١٢", "-0", "1e-5"),
        ]
    ),
    st.integers(-(10**20), 10**20),
    st.floats(),
)
RECORDS = st.fixed_dictionaries(
    {},
    optional={
        "text": st.one_of(STRINGS, STRINGS, SCALARS, st.lists(STRINGS, max_size=2)),
        "id": SCALARS,
        "ts": st.one_of(TIMES, SCALARS),
        "ents": st.one_of(
            st.none(),
            st.lists(
                st.fixed_dictionaries({}, optional={"url": st.one_of(STRINGS, SCALARS), "x": SCALARS}), max_size=3
            ),
            st.lists(SCALARS, max_size=2),
            STRINGS,
        ),
        "other": st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(STRINGS, inner)),
    },
)
TIDY = st.lists(
    st.fixed_dictionaries(
        {"text": st.sampled_from(["", "a", "\u00e9", "http://bad.example/"]), "id": st.integers(-(2**62), 2**62)},
        optional={"ts": st.integers(0, 2**40), "ents": st.lists(st.fixed_dictionaries({"url": st.just("u")}))},
    ),
    min_size=1,
)
DIRT = st.sampled_from(
    [
        *(b"", b" ", b"\r", b"[]", b"7", b"null", b"{", b"}", b'{"text": "a"', b'{"text": "a"}{"text": "b"}', b"\xff"),
        *(b'{"text": "caf\xe9"}', b'{"text": "\xed\xa0\xbd"}', b'{"text": "a", "text": "b"}', b"{'text': 1}", b"{}"),
        *(b'{"text": "a", "x": NaN}', b'{"text": "a", "x": [Inf, -Infinity]}', b'{"text": "a", "ts": -NaN}', b"\x00"),
        *(
            b'{"text": "a"} ',
            b' {"text": "a"}',
            b'{"te\\u0078t": "a"}',
            b'{"text": "a",}',
            b'{"text": "Inf", "x": -Inf}',
        ),
        *(
            b'{"a": [{}',
            b",{}]}",
            b'{"text": "a"},',
            b'{"text": 01}',
            b'{"id": 1.0, "text": ""}',
            b'{"text": "a"} // b',
        ),
    ]
)


def same(one: Decoded, other: Decoded) -> None:
    one[0].validate(full=True)
    assert one[0].to_pylist() == other[0].to_pylist()
    assert one[1] == other[1]


def dumped(row: Any) -> bytes:
    return json.dumps(row).encode()


@given(st.lists(st.one_of(RECORDS.map(dumped), DIRT), max_size=8), st.sampled_from([b"\n", b"\r\n"]))
def test_json_lines_fast_is_plain(found: list[bytes], ending: bytes) -> None:
    block = ending.join(found)
    same(json_lines.decode(block, 5, JSONL), json_lines.plain(block, 5, PATHS))


@given(RECORDS.map(dumped), st.integers(1, 4))
def test_json_lines_alike_fast_is_plain(line: bytes, count: int) -> None:
    block = (line + b"\n") * count
    same(json_lines.decode(block, 1, JSONL), json_lines.plain(block, 1, PATHS))


EVERYWHERE = Plan(form="jsonl", paths=Paths(text=("text",), id=("id",), links=(("url",),), anywhere=True))
MORE = replace(EVERYWHERE.paths, more=(("title",), ("embeds", "title")))
PLACES = st.sampled_from(
    [
        *(
            "",
            "a",
            "http://bad.example/",
            " http://bad.example/ ",
            "see http://bad.example/x.",
            "bad.example",
            "a bad.example b",
            "a bad dot example",
            "\u3000bad.example",
            "x://y",
            "://",
            "1://a",
        ),
        *("<a href='http://bad.example/'>a</a>", "http://bad.example/\u00e9", "http://bad.example/\u00a0b", "://<a>"),
        *("<A HREF=&#104;ttp://bad.example/>", "http://bad.example:\\/\\/", "mailto://a b", "http://[", "\ud83d://a"),
    ]
)
LEAVES = PLACES | st.sampled_from([None, 7, 2.5, True, 2**60])
NAMES = ["id", "url", "a", "b.c", "@context", "title", "embeds"]
KEYS = st.sampled_from(["text", *NAMES])
SHAPES = st.recursive(
    st.just(LEAVES) | st.just(PLACES) | st.just(st.integers(0, 9)),
    lambda inner: (
        inner.map(lambda each: st.lists(each, max_size=2))
        | st.dictionaries(KEYS, inner, max_size=3).map(st.fixed_dictionaries)
    ),
    max_leaves=6,
)
"""What records are alike in: each draws a strategy, of which all records of a block draw their values."""


@given(st.data(), st.sampled_from(["plain", "slashes", "ascii"]))
def test_links_in_every_field_fast_is_plain(data: st.DataObject, spelling: str) -> None:
    others = {key: data.draw(SHAPES) for key in data.draw(st.sets(st.sampled_from(NAMES), max_size=3))}
    rows = data.draw(st.lists(st.fixed_dictionaries({"text": PLACES}, optional=others), min_size=1, max_size=6))
    lines = (json.dumps(row, ensure_ascii=spelling != "plain") + "\n" for row in rows)
    block = "".join(lines).encode("utf-8", "surrogatepass")
    block = block.replace(b"/", b"\\/") if spelling == "slashes" else block
    for paths in (EVERYWHERE.paths, MORE):
        same(json_lines.decode(block, 1, Plan(form="jsonl", paths=paths)), json_lines.plain(block, 1, paths))


@given(st.lists(st.one_of(RECORDS.map(dumped), DIRT), max_size=8))
def test_links_in_every_field_of_any_records_fast_is_plain(found: list[bytes]) -> None:
    block = b"\n".join(found)
    paths = replace(PATHS, anywhere=True)
    same(json_lines.decode(block, 1, Plan(form="jsonl", paths=paths)), json_lines.plain(block, 1, paths))


def test_flat_records_are_read_at_once_with_a_link_in_any_field() -> None:
    row = {"text": "a", "id": 7, "avatar": "http://bad.example/", "user": {"site": "http://other.example/"}, "n": [1]}
    block = b"".join(json.dumps(row | {"id": number}).encode() + b"\n" for number in range(200))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_lines, "message", None)  # no record is read by itself
        batch, _ = json_lines.decode(block, 1, EVERYWHERE)
    assert batch.column("links").to_pylist() == [["http://bad.example/", "http://other.example/"]] * 200


@given(TIDY, st.booleans())
def test_tidy_json_lines_are_read_by_arrow(rows: list[Any], escape: bool) -> None:  # noqa: FBT001  # drawn
    block = b"".join(json.dumps(row, ensure_ascii=escape).encode() + b"\n" for row in rows)
    assert json_lines._read(block, PATHS) is not None
    same(json_lines.decode(block, 1, JSONL), json_lines.plain(block, 1, PATHS))


@given(TIDY, st.lists(DIRT, max_size=3), st.randoms())
def test_dirt_is_found_by_halving(rows: list[Any], dirt: list[bytes], order: Any) -> None:
    found = [*map(dumped, rows), *dirt]
    order.shuffle(found)
    block = b"\n".join(found) + b"\n"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_lines, "_FEW", 8)
        same(json_lines.decode(block, 1, JSONL), json_lines.plain(block, 1, PATHS))


CELLS = st.lists(
    st.sampled_from(
        ["a", '"', '""', ",", ",", "\n", "\n", "\r\n", "\r", " ", "\x00", "\u00e9", "7", '["a"]', "\u2028"]
    ),
    max_size=20,
).map(lambda parts: "".join(parts).encode())
BYTES = st.one_of(CELLS, st.tuples(CELLS, st.sampled_from([b"\xff", b"\xed\xa0\xbd", b"\xc3"]), CELLS).map(b"".join))
CSV = Plan(form="csv", columns=("id", "text"), paths=Paths(text=("text",), id=("id",)))
CSV_LINKS = Plan(form="csv", columns=("text", "text", "l"), paths=Paths(text=("text",), links=(("l",),), time=("l",)))
CSV_ONE = Plan(form="csv", columns=("text",), paths=Paths(text=("text",)))
TSV = Plan(form="tsv", delimiter="\t", columns=("id", "text"), paths=Paths(text=("text",), id=("id",)))
PLANS = st.sampled_from([CSV, CSV_LINKS, CSV_ONE])


def closed(content: bytes, plan: Plan) -> bytes:
    """What of it a cutter would give as whole records."""
    cuts = cutting.cut_records(ByteSource(io.BytesIO(content)), delimiter=plan.delimiter, first=1)
    return b"".join(cut.content for cut in cuts if isinstance(cut.content, bytes))


@given(BYTES, PLANS)
@example(b'"a"b,c\n', CSV)
@example(b'a"b"",c\n\n"",\n', CSV)
def test_csv_fast_is_plain(content: bytes, plan: Plan) -> None:
    block = closed(content, plan)
    same(delimited.decode(block, 2, plan), delimited.plain(block, 2, plan))


ROWS = st.lists(
    st.tuples(STRINGS.filter(lambda text: "\ud83d" not in text), STRINGS.filter(str.isprintable)), max_size=6
)


@given(ROWS, st.sampled_from(["\n", "\r\n"]), st.lists(BYTES, max_size=1))
def test_csv_rows_fast_is_plain(rows: list[tuple[str, str]], ending: str, dirt: list[bytes]) -> None:
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) + ending for row in rows]
    block = closed("".join(quoted).encode() + b"".join(dirt), CSV)
    same(delimited.decode(block, 2, CSV), delimited.plain(block, 2, CSV))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "_FEW", 8)
        same(delimited.decode(block, 2, CSV), delimited.plain(block, 2, CSV))


@given(BYTES.map(lambda content: content.replace(b",", b"\t")))
def test_tsv_fast_is_plain(content: bytes) -> None:
    block = content if content.endswith(b"\n") else content + b"\n"
    same(delimited.decode(block, 2, TSV), delimited.plain(block, 2, TSV))


@given(BYTES)
def test_text_fast_is_plain(content: bytes) -> None:
    same(plain_text.decode(content, 1), plain_text.plain(content, 1))


@given(st.lists(st.one_of(TIMES, st.none())))
def test_times_at_once_are_times_one_by_one(values: list[Any]) -> None:
    for kind, of_kind in ((pa.string(), str), (pa.float64(), float), (pa.int64(), int)):
        some = [value for value in values if value is None or type(value) is of_kind]
        if of_kind is int:
            some = [value for value in some if value is None or abs(int(value)) < 2**63]
        found = instants(pa.array(some, kind))
        assert found.cast(pa.int64()).to_pylist() == [instant(value) for value in some]


@given(st.sampled_from(["s", "ms", "us", "ns"]), st.lists(st.integers(-(2**63) + 1, 2**63 - 1)), st.booleans())
def test_times_of_any_unit(unit: str, values: list[int], zoned: bool) -> None:  # noqa: FBT001  # drawn
    kind = pa.timestamp(unit, "Europe/Berlin" if zoned else None)
    found = instants(pa.array(values, pa.int64()).cast(kind)).cast(pa.int64()).to_pylist()
    scale = {"s": 10**6, "ms": 10**3, "us": 1, "ns": 1}[unit]
    for value, micros in zip(values, found, strict=True):
        exact = math.trunc(Fraction(value, 1000)) if unit == "ns" else int(value * scale)
        assert micros in {exact, None}
        assert (micros is None) == (not -62_135_596_800 * 10**6 <= exact < 253_402_300_800 * 10**6)


Cutter = Callable[..., Any]
CUTTERS: dict[str, tuple[Cutter, Plan]] = {
    "lines": (cutting.cut_lines, Plan(form="text")),
    "json lines": (cutting.cut_lines, JSONL),
    "csv": (lambda source, **sizes: cutting.cut_records(source, delimiter=",", first=1, **sizes), CSV),
    "mails": (cutting.cut_mails, Plan(form="mbox")),
}
MAILS = st.lists(
    st.sampled_from(
        [
            *(
                b"From a@b.example Thu Jan  1 00:00:00 2015\n",
                b"From now on 10:00 2015\n",
                b"From me\n",
                b"\n",
                b"hello ",
            ),
            *(b"Subject: x\n", b"\n", b"From a Thu Jan  1 00:00:00 2015\r\n", b">From a 10:10 2015\n", b"\xff", b"Fro"),
        ]
    )
).map(b"".join)
CONTENT = st.one_of(BYTES, MAILS, st.lists(st.one_of(RECORDS.map(dumped), DIRT)).map(b"\n".join))


@pytest.mark.parametrize("name", CUTTERS)
@given(
    content=CONTENT,
    block=st.integers(1, 40),
    limit=st.integers(40, 200),
    sizes=st.lists(st.integers(1, 50), min_size=1),
)
def test_pieces_are_the_file_wherever_it_is_cut(
    name: str, content: bytes, block: int, limit: int, sizes: list[int]
) -> None:
    cut, plan = CUTTERS[name]
    whole = decoded(cut(ByteSource(io.BytesIO(content)), block=limit, limit=limit), plan)
    parts = decoded(cut(ByteSource(Dribble(content, sizes)), block=block, limit=limit), plan)  # type: ignore[arg-type]  # all it needs
    assert parts == whole


@given(CONTENT, st.integers(1, 40))
def test_no_byte_is_lost_between_lines(content: bytes, block: int) -> None:
    cuts = list(cutting.cut_lines(ByteSource(io.BytesIO(content)), block=block, limit=10**6))
    blocks = [cut.content for cut in cuts if isinstance(cut.content, bytes)]
    assert b"".join(blocks) == content
    assert [cut.places for cut in cuts] == [max(1, found.count(b"\n")) for found in blocks]


JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text('a"\\[]{},:\n\u00e9', max_size=5)
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text('ab"\\', max_size=2), inner, max_size=4)
    ),
)


class _Messages:
    def choose(self, keys: tuple[str, ...], head: bytes, *, root: bool = False, item: object = None) -> str | None:  # noqa: ARG002  # the protocol
        return "list" if keys == ("messages",) and not root else None

    def leftover(self, row: dict[str, Any]) -> None:  # noqa: ARG002  # as above
        return None


@given(
    items=st.lists(JSON),
    around=st.dictionaries(st.sampled_from(["a", "b", "messages ", "z"]), JSON),
    indent=st.sampled_from([None, 1, 4]),
    block=st.integers(1, 60),
)
def test_a_document_gives_what_its_list_holds(
    items: list[Any], around: dict[str, Any], indent: int | None, block: int
) -> None:
    document = json.dumps({**around, "messages": [{}, *items], "y": [1]}, indent=indent).encode()
    source = ByteSource(io.BytesIO(document))
    found = [json.loads(item.content or b"") for item in Walk(source, _Messages(), block=block).items()]
    assert found == [{}, *items]


@given(st.lists(JSON, min_size=1), st.integers(1, 60), st.integers(60, 100))
def test_what_is_too_long_in_a_document_is_told_and_passed(items: list[Any], block: int, limit: int) -> None:
    document = json.dumps([{}, *items]).encode()

    def cuts(block: int) -> list[Cut]:
        lists = RecordLists("json", Fields(text="text"))
        return list(documents.cut_items(ByteSource(io.BytesIO(document)), lists, block=block, limit=limit))

    plan = Plan(form="json", paths=PATHS)
    found = decoded(cuts(block), plan)
    assert found == decoded(cuts(limit), plan)
    rows, bad = found
    messages = [row for row in rows if row["place"] not in {each.place for each in bad}]
    assert len(messages) + len(bad) == 1 + len(items)
    too_long = [place for place, item in enumerate([{}, *items], 1) if len(json.dumps(item)) > limit]
    assert [told.place for told in bad if "longer" in told.reason] == too_long


TITLES = st.sampled_from(["", "x", "\ny"])


@given(st.data())
def test_columns_fast_is_plain(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 6))

    def column(values: st.SearchStrategy[Any], kind: pa.DataType) -> pa.Array:
        return pa.array(data.draw(st.lists(values | st.none(), min_size=count, max_size=count)), kind)

    raw = column(st.sampled_from([b"a", b"\xc3\xa9", b"\xff", b"", b"\xc3", b"\xa9"]), pa.binary())
    text = pa.Array.from_buffers(pa.string(), count, raw.buffers())
    kind = data.draw(st.sampled_from(["string", "large", "dictionary", "binary", "view", "list"]))
    if kind == "large":
        text = pa.Array.from_buffers(pa.large_string(), count, raw.cast(pa.large_binary()).buffers())
    elif kind == "dictionary":
        text = column(st.sampled_from(["a", "\u00e9", ""]), pa.string()).dictionary_encode()
    elif kind == "binary":
        text = raw
    elif kind == "view":
        text = column(st.sampled_from(["a", "a long text that does not fit inside", ""]), pa.string_view())
    elif kind == "list":
        text = column(st.lists(st.sampled_from(["a", ""]), max_size=2), pa.list_(pa.string()))
    ids = data.draw(
        st.sampled_from([pa.int64(), pa.float64(), pa.string(), pa.uint64(), pa.decimal128(9, 2), pa.bool_()])
    )
    number = column(
        st.just(value=True) if pa.types.is_boolean(ids) else st.integers(0, 99),
        ids if ids != pa.string() else pa.int64(),
    )
    links = column(
        st.lists(st.fixed_dictionaries({"url": st.sampled_from(["u", "", None])})),
        pa.list_(pa.struct([("url", pa.string())])),
    )
    title = column(*data.draw(st.sampled_from([(TITLES, pa.string()), (st.lists(TITLES), pa.list_(pa.string()))])))
    batch = pa.record_batch(
        {"text": text, "id": number.cast(ids), "ts": column(st.floats(), pa.float64()), "ents": links, "title": title}
    )
    plan = Plan(form="parquet", paths=data.draw(st.sampled_from([PATHS, replace(PATHS, more=(("title",),))])))
    same(arrow_files.decode(batch, 3, plan), arrow_files.plain(batch, 3, plan))


@pytest.mark.parametrize("value", [math.nan, math.inf, [], {}, b"1", "1" * 10_000, True])
def test_a_time_is_never_an_error(value: object) -> None:
    assert instant(value) is None
