"""A web page of nobody's export: one message, with the text that it shows and every link in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkgate.fronts.inputs.chunks import LIMIT, BadRecord, TruncatedMail, size
from linkgate.fronts.inputs.html_text import shown
from linkgate.fronts.inputs.messages import Builder, Decoded, ParsedMessage, decoded

if TYPE_CHECKING:
    from linkgate.fronts.inputs.chunks import Plan


def decode(content: bytes | TruncatedMail, first: int, _plan: Plan) -> Decoded:
    """Read a page, which is a whole file."""
    build = Builder()
    markup, valid = decoded(content.content if isinstance(content, TruncatedMail) else content)
    text, links = shown(markup)
    build.add(first, ParsedMessage(text.strip(), links=links), valid=valid)
    if isinstance(content, TruncatedMail):
        build.bad.append(BadRecord(first, f"longer than {size(LIMIT)} (its beginning was checked)"))
    return build.finish()
