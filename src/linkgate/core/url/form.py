"""Form: the parts of a canonical URL that loose steps change, and those of a fragment that selects content.

>>> from linkgate.core.url.canonical import canonicalize
>>> form_of(canonicalize("http://bad.example/a?x=1&y=2#top")).params
('x=1', 'y=2')
>>> form_of(canonicalize("http://bad.example/#/album/1?x=1")).fragment
Form(host='', port=None, path='/album/1', params=('x=1',), fragment=None)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from linkgate.core.url.fragment import selecting

if TYPE_CHECKING:
    from linkgate.core.url.canonical import CanonicalUrl


_SLASH = re.compile(r"/|%(?:25)*2F")


class Form(msgspec.Struct, frozen=True, gc=False):
    """The parts of a canonical URL that steps change; `params` is the query cut at `&`.

    fragment: None where it selects no content; else a form of its own, which has no host.
    """

    host: str
    port: int | None
    path: str
    params: tuple[str, ...]
    fragment: Form | None = None


def form_of(url: CanonicalUrl) -> Form:
    """The parts of a URL as they are, before any step."""
    params = tuple(url.query.split("&")) if url.query else ()
    fragment = None if url.fragment is None else _fragment_form(selecting(url))
    return Form(url.host, url.port, url.path, params, fragment)


def _fragment_form(fragment: str | None) -> Form | None:
    """A fragment as a path with a query; what is neither is its one parameter."""
    if fragment is None:
        return None
    path, mark, query = fragment.partition("?")
    if mark or _SLASH.search(path):
        return Form("", None, path, tuple(query.split("&")) if query else ())
    return Form("", None, "", tuple(fragment.split("&")))


def fragment_text(fragment: Form | None) -> str:
    """The fragment of which a form was made.

    >>> [fragment_text(_fragment_form(text)) for text in ("/a?b&c", "!x=1&y", "F!id!key?file", None)]
    ['/a?b&c', '!x=1&y', 'F!id!key?file', '']
    """
    if fragment is None:
        return ""
    query = "&".join(fragment.params)
    return f"{fragment.path}?{query}" if fragment.path and query else fragment.path + query
