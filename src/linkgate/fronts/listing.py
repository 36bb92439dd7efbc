"""`linkgate lists …`: the commands that work on lists and their store."""

from __future__ import annotations

from typing import Any

import click

from linkgate.fronts import options


@click.group()
def lists() -> None:
    """Work on lists: compile files, or keep the lists of a configuration in a store."""


@lists.command(epilog=options.CODES)
@click.argument("files", nargs=-1, required=True, metavar="LIST...", type=options.PATH)
@click.option("-o", "--output", required=True, metavar="FILE", type=options.PATH, help="The snapshot to write.")
@click.option("--format", "form", metavar="NAME", help="Format, such as csv or hosts; told by content if absent.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="PART=COLUMN",
    help="Where a part stands, as in --column url=address; may be given several times.",
)
@click.option("--category", metavar="NAME", help="Category of entries that name none.")
@click.option("--report", metavar="FILE", type=options.PATH, help="Write every refused line there, as JSON.")
@options.as_json
def compile(**given: Any) -> int:  # noqa: A001  # the command's name
    """Compile lists into one snapshot, and report the lines that are not in it.

    The report names lines by number and reason; what stands in them is never shown.
    """
    from linkgate.fronts import compiling  # noqa: PLC0415  # --help must not wait for the engine

    return compiling.run(**given)


@lists.command(epilog=options.STORE_CODES)
@click.argument("name")
@click.argument("address", metavar="URL|PATH")
@click.option("--format", "form", metavar="NAME", help="Format of the list; told by content if absent.")
@click.option("--kind", metavar="NAME", help="deny (the default), allow, or guard.")
@click.option("--category", metavar="NAME", help="Category of entries that name none.")
@click.option("--default-scope", metavar="SCOPE", help="Scope of entries that say none.")
@click.option("--interval", metavar="TIME", help="How often to ask for it, as in 12h.")
@options.config
@options.as_json
def add(**given: Any) -> int:
    """Name a list in the configuration, which is made if it is not there."""
    from linkgate.fronts import storing  # noqa: PLC0415  # as above

    return storing.add(**given)


@lists.command(epilog=options.STORE_CODES)
@click.argument("names", nargs=-1, metavar="[NAME...]")
@click.option("--force", is_flag=True, help="Ask for lists that are not due, and for full files; mend.")
@options.config
@options.as_json
def update(**given: Any) -> int:
    """Ask the publishers for their lists, all or those named, and publish what is new.

    A list that fails, or goes over one of its limits, keeps its last good file; the others go on.
    """
    from linkgate.fronts import storing  # noqa: PLC0415  # as above

    return storing.update(**given)


@lists.command(epilog=options.STORE_CODES)
@options.config
@options.as_json
def status(**given: Any) -> int:
    """Say how the store stands: version, age of each list, and what needs attention."""
    from linkgate.fronts import storing  # noqa: PLC0415  # as above

    return storing.status(**given)


@lists.command(epilog=options.STORE_CODES)
@options.config
@options.as_json
def history(**given: Any) -> int:
    """Show the versions that the store keeps, oldest first."""
    from linkgate.fronts import storing  # noqa: PLC0415  # as above

    return storing.history(**given)


@lists.command(epilog=options.STORE_CODES)
@click.argument("before", metavar="A", type=int)
@click.argument("after", metavar="B", type=int)
@options.config
@options.as_json
def diff(**given: Any) -> int:
    """Show which entries came and went between two versions, by list and entry id."""
    from linkgate.fronts import storing  # noqa: PLC0415  # as above

    return storing.diff(**given)


@lists.command(epilog=options.STORE_CODES)
@click.argument("version", type=int)
@options.config
@options.as_json
def rollback(**given: Any) -> int:
    """Make another version the current one.

    Files that it takes back are not taken again; `accept` with the list's name takes them after all.
    """
    from linkgate.fronts import storing  # noqa: PLC0415  # as above

    return storing.rollback(**given)


@lists.command(epilog=options.STORE_CODES)
@options.config
@options.as_json
def verify(**given: Any) -> int:
    """Read every file of the store: what is damaged, missing, or open to others."""
    from linkgate.fronts import storing  # noqa: PLC0415  # as above

    return storing.verify(**given)


@lists.command(epilog=options.STORE_CODES)
@click.argument("names", nargs=-1, required=True, metavar="LIST|ENTRY-ID...")
@click.option("--reason", metavar="TEXT", help="Who decided, and why; needed for entries.")
@options.config
@options.as_json
def accept(**given: Any) -> int:
    """Take what was held back: the file of a list as it is, or quarantined entries by their ids.

    Entries are noted in the configuration with the reason, and come with the next update.
    """
    from linkgate.fronts import storing  # noqa: PLC0415  # as above

    return storing.accept(**given)
