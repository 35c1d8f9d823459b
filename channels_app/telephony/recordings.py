"""What was recorded, played through the hub: the page never learns where the provider keeps it.

A player asks for parts (Range); each answer is at most `PART_BYTES`, and the player asks for the next.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from channels_app.models import TelephonySettings
from channels_app.telephony import tone
from channels_app.telephony.queries import settings_of
from channels_app.telephony.simulator import RECORDINGS
from customers.models import Event
from cxhub.outgoing import NotAllowed, NotReached, ask

PART_BYTES = 1024 * 1024
# A provider that cannot send parts sends the whole: an hour of ordinary telephone sound.
WHOLE_BYTES = 32 * 1024 * 1024
_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_SOUNDS = ("audio/", "video/mp4", "application/ogg", "application/octet-stream")


class Unavailable(Exception):
    """It cannot be played now; `cause` is a word: `unreachable`, `gone`, `address`, `no_sound`."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class BeyondTheEnd(Exception):
    """There is no such part; the recording has `total` bytes."""

    def __init__(self, total: int) -> None:
        super().__init__(total)
        self.total = total


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes from `start` on, of `total`."""

    body: bytes
    start: int
    total: int
    content_type: str


def wanted(header: str) -> tuple[int, int | None]:
    """The part that a Range header asks for, as first and last byte; from the beginning where it says nothing we know."""
    found = _RANGE.fullmatch(header.strip())
    if found is None:
        return 0, None
    last = int(found[2]) if found[2] else None
    return (0, None) if last is not None and last < int(found[1]) else (int(found[1]), last)


def part_of(recording: Event, start: int, last: int | None) -> Part:
    """Some of what was recorded. Raises `Unavailable`, `BeyondTheEnd`. Asks the network, so never in a transaction."""
    url, seconds = str(recording.data.get("url") or ""), float(recording.data.get("seconds") or 0)
    end = start + PART_BYTES if last is None else min(last + 1, start + PART_BYTES)
    if url.startswith(RECORDINGS):
        settings = settings_of(recording.organization_id)
        if settings is None or settings.adapter != TelephonySettings.Adapter.SIMULATOR:
            raise Unavailable("gone")
        total = tone.length_of(seconds)
        if start >= total:
            raise BeyondTheEnd(total)
        return Part(tone.part_of(seconds, start, min(end, total)), start, total, "audio/wav")
    return _fetched(url, start, end)


def _fetched(url: str, start: int, end: int) -> Part:
    try:
        answer = ask("GET", url, headers={"Range": f"bytes={start}-{end - 1}"}, at_most=WHOLE_BYTES)
    except NotAllowed as error:
        raise Unavailable("address") from error
    except NotReached as error:
        raise Unavailable("unreachable") from error
    if answer.status == 416:
        total = answer.headers.get("content-range", "").rpartition("/")[2]
        raise BeyondTheEnd(int(total) if total.isdigit() else start)
    if answer.status not in (200, 206):
        raise Unavailable("gone" if answer.status in (401, 403, 404, 410) else "unreachable")
    content_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not content_type.startswith(_SOUNDS):
        raise Unavailable("no_sound")
    if answer.status == 200:
        if answer.is_cut:
            raise Unavailable("no_sound")
        if start >= len(answer.body):
            raise BeyondTheEnd(len(answer.body))
        return Part(answer.body[start:end], start, len(answer.body), content_type)
    told = _CONTENT_RANGE.fullmatch(answer.headers.get("content-range", ""))
    if told is None or int(told[1]) != start or int(told[2]) - start + 1 != len(answer.body):
        raise Unavailable("unreachable")
    return Part(answer.body, start, int(told[3]), content_type)
