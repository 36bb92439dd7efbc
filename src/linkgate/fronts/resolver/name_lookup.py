"""The addresses of a name: one resolution, of this name and no other, without search domains or a file of hosts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import dns.asyncresolver
import dns.exception

from linkgate import UsageError

Names = Callable[[str], Awaitable[Sequence[str]]]
"""A host name -> its addresses, in figures. Raises OSError where there are none, TimeoutError in time."""

PATIENCE = 1.9
"""Seconds; less than a hop may take."""


def system_names() -> Names:
    """Ask the name servers of the system, and no cache: what was vetted is what is connected to.

    Raises UsageError where the system has none.
    """
    try:
        servers = dns.asyncresolver.Resolver()
    except dns.exception.DNSException:
        raise UsageError("the system names no name server: see /etc/resolv.conf") from None
    servers.cache = None
    servers.search = []

    async def names(host: str) -> Sequence[str]:
        try:
            found = await servers.resolve_name(f"{host}.", lifetime=PATIENCE, search=False)
        except dns.exception.Timeout:
            raise TimeoutError from None
        except dns.exception.DNSException as error:
            raise OSError(type(error).__name__) from None
        return tuple(found.addresses())

    return names
