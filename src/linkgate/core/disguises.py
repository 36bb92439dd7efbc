r"""Disguises: what people do to a link so that a machine does not see it and a reader can undo it. The only statement.

Each row says how a disguise looks and what undoes it. Everything else is computed from the rows: the cues
that the automaton looks for, the expression over whole columns, the undoing itself (`text.refang`), the
classes of the self-test, the strategies of the tests, docs/what-it-catches.md. To add one, add a row with
examples. The rows are undone in their order, each in what the ones before it left.

>>> row = named("bracketed dot words")
>>> row.edits("bad[dot]example")
[(3, 8, '.')]
>>> [each.name for each in DISGUISES if each.edits("hxxp://bad(.)example")]
['bracketed dots', 'broken schemes']
"""

from __future__ import annotations

import html
import re
import string

from linkgate.core.text.broken_schemes import BROKEN_SCHEME, PULLED_APART
from linkgate.core.text.patterns import either, many, maybe, one, opaque, seq, text, words
from linkgate.core.text.readable import plain_character
from linkgate.core.text.telegram_marks import MARKS, without_marks, without_underscores
from linkgate.core.text.undoing import Disguise

SPOKEN_WORDS = ("dot", "d0t", "точка", "тчк")
"""Words that stand for a dot between blanks, too."""
DOT_WORDS = (
    *SPOKEN_WORDS,
    *("punto", "punkt", "punt", "pont", "point", "ponto", "nokta", "tochka", "titik", "kropka"),
    *("крапка", "кропка", "点", "點", "نقطة", "نقطه", "점", "ドット", "จุด", "נקודה", "बिंदु"),
)
"""Words that stand for a dot in brackets, in the languages in which link lists are passed on."""

_BLANK = one(" \t")
_GAP = maybe(_BLANK)
_OPEN, _CLOSE = one("[({<"), one("])}>")
_SLASH = one("/\\")
_DIGIT = opaque("[0-9]")
# Letters and digits of any script: what is no ASCII is taken for one.
_WORD_CLASS = r"[^\x00-/:-@\[-\x60{-\x7f]"
_WORD, _WORDS = opaque(_WORD_CLASS, folded=""), opaque(f"{_WORD_CLASS}{{2,24}}", 24, folded=r"[^\x00]{0,72}")
_IN_LINK = opaque(r"[0-9A-Za-z./:\-]", folded="")
_INLINE = words(
    *("wbr", "b", "i", "u", "s", "em", "strong", "span", "font", "small", "mark", "code", "tt", "nobr", "ins", "del"),
    *("strike", "sub", "sup", "big", "pre", "blockquote", "tg-spoiler", "tg-emoji"),
)
_TAG = either(
    seq(text("<!--"), opaque(r"[^<>]{0,64}", 64), text("-->")),
    seq(text("<"), maybe(text("/")), _INLINE, opaque(r"(?:[\x20/][^<>]{0,80})?", 81), text(">")),
)
_NAME_CLASS = r"[^\x00-,/:-@\[-^\x60{-\x7f]"
_LABEL = opaque(rf"{_NAME_CLASS}{{2,24}}", 24, folded=r"[^\x00]{0,72}")
_MORE_LABELS = opaque(rf"(?:{_NAME_CLASS}{{1,24}}[ \t]{{1,8}}\.[ \t]{{1,8}}){{0,2}}", 82, folded=r"[^\x00]{0,178}")
_LABELS = opaque(f"(?:{_MORE_LABELS.expression}{_LABEL.expression})", 106, folded=r"[^\x00]{0,250}")
_BLANKS_BEFORE = opaque(r"[ \t]{0,7}", 7, folded="")
_LABEL_END = opaque(r"(?:$|[^0-9A-Za-z\-])", folded="")
_HOST_BEHIND = opaque(rf"{_NAME_CLASS}{{1,24}}\.{_NAME_CLASS}{{2,24}}", 49, folded=r"[^\x00]{1,72}\.[^\x00]{0,72}")
_SPACED_DOT = seq(_BLANKS_BEFORE, _BLANK, text("."), _BLANK, many(_BLANK, 0, 7))
_PLAIN_TLDS = ("com", "net", "org", "info", "biz", "xyz", "ru")
"""Top-level domains that are no words: others without a path are the beginning of a sentence (117 of 120 in chats)."""
_VISIBLE = opaque(r"[^\x00-\x20]{1,80}", 80, folded=r"[^\x00]{1,320}")
_BETWEEN, _AROUND = (opaque(r"[^\x00-\x20]{0,80}", 80, folded=folded) for folded in (r"[^\x00]{0,320}", ""))
_NO_MARK = opaque(r"[^\x00-\x20_]", folded=r"[^\x00]")
_NOT_BLANK = opaque(r"[^\x00-\x20]", folded="")
_NO_WORD_BEFORE = opaque(r"(?:^|[^0-9A-Za-z])", folded="")
_START = opaque(r"(?:^|[\x00-\x20])", folded="")
NOT_ASCII_CHARACTER = opaque(r"[^\x00-\x7f]")
"""The one pattern without a literal."""


