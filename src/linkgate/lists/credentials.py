"""Credentials of a source: named in the configuration, read when they are needed, shown nowhere.

>>> import os
>>> os.environ["PARTNER_TOKEN"] = "s3cret"
>>> token = Credential(header="Authorization", prefix="Bearer ", env="PARTNER_TOKEN")
>>> token
Credential(header='Authorization', placeholder=None, prefix='Bearer ', env='PARTNER_TOKEN', file=None)
>>> headers([token])
{'Authorization': 'Bearer s3cret'}
>>> filled("https://lists.example/{key}/today", [Credential(placeholder="key", env="PARTNER_TOKEN")])
'https://lists.example/s3cret/today'
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from linkgate.errors import UsageError
from linkgate.lists.disk import reason

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """Where a secret is kept, and whether it goes into a header or into a place of the URL."""

    header: str | None = None
    placeholder: str | None = None
    prefix: str = ""
    env: str | None = None
    file: Path | None = None

    def secret(self) -> str:
        """Read the secret; UsageError, which names where it should be and never what it is."""
        if self.env is not None:
            found, where = os.environ.get(self.env, "").strip(), f"the environment variable {self.env}"
        else:
            found, where = self._file(), f"the file {self.file}"
        if not found or not found.isprintable() or not found.isascii():
            raise UsageError(f"its credentials are missing or garbled in {where}; set them there")
        return found

    def _file(self) -> str:
        if self.file is None:
            return ""
        try:
            return self.file.read_text("ascii", errors="replace").strip()
        except OSError as error:
            raise UsageError(f"its credentials cannot be read from {self.file}: {reason(error)}") from None


def headers(credentials: Iterable[Credential]) -> dict[str, str]:
    """The headers to send, secrets included."""
    return {one.header: one.prefix + one.secret() for one in credentials if one.header}


def filled(url: str, credentials: Iterable[Credential], **places: str) -> str:
    """A URL with its `{places}` filled in: from credentials, and those given; others stay."""
    values = {one.placeholder: one.secret() for one in credentials if one.placeholder} | places
    for name, value in values.items():
        url = url.replace(f"{{{name}}}", quote(value, safe=""))
    return url
