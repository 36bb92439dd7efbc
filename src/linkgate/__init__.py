"""linkgate: no message links to a listed page, however the link is spelled.

A list goes in, messages go in, verdicts come out:

>>> import linkgate
>>> compiled = linkgate.compile_lines(["http://bad.example/page", "*.worse.example"], name="demo")
>>> compiled.report.entries
2
>>> engine = compiled.engine
>>> verdict = engine.check("look: hTTp://user@BAD.example:80/%70age!")
>>> verdict.flagged, verdict.action
(True, 'block')
>>> match = verdict.matches[0]
>>> match.kind.value, match.entry.scope.value, match.entry.list, (match.link.start, match.link.end)
('exact', 'page', 'demo', (6, 39))
>>> engine.check("no link of a listed page: http://bad.example/other").flagged
False
>>> engine.lookup("hxxps://www[.]worse[.]example/any").flagged
True

Everything public stands here; each name is loaded when it is first asked for, so that importing
linkgate costs nothing and a check never pays for the network code.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from linkgate.errors import FetchError, LinkgateError, ListError, SnapshotError, StoreError, UsageError

if TYPE_CHECKING:
    from linkgate.core.allowance import Allowance
    from linkgate.core.digests.media import Media
    from linkgate.core.engine import Engine
    from linkgate.core.explain import Explanation
    from linkgate.core.index.entry import Entry, Scope
    from linkgate.core.links.find import Link
    from linkgate.core.near_misses import NearMiss
    from linkgate.core.text.defang import defang, printable
    from linkgate.core.text.refang import refang
    from linkgate.core.url.canonical import CanonicalUrl, canonicalize
    from linkgate.core.url.shorteners import ShortenerTable
    from linkgate.core.url.suffixes import Rules
    from linkgate.core.verdict import Kind, Match, Ruling, Verdict
    from linkgate.decisions.accounts import AccountRow, accounts_in, accounts_of
    from linkgate.decisions.actor_log import find_actors, purge_actors
    from linkgate.decisions.alarms import Alarm, Alarms
    from linkgate.decisions.appeal import overturn, shown_decision, tell_platform
    from linkgate.decisions.campaigns import CampaignRow, campaigns_in, campaigns_of
    from linkgate.decisions.capture import Capture, purge_captures
    from linkgate.decisions.case import Case, CaseEvent
    from linkgate.decisions.case_export import CaseExport, ExportNotes, exported
    from linkgate.decisions.case_store import CaseStore
    from linkgate.decisions.custody import Alteration, CustodyReport, verify_decisions
    from linkgate.decisions.decision_report import DecisionReport, Records, count_decisions
    from linkgate.decisions.feedback import FeedbackAsked, FeedbackRow, feedback_file, feedback_of
    from linkgate.decisions.file_digests import read_digests
    from linkgate.decisions.find_decisions import find_decisions
    from linkgate.decisions.gate import Gate
    from linkgate.decisions.gate_status import GateProblem, GateStatus
    from linkgate.decisions.late_decision import tell_late
    from linkgate.decisions.lists_used import ListsUsed, UsedVersion, lists_used
    from linkgate.decisions.notices import notify
    from linkgate.decisions.opinions import Opinion, OpinionFile, disputed_entries, note_sent_anew
    from linkgate.decisions.platform_facts import PlatformFacts, read_facts
    from linkgate.decisions.policy import Policy, Rule, policy_of
    from linkgate.decisions.pseudonyms import EpochKey, pseudonyms, scan_key
    from linkgate.decisions.purge import Purged, purge_decisions
    from linkgate.decisions.rechecking import Rechecked, ShortTarget
    from linkgate.decisions.record import Decision
    from linkgate.decisions.review import (
        Precision,
        Review,
        keep_reviews,
        kept_reviews,
        opinions_of,
        precision,
        reviews_of,
    )
    from linkgate.decisions.sample import Drawn, sample_decisions
    from linkgate.decisions.seals import Seal, last_seal, public_key, read_public_key, seal_decisions, seal_key
    from linkgate.decisions.shared_hits import SharedHits, hits_file, shared_hits
    from linkgate.decisions.statements import statements
    from linkgate.fronts.batches import scan_batch
    from linkgate.fronts.data_scan import scan
    from linkgate.fronts.metrics import watch
    from linkgate.fronts.resolver.resolver_client import Resolver
    from linkgate.lists.compile import Compiled, Source, compile_lines, compile_lists
    from linkgate.lists.compile_report import Quarantined, Rejected, Report
    from linkgate.lists.config import Config, load_config
    from linkgate.lists.config_edit import add_acceptance, add_list, stop_list
    from linkgate.lists.current import load
    from linkgate.lists.diff import Change, diff
    from linkgate.lists.difference import Newer, newer
    from linkgate.lists.entry_history import EntryHistory, entry_history
    from linkgate.lists.fetch import Fetched, fetch
    from linkgate.lists.manifest import Version
    from linkgate.lists.outcome import Outcome, Update
    from linkgate.lists.packaged_rules import find_links, packaged_rules
    from linkgate.lists.policy_config import RecordConfig
    from linkgate.lists.publisher_ids import PublisherId, publisher_ids
    from linkgate.lists.resolve_config import ResolveConfig
    from linkgate.lists.snapshot import is_encrypted, is_snapshot, save
    from linkgate.lists.status import ListStatus, Status, status
    from linkgate.lists.store import Store, is_store
    from linkgate.lists.update import accept, update
    from linkgate.lists.vault import store_key
    from linkgate.lists.verify import Finding, verify

__version__ = "0.1.0"

__all__ = [
    "AccountRow",
    "Alarm",
    "Alarms",
    "Allowance",
    "Alteration",
    "CampaignRow",
    "CanonicalUrl",
    "Capture",
    "Case",
    "CaseEvent",
    "CaseExport",
    "CaseStore",
    "Change",
    "Compiled",
    "Config",
    "CustodyReport",
    "Decision",
    "DecisionReport",
    "Drawn",
    "Engine",
    "Entry",
    "EntryHistory",
    "EpochKey",
    "Explanation",
    "ExportNotes",
    "FeedbackAsked",
    "FeedbackRow",
    "FetchError",
    "Fetched",
    "Finding",
    "Gate",
    "GateProblem",
    "GateStatus",
    "Kind",
    "Link",
    "LinkgateError",
    "ListError",
    "ListStatus",
    "ListsUsed",
    "Match",
    "Media",
    "NearMiss",
    "Newer",
    "Opinion",
    "OpinionFile",
    "Outcome",
    "PlatformFacts",
    "Policy",
    "Precision",
    "PublisherId",
    "Purged",
    "Quarantined",
    "Rechecked",
    "RecordConfig",
    "Records",
    "Rejected",
    "Report",
    "ResolveConfig",
    "Resolver",
    "Review",
    "Rule",
    "Rules",
    "Ruling",
    "Scope",
    "Seal",
    "SharedHits",
    "ShortTarget",
    "ShortenerTable",
    "SnapshotError",
    "Source",
    "Status",
    "Store",
    "StoreError",
    "Update",
    "UsageError",
    "UsedVersion",
    "Verdict",
    "Version",
    "__version__",
    "accept",
    "accounts_in",
    "accounts_of",
    "add_acceptance",
    "add_list",
    "campaigns_in",
    "campaigns_of",
    "canonicalize",
    "compile_lines",
    "compile_lists",
    "count_decisions",
    "defang",
    "diff",
    "disputed_entries",
    "entry_history",
    "exported",
    "feedback_file",
    "feedback_of",
    "fetch",
    "find_actors",
    "find_decisions",
    "find_links",
    "hits_file",
    "is_encrypted",
    "is_snapshot",
    "is_store",
    "keep_reviews",
    "kept_reviews",
    "last_seal",
    "lists_used",
    "load",
    "load_config",
    "newer",
    "note_sent_anew",
    "notify",
    "opinions_of",
    "overturn",
    "packaged_rules",
    "policy_of",
    "precision",
    "printable",
    "pseudonyms",
    "public_key",
    "publisher_ids",
    "purge_actors",
    "purge_captures",
    "purge_decisions",
    "read_digests",
    "read_facts",
    "read_public_key",
    "refang",
    "reviews_of",
    "sample_decisions",
    "save",
    "scan",
    "scan_batch",
    "scan_key",
    "seal_decisions",
    "seal_key",
    "shared_hits",
    "shown_decision",
    "statements",
    "status",
    "stop_list",
    "store_key",
    "tell_late",
    "tell_platform",
    "update",
    "verify",
    "verify_decisions",
    "watch",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its home on first use (PEP 562).

    Raises AttributeError for any other name, UsageError where the extra that it needs is not installed.
    """
    from linkgate.homes import HOME  # noqa: PLC0415  # an import alone needs none of it

    if name not in HOME:
        raise AttributeError(f"module 'linkgate' has no attribute {name!r}")
    try:
        value = globals()[name] = getattr(import_module(HOME[name]), name)
    except ModuleNotFoundError as error:
        from linkgate.extras import lacking  # noqa: PLC0415  # as above

        raise lacking(error) or error from None
    return value


def __dir__() -> list[str]:
    return __all__
