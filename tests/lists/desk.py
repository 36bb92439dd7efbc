"""A folder with a linkgate.toml, lists and a store, and the words that must not leave it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linkgate.lists.config import Config, load_config
from linkgate.lists.update import update

if TYPE_CHECKING:
    from pathlib import Path

    from linkgate.lists.outcome import Outcome, Update
    from linkgate.lists.store import Store

PAGE, DOMAIN = "http://bad.example/page", "*.worse.example"
GOOD = f"{PAGE}\n{DOMAIN}\n".encode()


def page(number: int) -> str:
    return f"http://bad{number}.example/page"


def pages(count: int, *, first: int = 0) -> bytes:
    """A plain list of that many pages."""
    return "".join(f"{page(number)}\n" for number in range(first, first + count)).encode()


class Desk:
    """Write lists and configuration, update, look."""

    def __init__(self, folder: Path, *lists: str, store: str = "") -> None:
        self.folder = folder
        self.path = folder / "linkgate.toml"
        self.configure(*lists, store=store)

    def configure(self, *lists: str, store: str = "", rest: str = "") -> None:
        tables = "\n".join(f"[[list]]\n{each}\n" for each in lists)
        self.path.write_text(f'[store]\npath = "store"\n{store}\n{tables}\n{rest}', encoding="utf-8")

    def put(self, name: str, data: bytes) -> None:
        (self.folder / name).write_bytes(data)

    @property
    def config(self) -> Config:
        return load_config(self.path)

    @property
    def store(self) -> Store:
        return self.config.open_store(create=True)

    def update(self, **options: Any) -> Update:
        return update(self.config, self.store, **options)

    def outcome(self, **options: Any) -> Outcome:
        """What became of the first list."""
        return self.update(**options).outcomes[0]

    def holds(self, url: str) -> bool:
        return self.store.load().lookup(url).flagged


def local(name: str = "partner", more: str = "") -> str:
    """The table of a list that lies beside the configuration."""
    return f'name = "{name}"\npath = "{name}.txt"\nformat = "plain"\n{more}'


def remote(url: str, name: str = "partner", more: str = "") -> str:
    """The table of a list behind a URL."""
    return f'name = "{name}"\nurl = "{url}"\nformat = "plain"\n{more}'
