"""Calls a running sidecar with the client that openapi-python-client makes of its description.

client.py BASE_URL TOKEN. The package linkgate_client is the generated one.
"""

from __future__ import annotations

import sys

from linkgate_client import AuthenticatedClient, Client
from linkgate_client.api.default import check, lists, lookup, readyz, why
from linkgate_client.models import (
    Action,
    Batch,
    BatchResult,
    Error,
    Kind,
    Lists,
    Lookup,
    LookupResult,
    Message,
    MessageOffsets,
    Ready,
    Verdict,
    Why,
    WhyResult,
)

TEXT = "look 👀 http://bad.example/page"


def main(base: str, token: str) -> None:
    """Ask every endpoint that a service would, and compare."""
    client = AuthenticatedClient(base_url=base, token=token)
    verdict = check.sync(client=client, body=Message(text=TEXT, id="7", offsets=MessageOffsets.BYTES))
    assert isinstance(verdict, Verdict)
    [match] = verdict.matches
    assert (verdict.flagged, verdict.action, match.kind) == (True, Action.BLOCK, Kind.EXACT)
    assert TEXT.encode()[match.start : match.end] == b"http://bad.example/page"
    batch = check.sync(client=client, body=Batch(messages=[Message(text=TEXT, id="a"), Message(id="b")]))
    assert isinstance(batch, BatchResult)
    assert [(each.id, each.flagged) for each in batch.results] == [("a", True), ("b", False)]
    found = lookup.sync(client=client, body=Lookup(url="hxxp://www[.]bad[.]example/page", explain=True))
    assert isinstance(found, LookupResult)
    assert (found.matches[0].steps, found.steps[-1].step) == (["www"], "www")
    told = why.sync(client=client, body=Why(asked=match.entry))
    assert isinstance(told, WhyResult)
    assert (told.entries[0].list_, told.entries[0].policy.exact.action) == ("partner", Action.BLOCK)
    known, ready = lists.sync(client=client), readyz.sync(client=client)
    assert isinstance(known, Lists)
    assert isinstance(ready, Ready)
    assert ([each.name for each in known.lists], ready.ok) == (["partner"], True)
    refused = check.sync_detailed(client=Client(base_url=base), body=Message(text=TEXT))
    assert (refused.status_code, isinstance(refused.parsed, Error)) == (401, True)
    sys.stdout.write("the Python client: checked, looked up, asked why\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
