"""What a database's driver raises -> one sentence on what to do; never its own text, which may quote rows or users.

>>> import sqlalchemy as sa
>>> reason(sa.exc.OperationalError("SELECT", {}, Exception(1045, "Access denied for user 'joe'")))
'the database refused user or password; check both in its URL, or in the file or environment of its driver'
>>> reason(sa.exc.OperationalError("SELECT", {}, Exception("joe's disk is full")))
'the database refused or broke off (Exception); what stood before was read'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sqlalchemy.exc import SQLAlchemyError

_WHO = "refused user or password; check both in its URL, or in the file or environment of its driver"
_DATABASE = "is not on this server, or not for this user; check its name"
_NOBODY = "does not answer; check host and port, and whether it runs"
_NAMES = "refused, as it has no such table or column; correct the query"
_SPELLING = "refused, as it does not understand the query; correct it"
_RIGHT = "refused, as this user may not read that; ask for the right to SELECT it"
_FULL = "has no connection left; try again later"
_ENDED = "broke off; try again when it answers"
_SLOW = "broke off, as it took too long for its limits; ask for a higher statement timeout"

_CODES: Final[dict[object, str]] = {  # SQLSTATE, or the numbers of MySQL and its client
    **dict.fromkeys(("28000", "28P01", 1045, 1698), _WHO),
    **dict.fromkeys((1044, "3D000", 1049), _DATABASE),
    **dict.fromkeys((2002, 2003, 2005), _NOBODY),
    **dict.fromkeys(("42P01", "42703", "42S02", "42S22", 1054, 1146), _NAMES),
    **dict.fromkeys(("42601", 1064), _SPELLING),
    **dict.fromkeys(("42501", 1142, 1143), _RIGHT),
    **dict.fromkeys(("53300", 1040, 1203), _FULL),
    **dict.fromkeys(("57014", 1317, 1969, 3024), _SLOW),
    **dict.fromkeys(("57P01", "57P02", "57P03", 2006, 2013), _ENDED),
}
_WORDS: Final = (  # where a driver gives no code
    ("password", _WHO),
    ("no pg_hba.conf entry", _WHO),
    ('role "', _WHO),
    ('database "', _DATABASE),
    ("connection refused", _NOBODY),
    ("resolve host", _NOBODY),
    ("timeout", _NOBODY),
    ("no such file", _NOBODY),  # a socket
    ("too many clients", _FULL),
    ("server closed the connection", _ENDED),
    ("no such table", _NAMES),
    ("no such column", _NAMES),
    ("syntax error", _SPELLING),
)

_DRIVERS: Final = {
    "psycopg": "pip install 'psycopg[binary]'",
    "psycopg2": "pip install psycopg2-binary",
    "MySQLdb": "pip install pymysql, and begin the URL with mysql+pymysql://",
    "mysql": "pip install mysql-connector-python",
}


def reason(error: SQLAlchemyError) -> str:
    """Why a database gives nothing, or no more."""
    cause = getattr(error, "orig", None) or error
    arguments = getattr(cause, "args", ()) or ("",)
    number = arguments[0] if isinstance(arguments[0], int) else None
    text = str(cause).lower() if number is None else ""
    found = (
        _CODES.get(number)
        or _CODES.get(getattr(cause, "sqlstate", None))
        or (_ENDED if getattr(error, "connection_invalidated", False) else None)
        or next((said for word, said in _WORDS if word in text), None)
    )
    return f"the database {found or f'refused or broke off ({type(cause).__name__}); what stood before was read'}"


def missing(error: ImportError) -> str:
    """Which driver to install.

    >>> missing(ModuleNotFoundError(name="oracledb"))
    'its driver is not installed; run: pip install oracledb'
    """
    name = (error.name or "psycopg").partition(".")[0]  # psycopg without its library raises a nameless one
    return f"its driver is not installed; run: {_DRIVERS.get(name, f'pip install {name}')}"
