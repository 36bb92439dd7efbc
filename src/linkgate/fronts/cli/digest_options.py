"""`--sha256`, `--sha1`, `--md5`, `--pdq`: digests of files, as commands take them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

import linkgate

if TYPE_CHECKING:
    from linkgate import Media

TYPES = ("sha256", "sha1", "md5", "pdq")
_HELP = {
    "sha256": "The SHA-256 of a file; may be given several times, as the others.",
    "sha1": "The SHA-1 of a file.",
    "md5": "The MD5 of a file.",
    "pdq": "The PDQ value of a picture.",
}


def digests(command: Any) -> Any:
    """The options, in this order."""
    for name in reversed(TYPES):
        command = click.option(f"--{name}", name, multiple=True, metavar="HEX", help=_HELP[name])(command)
    return command


def files(given: dict[str, tuple[str, ...]]) -> list[tuple[str, str, Media]]:
    """Each digest as a file of its own: its type, as it was typed, and the media. UsageError for what is no digest."""
    return [(name, text, _media(name, text)) for name in TYPES for text in given[name]]


def _media(name: str, text: str) -> Media:
    try:
        return linkgate.Media(id=name, **{name: text})  # type: ignore[arg-type]  # one of the types
    except TypeError as error:
        raise linkgate.UsageError(f"--{error}") from None
