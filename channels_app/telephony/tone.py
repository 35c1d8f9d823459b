"""What simulated recordings sound like: two calm tones that take turns, like two voices. Any part of it at once.

8-bit PCM at 8 kHz: each sample follows from its place, so a recording of an hour needs neither file nor memory.
"""

from __future__ import annotations

import math
import struct

RATE = 8000
HEADER_BYTES = 44
# Each side "speaks" so long; a beat of silence stands at the end of each turn.
_TURN_SECONDS, _SILENT_SHARE = 4, 0.2
_PITCHES = (220.0, 330.0)
_LOUDNESS = 22
# One period of a few seconds is made once; the sound repeats it.
_PERIOD = RATE * _TURN_SECONDS * len(_PITCHES)


def length_of(seconds: float) -> int:
    """How many bytes a recording of so many seconds has."""
    return HEADER_BYTES + max(1, int(seconds * RATE))


def part_of(seconds: float, start: int, end: int) -> bytes:
    """Bytes `[start, end)` of the file."""
    samples = length_of(seconds) - HEADER_BYTES
    head = _header(samples)[start:end]
    first, last = max(0, start - HEADER_BYTES), max(0, end - HEADER_BYTES)
    return head + bytes(_PERIODIC[place % _PERIOD] for place in range(first, min(last, samples)))


def _header(samples: int) -> bytes:
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE, RATE, 1, 8)
    return struct.pack("<4sI4s", b"RIFF", 36 + samples, b"WAVE") + form + struct.pack("<4sI", b"data", samples)


def _sample(place: int) -> int:
    turn, within = divmod(place, RATE * _TURN_SECONDS)
    if within > RATE * _TURN_SECONDS * (1 - _SILENT_SHARE):
        return 128
    swell = math.sin(math.pi * within / (RATE * _TURN_SECONDS * (1 - _SILENT_SHARE)))
    return 128 + round(_LOUDNESS * swell * math.sin(2 * math.pi * _PITCHES[turn % len(_PITCHES)] * within / RATE))


_PERIODIC = bytes(_sample(place) for place in range(_PERIOD))
