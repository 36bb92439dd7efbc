r"""Mails: an mbox, or one mail a file. Python's email takes them apart.

The text of a mail is its subject, then every text part; of HTML what is shown, and where its anchors and
forms lead as hidden links. Both alternatives of a part are read, as different programs show different
ones. BrokenInput encodings are read as well as they can be.

>>> html = "Content-Type: text/html\n\n<p>Look <a href='http://bad.example/'>here</a>"
>>> message(f"Message-ID: <1@x.example>\nSubject: Hello\nDate: Thu, 1 Jan 1970 00:00:00 +0000\n{html}".encode())
ParsedMessage(text='Hello\n\nLook here', id='<1@x.example>', time=0, links=('http://bad.example/',))
"""

from __future__ import annotations

import base64
import email
import re
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from typing import TYPE_CHECKING

from linkgate.fronts.inputs.chunks import LIMIT, BadRecord, Plan, TruncatedMail, size
from linkgate.fronts.inputs.cutting import SEPARATOR
from linkgate.fronts.inputs.html_text import shown
from linkgate.fronts.inputs.messages import Builder, Decoded, ParsedMessage
from linkgate.fronts.inputs.timestamps import instant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message as Mail

_ERRORS = (MessageError, ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)
"""What email raises for mails that are against all rules; it promises nothing."""

_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_FOREIGN = re.compile(r"[^A-Za-z0-9+/]")
_PARTS = 200
"""Boundaries of a mail at most: email looks for every open one in every line."""


def decode(content: bytes | TruncatedMail, first: int, plan: Plan) -> Decoded:
    """Read whole mails, the first of which is mail `first` of its file."""
    build = Builder()
    clipped = isinstance(content, TruncatedMail)
    block = content.content if isinstance(content, TruncatedMail) else content
    for place, mail in enumerate(_mails(block) if plan.form == "mbox" and not clipped else [block], first):
        found = message(mail)
        if found is None:
            build.bad.append(BadRecord(place, "not a mail that can be taken apart (checked as plain text)"))
        build.add(place, found or ParsedMessage(_text(mail, None)))
    if clipped:
        build.bad.append(BadRecord(first, f"longer than {size(LIMIT)} (its beginning was checked)"))
    return build.finish()


def _mails(block: bytes) -> Iterator[bytes]:
    starts = [found.start() for found in SEPARATOR.finditer(block, 1)]
    for start, end in zip([0, *starts], [*starts, len(block)], strict=True):
        yield _QUOTED.sub(rb"\1", block[start:end])


def message(content: bytes) -> ParsedMessage | None:
    """One mail, with or without mbox's line before it; None when it cannot be taken apart."""
    if content.lower().count(b"boundary") > _PARTS:
        return None
    try:
        mail = email.message_from_bytes(content)
        texts, links = list[str](), dict[str, None]()
        for part in mail.walk():
            texts += [_header(part, "Subject")] + ([_part(part, links)] if _is_shown(part) else [])
        text = "\n\n".join(stripped for text in texts if (stripped := text.strip()))
        return ParsedMessage(text, _header(mail, "Message-ID") or None, instant(_header(mail, "Date")), tuple(links))
    except _ERRORS:
        return None


def _header(mail: Mail, name: str) -> str:
    value = str(mail.get(name, ""))
    try:
        parts = decode_header(value)
    except (HeaderParseError, ValueError):
        return value.strip()
    return "".join(_text(part, charset) if isinstance(part, bytes) else part for part, charset in parts).strip()


def _is_shown(part: Mail) -> bool:
    """Texts, pages by their names, and what claims to have parts and has none."""
    kind = part.get_content_maintype()
    return kind == "text" or _is_page(part) or (kind == "multipart" and not part.is_multipart())


def _is_page(part: Mail) -> bool:
    name = str(part.get_filename() or "").lower()
    return part.get_content_subtype() == "html" or name.endswith((".html", ".htm", ".shtml", ".xhtml"))


def _part(part: Mail, links: dict[str, None]) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    if str(part.get("Content-Transfer-Encoding", "")).strip().lower() == "base64":
        content = _base64(str(part.get_payload()))
    text = _text(content, part.get_content_charset()).replace("\r\n", "\n")
    if not _is_page(part):
        return _FLOWS.sub(_flow(part), text) if part.get_param("format") == "flowed" else text
    text, found = shown(text)
    links |= dict.fromkeys(found)
    return text


def _flow(part: Mail) -> str:
    """What joins the lines of a flowed text (RFC 3676)."""
    return "" if str(part.get_param("delsp")).lower() == "yes" else " "


_FLOWS = re.compile(r"(?<!^--) \n ?", re.MULTILINE)


def _base64(text: str) -> bytes:
    """Decode what there is: email gives up at one character too many, mail programs do not."""
    parts = (_FOREIGN.sub("", part) for part in text.split("="))
    whole = (part[: len(part) - (len(part) % 4 == 1)] for part in parts)
    return b"".join(base64.b64decode(part + "=" * (-len(part) % 4)) for part in whole)


def _text(content: bytes, charset: str | None) -> str:
    """Bytes as text: in the charset they claim, else UTF-8, else Windows' Western one, which mails mean."""
    for name in (charset or "utf-8", "utf-8"):
        try:
            return content.decode(name)
        except (LookupError, ValueError, AssertionError):
            continue
    return content.decode("cp1252", "replace")
