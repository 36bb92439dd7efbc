"""`linkgate completion`: the script by which a shell completes commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from linkgate.fronts import exits
from linkgate.fronts.cli import options


@click.command("completion", epilog=options.STORE_CODES)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(*, shell: str) -> int:
    """Print what a shell needs to complete commands and options; put it into the shell's own start file."""
    from linkgate.fronts.cli import COMPLETE, linkgate  # noqa: PLC0415  # which loads this module

    made = get_completion_class(shell)
    if made is not None:
        click.echo(made(linkgate, {}, "linkgate", COMPLETE).source())
    return exits.CLEAR
