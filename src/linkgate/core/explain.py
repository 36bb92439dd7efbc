"""explain: the way from a URL as written to its verdict, as a person reads it.

>>> from linkgate.core.url.loose import Loosener
>>> from linkgate.core.verdict import Verdict
>>> explanation = explain("hxxp://WWW.bad[.]example/Page/", Loosener(), Verdict(snapshot="0"))
>>> [(stage.step, stage.url) for stage in explanation.stages]  # doctest: +NORMALIZE_WHITESPACE
[('as written', 'hxxp://WWW.bad[.]example/Page/'), ('mended', 'http://WWW.bad.example/Page/'),
 ('browser', 'http://www.bad.example/Page/'), ('www', 'http://bad.example/Page/'),
 ('path-case', 'http://bad.example/page/'), ('trailing-slash', 'http://bad.example/page')]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

import msgspec

from linkgate.core.text.refang import refang
from linkgate.core.url import telegram
from linkgate.core.url.canonical import CanonicalUrl, canonicalize
from linkgate.core.url.form import Form, form_of, fragment_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkgate.core.allowance import Allowance
    from linkgate.core.url.loose import Loosener
    from linkgate.core.verdict import Verdict


class Stage(msgspec.Struct, frozen=True):
    """A step and the URL after it, which `repr`, `asdict` and pickles leave out (law 9)."""

    step: str
    url: str

    def __repr__(self) -> str:
        return f"Stage({self.step!r})"

    def __reduce__(self) -> tuple[object, ...]:
        return Stage, (self.step, "")


@dataclass(frozen=True, slots=True)
class Explanation:
    """All stages of one URL, and what was decided. Holds only what the person typed in and its forms.

    `allowed` are the allow entries that cover it, with why they stand and when they end.
    """

    stages: tuple[Stage, ...]
    canonical: CanonicalUrl | None
    verdict: Verdict
    allowed: tuple[Allowance, ...] = ()

    def __reduce__(self) -> NoReturn:
        raise TypeError("an Explanation cannot be pickled: it holds an address; ask again, or keep its verdict")


def explain(url: str, loosener: Loosener, verdict: Verdict) -> Explanation:
    """Lay open how a URL was read. In: the URL as pasted. Never raises."""
    stages = [Stage("as written", url)]
    canonical = canonicalize(url)
    mended = refang(url)
    if mended != url and (canonical is None or canonicalize(mended) != canonical):
        stages.append(Stage("mended", mended))
        canonical = canonicalize(mended)
    web = telegram.web_form(url)
    if canonical is None and web:
        stages.append(Stage("telegram", web))
        canonical = canonicalize(web)
    if canonical is not None:
        stages.append(Stage("browser", str(canonical)))
        stages.extend(_loosening(canonical, loosener))
    return Explanation(tuple(stages), canonical, verdict)


def _loosening(canonical: CanonicalUrl, loosener: Loosener) -> Iterator[Stage]:
    for step, form in loosener.stages(form_of(canonical)):
        yield Stage(step, _text(form))


def _text(form: Form) -> str:
    port = "" if form.port is None else f":{form.port}"
    query = f"?{'&'.join(form.params)}" if form.params else ""
    fragment = fragment_text(form.fragment)
    return f"http://{form.host}{port}{form.path}{query}{'#' if fragment else ''}{fragment}"
