"""A process of the command line does without pandas, which pyarrow loads with its first array where it is installed.

No command has need of it, and loading it is a quarter of the time of a short scan. Frames are for Python's callers,
whose processes are left alone.
"""

from __future__ import annotations

import sys


class _Finder:
    """Finds what others find, but for pandas."""

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError("No module named 'pandas'", name=name)


def without_pandas() -> None:
    """From now on there is no pandas in this process, unless it is loaded already."""
    if _Finder not in sys.meta_path:
        sys.meta_path.insert(0, _Finder)
