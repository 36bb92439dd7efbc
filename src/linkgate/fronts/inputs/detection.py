r"""What a file is, by its name and its first bytes.

>>> form_of("posts.csv.gz", b"id,text\n"), form_of("-", b'{"text": "hi"}\n'), form_of("x", b"PAR1")
('csv', 'jsonl', 'parquet')
>>> form_of("result.json", b'{\n "name": "c",\n "type": "private_group",\n "id": 1,\n "messages": [\n')
'telegram'
>>> form_of("photo.jsonl", bytes(range(256)))
BadRecord(place=None, reason='looks like a binary file, not like messages; check that it is the right one', empty=False)
"""

from __future__ import annotations

import codecs
import re

from linkgate.fronts.inputs.chunks import BOM, BadRecord
from linkgate.fronts.inputs.cutting import SEPARATOR
from linkgate.fronts.inputs.exports import bluesky_car
from linkgate.fronts.inputs.exports.chat_html import page_form
from linkgate.fronts.inputs.exports.whatsapp_text import begins_chat
from linkgate.fronts.inputs.exports.xml_rows import elements
from linkgate.fronts.inputs.json_lines import loads
from linkgate.fronts.inputs.mail_headers import begins_mail
from linkgate.fronts.inputs.record_lists import head_holds_document

HEAD = 1 << 18
"""Bytes looked at, to tell the form and to guess the fields."""

PACKINGS = (".gz", ".zst", ".bz2", ".xz")
SUFFIXES = {
    **dict.fromkeys((".jsonl", ".ndjson", ".jsonlines"), "jsonl"),
    ".json": "json",
    ".csv": "csv",
    **dict.fromkeys((".tsv", ".tab"), "tsv"),
    **dict.fromkeys((".txt", ".text", ".md"), "text"),
    ".js": "json",
    ".xml": "xml-rows",
    **dict.fromkeys((".html", ".htm"), "html"),
    **dict.fromkeys((".parquet", ".pq"), "parquet"),
    **dict.fromkeys((".arrow", ".arrows", ".feather", ".ipc"), "arrow"),
    **dict.fromkeys((".mbox", ".mbx"), "mbox"),
    ".eml": "eml",
    ".car": "car",
}
_MAGIC = {
    b"PAR1": "parquet",
    b"ARROW1\x00\x00": "arrow",
    b"\xff\xff\xff\xff": "arrow",
}
_FOREIGN = {
    b"PK\x03\x04": "a ZIP archive, which is not read from a pipe; name it as a file",
    b"FEA1": "a Feather file of the first version; write it anew as Arrow or Parquet",
    b"SQLite format 3\x00": "a SQLite database; name it as sqlite:///PATH?table=NAME",
    codecs.BOM_UTF32_LE: "UTF-32; convert it first, as by: iconv -f UTF-32 -t UTF-8",
    codecs.BOM_UTF32_BE: "UTF-32; convert it first, as by: iconv -f UTF-32 -t UTF-8",
    bluesky_car.SECOND: "a CAR file of version 2; download the repository again, as version 1",
    b"Obj\x01": "an Avro file; write it as Parquet or JSON lines",
}
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b"))
_TELEGRAM = re.compile(
    rb'"type"\s*:\s*"(?:personal_chat|bot_chat|saved_messages|verification_codes|private_group|private_supergroup|'
    rb'public_supergroup|private_channel|public_channel)"|'
    rb'"(?:personal_information|profile_pictures|chats|left_chats|frequent_contacts)"\s*:\s*[\[{]'
)
_DISCORD = re.compile(rb'"guild"\s*:\s*\{.*?"channel"\s*:\s*\{', re.DOTALL)
_SLACK = re.compile(rb'"ts"\s*:\s*"\d{9,11}\.\d{6}"')
_MAILDIR = re.compile(r"(?:^|/)(?:cur|new)/[^/]*$")


def suffix_form(name: str) -> str | None:
    """The form that a name speaks of, if any; packing put aside."""
    path = name.lower()
    for packing in PACKINGS:
        path = path.removesuffix(packing)
    if _MAILDIR.search(name) and "." in name:
        return "eml"
    return next((form for suffix, form in SUFFIXES.items() if path.endswith(suffix)), None)


