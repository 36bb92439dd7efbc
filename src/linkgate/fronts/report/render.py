"""Numbers and words of a scan -> one HTML page that loads nothing and trusts nothing it was given."""

from __future__ import annotations

import base64
import hashlib
import json
from importlib import resources
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

if TYPE_CHECKING:
    from linkgate.fronts.report.view import ReportView


def render(view: ReportView, data: dict[str, Any]) -> str:
    """The page. What a view says is escaped; its drawings, our style and our script are not."""
    style, script = _asset("page.css"), _asset("page.js")
    return _TEMPLATE.render(view=view, data=_json(data), style=style, script=script, policy=_policy(style, script))


def render_table(parts: dict[str, Any]) -> str:
    """A page of one table, without a script; all that it is told is escaped."""
    style = _asset("page.css")
    return _TABLE.render(parts, style=style, policy=_policy(style, ""))


def _policy(style: str, script: str) -> str:
    """Run and draw what is ours, load nothing, send nothing (CSP level 3, trusted types)."""
    rules = {
        "default-src": "'none'",
        "script-src": _digest(script),
        "style-src": _digest(style),
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _json(data: dict[str, Any]) -> Markup:
    r"""JSON that no HTML parser can be led out of.

    >>> _json({"id": "</script><!--"})
    Markup('{"id":"\\u003c/script>\\u003c!--"}')
    """
    return Markup(json.dumps(data, separators=(",", ":")).replace("<", "\\u003c"))  # noqa: S704  # no `<` is left


def _asset(name: str) -> Markup:
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704  # a file of this package


_PAGES = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
_TEMPLATE, _TABLE = (
    _PAGES.from_string(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))
    for name in ("page.html.jinja", "accounts.html.jinja")
)
