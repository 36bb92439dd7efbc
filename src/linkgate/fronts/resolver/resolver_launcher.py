"""`linkgate resolve`: settings in, a running resolver until it is told to stop."""

from __future__ import annotations

import asyncio
import logging.config
import signal
from pathlib import Path

from aiohttp import web

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.resolver.asking import Asker
from linkgate.fronts.resolver.link_follower import LinkFollower
from linkgate.fronts.resolver.resolver_app import ResolverService, build_app
from linkgate.fronts.server import sockets
from linkgate.fronts.server.bearer_tokens import TokenFile
from linkgate.fronts.server.launcher import refuse_open_doors
from linkgate.fronts.server.log_format import log_config
from linkgate.fronts.show import say

_CONNECTIONS = 1_000
_GRACE = 8.0


def run(  # noqa: PLR0913  # one argument an option
    *, config: str, host: str, port: int, uds: str | None, tokens: str | None, log_format: str
) -> int:
    """Serve until SIGTERM or Ctrl-C. Raises LinkgateError where it cannot begin."""
    refuse_open_doors(host, uds, {"tokens": tokens})
    settings = linkgate.load_config(config)
    if settings.resolve is None:
        raise linkgate.UsageError(f"{config} has no [resolve]: add it, with contact, to have short links followed")
    rights = TokenFile(Path(tokens)) if tokens else None
    if not uds:
        sockets.try_address(host, port)
    sockets.allow_connections(_CONNECTIONS)
    logging.config.dictConfig(log_config(as_json=log_format == "json"))
    with linkgate.Gate.of(config) as gate, sockets.removed_at_the_end(uds):
        if gate.engine.opaque is None:
            say("the store was compiled without [shorteners] report: no gate will ask, until `linkgate lists update`")
        asyncio.run(_serve(gate, settings.resolve, host=host, port=port, uds=uds, tokens=rights))
    return exits.CLEAR


async def _serve(  # noqa: PLR0913  # one argument an option
    gate: linkgate.Gate,
    settings: linkgate.ResolveConfig,
    *,
    host: str,
    port: int,
    uds: str | None,
    tokens: TokenFile | None,
) -> None:
    asker = Asker(settings.contact)
    service = ResolverService(
        gate=gate,
        follower=LinkFollower(
            asker.ask, table=lambda: gate.engine.shorteners, is_listed=lambda url: bool(gate.lookup(url).matches)
        ),
        budget=settings.budget if settings.mode == "hold" else None,
        tokens=tokens,
        local=tokens is None and not uds,
    )
    runner = web.AppRunner(build_app(service), access_log=None, shutdown_timeout=_GRACE)
    await runner.setup()
    site: web.BaseSite = (
        web.SockSite(runner, sockets.bind_socket(uds)) if uds else web.TCPSite(runner, host, port, reuse_address=True)
    )
    stop = asyncio.Event()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(wanted, stop.set)
    try:
        await site.start()
        say(f"resolving on {uds or f'{host}, port {port}'}")
        await stop.wait()
    finally:
        await runner.cleanup()
        await asker.close()
