"""The loose steps: named ways in which two URLs differ and are nearly surely the same page (DESIGN §3).

Each step is a small function on a `Form`, the parts of a URL that a step may change. All steps
together give the loosest form, by which the index is keyed; what had to be stepped over for an
entry and a link to meet is found by leaving steps out again.

>>> from linkgate.core.url.canonical import canonicalize
>>> from linkgate.core.url.form import form_of
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

from msgspec.structs import replace

from linkgate.core.url import matrix, mega, steps
from linkgate.core.url.fragment import selects_content
from linkgate.core.url.shorteners import ShortenerTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from linkgate.core.url.form import Form

_MOST_KNOWN = 4096

QUERY_ADDED = "query-added"
SAME_TARGET = frozenset({"telegram", "mega", "matrix", "gateway", "shortener-alias"})
"""Steps that change the spelling and never the target: what meets by them alone is `exact`."""

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


@dataclass(frozen=True, slots=True)
class Linked:
    """A link's form, with what steps have made of it: worked out once, however many entries it meets."""

    form: Form
    known: dict[tuple[frozenset[str], bool], _Stepped] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class _Stepped:
    """A form after some steps, all its parameters, and the steps that changed anything on the way."""

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
    return not _SELECTORS.isdisjoint([param.partition("=")[0].lower() for param in linked.params])


def _done(step: Callable[[Form], Form], form: Form) -> Form:
    """A form after a step, done to its fragment too; one in which nothing is left that selects content is dropped."""
    form = step(form)
    if form.fragment is None:
        return form
    fragment = step(form.fragment)
    if not fragment.params and not selects_content(fragment.path):
        return replace(form, fragment=None)
    return form if fragment is form.fragment else replace(form, fragment=fragment)


def _place(form: Form) -> tuple[str, int | None, str, str | None]:
    return form.host, form.port, form.path, None if form.fragment is None else form.fragment.path


def _parameters(form: Form) -> frozenset[str]:
    """All parameters, those of the fragment behind a `#`."""
    behind = () if form.fragment is None else form.fragment.params
    return frozenset((*form.params, *(f"#{param}" for param in behind)))


_Kept = tuple[tuple[str, ...], str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loosener:
    """All steps, in their order, with the tracking parameters and the shorteners that the rules name.

    tracking: `name`, `prefix*`, or `host-suffix:name` for one provider alone.
    """

    tracking: tuple[str, ...] = field(default=(), repr=False)
    short: ShortenerTable = field(default_factory=ShortenerTable, repr=False)
    _names: frozenset[str] = field(init=False, repr=False)
    _patterns: tuple[str, ...] = field(init=False, repr=False)
    _by_host: dict[str, tuple[str, ...]] = field(init=False, repr=False)
    _steps: tuple[tuple[str, Callable[[Form], Form]], ...] = field(init=False, repr=False)
    _known: dict[tuple[Form, frozenset[str]], _Stepped] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    """What some steps make of some pages of entries: a message that meets one of them mostly meets it again."""
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
        named = (
            ("telegram", steps.telegram_target),
            ("mega", mega.target),
            ("matrix", matrix.target),
            ("gateway", steps.gateway),
            ("ipv4-mapped", steps.ipv4_mapped),
            ("nat64", steps.nat64),
            ("extra-dots", steps.extra_dots),
            ("www", steps.www),
            ("shortener-alias", self._shortener_alias),
            ("double-encoding", steps.double_encoding),
            ("percent-encoding", steps.percent_encoding),
            ("hashbang", steps.hashbang),
            ("double-slash", steps.double_slash),
            ("path-case", steps.path_case),
            ("index-file", steps.index_file),
            ("trailing-slash", steps.trailing_slash),
            ("tracking-parameter", self._tracking_parameter),
            ("query-order", steps.query_order),
        )
        object.__setattr__(self, "_steps", named)

    def loosest(self, form: Form) -> Form:
        """The form after every step."""
        for _, step in self._steps:
            form = _done(step, form)
        return form

    def stages(self, form: Form) -> Iterator[tuple[str, Form]]:
        """Each step that changes the form, and the form after it."""
        for name, step in self._steps:
            after = _done(step, form)
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

    def after(self, linked: Linked) -> Form:
        """A link's form after every step; worked out once."""
        return self._linked_after(linked, frozenset(), whole=False).form

    def _meet(self, listed: Form, linked: Linked, left_out: frozenset[str]) -> frozenset[str] | None:
        """The steps that change either form, where the two are then one; None where they are not."""
        steps_out = left_out - {QUERY_ADDED}
        whole = listed.fragment is None or self._names_whole_page(listed)
        link, entry = self._linked_after(linked, steps_out, whole=whole), self._listed_after(listed, steps_out)
        if QUERY_ADDED in left_out:
            return link.active | entry.active if entry.form == link.form else None
        wanted = entry.params
        added = _place(entry.form) == _place(link.form) and len(wanted) < len(link.params) and link.params >= wanted
        return link.active | entry.active if added else None

    def _names_whole_page(self, listed: Form) -> bool:
        """Whether the fragment of an entry is but a spelling of its path: then that of a link counts as little."""
        for name, step in self._steps:
            listed = step(listed) if name in SAME_TARGET else listed
        return listed.fragment is None

    def _listed_after(self, listed: Form, left_out: frozenset[str]) -> _Stepped:
        found = self._known.get((listed, left_out))
        if found is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            found = self._known[listed, left_out] = self._after(listed, left_out)
        return found

    def _linked_after(self, linked: Linked, left_out: frozenset[str], *, whole: bool) -> _Stepped:
        known = linked.known.get((left_out, whole))
        if known is None:
            known = self._linked_after(linked, left_out, whole=False) if whole else self._after(linked.form, left_out)
            if whole and known.form.fragment is not None:
                form = replace(known.form, fragment=None)
                known = _Stepped(form, _parameters(form), known.active)
            linked.known[left_out, whole] = known
        return known

    def _after(self, form: Form, left_out: frozenset[str]) -> _Stepped:
        active: list[str] = []
        for name, step in self._steps:
            if name not in left_out and (after := _done(step, form)) is not form:
                form = after
                active.append(name)
        return _Stepped(form, _parameters(form), frozenset(active))

    def _shortener_alias(self, form: Form) -> Form:
        """A short link under the one name of its service, by the plain path."""
        if form.host not in self.short.spelled or form.port is not None:
            return form
        host, path = self.short.target(form.host, form.path)
        return form if (host, path) == (form.host, form.path) else replace(form, host=host, path=path)

    def _tracking_parameter(self, form: Form) -> Form:
        if not form.params:
            return form
        params, host, kept = self._last[0]
        if params is not form.params or host != form.host:
            names = [param.partition("=")[0].lower() for param in form.params]
            tracking = self._names.intersection(names)
            tracking |= {name for name in names if name.startswith(self._patterns)}
            local = self._local(form.host)
            tracking |= {rule for rule in local if rule.isidentifier()}.intersection(names)
            if globs := [rule for rule in local if not rule.isidentifier()]:
                tracking |= {name for name in names if any(fnmatchcase(name, rule) for rule in globs)}
            kept = tuple([param for param, name in zip(form.params, names, strict=True) if name not in tracking])
            self._last[0] = form.params, form.host, kept
        return form if kept == form.params else replace(form, params=kept)

    def _local(self, host: str) -> tuple[str, ...]:
        names: tuple[str, ...] = ()
        while host and self._by_host:
            names += self._by_host.get(host, ())
            host = host.partition(".")[2]
        return names
