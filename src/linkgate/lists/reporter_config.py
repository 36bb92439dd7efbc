r"""What linkgate.toml says of who reports (`[reporter]`) and of statements of reasons (`[dsa]`).

>>> from linkgate.lists.toml import read_toml
>>> document = read_toml('[reporter]\norganisation = "Chat"\nfirst_name = "Ann"', name="linkgate.toml")
>>> read_reporter(document).organisation
'Chat'
>>> text = '[dsa.category.csam]\nlegal_ground = "Directive 2011/93/EU"\nexplanation = "It links to a listed page."'
>>> read_dsa(read_toml(text, name="linkgate.toml"))["csam"].category
'STATEMENT_CATEGORY_PROTECTION_OF_MINORS'
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linkgate.lists.toml import Document, TomlTable

INCIDENT = "Child Pornography (possession, manufacture, and distribution)"
"""The type of an incident whose category has no other in `incident_types` of `[reporter]`."""

INCIDENTS = (
    *(INCIDENT, "Child Sex Trafficking", "Child Sex Tourism", "Child Sexual Molestation", "Misleading Domain Name"),
    *("Misleading Words or Digital Images on the Internet", "Online Enticement of Children for Sexual Acts"),
    "Unsolicited Obscene Material Sent to a Child",
)
"""NCMEC's words for what is reported (CyberTipline Reporting API, B.1)."""

_COOP = ("csam", "item_type", "links_field", "policy", "reporter_id", "reporter_type", "text_field", "time_field")
_CSAM = ("csam",)
_CONTACT = ("email", "first_name", "last_name", "phone")
_TEXTS = ("company_template", "email", "first_name", "last_name", "legal_url", "organisation", "service", "terms")
_STATEMENT = (
    *("category", "content_language", "content_type", "explanation", "facts", "ground", "keywords", "legal_ground"),
    *("source", "source_identity", "territory", "visibility"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactConfig:
    """Whom law enforcement may ask."""

    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoopConfig:
    """How Coop knows who reports and what: ids of its item types, and the fields that the reported type has.

    csam: the categories of lists whose messages go to the queue for NCMEC. links_field: its field for URLs.
    """

    reporter_type: str
    reporter_id: str
    item_type: str
    policy: str | None = None
    text_field: str | None = None
    links_field: str | None = None
    time_field: str | None = None
    csam: tuple[str, ...] = _CSAM


@dataclass(frozen=True, slots=True, kw_only=True)
class ReporterConfig:
    """Who reports. terms: what its terms of service say; incident_types: the authority's word for a list's category."""

    organisation: str | None = None
    service: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    terms: str | None = None
    legal_url: str | None = None
    company_template: str | None = None
    incident_types: Mapping[str, str] = field(default_factory=dict)
    contact: ContactConfig | None = None
    coop: CoopConfig | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementTemplate:
    """What a statement of reasons says of decisions of one category of a list; `ground` is `illegal` or `terms`."""

    legal_ground: str
    explanation: str
    ground: str = "illegal"
    category: str = "STATEMENT_CATEGORY_PROTECTION_OF_MINORS"
    keywords: tuple[str, ...] = ("KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL",)
    facts: str = "The message links to a page on a list of pages that are known to hold such content."
    visibility: str = "DECISION_VISIBILITY_CONTENT_DISABLED"
    content_type: str = "CONTENT_TYPE_TEXT"
    content_language: str | None = None
    territory: tuple[str, ...] = ()
    source: str = "SOURCE_VOLUNTARY"
    source_identity: str | None = None


def read_reporter(document: Document) -> ReporterConfig:
    """Read `[reporter]`. UsageError."""
    table = document.table("reporter", (*_TEXTS, "contact", "coop", "incident_types"))
    texts = {name: table.text(name) for name in _TEXTS}
    contact, coop = table.table("contact", _CONTACT), table.table("coop", _COOP)
    return ReporterConfig(
        **texts,
        incident_types=_incident_types(table),
        contact=None if contact is None else ContactConfig(**{name: contact.text(name) for name in _CONTACT}),
        coop=None if coop is None else _coop(coop),
    )


def _incident_types(table: TomlTable) -> Mapping[str, str]:
    found = table.mapping("incident_types") or {}
    for word in found.values():
        if word not in INCIDENTS:
            raise table.fault("incident_types", f"must name one of: {'; '.join(INCIDENTS)}")
    return found


def _coop(table: TomlTable) -> CoopConfig:
    texts = {name: table.text(name) for name in _COOP if name != "csam"}
    for name in ("reporter_type", "reporter_id", "item_type"):
        if texts[name] is None:
            raise table.fault(None, f"needs {name}: Coop takes no report without it")
    csam = table.texts("csam") if "csam" in table.values else _CSAM
    return CoopConfig(**texts, csam=csam)  # type: ignore[arg-type]  # those that must be there are


def read_dsa(document: Document) -> dict[str, StatementTemplate]:
    """Read `[dsa.category.NAME]`: a template for each category of a list, and a `default`. UsageError."""
    table = document.table("dsa", ("category",))
    names = table.values.get("category", {})
    if not isinstance(names, dict):
        raise table.fault("category", "must be tables, as in [dsa.category.csam]")
    group = table.table("category", tuple(names))
    found = {}
    for name in names:
        one = group.table(name, _STATEMENT) if group else None
        if one is not None:
            found[name] = _template(one)
    return found


def _template(table: TomlTable) -> StatementTemplate:
    needed = {}
    for key in ("legal_ground", "explanation"):
        text = table.text(key)
        if text is None:
            raise table.fault(None, f"needs {key}: a statement of reasons says it")
        needed[key] = text
    given = {key: table.text(key) for key in ("category", "facts", "visibility", "content_type", "source")}
    given["ground"] = table.choice("ground", ("illegal", "terms"))
    more = {key: table.texts(key) for key in ("keywords", "territory") if key in table.values}
    optional = {key: table.text(key) for key in ("content_language", "source_identity")}
    kept = {key: value for key, value in given.items() if value is not None}
    return StatementTemplate(**needed, **kept, **more, **optional)  # type: ignore[arg-type]  # each key has its type
