"""Certificate -> one web page that needs nothing else: to read, to print, to send to a partner.

Messages stand in it as text, with escapes for what cannot be seen; nothing in it is a link.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from linkgate.lists.canaries import LISTED
from linkgate.selftest.certificate import stamp, table_digest
from linkgate.selftest.table import UNTRIED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from linkgate.selftest.certificate import Certificate, Row
    from linkgate.selftest.trial import ProbeOutcome

_STYLE = """
:root { color-scheme: light dark; --line: #8886; --soft: #8881; --good: #17703a; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --good: #6fd598; --bad: #ff8a80; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; }
.result { font-weight: 700; } .good { color: var(--good); } .bad { color: var(--bad); }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
th[scope=row] { font-weight: 400; }
code { font: .86rem/1.45 ui-monospace, monospace; overflow-wrap: anywhere; background: var(--soft); padding: 0 .2em; }
details { margin: .15rem 0 0; } summary { cursor: pointer; } details ul { margin: .3rem 0; padding-left: 1.2rem; }
.scroll { overflow-x: auto; } dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; }
dt { opacity: .75; } dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 40rem) { body { font-size: 15px; } dl { grid-template-columns: 1fr; } dd { margin-bottom: .4rem; } }
"""


def to_html(certificate: Certificate) -> str:
    """The page, a whole document in UTF-8."""
    word = "passed" if certificate.passed else "failed"
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>linkgate self-test, {word}, {escape(stamp(certificate.date))}</title>",
        f"<style>{_STYLE}</style></head><body>",
        "<h1>Self-test of a link gate</h1>",
        *_summary(certificate, word),
        *_wrong(certificate),
        "<h2>Spellings: each must be caught</h2>",
        *_table((row for row in certificate.rows if not row.control), "caught"),
        "<h2>Controls: each must stay clear</h2>",
        *_table((row for row in certificate.rows if row.control), "clear"),
        *_canaries(certificate),
        "</body></html>",
    ]
    return "\n".join(parts) + "\n"


def _summary(certificate: Certificate, word: str) -> Iterator[str]:
    counts = certificate.counts()
    tone = "good" if certificate.passed else "bad"
    yield (
        f'<p><span class="result {tone}">{word.capitalize()}.</span> {counts["caught"]:,} of {counts["tried"]:,} '
        f"spellings in {counts['classes']} classes were caught; {counts['controls_clear']:,} of "
        f"{counts['controls']:,} controls stayed clear.</p>"
    )
    facts = {
        "Date": stamp(certificate.date),
        "Through": certificate.via,
        "Snapshot": ", ".join(certificate.trial.snapshots) or "not told",
        "Public suffix list": certificate.suffix_list or "of unknown date",
        "Versions": ", ".join(f"{name} {version}" for name, version in certificate.versions.items()),
        "Table of spellings": table_digest(),
    }
    yield "<dl>"
    yield from (f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
    yield "</dl>"
    yield from _lists(certificate)


def _lists(certificate: Certificate) -> Iterator[str]:
    yield "<h2>Lists in use</h2>"
    if not certificate.lists:
        yield "<p>What was tested does not tell its lists.</p>"
        return
    columns = list(dict.fromkeys(name for each in certificate.lists for name in each))
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    yield f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>'
    for each in certificate.lists:
        yield "<tr>" + "".join(f"<td>{escape(str(each.get(name, '')))}</td>" for name in columns) + "</tr>"
    yield "</tbody></table></div>"


def _wrong(certificate: Certificate) -> Iterator[str]:
    for title, outcomes in (("Slipped through", certificate.slipped), ("Flagged, and no canary", certificate.flagged)):
        if outcomes:
            yield f'<h2 class="bad">{title}</h2><ul>'
            yield from (
                f"<li>{escape(each.probe.spelling)}, {escape(each.probe.canary)}: {_posted(each)}</li>"
                for each in outcomes
            )
            yield "</ul>"


def _posted(outcome: ProbeOutcome) -> str:
    return f"<code>{escape(outcome.probe.shown)}</code>"


def _table(rows: Iterable[Row], verb: str) -> Iterator[str]:
    heads = "".join(f'<th scope="col" class="n">{name}</th>' for name in ("tried", verb))
    kinds = '<th scope="col">as</th>' if verb == "caught" else ""
    yield f'<table><thead><tr><th scope="col">class</th>{heads}{kinds}</tr></thead><tbody>'
    yield from map(_row, rows)
    yield "</tbody></table>"


def _row(row: Row) -> str:
    tone = "good" if row.right == len(row.outcomes) else "bad"
    kinds = "" if row.control else f"<td>{', '.join(f'{name} {number}' for name, number in row.kinds.items())}</td>"
    shown = "".join(f"<li>{_posted(each)}{'' if each.right else ' <b>wrong</b>'}</li>" for each in row.outcomes)
    return (
        f'<tr><th scope="row">{escape(row.name)}<details><summary>{_posted(row.outcomes[0])}</summary>'
        f'<ul>{shown}</ul></details></th><td class="n">{len(row.outcomes)}</td>'
        f'<td class="n {tone}">{row.right}</td>{kinds}</tr>'
    )


def _canaries(certificate: Certificate) -> Iterator[str]:
    yield "<h2>What was listed for it</h2>"
    yield "<p>Entries under reserved names, which every engine carries beside its lists.</p><ul>"
    for name, address in LISTED.items():
        absent = " (not carried: the lists name nothing of its kind)" if name in certificate.trial.absent else ""
        yield f"<li>{escape(name)}: <code>{escape(address)}</code>{absent}</li>"
    yield "</ul><h2>What was not tried</h2><ul>"
    yield from (f"<li>{escape(each)}</li>" for each in UNTRIED)
    yield "</ul>"
