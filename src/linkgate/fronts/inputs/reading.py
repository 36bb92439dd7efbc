"""An input, opened: its form told, its fields found, its cuts one after the other."""

from __future__ import annotations

import re
from contextlib import closing, contextmanager
from dataclasses import replace
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Any

from linkgate.extras import installing
from linkgate.fronts.inputs import cutting, delimited, documents
from linkgate.fronts.inputs.arrow_columns import seen_in_schema
from linkgate.fronts.inputs.broken_input import BrokenInput, os_reason
from linkgate.fronts.inputs.chunks import MEDIA_FORMS, BadRecord, Cut, Fields, Plan
from linkgate.fronts.inputs.detection import HEAD, form_of, prefix_of
from linkgate.fronts.inputs.exports.bluesky_car import cut_repository
from linkgate.fronts.inputs.exports.chat_html import PAGES
from linkgate.fronts.inputs.exports.whatsapp_text import cut_chat, order_of
from linkgate.fronts.inputs.exports.xml_rows import elements
from linkgate.fronts.inputs.field_names import TEXT
from linkgate.fronts.inputs.guessing import remark, seen_in, table_paths
from linkgate.fronts.inputs.json_lines import loads
from linkgate.fronts.inputs.messages import decoded
from linkgate.fronts.inputs.recoding import recoded
from linkgate.fronts.inputs.record_lists import RecordLists, plan_of
from linkgate.fronts.inputs.streams import ByteSource
from linkgate.fronts.inputs.zip_archive import open_member

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from linkgate.fronts.inputs.chunks import Mark
    from linkgate.fronts.inputs.guessing import Seen
    from linkgate.fronts.inputs.input import Input

    Cuts = Iterator[tuple[Cut, int]]

_SAMPLE = 200
_NAMES = {
    "jsonl": "JSON lines",
    "json": "a JSON document",
    "csv": "CSV",
    "tsv": "TSV",
    "text": "plain text, each line a message",
    "parquet": "Parquet",
    "arrow": "Arrow",
    "telegram": "a Telegram export",
    "discord": "a Discord export",
    "slack": "a Slack export",
    "mbox": "mails",
    "eml": "a mail",
    "telegram-html": "Telegram's pages",
    "discord-html": "pages of a Discord export",
    "whatsapp": "a WhatsApp chat",
    "xml-rows": "XML, each element a record",
    "html": "a web page, one message",
    "car": "a Bluesky repository",
}


def cuts(opened: Input, *, skip: int, mark: Mark | None = None) -> Cuts:
    """Yield the cuts of an input and how much of it has been read; sets its plan and remark. Raises BrokenInput."""
    if opened.database is not None:
        yield from _database(opened, opened.database, skip, mark)
        return
    with _source(opened) as raw:
        source = recoded(raw)
        opened.held = bool(source.peek(1))
        opened.plain = source.packing is None and opened.size is not None and not opened.member
        form = form_of(opened.name, source.peek(HEAD), given=opened.form)
        if isinstance(form, BadRecord):
            raise BrokenInput(form.reason)
        if form in {"parquet", "arrow"}:
            yield from _arrow(opened, source, form, skip)
        else:
            yield from ((cut, source.offset) for cut in _text(opened, source, form))


@contextmanager
def _source(opened: Input) -> Iterator[ByteSource]:
    path = opened.path
    if opened.member and path:
        with closing(open_member(path, opened.member.filename)) as file:
            yield _opened(file)
        return
    try:
        # Standard input unbuffered: a thread that waits in its buffered reader aborts Python's exit after Ctrl-C.
        raw: Any = open(path or 0, "rb", buffering=0, closefd=bool(path))  # noqa: SIM115  # a context below
    except (OSError, ValueError) as error:
        raise BrokenInput(os_reason(error)) from None
    try:
        yield _opened(raw)
    finally:
        if path:
            raw.close()


def _opened(raw: Any) -> ByteSource:
    try:
        return ByteSource(raw)
    except OSError as error:
        raise BrokenInput(os_reason(error)) from None


def _database(opened: Input, name: str, skip: int, mark: Mark | None) -> Cuts:
    try:
        database = import_module("linkgate.fronts.inputs.database").Database(name, opened.fields)
    except ModuleNotFoundError:
        raise BrokenInput(f"databases need SQLAlchemy; run: {installing('database')}") from None
    opened.held = True
    for cut in database.cuts(skip=skip, mark=mark):
        opened.plan, opened.remark = database.plan, database.remark
        yield cut, 0


def _arrow(opened: Input, source: ByteSource, form: str, skip: int) -> Cuts:
    arrows = import_module("linkgate.fronts.inputs.arrow_files")
    path = opened.path if opened.size is not None and not opened.member else None  # a pipe is not opened twice
    with closing((arrows.ParquetTable if form == "parquet" else arrows.ArrowTable)(source, path)) as table:
        seen = seen_in_schema(table.schema)
        paths = table_paths(seen, opened.fields)
        opened.plan = Plan(form=form, paths=paths)
        opened.remark = remark(_NAMES[form], paths, opened.fields, seen)
        columns = paths.columns()
        for cut in table.cuts(columns, skip=skip):
            yield cut, max(int((opened.size or 0) * table.share), source.offset)


