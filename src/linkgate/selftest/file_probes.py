"""Files of the test: the digests of the canaries as platforms write them, pictures that are near one, and others.

>>> [(probe.spelling, probe.canary) for probe in file_probes()][:2]
[('a listed file, by its digest', 'sha256'), ('a listed file, by its digest', 'sha256')]
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from linkgate.core.digests.digest import EXACT_TYPES, DigestType
from linkgate.core.digests.near_values import DISTANCE, PDQ_BITS
from linkgate.lists.canaries import DIGESTS
from linkgate.selftest.probes import Probe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NEAR, _FAR = (0, 1, 16, DISTANCE), (DISTANCE + 1, 64, 128, PDQ_BITS)


def file_probes() -> Iterator[Probe]:
    """Every file of the test, the same at every time."""
    for kind in EXACT_TYPES:
        digits = DIGESTS[kind]
        for text in (digits, digits.upper(), b64encode(bytes.fromhex(digits)).decode()):
            yield _probe("a listed file, by its digest", kind, {kind.value: text})
    for bits in _NEAR:
        yield _probe("a picture that looks like a listed one", DigestType.PDQ, {"pdq": _changed(bits)})
    for kind in EXACT_TYPES:
        other = f"{int(DIGESTS[kind][0], 16) ^ 1:x}{DIGESTS[kind][1:]}"
        yield _probe("another file", kind, {kind.value: other}, control=True)
    for bits in _FAR:
        yield _probe("another picture", DigestType.PDQ, {"pdq": _changed(bits)}, control=True)
    poor: dict[str, str | int] = {"pdq": _changed(0), "pdq_quality": 49}
    yield _probe("a picture of too low quality", DigestType.PDQ, poor, control=True)


def _probe(name: str, kind: DigestType, digests: Mapping[str, str | int], *, control: bool = False) -> Probe:
    return Probe(spelling=name, canary=kind.value, media={"id": "file", **digests}, control=control)


def _changed(bits: int) -> str:
    """The canary's picture, as many of its bits changed, all over it."""
    places = (number * 97 % PDQ_BITS for number in range(bits))
    return f"{int(DIGESTS[DigestType.PDQ], 16) ^ sum(1 << place for place in places):064x}"
