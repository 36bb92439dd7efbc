"""closer: the second look at a text in which something may hide a listed host.

What a trigger points to is looked for in full, by the patterns of whoever undoes it (`fold`, `repair`,
`links`); only where that is there is the text undone. Each *form* is the text with one disguise off: all of
it, or the parts in which there was one.

>>> from linkgate.core.prefilter.cues import ESCAPE, SPACED, WORD
>>> [form.text for form in forms("bad%2eexample", "bad%2eexample", ESCAPE)]
['bad.example']
>>> [form.text for form in forms("bad . example", "bad . example", SPACED)]
['bad.example']
>>> list(forms("to dot an i", "to dot an i", WORD))[0].text, list(forms("dot files", "dot files", WORD))
('to.an i', [])
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from linkgate.core.links.find import markup_urls
from linkgate.core.prefilter.cues import ATTRIBUTE, BACKSLASH, ENTITY, ESCAPE, HALF, MEND, NUMBER, SPACED, WORD
from linkgate.core.prefilter.hosts import LONGEST
from linkgate.core.text.fold import decode_dropping, decode_escapes, fold, fold_characters
from linkgate.core.text.refang import has_spaced_scheme, joined, mended

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPACED_DOT = re.compile(r"[ \t]+\.[ \t]*(?=[^\W_])")
_SPACED_NUMBER = re.compile(r"[ \t]\.[ \t]*[0-9]")
_BRACKETED_DOT = re.compile(r"[ \t]\.[ \t]?[\])}>]")
_FOREIGN_ESCAPE = re.compile(r"%(?:25|[89a-f])")  # what it stands for may fold to a digit
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_GLUED = re.compile(r"[0-9A-Fa-fxX][^\x00-\x7f]")
# What belongs to a dot: the word that ends in it or not long behind it, and a top-level domain (RFC 1035 §2.3.4).
_BEFORE, _BEHIND = LONGEST + 1, LONGEST + 65
_DROPPED = re.compile(r"[\t\r\n]")
# What `repair` and `links` need beside the trigger, in ASCII text.
_SIGNS = {
    WORD: re.compile(r"[\[({<][ \t]?d[o0]t[ \t]?[\])}>]|[^\W_][ \t]+d[o0]t[ \t]+[^\W_]|[_\-]dot[_\-]"),
    HALF: re.compile(r"\[[ \t]?\.[ \t]?[\])}>]|[\[({<][ \t]?\.[ \t]?\]|\[\.[^\s.]|\.\][^\s.]"),
    ENTITY: re.compile(r"&(?:#x?[0-9a-f]|[a-z][a-z0-9]+;)"),
    BACKSLASH: re.compile(r"\\(?:(?:u00|x)[2-7][0-9a-f]|[_*\-.()\[\]~!+|])"),
    ATTRIBUTE: re.compile(r"(?:href|src|action)\s*="),
}


class Form(NamedTuple):
    """The text with a disguise off, or the parts of it that had one.

    numbers: whether an address may have come to light. glued: see `Addresses`. settled: whether it
    is read as any ASCII message is, with nothing more to be undone.
    """

    text: str
    numbers: bool = True
    glued: bool = True
    settled: bool = False


def forms(text: str, folded: str, hits: int, *, whole: bool = False) -> Iterator[Form]:
    """Every form that a text may stand for, by what its triggers ask for.

    whole: the text is one link, white space included; in a message white space ends one.
    """
    if text.isascii() and not hits & ESCAPE:
        yield from _plain_forms(text, folded, hits)
        return
    if text.isascii() and not whole and not hits & ~(ESCAPE | NUMBER):
        yield from _decodings(text, " ".join(word for word in folded.split() if "%" in word))
        return
    seen = {folded}
    for form in _all_forms(text, folded, hits):
        if form.text not in seen:
            seen.add(form.text)
            yield form


def _all_forms(text: str, folded: str, hits: int) -> Iterator[Form]:
    foreign = not text.isascii()
    if foreign and _GLUED.search(text):  # a link ends before a letter of another script, whatever that folds to
        yield Form(fold(_FOREIGN.sub(" ", text)))
    decoded = list(_decodings(text, folded)) if hits & ESCAPE else []
    yield from decoded
    if hits & SPACED:
        for spaced in (folded, *(form.text for form in decoded)):
            yield from _joined(spaced, foreign=foreign)
    if foreign or _is_to_mend(folded, hits):
        yield from _mendings(text)


def _plain_forms(text: str, folded: str, hits: int) -> Iterator[Form]:
    """Those of an ASCII text without escapes, which is read as it stands and as it is mended."""
    if _is_to_mend(folded, hits) or (hits & SPACED and has_spaced_scheme(text)):
        yield from _mendings(text)
    elif hits & SPACED:
        together, seams = joined(text)
        if any(map(str.isdigit, (together[seam + 1] for seam in seams))):
            yield _settled(together)
        elif seams:
            yield _settled(
                "\n".join(together[max(0, seam - _BEFORE) : seam + _BEHIND] for seam in seams), numbers=False
            )


def decoded(text: str) -> str:
    """The text folded, and without tabs and newlines, which may part an escape that another one uncovers."""
    while (once := fold(decode_dropping(text))) != text:
        text = once
    return text


def _decodings(text: str, folded: str) -> Iterator[Form]:
    foreign = not text.isascii()
    if foreign:  # folding may bring a digit behind a `%` that begins no escape, and eat a host's first letters
        yield Form(fold_characters(decode_escapes(text)))
    glued = foreign or _FOREIGN_ESCAPE.search(folded) is not None
    plain = fold(folded)
    yield Form(plain, glued=glued)
    if _DROPPED.search(plain):
        yield Form(decoded(folded), glued=glued)


def _joined(text: str, *, foreign: bool) -> Iterator[Form]:
    joined = _SPACED_DOT.sub(".", text)
    if joined != text:
        yield Form(joined, numbers=foreign or _SPACED_NUMBER.search(text) is not None or not text.isascii())


def _is_to_mend(folded: str, hits: int) -> bool:
    """Whether what a trigger of an ASCII text needs beside it is there."""
    if hits & MEND or (hits & SPACED and _BRACKETED_DOT.search(folded)):
        return True
    return any(sign.search(folded) for trigger, sign in _SIGNS.items() if hits & trigger)


def _mendings(text: str) -> Iterator[Form]:
    """The text after everything that the judge may mend: broken-up links, entities, HTML attributes."""
    after = mended(text)
    if after != text and after.isascii() and "%" not in after:
        yield _settled(after)
    elif after != text:
        once = fold_characters(after)
        yield Form(once)
        if "%" in once:
            yield Form(fold(once))
        if "%" in once or _DROPPED.search(once):
            yield Form(decoded(after))
    for _, _, url in markup_urls(text):
        yield Form(decoded(url))


def _settled(text: str, *, numbers: bool = True) -> Form:
    return Form(text.lower(), numbers=numbers, glued=False, settled=True)
