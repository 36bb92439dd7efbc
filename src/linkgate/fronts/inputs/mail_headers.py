r"""Whether a file is a mail, told by the headers that it begins with (RFC 5322): many are saved without a suffix.

>>> begins_mail(b"Return-Path: <a@b.example>\r\nReceived: from c\r\n by d; now\r\nSubject: hi\r\n\r\nhello")
True
>>> begins_mail(b"From: me\nTo: you\nand so on\n\nhello"), begins_mail(b"Subject: one thing\n\nFrom: another\n")
(False, False)
"""

from __future__ import annotations

import re
from typing import Final

_BLOCK = re.compile(rb"(?:[!-9;-~]+[ \t]*:[^\r\n]*+\r?\n(?:[ \t][^\r\n]*+\r?\n)*+)++(?=\r?\n|\Z)")
_NAME = re.compile(rb"^([!-9;-~]+)[ \t]*:", re.MULTILINE)
_SENDING: Final = frozenset((b"return-path", b"received", b"delivered-to", b"from", b"message-id", b"mime-version"))
"""Headers of which a mail has two at least: who writes notes has hardly more than one."""
_MOST = 1 << 16


def begins_mail(head: bytes) -> bool:
    """Whether it begins with a block of headers alone, of which two or more are those of mails."""
    found = _BLOCK.match(head[:_MOST])
    return found is not None and len({name.lower() for name in _NAME.findall(found[0])} & _SENDING) > 1
