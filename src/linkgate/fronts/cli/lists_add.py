"""`linkgate lists add`: name a list in the configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

import linkgate
from linkgate.fronts.cli import options
from linkgate.fronts.cli.store_rows import (
    print_rows,
)

_WEB = ("http:", "https:")


@click.command("add", epilog=options.STORE_CODES)
@click.argument("name")
@click.argument("address", metavar="URL|PATH")
@click.option("--format", "form", metavar="NAME", help="Format of the list; told by content if absent.")
@click.option("--kind", metavar="NAME", help="deny (the default), allow, guard, or shorteners.")
@click.option("--category", metavar="NAME", help="Category of entries that name none.")
@click.option("--default-scope", metavar="SCOPE", help="Scope of entries that say none.")
@click.option("--type", "type", metavar="NAME", help="Of digests of files: sha256, sha1, md5, pdq, vpdq or photodna.")
@click.option("--interval", metavar="TIME", help="How often to ask for it, as in 12h.")
@click.option("--max-age", metavar="TIME", help="Told when its publisher has not confirmed it for longer, as in 3d.")
@click.option(
    "--column", "columns", multiple=True, metavar="PART=COLUMN", help="Where a part stands, as in url=address."
)
@click.option("--header", metavar="NAME=VARIABLE", help="A header, its value in an environment variable.")
@options.config
@options.as_json
def command(  # noqa: PLR0913  # one argument an option
    *,
    name: str,
    address: str,
    header: str | None,
    columns: tuple[str, ...],
    config: str,
    as_json: bool,
    **given: str | None,
) -> int:
    """Name a list in the configuration, which is made if it is not there."""
    where = "url" if address.lower().startswith(_WEB) else "path"
    if where == "path" and Path(config).parent != Path():  # paths in a configuration start at its own folder
        address = str(Path(address).absolute())
    options: dict[str, Any] = {("format" if key == "form" else key): value for key, value in given.items() if value}
    if columns:
        options["columns"] = dict(_pair(each, "--column PART=COLUMN") for each in columns)
    if header:
        options["credentials"] = dict(zip(("header", "env"), _pair(header, "--header NAME=VARIABLE"), strict=True))
    linkgate.add_list(config, {"name": name, where: address, **options})
    return print_rows({"list": name, "config": config}, [f"{config}: list {name} added"], as_json=as_json)


def _pair(text: str, form: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise linkgate.UsageError(f"{form}: a name and a value are wanted, with = between them")
    return name, value