def _unescaped(match: re.Match[str]) -> str:
    return html.unescape(match["core"])


def _code_point(match: re.Match[str]) -> str:
    return chr(int(match["core"][-2:], 16))


def _dot(_: re.Match[str]) -> str:
    return "."


def _unbracketed(match: re.Match[str]) -> str:
    return match["core"][1:-1]


def _scheme(match: re.Match[str]) -> str:
    letters = "".join(filter(str.isalpha, match["core"].lower()))
    return "https://" if letters.endswith("s") else "http://"


DISGUISES: tuple[Disguise, ...] = (
    Disguise(
        name="HTML entities in running text",
        core=seq(
            text("&"),
            either(
                opaque("#[0-9]{1,7};?", 9),
                opaque("#x[0-9a-f]{1,6};?", 9),
                opaque("[b-z][a-z0-9]{1,31};", 33),
                opaque("a(?:[a-ln-z0-9][a-z0-9]{0,30}|m(?:[a-oq-z0-9][a-z0-9]{0,29}|p[a-z0-9]{1,29})?);", 33),
            ),
        ),
        undo=_unescaped,
        examples=("http://bad&period;example&#47;page", "http&colon;//bad&#x2e;example/page"),
    ),
    Disguise(
        name="`&` escaped for HTML",
        hides_host=False,
        core=text("&amp;"),
        undo=lambda _: "&",
        examples=("http://www.google.com/url?sa=t&amp;q=bad.example/page",),
    ),
    Disguise(
        name="characters that only look like ASCII, joiners, direction marks, combining marks",
        hides_host=False,  # folding, by which hosts are searched for, changes more
        core=NOT_ASCII_CHARACTER,
        undo=lambda match: plain_character(match["core"]),
        examples=(
            "http://bad\u2024example/page",
            "http://bad·example/page",
            "http://\u200dbad.\u202eexample\u0332/page",
        ),
    ),
    Disguise(
        name="Unicode escapes",
        core=seq(text("\\"), words("u00", "x"), one("234567"), opaque("[0-9a-f]")),
        undo=_code_point,
        examples=("http://bad\\u002eexample/page", "http://bad\\x2Eexample/page"),
    ),
    Disguise(
        name="tags and comments of HTML inside a link",
        before=_IN_LINK,
        core=many(_TAG, 1, 3),
        behind=_IN_LINK,
        undo=lambda _: "",
        examples=(
            "http://bad<wbr>.example/page",
            "http://bad<!-- -->.example/page",
            "http://bad<font face=x></font>.example/page",
            "http://<b>bad.example</b>/page",
        ),
    ),
    Disguise(
        name="soft line breaks of quoted-printable mails",
        before=_WORD,
        core=seq(text("="), maybe(text("\r")), text("\n")),
        behind=_WORD,
        undo=lambda _: "",
        examples=("http://bad.exam=\nple/page",),
    ),
    Disguise(
        name="bracketed dots",
        core=seq(_GAP, _OPEN, _GAP, text("."), _GAP, _CLOSE, _GAP),
        undo=_dot,
        examples=("bad[.]example/page", "bad(.)example/page", "bad{.}example/page", "bad <. > example/page"),
    ),
    Disguise(
        name="bracketed dot words",
        core=seq(_GAP, _OPEN, _GAP, words(*DOT_WORDS), _GAP, _CLOSE, _GAP),
        undo=_dot,
        examples=tuple(f"bad{form.format(word)}example/page" for word in DOT_WORDS for form in ("[{}]", " ({} ) ")),
    ),
    Disguise(
        name="double underscores of Telegram's Markdown",
        before=_START,
        core=seq(_AROUND, text("__"), _NO_MARK, _BETWEEN, text("__"), _AROUND),
        undo=without_underscores,
        examples=("http://__bad__.example/page", "http://bad__.example/__page", "__http://bad__.example/page"),
    ),
    Disguise(
        name="marks of Telegram's Markdown in a link with escaped dots",
        core=seq(_VISIBLE, text("\\."), _VISIBLE),
        undo=without_marks,
        examples=("http://*bad*\\.ex_amp_le/page", "http://bad\\.e|x|ample/page", "*bad\\.example/*page"),
    ),
    Disguise(
        name="backslashes before punctuation",
        core=seq(text("\\"), one(string.punctuation)),  # CommonMark §2.4
        undo=lambda match: match["core"][1],
        examples=("bad\\.example/page", "http\\:\\/\\/bad.example\\/page"),
    ),
    Disguise(
        name="half brackets",
        core=words("[.", ".]"),
        undo=_dot,
        examples=("bad[.example/page", "bad.]example/page"),
    ),
    Disguise(
        name="spaced dots",
        before=_WORD,
        core=_SPACED_DOT,
        behind=either(
            seq(_LABELS, maybe(_BLANK), one("/:")),
            seq(_MORE_LABELS, words(*_PLAIN_TLDS), _LABEL_END),
            _HOST_BEHIND,
            _DIGIT,
        ),
        undo=_dot,
        examples=("bad . example/page", "bad . example:80/page"),
    ),
    Disguise(
        name="single marks of Markdown around a dot",
        before=_WORD,
        core=seq(one(MARKS), text("."), one(MARKS)),
        behind=_WORD,
        undo=_dot,
        examples=("http://bad*.*example/page", "http://bad`.`example/page"),
    ),
    Disguise(
        name="a blank before the last dot",
        before=_WORD,
        core=seq(_BLANK, text(".")),
        behind=seq(_WORDS, text("/"), _NOT_BLANK),
        undo=_dot,
        examples=("bad .example/page",),
    ),
    Disguise(
        name="spoken dots",
        before=_WORD,
        core=seq(many(_BLANK, 0, 7), _BLANK, words(*SPOKEN_WORDS), _BLANK, many(_BLANK, 0, 7)),
        behind=either(seq(_WORD, _WORD), _DIGIT),
        undo=_dot,
        examples=tuple(f"bad {word} example/page" for word in SPOKEN_WORDS),
    ),
    Disguise(
        name="spoken dots between hyphens",
        before=_WORD,
        core=seq(_GAP, one("_-"), text("dot"), one("_-"), _GAP),
        behind=_WORD,
        undo=_dot,
        examples=("bad_dot_example/page", "bad -DOT- example/page"),
    ),
    Disguise(
        name="bracketed slash words",
        core=seq(_GAP, _OPEN, _GAP, text("slash"), _GAP, _CLOSE, _GAP),
        undo=lambda _: "/",
        examples=("bad.example[slash]page", "bad.example (slash) page"),
    ),
    Disguise(
        name="spoken slashes",
        before=_WORD,
        core=seq(_BLANK, text("slash"), _BLANK),
        behind=_WORD,
        undo=lambda _: "/",
        examples=("bad.example slash page",),
    ),
    Disguise(
        name="bracketed scheme marks",
        core=seq(_OPEN, words("://", "//", ":", "/", "@"), _CLOSE),
        undo=_unbracketed,
        examples=("http[://]bad[.]example/page", "http(:)//bad.example/page"),
    ),
    Disguise(
        name="scheme pulled apart",
        before=opaque("(?:^|[^0-9A-Za-z_])", folded=""),
        core=PULLED_APART,
        behind=_NOT_BLANK,
        undo=_scheme,
        more=re.compile(r"\S+(?: [./] [a-z0-9]\S*)*"),
        undo_more=lambda rest: re.sub(" ([./]) ", r"\1", rest),
        examples=("h t t p : / / bad.example / page", "http : // bad.example / page"),
    ),
    Disguise(
        name="broken schemes",
        before=_NO_WORD_BEFORE,
        core=BROKEN_SCHEME,
        behind=_NOT_BLANK,
        undo=_scheme,
        examples=("hxxps://bad.example/page", "h**p://bad.example/page", "http[s]://bad.example/page"),
    ),
    Disguise(
        name="a scheme without its letters",
        before=_START,
        core=seq(one(":;"), _SLASH, _SLASH),
        behind=_NOT_BLANK,
        undo=lambda _: "http://",
        examples=("see ://bad.example/page",),
    ),
    Disguise(
        name="double marks of Markdown inside a link",
        before=_IN_LINK,
        core=many(words("**", "~~", "||"), 1, 3),  # `__` stands in many paths
        behind=either(_WORD, seq(one("./-"), opaque("[0-9A-Za-z*_~|]")), words("//", "://")),
        undo=lambda _: "",
        examples=("||http://bad||.example/page", "http://**bad**.example/page", "ht~~tp:~~//bad.exam~~ple/page"),
    ),
)
"""The rows, in the order in which they are undone."""


RESPELLED = re.compile(r"[&\x80-\U0010ffff](?:(?<=&)[aA][mM][pP];|(?<!&))")
"""What is undone by a row that hides no host: begun with one set of characters, found ten times as fast as the rows."""


def named(name: str) -> Disguise:
    """The row of a name; raises KeyError where there is none."""
    return {row.name: row for row in DISGUISES}[name]
