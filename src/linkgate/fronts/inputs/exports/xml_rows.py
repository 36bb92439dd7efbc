r"""XML whose records are elements with attributes: Stack Exchange's Posts.xml, SMS Backup & Restore.

>>> from linkgate.fronts.inputs.chunks import Paths
>>> rows = list(elements('<?xml version="1.0"?>\n<posts>\n  <row Id="1" Body="&lt;p&gt;a &amp;amp; b"/>\n</posts>'))
>>> rows
[{'Id': '1', 'Body': '<p>a &amp; b'}]
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from linkgate.fronts.inputs.messages import Builder, Decoded, decoded
from linkgate.fronts.inputs.rows import message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkgate.fronts.inputs.chunks import Plan

_PAIR = r"""\s+([\w:.-]+)\s*=\s*("[^"]*+"|'[^']*+')"""
_ELEMENT = re.compile(rf"<([A-Za-z][\w:.-]*+)((?:{_PAIR})++)\s*+/?>")
_ATTRIBUTE = re.compile(_PAIR)


def elements(text: str) -> Iterator[dict[str, str]]:
    """The elements that have attributes, as records."""
    for found in _ELEMENT.finditer(text):
        yield {pair[1]: html.unescape(pair[2][1:-1]) for pair in _ATTRIBUTE.finditer(found[2])}


def decode(block: bytes, first: int, plan: Plan) -> Decoded:
    """Read whole lines, the first of which is line `first` of its file; what has one attribute only is no record."""
    build = Builder()
    for place, line in enumerate(block.split(b"\n"), first):
        text, valid = decoded(line)
        for row in elements(text):
            if len(row) > 1:
                build.add(place, message(row, plan.paths), valid=valid)
    return build.finish()
