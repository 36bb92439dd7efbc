"""What a caller of a gate may hand over beside a message: a moment that is one, and a surface of any type.

>>> surface_name(None), surface_name(7)
('public', '7')
"""

from __future__ import annotations

import datetime as dt

from linkgate.decisions.policy import PUBLIC


def require_moment(posted: object) -> None:
    """TypeError for what is no moment: a time without a zone may be any of 26."""
    if not isinstance(posted, dt.datetime) or posted.tzinfo is None:
        kind = "one without a time zone" if isinstance(posted, dt.datetime) else type(posted).__name__
        raise TypeError(f"posted must be a datetime with its time zone, not {kind}")


def surface_name(surface: object) -> str:
    """The name of what is no text: nothing is the usual surface, and a check never raises."""
    if surface is None:
        return PUBLIC
    try:
        return str(surface)
    except Exception:  # noqa: BLE001  # it is the caller's, and may do anything
        return ""
