r"""Cells of CSV files that no spreadsheet runs as a formula.

A cell that begins with `= + - @`, or with a control character, gets an apostrophe in front, which a
spreadsheet takes as "this is text" and does not show. A plain number is left as it is.

>>> [cell(text) for text in ("=1+1", "-7", "@SUM(A1)", "\t=1", "a=b", "-7 items", "", "+49 30 7")]
["'=1+1", '-7', "'@SUM(A1)", "'\t=1", 'a=b', "'-7 items", '', "'+49 30 7"]
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

_RUNS = r"^[=+\-@\x00-\x1f\x7f]"
_NUMBER = r"^[+\-]?[0-9]+(\.[0-9]+)?$"
_is_formula, _is_number = re.compile(_RUNS).match, re.compile(_NUMBER).fullmatch


def cell(text: str) -> str:
    """The text as a cell that is only shown."""
    return f"'{text}" if _is_formula(text) and not _is_number(text) else text


def cells(column: pa.Array) -> pa.Array:
    """The same for a column of strings.

    >>> import pyarrow as pa
    >>> cells(pa.array(["=1", "-7", None, "x"])).to_pylist()
    ["'=1", '-7', None, 'x']
    """
    from pyarrow import compute  # noqa: PLC0415  # commands that write no columns do not wait for it

    runs = compute.match_substring_regex(column, _RUNS)
    runs = compute.and_not(runs, compute.match_substring_regex(column, _NUMBER))
    return compute.if_else(runs, compute.binary_join_element_wise("'", column, ""), column)
