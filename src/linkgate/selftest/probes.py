"""Probe: one message of the test, and what the gate shall say of it; Maker: what makes the probes of a class.

>>> Probe(spelling="as listed", canary="page", text="see http://linkgate-canary-page.example/album/photo").shown
'see http://linkgate-canary-page.example/album/photo'
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from linkgate.selftest.samples import Sample

    Maker = Callable[[Sample], Iterable[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A message: its text, one link that the text does not show, or the digests of one file.

    spelling: the class that it belongs to. canary: the name of the canary that it leads to, or, for
    a control, nearly leads to.
    """

    spelling: str
    canary: str
    text: str = ""
    link: str | None = None
    media: Mapping[str, Any] | None = None
    control: bool = False

    @property
    def posted(self) -> dict[str, Any]:
        """The part of the message that leads to the canary, by its name."""
        if self.media is not None:
            return {"media": dict(self.media)}
        return {"text": self.text} if self.link is None else {"link": self.link}

    @property
    def shown(self) -> str:
        """The message for a reader, with escapes for what cannot be seen."""
        if self.media is not None:
            return ", ".join(f"{name} {value}" for name, value in self.media.items() if name != "id")
        posted = self.text if self.link is None else self.link
        shown = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in posted)
        return shown if self.link is None else f"(hidden) {shown}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """A class of spellings by its name.

    kind: what a match of it is called, None where canaries differ. make: a sample -> the messages,
    none where the class does not apply. hidden: whether they are links that the text does not show.
    """

    name: str
    make: Maker
    kind: str | None = None
    hidden: bool = False
    control: bool = False

    def probes(self, sample: Sample) -> tuple[Probe, ...]:
        """The messages of this class for one canary."""
        return tuple(self._probe(sample.name, posted) for posted in self.make(sample))

    def _probe(self, canary: str, posted: str) -> Probe:
        text, link = ("", posted) if self.hidden else (posted, None)
        return Probe(spelling=self.name, canary=canary, text=text, link=link, control=self.control)
