"""Every error that linkgate raises, drawn as a tree that says whose fault it is.

    LinkgateError
    ├── ListError          the publisher's: a list that cannot be read at all
    │   └── FetchError     the network's or the publisher's server's
    ├── SnapshotError      the file's: foreign, damaged, or of another version
    ├── StoreError         the folder's: in use, damaged, full, or under another key
    └── UsageError         the caller's: a wrong option, path or configuration

Message text never raises. No message of these errors holds a listed address (law 9).

>>> issubclass(FetchError, ListError) and issubclass(ListError, LinkgateError)
True
"""


class LinkgateError(Exception):
    """The root: `except LinkgateError` catches all that linkgate raises on purpose."""


class ListError(LinkgateError):
    """A list as a whole cannot be used; single bad lines are reported, never raised."""


class FetchError(ListError):
    """A list could not be fetched; the caller keeps what it has."""


class SnapshotError(LinkgateError):
    """A snapshot file was refused: foreign, damaged, or written by another version."""


class StoreError(LinkgateError):
    """A store cannot be used as it is: no permission, no room, in use, damaged, or under another key."""


class UsageError(LinkgateError):
    """The caller asked for something that cannot be done; the text says what to do."""


def installing(extra: str) -> str:
    """The command that installs an extra.

    >>> installing("scan")
    "pip install 'linkgate[scan]'"
    """
    return f"pip install 'linkgate[{extra}]'"
