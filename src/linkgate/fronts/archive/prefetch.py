"""Work done an item or two ahead by a thread: chunks are decoded while others are scanned, no silent pipe holds it up.

>>> with feeding(iter("abc")) as feed:
...     list(feed)
['a', 'b', 'c']
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager, suppress
from multiprocessing import Pipe
from queue import Empty, Queue
from threading import Thread
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from multiprocessing.connection import Connection

_Item = TypeVar("_Item")
_PATIENCE = 0.2
"""Seconds for a chunk to be decoded."""


@contextmanager
def feeding(work: Iterable[_Item]) -> Iterator[Feed[_Item]]:
    """Read ahead for a while; when that is over, the thread ends with the item that it is reading."""
    feed = Feed(work)
    feed.start()
    try:
        yield feed
    finally:
        feed.stop()


class Feed(Generic[_Item]):
    """Items from a thread, to be iterated over; `bell` can be waited for together with other connections."""

    def __init__(self, work: Iterable[_Item]) -> None:
        self._work = work
        self._ahead: Queue[tuple[_Item] | BaseException | None] = Queue(maxsize=1)
        self._stopped = False
        self._thread = Thread(target=self._read, daemon=True)  # it may be in a read that never returns
        self.bell: Connection[bytes, bytes]
        self.bell, self._ring = Pipe(duplex=False)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def _read(self) -> None:
        end: BaseException | None = None
        try:
            for item in self._work:
                self._give((item,))
                if self._stopped:
                    break
        except BaseException as error:  # noqa: BLE001  # it is raised where the items are awaited
            end = error
        if isinstance(self._work, Generator):
            self._work.close()  # and with it the file that it reads
        self._give(end)

    def _give(self, item: tuple[_Item] | BaseException | None) -> None:
        if self._stopped:
            return
        self._ahead.put(item)
        self._ring.send_bytes(b"")

    def __iter__(self) -> Iterator[_Item]:
        while (item := self.take()) is not None:
            yield item[0]

    def take(self) -> tuple[_Item] | None:
        """Wait for the next item; None at the end. Raises what the reading raised."""
        self.bell.recv_bytes()
        item = self._ahead.get()
        if isinstance(item, BaseException):
            raise item
        return item

    def stop(self) -> None:
        """Read no more."""
        self._stopped = True
        with suppress(Empty):
            self._ahead.get_nowait()
        self._thread.join(_PATIENCE)  # what it decodes is best not cut short by the end of the process
