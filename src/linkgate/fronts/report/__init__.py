"""`--report report.html`: one page about a scan, for the person who leads the team.

The charts are drawn when the page is written (Vega-Lite), the page is put together by Jinja2 with
everything escaped; both come with the extra `report`, and are loaded when a report is asked for.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linkgate import UsageError
from linkgate.extras import installing
from linkgate.fronts.archive.append_log import settle

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pyarrow as pa

MOST_HITS = 5_000
"""Hits in the table; all are counted."""
_NEEDS = ("vl_convert", "jinja2")


def require_report(path: str | Path | None = None) -> None:
    """Raise UsageError where a report could not be written (to `path`): before a scan, not after it.

    >>> require_report("no/such/report.html")
    Traceback (most recent call last):
    linkgate.errors.UsageError: no/such/report.html: its folder is missing or not to be written into
    """
    if not all(find_spec(name) for name in _NEEDS):
        raise UsageError(f"a report needs two more packages: {installing('report')}")
    if path is None or _is_stream(Path(path)):
        return
    if Path(path).is_dir():
        raise UsageError(f"{path}: is a directory; name a file")
    folder = Path(path).resolve().parent
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise UsageError(f"{path}: its folder is missing or not to be written into")


def write_report(
    path: str | Path, hits: Iterable[pa.RecordBatch], run: Mapping[str, Any], *, most_hits: int = MOST_HITS
) -> None:
    """Write the page about a scan, for its owner alone; what was at `path` is replaced in one step.

    hits: batches with the columns of HITS (`link` may lack), in the order of the scan; each is let go
    when it is counted. run: `command` (options by name), `files`, `lists`, `snapshot`, `began`, `ended`
    (ISO 8601), `seconds`, `version` and `summary` (the scan's counts), as far as they are known. Links of
    messages are shown, defanged, only where the command has `show_urls`. Raises UsageError without the
    packages, OSError where the file cannot be written.
    """
    require_report()
    from linkgate.fronts.report.hit_table import HitTable  # noqa: PLC0415  # as above
    from linkgate.fronts.report.render import render  # noqa: PLC0415  # loads what may lack
    from linkgate.fronts.report.totals import Totals  # noqa: PLC0415  # loads Arrow
    from linkgate.fronts.report.view import view  # noqa: PLC0415  # as above

    show_urls = str(run.get("command", {}).get("show_urls", False)) == "True"
    totals, table = Totals(), HitTable(limit=most_hits, show_urls=show_urls)
    for batch in hits:
        totals.add(batch)
        table.add(batch)
    shown = table.as_dict()
    page = render(view(totals, run, kept=len(shown["rows"]), show_urls=show_urls), shown)
    replace_page(Path(path), page.encode("utf-8"))


def _is_stream(path: Path) -> bool:
    """A pipe or terminal: there is nothing to replace, and it does not matter where it stands."""
    return path.exists() and not path.is_file() and not path.is_dir()


def replace_page(path: Path, page: bytes) -> None:
    """Put a page there for its owner alone, in one step; into a pipe as it comes. OSError."""
    if _is_stream(path):
        path.write_bytes(page)
        return
    path = path.resolve()  # a link, be it /dev/stdout, stays one
    draft = path.with_name(path.name + ".draft")
    draft.unlink(missing_ok=True)  # left by a run that was killed; it may be open to others, or a link elsewhere
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as file:
            file.write(page)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    settle(path)
