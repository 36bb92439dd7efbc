r"""Response policy zones (RPZ, draft-vixie-dnsop-dns-rpz): a DNS zone file whose owners are what is listed.

`host CNAME .` (and `*.`, `rpz-drop.`) is scope `host`, `*.host` is scope `domain`, and the target
`rpz-passthru.` makes an allow item. A CNAME to another name may be a walled garden or a harmless
rewriting, and only the publisher knows which: it is skipped, unless `columns` names the garden
(`{"redirect": "garden.example"}`). Addresses of nowhere (`A 0.0.0.0`) list the name too. Triggers that are no
names of web hosts (`rpz-ip`, `rpz-nsdname`, …) are skipped.

Names and tokens are dnspython's; records are read one by one, so that a bad one costs one line.

>>> zone = b"$TTL 60\n@ SOA a. b. 1 2 3 4 5\nbad.example CNAME .\n*.bad.example CNAME .\n32.7.2.0.192.rpz-ip CNAME .\n"
>>> [(item.address, item.scope) if isinstance(item, ListItem) else item.reason for item in read(zone)]
[('bad.example', 'host'), ('*.bad.example', 'domain'), 'rpz: no name of a web host']
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import dns.exception
import dns.name
import dns.tokenizer

from linkgate.lists.formats.item import ListItem, RejectedLine, Skipped
from linkgate.lists.formats.text_lines import text_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MAX_JOINED = 64  # lines of one record in parentheses; an SOA has some eight
_NO_ZONE = dns.name.Name((b"zone", b"\x00", b""))  # stands for the zone until the file names it
_CLASSES = frozenset({"IN", "CH", "HS", "CS", "ANY"})
_ACTIONS = frozenset({".", "*.", "rpz-drop."})
_OTHER_TRIGGERS = frozenset({b"rpz-ip", b"rpz-client-ip", b"rpz-nsip", b"rpz-nsdname"})
_NOWHERE = frozenset({"0.0.0.0", "127.0.0.1", "::", "::1"})  # noqa: S104 - a line of a file, nothing is bound
_OF_THE_ZONE = frozenset({"SOA", "NS"})


def read(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[ListItem | RejectedLine]:
    """Items of a zone file; `columns` may hold `redirect`, the name of the publisher's walled garden."""
    garden = (columns or {}).get("redirect")
    zone = _Zone(garden=garden and garden.rstrip(".").lower() + ".")
    for number, record in _records(data):
        found = record if isinstance(record, RejectedLine) else zone.record(number, record)
        if found is not None:
            yield found


def _records(data: bytes) -> Iterator[tuple[int, str | RejectedLine]]:
    """Records with the number of their first line, those in parentheses joined."""
    first, depth, lines = 0, 0, list[str]()
    for line in text_lines(data):
        if isinstance(line, RejectedLine):
            yield line.line, line
            continue
        first = first if lines else line[0]
        lines.append(line[1])
        depth += _depth(line[1])
        if depth <= 0 or len(lines) >= _MAX_JOINED:
            yield first, "\n".join(lines)
            depth = 0
            lines.clear()
    if lines:
        yield first, RejectedLine(first, "rpz: not a record")


def _depth(text: str) -> int:
    """How many parentheses a line leaves open, those in comments not counted."""
    if "(" not in text and ")" not in text:
        return 0
    bare = text.partition(";")[0]
    return bare.count("(") - bare.count(")")


@dataclass(slots=True)
class _Zone:
    """What the records so far say of the next: the zone, the origin, the last owner."""

    garden: str | None
    name: dns.name.Name = _NO_ZONE
    origin: dns.name.Name = _NO_ZONE
    owner: dns.name.Name | None = field(default=None, repr=False)

    def record(self, number: int, text: str) -> ListItem | RejectedLine | None:
        """The item of one record, in text; None for records of the zone itself and empty lines."""
        if not text.strip() or text.lstrip().startswith(";"):
            return None
        try:
            words = _words(text)
            if not words:
                return None
            if words[0].startswith("$"):
                return self._directive(number, words)
            return self._entry(number, words, follows=text[0] in " \t")
        except (dns.exception.DNSException, ValueError, IndexError):
            return RejectedLine(number, "rpz: not a record")

    def _directive(self, number: int, words: list[str]) -> RejectedLine | None:
        if words[0].upper() == "$ORIGIN":
            self.origin = dns.name.from_text(words[1], self.origin)
            if self.name is _NO_ZONE:
                self.name = self.origin
        elif words[0].upper() != "$TTL":
            return RejectedLine(number, "rpz: directive")
        return None

    def _entry(self, number: int, words: list[str], *, follows: bool) -> ListItem | RejectedLine | None:
        if not follows:
            self.owner = dns.name.from_text(words.pop(0), self.origin)
        while words and (words[0].upper() in _CLASSES or words[0][0].isdigit()):
            words.pop(0)  # TTL and class, in either order
        kind, target = words[0].upper(), words[1]
        if kind in _OF_THE_ZONE:
            if kind == "SOA" and self.owner is not None:
                self.name = self.owner
            return None
        if self.owner is None or not self.owner.is_subdomain(self.name) or self.owner == self.name:
            return RejectedLine(number, "rpz: outside of its zone")
        return self._policy(number, self.owner.relativize(self.name), kind, target.lower())

    def _policy(self, number: int, trigger: dns.name.Name, kind: str, target: str) -> ListItem | RejectedLine:
        if trigger.labels[-1].lower() in _OTHER_TRIGGERS:
            return Skipped(number, "rpz: no name of a web host")
        host = trigger.to_text().lower()
        scope = "domain" if host.startswith("*.") else "host"
        itself = kind == "CNAME" and target.rstrip(".") == host  # how passthru was written before it had a name
        if kind == "CNAME" and (target == "rpz-passthru." or itself):
            return ListItem(line=number, address=host, scope=scope, allow=True)
        if "\\" in host:
            return RejectedLine(number, "rpz: not a host name")
        listed = target in _NOWHERE
        if kind == "CNAME":
            listed = target in _ACTIONS or f"{target.rstrip('.')}." == self.garden
        if not listed:
            return Skipped(number, "rpz: local data")
        return ListItem(line=number, address=host, scope=scope)


def _words(text: str) -> list[str]:
    """The tokens of a record, comments and parentheses gone; the first may be empty for a repeated owner."""
    tokens = dns.tokenizer.Tokenizer(text)
    words: list[str] = []
    while not (token := tokens.get()).is_eof():
        if not token.is_eol():
            words.append(str(token.value))
    return words