def _text(opened: Input, source: ByteSource, form: str) -> Iterator[Cut]:
    if opened.fields.media is not None and form not in MEDIA_FORMS:
        raise BrokenInput(f"--media is read from JSON lines, tables and databases, and this is {_NAMES[form]}")
    cutting.skip_bom(source)
    if not source.peek(1):
        source.read(1)  # a break at the very beginning is one all the same
        return iter(())
    if form in {"csv", "tsv"}:
        return _table(opened, source, form)
    opened.remark = _NAMES[form]
    if opened.fields != Fields():
        opened.remark += " (its own fields are read; --text, --id, --time and --links change nothing)"
    opened.plan = Plan(form=form)
    if form in {"json", "slack", "telegram", "discord"}:
        source.read(len(prefix_of(source.peek(HEAD))))
        return _document(opened, source, form)
    if form in {"jsonl", "xml-rows"}:
        _guess(opened, source.peek(HEAD), form)
    if form == "whatsapp":
        opened.plan = Plan(form=form, delimiter=order_of(source.peek(HEAD).decode("utf-8", "replace")))
    if form in PAGES:
        return cutting.cut_marked(source, PAGES[form].mark)
    if form == "car":
        return cut_repository(source)
    readers: dict[str, Callable[[ByteSource], Iterator[Cut]]] = {
        "jsonl": cutting.cut_lines,
        "text": cutting.cut_lines,
        "xml-rows": cutting.cut_lines,
        "html": cutting.cut_mail,
        "whatsapp": cut_chat,
        "mbox": cutting.cut_mails,
        "eml": cutting.cut_mail,
    }
    return readers[form](source)


def _document(opened: Input, source: ByteSource, form: str) -> Iterator[Cut]:
    lists = RecordLists(form, opened.fields)
    for cut in documents.cut_items(source, lists):
        opened.remark = lists.remark
        yield cut


def _guess(opened: Input, head: bytes, form: str) -> None:
    """Find the fields in the first records."""
    rows = elements(head.decode("utf-8", "replace")) if form == "xml-rows" else _lines(head)
    seen = seen_in(islice(rows, _SAMPLE))
    paths = plan_of(seen, opened.fields)
    opened.plan = Plan(form=form, paths=paths)
    opened.remark = remark(_NAMES[form], paths, opened.fields, seen, anywhere=True)


def _lines(head: bytes) -> list[Any]:
    lines = head.split(b"\n")
    whole = lines[:-1] if len(head) == HEAD else lines
    return [loads(line)[0] for line in whole[:_SAMPLE] if line.strip()]


def _table(opened: Input, source: ByteSource, form: str) -> Iterator[Cut]:
    """Read the first line that is not blank, which names the columns; then cut the rest."""
    blank, delimiter = _before_header(source.peek(HEAD), form)
    source.read(len(blank))
    head = source.peek(HEAD)
    plan = Plan(form=form, delimiter=delimiter or ("\t" if form == "tsv" else _delimiter(head)))
    header = delimited.first_record(head if len(head) == HEAD else head + b"\n", plan)
    if header is None:
        raise BrokenInput("its first line names no columns (an open quote, or far too long)")
    source.read(len(header))
    columns = tuple(delimited.cells(decoded(header)[0], plan))
    seen: Seen = {(name,): (TEXT, False) for name in columns}
    paths = table_paths(seen, opened.fields, tell=False)
    opened.plan = replace(plan, columns=columns, paths=paths)
    opened.remark = remark(_NAMES[form], paths, opened.fields, seen)
    before = (blank + header).count(b"\n")
    if form == "tsv":
        found = cutting.cut_lines(source, first=1 + before)
    else:
        found = cutting.cut_records(source, delimiter=plan.delimiter, first=1 + before)
    return (cut._replace(before=0 if at else before) for at, cut in enumerate(found))


def _before_header(head: bytes, form: str) -> tuple[bytes, str]:
    """Blank lines, and Excel's `sep=;`, which names the delimiter."""
    found = re.match(rb"\s*\n", head)
    blank = found[0] if found else b""
    sep = re.compile(rb"sep=([,;\t|])\r?\n", re.IGNORECASE).match(head, len(blank)) if form == "csv" else None
    return (blank + sep[0], sep[1].decode()) if sep else (blank, "")


def _delimiter(head: bytes) -> str:
    """What stands most often between the names of the columns; a name may be quoted."""
    line = re.sub(rb'"[^"]*"?', b"", head).split(b"\n", 1)[0]
    return max(",;\t|", key=lambda delimiter: line.count(delimiter.encode()))