def form_of(name: str, head: bytes, *, given: str | None = None) -> str | BadRecord:
    """Tell the form of a file; a BadRecord where there is nothing to read in it."""
    if given is None:
        for magic, what in _FOREIGN.items():
            if head.startswith(magic):
                return BadRecord(None, what)
    form = given or next((form for magic, form in _MAGIC.items() if head.startswith(magic)), suffix_form(name))
    if form in {"parquet", "arrow"}:
        return form
    if bluesky_car.HEAD.match(head):
        return "car"
    if _is_binary(head[:8192]) and form not in {"mbox", "eml"}:
        return BadRecord(None, "looks like a binary file, not like messages; check that it is the right one")
    return given or _text_form(form, head.removeprefix(BOM).lstrip())


def prefix_of(head: bytes) -> bytes:
    """What stands before the JSON of a script, as in Twitter's archive, or of an answer that is no script."""
    found = _PREFIX.match(head)
    return found[0] if found else b""


_PREFIX = re.compile(rb"""\)\]\}'?,?\s*|(?:(?:var|let|const)\s+)?[A-Za-z_$][\w.$\[\]"']{0,80}\s*=\s*(?=[\[{])""")


def _marked_form(form: str | None, head: bytes) -> str | BadRecord:
    """Tell pages, chats and other XML."""
    page = page_form(head)
    if page or form == "html" or _HTML.match(head):
        return page or "html"
    if next(elements(head.decode("utf-8", "replace")), None) is None:
        return BadRecord(None, "XML whose records are no elements with attributes; convert it to JSON or CSV first")
    return "xml-rows"


_HTML = re.compile(rb"(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_MARKUP = re.compile(rb"<\?xml\b|<!doctype\b|<(?:html|head|body)\b", re.IGNORECASE)


def _text_form(form: str | None, head: bytes) -> str | BadRecord:
    head = head[len(prefix_of(head)) :] if form in {None, "json"} else head
    if form in {"xml-rows", "html"} or (form is None and _MARKUP.match(head)):
        return _marked_form(form, head)
    if form == "json" or (form is None and head[:1] in {b"{", b"["}):
        return _json_form(head, sure=form == "json")
    if form == "jsonl" and head.startswith(b"{") and not _is_lines(head):
        return _json_form(head, sure=True)
    if form is None and SEPARATOR.match(head):
        return "mbox"
    return _lines_form(head) if form in {None, "text"} else str(form)


def _lines_form(head: bytes) -> str:
    if begins_mail(head):
        return "eml"
    return "whatsapp" if begins_chat(head[:_CHAT].decode("utf-8", "replace")) else "text"


_CHAT = 1 << 14


def _is_binary(head: bytes) -> bool:
    # Latin-1 text has next to no control characters; UTF-16 has one in two, packed bytes one in ten.
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls * 5 > len(head):
        return True
    return controls * 50 > len(head) and "\ufffd" in head[:-4].decode("utf-8", "replace")


def _json_form(head: bytes, *, sure: bool) -> str:
    """Tell JSON lines from a document, and whose export a document is."""
    if head.startswith(b"["):
        if not sure and not re.match(rb"\[\s*[{\]]", head):
            return "text"
        return "slack" if _SLACK.search(head) else "json"
    if _is_lines(head):
        return "jsonl"
    if _DISCORD.search(head):
        return "discord"
    return "telegram" if _TELEGRAM.search(head) else "json"


def _is_lines(head: bytes) -> bool:
    """Tell whether each line is a record of its own: not one document on one line, nor one on many."""
    lines = [line for line in head.split(b"\n") if line.strip()]
    whole = lines if len(head) < HEAD or head.endswith(b"\n") else lines[:-1]
    return any(map(_is_object, whole[:_LINES])) and not head_holds_document(lines[0], alone=len(lines) == 1)


def _is_object(line: bytes) -> bool:
    return line.lstrip().startswith(b"{") and isinstance(loads(line)[0], dict)


_LINES = 20
"""Lines looked at, of which one must be a record."""
