"""Items of JSON lists, gathered until they are enough for a chunk.

>>> gathered = GatheredItems()
>>> gathered.add(Items("c", b""), b'{"text": "a"}'), gathered.add(Items("c", b""), b'{"text": "b"}'), gathered.size
(None, None, 26)
>>> [(cut.content[0].content, cut.places) for cut in gathered.flush()], gathered.size
([(b'{"text": "a"},{"text": "b"}', 2)], 0)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkgate.fronts.inputs.chunks import Cut, Items

if TYPE_CHECKING:
    from collections.abc import Iterator


class GatheredItems:
    """Items of one list after another; `size`: bytes that were gathered."""

    def __init__(self) -> None:
        self.size = 0
        self._count = 0
        self._lists: list[tuple[Items, list[bytes]]] = []

    def add(self, kind: Items, item: bytes) -> None:
        """Take an item of a list, which `kind` tells but for its content."""
        if not self._lists or self._lists[-1][0] != kind:
            self._lists.append((kind, []))
        self._lists[-1][1].append(item)
        self._count += 1
        self.size += len(item)

    def flush(self) -> Iterator[Cut]:
        """Hand over what there is, as one cut."""
        if self._count:
            content = tuple(kind._replace(content=b",".join(items)) for kind, items in self._lists)
            yield Cut(content, self._count)
        self.__init__()  # type: ignore[misc]  # empty again
