r"""Formats that are no lists for linkgate: told by their first bytes or lines, with what to give instead.

Compiled as plain text they would give a few wrong entries, or none, without a word.

>>> foreign(b"PK\x03\x04\x14\x00[Content_Types].xml xl/workbook.xml")
'is an Excel workbook; save the sheet as CSV'
>>> foreign(b"msFilterList\n: Expires=1\n-d bad.example\n")
"is a Tracking Protection List (TPL); give its publisher's hosts file, or a plain list"
>>> foreign(b"http://bad.example/\n") is None
True
"""

from __future__ import annotations

import codecs
import re

_HEAD = 64 * 1024
_PLAIN = "give its publisher's hosts file, or a plain list"
_ADDRESSES = "ask the publisher for the addresses as CSV or plain text"
_FILTERS = "give the filter list that it was made of"
_UNPACK = "unpack it first"

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", f"is packed with gzip; {_UNPACK}"),
    (b"BZh", f"is packed with bzip2; {_UNPACK}"),
    (b"\xfd7zXZ", f"is packed with xz; {_UNPACK}"),
    (b"\x28\xb5\x2f\xfd", f"is packed with zstd; {_UNPACK}"),
    (b"\x04\x22\x4d\x18", f"is packed with lz4; {_UNPACK}"),
    (b"7z\xbc\xaf\x27\x1c", f"is packed with 7-Zip; {_UNPACK}"),
    (b"Rar!\x1a\x07", f"is packed with RAR; {_UNPACK}"),
    (b"%PDF-", "is a PDF; ask the publisher for the list as CSV or text"),
    (b"{\\rtf", "is a text of a word processor (RTF); save it as plain text"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an old Excel or Word file; save the sheet as CSV"),
    (b"SQLite format 3\x00", "is an SQLite database; export the table as CSV"),
    (b"PAR1", "is a Parquet file; export it as CSV"),
    (b"ARROW1", "is an Arrow file; export it as CSV"),
    (b"\x89PNG", "is a picture; ask the publisher for the list as text"),
    (b"\xff\xd8\xff", "is a picture; ask the publisher for the list as text"),
    (b"GIF8", "is a picture; ask the publisher for the list as text"),
)
# In a zip file: what its members' names say it is, looked for in this order.
_ZIPPED = (
    (b"xl/", "is an Excel workbook; save the sheet as CSV"),
    (b"word/", "is a Word document; save it as plain text"),
    (b"opendocument.spreadsheet", "is an OpenDocument sheet; save it as CSV"),
    (b"[Content_Types].xml", "is an Office document; save the sheet as CSV"),
    (b"", f"is packed with zip; {_UNPACK}"),
)
_XML = re.compile(
    r"(?:<\?xml[^>]*>\s*|<!--.*?-->\s*|<![^>]*>\s*)*<(?:[\w.-]+:)?([A-Za-z][\w-]{0,40})(?=[\s/>])", re.DOTALL
)
_KNOWN_XML = frozenset({"ioc", "openioc", "queryresult"})
# Lines that no list of a format that is read has; one among the first is enough.
_LINES: tuple[tuple[str, str], ...] = (
    (r"\Aversion https://git-lfs\.", "is a pointer of Git LFS, not the file; fetch the file itself (git lfs pull)"),
    (r"\A\s*msFilterList\b", f"is a Tracking Protection List (TPL); {_PLAIN}"),
    (r"^\{\s*[+-][a-z][a-z0-9-]*(?:\{.*\})?[^{}\"]*\}\s*$", f"is an action file of Privoxy; {_PLAIN}"),
    (r"^\{\{(?:alias|description|settings)\}\}\s*$", f"is an action file of Privoxy; {_PLAIN}"),
    (r"^(?:(?:CLIENT|SERVER)-HEADER-)?FILTER: [a-z0-9-]+(?: |$)", f"is a filter file of Privoxy; {_PLAIN}"),
    (r"^\s*(?:ifplugin|loadplugin|if can\()\s*Mail::SpamAssassin::", f"is a rule file of SpamAssassin; {_ADDRESSES}"),
    (r"^// ===BEGIN (?:ICANN|PRIVATE) DOMAINS===", "is the public suffix list; give a list of addresses"),
    (
        r"\"action\"\s*:\s*\{\s*\"type\"\s*:\s*\"(?:block|allow(?:AllRequests)?|redirect|upgradeScheme|modifyHeaders)\"",
        f"is a rule set of a browser (declarativeNetRequest); {_FILTERS}",
    ),
    (r"\"trigger\"\s*:\s*\{\s*\"url-filter\"", f"is a content blocker of Safari; {_FILTERS}"),
    (
        r"^#?\s*(?:alert|drop|reject|pass|log)\s+(?:tcp|udp|ip|http|tls|dns|icmp|ssl)\s+\S+\s+\S+\s+(?:->|<>)\s+\S+",
        f"is a rule file of Suricata or Snort; {_ADDRESSES}",
    ),
    (r"^\s*(?:(?:private|global)\s+)*rule\s+\w+\s*(?::[\w\s]+)?\{\s*$", f"is a rule file of YARA; {_ADDRESSES}"),
    (r"\bfunction\s+FindProxyForURL\s*\(", f"is a proxy script (PAC); {_PLAIN}"),
    (r"^\s*zone\s+\"[^\"]+\"\s*(?:IN\s*)?\{", "is a configuration of BIND; give its response policy zone (RPZ)"),
    (r"^\s*(?:Rewrite(?:Cond|Rule|Engine)|Deny from|SetEnvIf)\b", f"is a configuration of Apache; {_PLAIN}"),
    (r"^(?:DOMAIN|HOST)(?:-SUFFIX|-KEYWORD)?,|^IP-CIDR6?,", f"is a rule set of Clash or Surge; {_PLAIN}"),
    (r"\A(?:From \S+ .*\d{4}$|(?:Received|Return-Path|Delivered-To):\s)", "is a mail; save the list that it carries"),
    (r"\A(?:diff --git |--- \S+\n\+\+\+ )", "is a patch, not the list; fetch the file itself"),
    (r"\A\s*(?:\(?function\b|(?:var|let|const)\s+\w+\s*=)", "is a script; ask the publisher for JSON or text"),
    (r"\A\s*(?:--.*\n\s*)*(?:CREATE TABLE|INSERT INTO)\b", "is an SQL dump; export the table as CSV"),
)
_SIGNS = tuple((re.compile(sign, re.MULTILINE), complaint) for sign, complaint in _LINES)


def foreign(data: bytes) -> str | None:
    """What a file is, with the cure, if it is in a format that no list has; None for any other."""
    head = data[:_HEAD]
    if found := next((complaint for magic, complaint in _MAGIC if head.startswith(magic)), None):
        return found
    if head.startswith(b"PK\x03\x04"):
        return next(complaint for member, complaint in _ZIPPED if member in data)
    text = head.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
    if text.lstrip().startswith("<") and (root := _XML.match(text.lstrip())) and root[1].lower() not in _KNOWN_XML:
        read = "OpenIOC and NCMEC's hash sharing"
        return f"is XML (<{root[1]}>), of which {read} alone are read; ask the publisher for CSV, JSON or plain text"
    return next((complaint for sign, complaint in _SIGNS if sign.search(text)), None)
