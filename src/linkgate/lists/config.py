r"""linkgate.toml -> the sources that an operator named, and where their store is.

>>> config = parse_config('''
... [store]
... path = "store"
... [[list]]
... name = "partner"
... path = "partner.txt"
... max_shrink = "20%"
... ''', name="etc/linkgate.toml")
>>> config.sources[0].name, config.sources[0].limits.shrink, config.store.as_posix()
('partner', 0.2, 'etc/store')
>>> parse_config('[[list]]\nname = "partner"\nurll = "https://lists.example/"', name="linkgate.toml")
Traceback (most recent call last):
linkgate.errors.UsageError: linkgate.toml, line 3: list.urll is no key that linkgate knows; did you mean url?
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from linkgate.errors import UsageError
from linkgate.lists.accounts_config import AccountsConfig, read_accounts
from linkgate.lists.cases_config import CasesConfig, read_cases
from linkgate.lists.disk import reason
from linkgate.lists.feedback_config import WrongRule, read_feedback
from linkgate.lists.notify_config import NotifyConfig, read_notify
from linkgate.lists.policy_config import TABLES, PolicyConfig, read_settings
from linkgate.lists.reporter_config import ReporterConfig, StatementTemplate, read_dsa, read_reporter
from linkgate.lists.resolve_config import ResolveConfig, read_resolve
from linkgate.lists.shorteners_config import ShortenersConfig, read_shorteners
from linkgate.lists.source_config import KEYS, SourceConfig, read_source
from linkgate.lists.store import Store
from linkgate.lists.store_folder import HISTORY
from linkgate.lists.toml import read_toml
from linkgate.lists.vault import store_key

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from linkgate.lists.toml import Document, TomlTable

_TABLES = (
    *("accept", "accounts", "cases", "dsa", "feedback", "list", "notify", "reporter", "resolve", "shorteners"),
    *("store", *TABLES),
)
_STORE = ("history", "key_env", "key_file", "path")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What linkgate.toml says. Relative paths in it start at its own folder.

    `accept` maps entry ids, or addresses, to the reason why the guard is overruled. `policy` is what
    becomes of matches, besides what each list says; `cases` and `accounts` how they are kept, None where none are;
    `wrong` what becomes of entries that people call wrong, None where nothing does;
    `reporter` who reports; `dsa` what a statement of reasons says of each category; `notify` who is told of failures;
    `shorteners` what is done about short links, `resolve` how they are followed, None where they are not.
    """

    path: Path
    store: Path
    history: int = HISTORY
    key_env: str | None = None
    key_file: Path | None = None
    sources: tuple[SourceConfig, ...] = ()
    accept: Mapping[str, str] = field(default_factory=dict, repr=False)
    policy: PolicyConfig = field(default_factory=PolicyConfig)
    cases: CasesConfig | None = None
    accounts: AccountsConfig | None = None
    wrong: WrongRule | None = None
    reporter: ReporterConfig = field(default_factory=ReporterConfig)
    dsa: Mapping[str, StatementTemplate] = field(default_factory=dict)
    shorteners: ShortenersConfig = field(default_factory=ShortenersConfig)
    resolve: ResolveConfig | None = None
    notify: NotifyConfig | None = None

    def open_store(self, *, create: bool = False) -> Store:
        """Open the store with the key that the configuration names. Raises UsageError or StoreError."""
        key = store_key(env=self.key_env, file=self.key_file)
        return Store.open(self.store, key=key, create=create, history=self.history)

    def named(self, names: tuple[str, ...]) -> tuple[SourceConfig, ...]:
        """The lists of these names, all for none; UsageError for a name that is not configured."""
        known = {source.name: source for source in self.sources}
        for name in names:
            if name not in known:
                raise UsageError(f"{self.path} has no such list; it has {', '.join(known) or 'none'}")
        return tuple(source for source in self.sources if not names or source.name in names)


def load_config(path: str | os.PathLike[str]) -> Config:
    """Read a configuration file. Raises UsageError, with file, key and line."""
    try:
        text = Path(path).read_text("utf-8")
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8: save it as UTF-8") from None
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {reason(error)}") from None
    return parse_config(text, name=str(path))


def parse_config(text: str, *, name: str) -> Config:
    """Read a configuration from its text; `name` is what to call the file, and where its paths start."""
    document = read_toml(text, name=name)
    root = document.root(_TABLES)
    store = document.table("store", _STORE)
    folder = Path(name).parent
    key_env, key_file = store.text("key_env"), store.text("key_file")
    if key_env and key_file:
        raise store.fault("key_file", "stands beside key_env: name one of them")
    return Config(
        path=Path(name),
        store=folder / (store.text("path") or "store"),
        history=_history(store),
        key_env=key_env,
        key_file=folder / key_file if key_file else None,
        sources=_sources(root, folder),
        accept=_accept(document),
        policy=read_settings(document, folder),
        cases=read_cases(document, folder),
        accounts=read_accounts(document),
        wrong=read_feedback(document),
        reporter=read_reporter(document),
        dsa=read_dsa(document),
        shorteners=read_shorteners(document),
        resolve=read_resolve(document, folder),
        notify=read_notify(document, folder),
    )


def _history(store: TomlTable) -> int:
    history: int | None = store.get("history", int, "a number of versions")
    if history is not None and not 1 <= history <= 1000:  # noqa: PLR2004  # a manifest stays small
        raise store.fault("history", "must be a number from 1 to 1000")
    return HISTORY if history is None else history


def _sources(root: TomlTable, folder: Path) -> tuple[SourceConfig, ...]:
    found: dict[str, SourceConfig] = {}
    for table in root.tables("list", KEYS):
        source = read_source(table, folder)
        if source.name in found:
            raise table.fault("name", "is the name of another list, too")
        found[source.name] = source
    return tuple(found.values())


def _accept(document: Document) -> dict[str, str]:
    """What was accepted, and why. Its names are addresses: no error repeats one (law 9)."""
    accept = document.values.get("accept", {})
    if not isinstance(accept, dict):
        raise document.fault(("accept",), 'must be a table: entry id = "reason"')
    for key, why in accept.items():
        if not isinstance(why, str) or not why.strip():
            raise document.fault(("accept", key), "needs a reason in quotes; write down who decided, and why")
    return accept
