r"""Readers: one module a format, each turning the bytes of a file into items and rejected lines.

A reader knows its format and nothing of scopes or hosts: an `ListItem` carries the address as the
publisher wrote it. `FORMATS` maps a name to its reader, `sniff` guesses the name.

>>> from linkgate.lists.formats import FORMATS, sniff
>>> sorted(FORMATS)[:10]
['adblock', 'csv', 'dnsmasq', 'duckduckgo', 'hosts', 'json', 'jsonl', 'misp', 'misp-csv', 'misp-warninglist']
>>> sorted(FORMATS)[10:20]
['ncmec', 'openioc', 'openphish', 'otx', 'phishtank', 'plain', 'polkadot', 'rpz', 'stix', 'stopncii']
>>> sorted(FORMATS)[20:]
['taxii', 'threatexchange', 'threatexchange-dataset', 'threatfox', 'tsv', 'tweetfeed', 'unbound', 'urlhaus', 'yaml']
>>> data = b"# demo\nhttp://bad.example/page\n"
>>> [item.address for item in FORMATS[sniff(data, "demo.txt")](data)]
['http://bad.example/page']
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkgate.lists.formats import (
    adblock,
    delimited_list,
    dnsmasq,
    document,
    hosts_file,
    json_lines_list,
    misp,
    ncmec_hashes,
    openioc,
    plain_list,
    presets,
    stix,
    stopncii,
    unbound,
    warninglist,
    yaml_document,
)
from linkgate.lists.formats.format_detection import sniff
from linkgate.lists.formats.item import ListItem, RejectedLine, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Protocol

    class Reader(Protocol):
        """What every format module offers as `read`."""

        def __call__(
            self, data: bytes, *, columns: Mapping[str, str] | None = None
        ) -> Iterator[ListItem | RejectedLine]:
            """Bytes of a whole file in, items and rejected lines out, in the file's order."""


def _rpz(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[ListItem | RejectedLine]:
    """Items of a zone file; `columns` may hold `redirect`, the name of the publisher's walled garden."""
    from linkgate.lists.formats import rpz  # noqa: PLC0415 - dnspython takes 50 ms to load; few lists are zone files

    return rpz.read(data, columns=columns)


def _tsv(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[ListItem | RejectedLine]:
    """Items of a table whose cells are parted by tabs."""
    return delimited_list.read(data, columns=columns, delimiter="\t")


FORMATS: dict[str, Reader] = {
    "adblock": adblock.read,
    "csv": delimited_list.read,
    "dnsmasq": dnsmasq.read,
    "duckduckgo": presets.duckduckgo,
    "hosts": hosts_file.read,
    "json": document.read,
    "jsonl": json_lines_list.read,
    "misp": misp.read,
    "misp-csv": misp.read_csv,
    "misp-warninglist": warninglist.read,
    "ncmec": ncmec_hashes.read,
    "openioc": openioc.read,
    "openphish": plain_list.read,
    "otx": presets.otx,
    "phishtank": presets.phishtank,
    "plain": plain_list.read,
    "polkadot": presets.polkadot,
    "rpz": _rpz,
    "stix": stix.read,
    "stopncii": stopncii.read,
    "taxii": stix.read,
    "threatexchange": presets.threatexchange,
    "threatexchange-dataset": presets.threatexchange_dataset,
    "threatfox": presets.threatfox,
    "tsv": _tsv,
    "tweetfeed": presets.tweetfeed,
    "unbound": unbound.read,
    "urlhaus": presets.urlhaus,
    "yaml": yaml_document.read,
}

__all__ = ["FORMATS", "ListItem", "RejectedLine", "Skipped", "sniff"]
