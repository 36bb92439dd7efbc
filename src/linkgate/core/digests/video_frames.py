"""video frames: a vPDQ value is the PDQ values of a video's frames; which listed videos share most of them.

It is written as vPDQ writes it: a JSON list of frames, each `HEX,QUALITY,SECONDS`; quality and seconds may be left out.
A frame of low quality tells nothing, and one that comes again counts once.

>>> frame = "f0" * 32
>>> frames_of(f'["{frame},100,0.0", "{frame},100,1.0", "{"0f" * 32},49,2.0"]') == bytes.fromhex(frame)
True
>>> frames_of('["f0"]') is None, frames_of("x") is None, frames_of("[]") is None
(True, True, False)
>>> table = NearValues(bytes(range(32)) + bytes(range(32, 64)) + bytes(range(64, 96)))
>>> [videos_near(table, [0, 2, 3], asked, 31, lambda slot: 31) for asked in (bytes(range(32)), bytes(32))]
[[(0, 0)], []]
"""

from __future__ import annotations

import binascii
from bisect import bisect_right
from typing import TYPE_CHECKING

import msgspec

from linkgate.core.digests.near_values import PDQ_BYTES, NearValues

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

LEAST_SHARE = 80
"""Hundredths of the frames of one video, either one, that are near frames of the other (vPDQ asks it of one side)."""
_LEAST_QUALITY, _HIGHEST = 50, 100
_FRAMES = msgspec.json.Decoder(list[str])


def frames_of(text: str) -> bytes | None:
    """The PDQ values of the frames that tell something, one behind the other; None where the text is no list of them.

    Empty where no frame tells anything.
    """
    try:
        frames = [_frame(each) for each in _FRAMES.decode(text)]
    except (msgspec.DecodeError, ValueError, UnicodeEncodeError):
        return None
    return b"".join(dict.fromkeys(octets for octets, quality in frames if quality >= _LEAST_QUALITY))


def _frame(text: str) -> tuple[bytes, float]:
    """Value and quality of a frame. ValueError."""
    digits, _, rest = text.partition(",")
    octets, number = binascii.unhexlify(digits.strip()), float(rest.partition(",")[0] or _HIGHEST)
    if len(octets) != PDQ_BYTES or not 0 <= number <= _HIGHEST:
        raise ValueError("no frame")
    return octets, number


def each_frame(octets: bytes) -> Iterator[bytes]:
    """The values of a video, one by one."""
    return (octets[start : start + PDQ_BYTES] for start in range(0, len(octets), PDQ_BYTES))


def videos_near(
    table: NearValues, starts: Sequence[int], asked: bytes, reach: int, reach_of: Callable[[int], int]
) -> list[tuple[int, int]]:
    """The videos of which most frames are near, or that hold most of the frames; the nearest first.

    starts: where the frames of each begin in the table, and the end. reach: in how many bits frames may differ at most,
    and reach_of, those of one video. Out: places, and how many hundredths of the frames have no counterpart, of that
    video of which more have one.
    """
    frames = list(each_frame(asked))
    met: dict[int, tuple[set[int], set[int]]] = {}
    reaches: dict[int, int] = {}
    for number, found in enumerate(table.near_each(frames, reach, most=None)):
        for place, distance in found:
            slot = bisect_right(starts, place) - 1
            if slot not in reaches:
                reaches[slot] = reach_of(slot)
            if distance <= reaches[slot]:
                ours, theirs = met.setdefault(slot, (set(), set()))
                ours.add(number)
                theirs.add(place)
    shares = (
        (slot, max(len(ours) * 100 // len(frames), len(theirs) * 100 // (starts[slot + 1] - starts[slot])))
        for slot, (ours, theirs) in met.items()
    )
    return sorted(((slot, 100 - share) for slot, share in shares if share >= LEAST_SHARE), key=lambda near: near[::-1])
