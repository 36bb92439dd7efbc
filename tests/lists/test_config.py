"""linkgate.toml: what it may say, and where a fault is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from linkgate.errors import UsageError
from linkgate.lists.config import load_config, parse_config
from linkgate.lists.config_edit import add_acceptance, add_list

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = """
[store]
path = "/var/lib/linkgate"
history = 5
key_env = "STORE_KEY"

# a comment
[[list]]
name = "partner"
url = "https://lists.example/today?key={key}"
format = "csv"
columns = { url = "address", id = "case" }
default_scope = "host"
category = "abuse"
actions = { exact = "block", loose = "log" }
credentials = [
  { header = "Authorization", prefix = "Bearer ", env = "PARTNER_TOKEN" },
  { placeholder = "key", file = "partner.key" },
]
interval = "12h"
max_age = "3d"
max_shrink = "20%"
max_growth = "300%"
max_rejected = "5%"
max_size = "50MB"
ca_file = "ca.pem"
allow_hosts = ["cdn.example"]
checksum_url = "https://lists.example/today.sha256"

[list.delta]
url = "https://lists.example/changes?since={since}"
tombstone = "gone"
full_every = "7d"

[[list]]
name = "fine"
path = "fine.txt"
kind = "allow"
lifts = true

[accept]
"abcdef" = "ticket 7"
"""


def test_all_of_it() -> None:
    config = parse_config(WHOLE, name="etc/linkgate.toml")
    partner, fine = config.sources
    assert (config.store.as_posix(), config.history, config.key_env) == ("/var/lib/linkgate", 5, "STORE_KEY")
    assert (partner.form, partner.columns) == ("csv", {"url": "address", "id": "case"})
    assert (partner.default_scope, partner.category) == ("host", "abuse")
    assert partner.actions == {"exact": "block", "loose": "log"}
    limits = partner.limits
    assert (limits.interval, limits.age, limits.size) == (43200, 259200, 50_000_000)
    assert (limits.shrink, limits.growth, limits.rejected) == (0.2, 3.0, 0.05)
    assert [credential.env for credential in partner.credentials] == ["PARTNER_TOKEN", None]
    assert partner.delta is not None
    assert (partner.delta.tombstone, partner.delta.full_every) == ("gone", 604800)
    assert (fine.kind, fine.lifts, str(fine.path)) == ("allow", True, "etc/fine.txt")
    assert config.accept == {"abcdef": "ticket 7"}
    assert "lists.example" not in repr(config)
    assert "abcdef" not in repr(config)


ONE = '[[list]]\nname = "partner"\n'

FAULTS = [
    ("[store]\npth = 1", 2, "store.pth is no key that linkgate knows; did you mean path?"),
    ("[sotre]", 1, "sotre is no key that linkgate knows; did you mean store?"),
    ("[store]\nhistory = 0", 2, "store.history must be a number from 1 to 1000"),
    ("[store]\nhistory = true", 2, "store.history must be a number of versions"),
    ('[store]\nkey_env = "A"\nkey_file = "b"', 3, "store.key_file stands beside key_env"),
    ("[store\n", 1, "this is no TOML"),
    ("\n\nx = [1,\n", 4, "this is no TOML"),
    ("list = 3", 1, "list must be an array of tables: write [[list]]"),
    ('[[list]]\nurl = "https://lists.example/"', 1, "list has no name"),
    ('[[list]]\nname = "a b"\npath = "x"', 2, "list.name must be letters"),
    (ONE, 1, "list needs one of url and path"),
    (f'{ONE}path = "a"\nurl = "https://lists.example/"', 3, "list.path needs one of url and path"),
    (f'{ONE}path = "a"\n{ONE}path = "b"', 5, "list.name is the name of another list, too"),
    (f'{ONE}url = "ftp://lists.example/"', 3, "list.url must be a web address"),
    (f'{ONE}url = "https://joe:s3cret@lists.example/"', 3, "list.url holds credentials"),
    (f'{ONE}url = "https://lists.example/?token=s3cret"', 3, "list.url holds credentials"),
    (f'{ONE}path = "a"\nformat = "cvs"', 4, "did you mean csv?"),
    (f'{ONE}path = "a"\nformat = "csv"\npreset = "urlhaus"', 5, "list.preset stands beside format"),
    (f'{ONE}path = "a"\ndefault_scope = "site"', 4, "list.default_scope must be one of brand, domain"),
    (f'{ONE}path = "a"\nmax_shrink = 0.2', 4, 'list.max_shrink must be a percentage, as in "20%"'),
    (f'{ONE}path = "a"\ninterval = "often"', 4, 'list.interval must be a time with its unit, as in "12h"'),
    (f'{ONE}path = "a"\nlifts = true', 4, 'list.lifts is for lists of kind = "allow"'),
    (f'{ONE}path = "a"\n[list.actions]\nexact = "ban"', 5, "list.actions.exact must be one of block, log, review"),
    (f'{ONE}path = "a"\nactions = {{ fuzzy = "log" }}', 4, "list.actions.fuzzy is no key that linkgate knows"),
    (f'{ONE}path = "a"\ncolumns = {{ url = [] }}', 4, "list.columns.url must be a text in quotes or a number"),
    (f'{ONE}path = "a"\ncredentials = {{ value = "s3cret" }}', 4, "list.credentials.value would keep a secret"),
    (f'{ONE}path = "a"\ncredentials = [{{ header = "X", token = "s3cret" }}]', 4, "list.credentials.token would keep"),
    (f'{ONE}path = "a"\ncredentials = {{ header = "X" }}', 4, "list.credentials needs one of env and file"),
    (f'{ONE}path = "a"\ncredentials = {{ env = "X" }}', 4, "list.credentials needs one of header and placeholder"),
    (f'{ONE}path = "a"\ncredentials = {{ header = "X: s3cret", env = "X" }}', 4, "must be the name of a header"),
    (f'{ONE}path = "a"\ncredentials = {{ header = "X", env = "X", prefix = "s3cret" }}', 4, "prefix must be"),
    (f'{ONE}url = "http://lists.example/"\ncredentials = {{ header = "X", env = "X" }}', 3, "use https"),
    (f'{ONE}path = "a"\n[list.delta]\nfull_every = "7d"', 4, "list.delta needs one of url and path"),
    ('[accept]\n"bad.example" = ""', 2, "needs a reason"),
    ('"bad.example" = "why"', 1, "… is no key that linkgate knows"),
]


@pytest.mark.parametrize(("text", "line", "sentence"), FAULTS)
def test_a_fault_names_file_line_and_key(text: str, line: int, sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_config(text, name="linkgate.toml")
    told = str(caught.value)
    assert told.startswith(f"linkgate.toml, line {line}: ")
    assert sentence in told
    assert "s3cret" not in told
    assert "bad.example" not in told


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        load_config(tmp_path / "linkgate.toml")
    with pytest.raises(UsageError, match="folder"):
        load_config(tmp_path)
    (tmp_path / "linkgate.toml").write_bytes(b"\xff")
    with pytest.raises(UsageError, match="UTF-8"):
        load_config(tmp_path / "linkgate.toml")


def test_additions_keep_everything_else(tmp_path: Path) -> None:
    path = tmp_path / "linkgate.toml"
    add_list(path, {"name": "one", "path": "one.txt"})
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text(f"# mine\n{path.read_text()}\n[accept]\n# seen\n'a' = 'b'")
    path.chmod(0o640)
    add_list(path, {"name": "two", "url": "https://lists.example/", "interval": "1h"})
    config = add_acceptance(path, "abc", 'ticket "7"')
    assert [source.name for source in config.sources] == ["one", "two"]
    assert config.accept == {"a": "b", "abc": 'ticket "7"'}
    assert path.read_text().startswith("# mine\n")
    assert "# seen" in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("values", [{"name": "one", "path": "a"}, {"name": "x", "url": "nonsense"}, {"name": "\x7f"}])
def test_an_addition_that_is_refused_changes_nothing(values: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "linkgate.toml"
    add_list(path, {"name": "one", "path": "one.txt"})
    before = path.read_bytes()
    with pytest.raises(UsageError):
        add_list(path, values)
    assert path.read_bytes() == before
