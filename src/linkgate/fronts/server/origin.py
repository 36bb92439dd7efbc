"""Without tokens only this machine is served: requests that a web page had a browser send are refused.

A name that leads to 127.0.0.1 (DNS rebinding) has another Host, a form or script of another site another
Origin. Clients that are no browsers send no Origin.

>>> refusal([(b"host", b"127.0.0.1:8080"), (b"origin", b"http://127.0.0.1:8080")])
>>> refusal([(b"host", b"rebound.example:8080")])
'without tokens only this machine is served: ask for localhost, 127.0.0.1 or [::1]'
>>> refusal([(b"host", b"localhost:8080"), (b"origin", b"http://other.example")])
'without tokens no page of another site may ask'
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LOCAL = re.compile(rb"(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?", re.IGNORECASE)


def refusal(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """Why a request may not be answered; None where it may."""
    found = [pair for pair in headers if pair[0] in {b"host", b"origin"}]
    hosts = [value for name, value in found if name == b"host"]
    if len(hosts) != 1 or not _LOCAL.fullmatch(hosts[0]):
        return "without tokens only this machine is served: ask for localhost, 127.0.0.1 or [::1]"
    own = b"http://" + hosts[0].lower()
    if any(value.lower() != own for name, value in found if name == b"origin"):
        return "without tokens no page of another site may ask"
    return None
