"""The loose steps: named ways in which two URLs differ and are nearly surely the same page (DESIGN §3).

Each step is a small function on a `Form`, the parts of a URL that a step may change. All steps
together give the loosest form, by which the index is keyed; what had to be stepped over for an
entry and a link to meet is found by leaving steps out again.

>>> from linkgate.core.url.canonical import canonicalize
>>> loosener = Loosener(tracking=("utm_*",))
>>> listed, linked = canonicalize("http://bad.example/Page"), canonicalize("www.bad.example/page/?utm_source=x")
>>> loosener.steps_between(form_of(listed), form_of(linked))
('www', 'path-case', 'trailing-slash', 'tracking-parameter')
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec
from msgspec.structs import replace

from linkgate.core.text.fold import decode_escapes
from linkgate.core.url import telegram
from linkgate.core.url.host import mapped_ipv4

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from linkgate.core.url.canonical import CanonicalUrl

QUERY_ADDED = "query-added"
SAME_TARGET = frozenset({"telegram"})
"""Steps that change the spelling and never the target: what meets by them alone is `exact`."""

_SLASHES = re.compile(r"//+")
_LONGEST_ID = 16
_KNOWN = 4096
# Words written together, each with a vowel: `HomeworkHelp`, `PAGE`, `Part2`.
_WORDS = re.compile(r"(?:[A-Z]{0,2}[a-z]*[aeiouy][a-z]*)+[0-9]{0,4}|[A-Z]+")
# Where the query alone says which page it is: a front page or a script, asked for one of many.
_FRONT = re.compile(r"/(?:(?:index|default|home)\.[a-z0-9]+)?", re.IGNORECASE)
_SCRIPT = re.compile(r"\.(?:php[3-7]?|aspx?|ashx|cgi|cfm|jsp|pl|dll|do)$", re.IGNORECASE)
_SELECTORS = frozenset(
    {
        "p",
        "id",
        "s",
        "q",
        "v",
        "m",
        "t",
        "cat",
        "page",
        "page_id",
        "post",
        "post_type",
        "topic",
        "thread",
        "board",
        "tag",
    }
    | {"article", "action", "view", "search", "query", "item", "pid", "aid", "nid", "story", "author", "url", "u"}
)
_INDEX = re.compile(r"/(?:index|default|home)\.(?:html?|shtml|xhtml|php[3-7]?|aspx?|jsp|cgi|cfm)$", re.IGNORECASE)


class Form(msgspec.Struct, frozen=True, gc=False):
    """The parts of a canonical URL that steps change; `params` is the query cut at `&`."""

    host: str
    port: int | None
    path: str
    params: tuple[str, ...]


def form_of(url: CanonicalUrl) -> Form:
    """The parts of a URL as they are, before any step."""
    params = tuple(url.query.split("&")) if url.query else ()
    return Form(url.host, url.port, url.path, params)


def _telegram(form: Form) -> Form:
    if not telegram.is_telegram(form.host):
        return form
    return replace(form, host="t.me", path=telegram.target(form.host, form.path))


def _ipv4_mapped(form: Form) -> Form:
    address = mapped_ipv4(form.host)
    return replace(form, host=address) if address else form


def _www(form: Form) -> Form:
    if not form.host.startswith("www.") or "." not in form.host[4:]:
        return form
    return replace(form, host=form.host[4:])


def _double_encoding(form: Form) -> Form:
    if "%" not in form.path and not any("%" in param for param in form.params):
        return form
    query = "&".join(map(_recode, form.params))
    return replace(form, path=_resolve(_recode(form.path)), params=tuple(query.split("&")) if query else ())


def _resolve(path: str) -> str:
    """Resolve the dot segments that decoding uncovered (RFC 3986 §5.2.4)."""
    if "/." not in path:
        return path
    kept: list[str] = []
    for segment in path.split("/")[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    ends = path.endswith(("/.", "/.."))
    return f"/{'/'.join(kept)}{'/' if ends and kept else ''}"


def _extra_dots(form: Form) -> Form:
    bare = form.host.strip(".")
    return replace(form, host=bare) if bare and bare != form.host else form


def _recode(text: str) -> str:
    return quote(decode_escapes(text), safe="/!$&'()*+,;=:@?~") if "%" in text else text


def _double_slash(form: Form) -> Form:
    return replace(form, path=_SLASHES.sub("/", form.path)) if "//" in form.path else form


def _path_case(form: Form) -> Form:
    if form.host == "t.me" and form.path.startswith("/+"):
        return form  # an invitation that differs in case is another one
    if form.path == form.path.lower():
        return form
    lower = "/".join(segment if _is_id(segment) else segment.lower() for segment in form.path.split("/"))
    return form if lower == form.path else replace(form, path=lower)


def _is_id(segment: str) -> bool:
    """True for the random ids of file hosts and video sites, where another case is another page.

    >>> [_is_id(segment) for segment in ("FgBpV.jpg", "YWSU8", "HomeworkHelp", "PAGE.HTML", "Office-File_1")]
    [True, True, False, False, False]
    """
    stem = segment.partition(".")[0]
    if len(stem) > _LONGEST_ID or stem.islower() or not (stem.isascii() and stem.isalnum()):
        return False
    return _WORDS.fullmatch(stem) is None


def _index_file(form: Form) -> Form:
    index = _INDEX.search(form.path)
    return replace(form, path=form.path[: index.start() + 1]) if index else form


def _trailing_slash(form: Form) -> Form:
    return replace(form, path=form.path.rstrip("/")) if form.path.endswith("/") else form


def _query_order(form: Form) -> Form:
    if len(form.params) < 2 and all(form.params):  # noqa: PLR2004  # nothing to put in order
        return form
    return replace(form, params=tuple(sorted(filter(None, form.params))))


@dataclass(frozen=True, slots=True)
class Linked:
    """A link's form, with what steps have made of it: worked out once, however many entries it meets."""

    form: Form
    known: dict[frozenset[str], _Stepped] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class _Stepped:
    """A form after some steps, its parameters as a set, and the steps that changed anything on the way."""

    form: Form
    params: frozenset[str]
    active: frozenset[str]


