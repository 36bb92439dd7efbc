"""The table of the test: every class of spellings, and every class of controls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkgate.selftest.carriers import NESTED
from linkgate.selftest.controls import CONTROLS
from linkgate.selftest.file_probes import file_probes
from linkgate.selftest.loose_spellings import LOOSE
from linkgate.selftest.same_page import EXACT
from linkgate.selftest.samples import SAMPLES

if TYPE_CHECKING:
    from linkgate.selftest.probes import Probe

SPELLINGS = (*EXACT, *LOOSE, *NESTED)
"""Classes of which every message leads to a canary."""

UNTRIED = (
    "names on t.me: none of them is reserved for tests",
    "what has to be opened to be seen: shorteners, pages that redirect, pictures, QR codes",
)
"""What no canary can stand for, in words for the certificate."""


def probes() -> tuple[Probe, ...]:
    """Every message of the test, class by class, the same at every time.

    >>> every = probes()
    >>> len(every) > 900, sum(probe.control for probe in every) > 80
    (True, True)
    """
    linked = (probe for spelling in (*SPELLINGS, *CONTROLS) for sample in SAMPLES for probe in spelling.probes(sample))
    return (*linked, *file_probes())