def _selects(listed: Form, linked: Form) -> bool:
    """True where a query, added to an entry without one, asks for another page of the site."""
    if listed.params:
        return False
    if _SCRIPT.search(linked.path):
        return True
    if not _FRONT.fullmatch(linked.path):
        return False
    return any(param.partition("=")[0].lower() in _SELECTORS for param in linked.params)


_Kept = tuple[tuple[str, ...], str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loosener:
    """All steps, in their order, with the tracking parameters that the rules name.

    tracking: `name`, `prefix*`, or `host-suffix:name` for one provider alone.
    """

    tracking: tuple[str, ...] = field(default=(), repr=False)
    _names: frozenset[str] = field(init=False, repr=False)
    _patterns: tuple[str, ...] = field(init=False, repr=False)
    _by_host: dict[str, tuple[str, ...]] = field(init=False, repr=False)
    _steps: tuple[tuple[str, Callable[[Form], Form]], ...] = field(init=False, repr=False)
    _known: dict[str, bool] = field(init=False, repr=False, compare=False, default_factory=dict)
    """Names of parameters, and whether they track everywhere."""
    _last: list[_Kept] = field(init=False, repr=False, compare=False, default_factory=lambda: [((), "", ())])
    """The last parameters of a host, and those of them that do not track: the same ones are asked for at once again."""

    def __post_init__(self) -> None:
        plain = [rule for rule in self.tracking if ":" not in rule]
        by_host: dict[str, tuple[str, ...]] = {}
        for rule in self.tracking:
            host, colon, name = rule.partition(":")
            if colon:
                by_host[host] = (*by_host.get(host, ()), name)
        object.__setattr__(self, "_names", frozenset(rule for rule in plain if "*" not in rule))
        object.__setattr__(self, "_patterns", tuple(rule[:-1] for rule in plain if rule.endswith("*")))
        object.__setattr__(self, "_by_host", by_host)
        steps = (
            ("telegram", _telegram),
            ("ipv4-mapped", _ipv4_mapped),
            ("extra-dots", _extra_dots),
            ("www", _www),
            ("double-encoding", _double_encoding),
            ("double-slash", _double_slash),
            ("path-case", _path_case),
            ("index-file", _index_file),
            ("trailing-slash", _trailing_slash),
            ("tracking-parameter", self._tracking_parameter),
            ("query-order", _query_order),
        )
        object.__setattr__(self, "_steps", steps)

    def loosest(self, form: Form) -> Form:
        """The form after every step."""
        for _, step in self._steps:
            form = step(form)
        return form

    def stages(self, form: Form) -> Iterator[tuple[str, Form]]:
        """Each step that changes the form, and the form after it."""
        for name, step in self._steps:
            after = step(form)
            if after != form:
                yield name, after
            form = after

    def steps_between(self, listed: Form, linked: Form | Linked) -> tuple[str, ...] | None:
        """The fewest steps after which a link is the listed page; None when none are enough.

        `query-added` is the last: all parameters of the entry are there, and more.
        """
        linked = linked if isinstance(linked, Linked) else Linked(linked)
        left_out: frozenset[str] = frozenset({QUERY_ADDED})
        active = self._meet(listed, linked, left_out)
        if active is None:
            left_out = frozenset()
            active = None if _selects(listed, linked.form) else self._meet(listed, linked, left_out)
            if active is None:
                return None
        names = [name for name, _ in self._steps]
        for name in sorted(names, key=SAME_TARGET.__contains__):  # what keeps the target is left out last
            without = active if name not in active else self._meet(listed, linked, left_out | {name})
            if without is not None:
                left_out, active = left_out | {name}, without
        return tuple(name for name in (*names, QUERY_ADDED) if name not in left_out)

    def after(self, linked: Linked, left_out: frozenset[str] = frozenset()) -> Form:
        """A link's form after every step but those left out; worked out once."""
        return self._linked_after(linked, left_out).form

    def _meet(self, listed: Form, linked: Linked, left_out: frozenset[str]) -> frozenset[str] | None:
        """The steps that change either form, where the two are then one; None where they are not."""
        steps = left_out - {QUERY_ADDED}
        link, entry = self._linked_after(linked, steps), self._after(listed, steps)
        if QUERY_ADDED in left_out:
            return link.active | entry.active if entry.form == link.form else None
        place, wanted = (entry.form.host, entry.form.port, entry.form.path), entry.params
        same_place = place == (link.form.host, link.form.port, link.form.path)
        added = same_place and len(wanted) < len(link.params) and link.params >= wanted
        return link.active | entry.active if added else None

    def _linked_after(self, linked: Linked, left_out: frozenset[str]) -> _Stepped:
        known = linked.known.get(left_out)
        if known is None:
            known = linked.known[left_out] = self._after(linked.form, left_out)
        return known

    def _after(self, form: Form, left_out: frozenset[str]) -> _Stepped:
        active: list[str] = []
        for name, step in self._steps:
            if name not in left_out and (after := step(form)) is not form:
                form = after
                active.append(name)
        return _Stepped(form, frozenset(form.params), frozenset(active))

    def _tracking_parameter(self, form: Form) -> Form:
        if not form.params:
            return form
        params, host, kept = self._last[0]
        if params is not form.params or host != form.host:
            local = self._local(form.host)
            kept = tuple(param for param in form.params if not self._tracks(param.partition("=")[0], local))
            self._last[0] = form.params, form.host, kept
        return form if kept == form.params else replace(form, params=kept)

    def _local(self, host: str) -> tuple[str, ...]:
        names: tuple[str, ...] = ()
        while host and self._by_host:
            names += self._by_host.get(host, ())
            host = host.partition(".")[2]
        return names

    def _tracks(self, name: str, local: tuple[str, ...]) -> bool:
        tracks = self._known.get(name)
        if tracks is None:
            if len(self._known) >= _KNOWN:
                self._known.clear()
            small = name.lower()
            tracks = self._known[name] = small in self._names or small.startswith(self._patterns or ("\0",))
        return tracks or any(fnmatchcase(name.lower(), rule) for rule in local)
