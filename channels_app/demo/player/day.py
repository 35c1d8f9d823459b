"""The course of the day: which act begins when. Begins them, and goes on whatever becomes of one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count
from random import Random

from django.utils.translation import gettext as _

from channels_app.demo.player import chats, letters, phones, shops
from channels_app.demo.player.line import NotLetIn, Refused
from channels_app.demo.player.stage import Act, House

Play = Callable[[Act], Awaitable[None]]

# What a newcomer sees in the first minute, whatever the seed: of each kind one.
_OPENING: tuple[Play, ...] = (
    shops.sale,
    phones.call_of_the_heroine,
    chats.chat,
    shops.sale,
    letters.kakao,
    shops.inquiry,
)
_WEIGHTS: dict[Play, int] = {
    shops.sale: 40,
    shops.visit: 9,
    shops.inquiry: 4,
    shops.refund: 3,
    phones.call: 16,
    phones.withheld_call: 1,
    chats.chat: 15,
    letters.kakao: 8,
    letters.mail: 4,
}
_OPENING_GAP_SECONDS, _MEAN_GAP_SECONDS, _LONGEST_GAP_SECONDS = 3.0, 5.0, 14.0
# Acts last minutes; with more of them at once, nobody could follow.
_MOST_AT_ONCE = 24


async def play_day(house: House, *, acts: int | None = None) -> None:
    """Plays acts until cancelled (or so many of them, to their end). Raises NotLetIn where the hub refuses the key."""
    await house.line.check()
    places = asyncio.Semaphore(_MOST_AT_ONCE)
    chance = house.act(0).rng
    async with asyncio.TaskGroup() as playing:
        for number in count(1):
            if acts is not None and number > acts:
                return
            play, gap_seconds = _next(number, chance)
            await places.acquire()
            playing.create_task(_guarded(play, house.act(number), places))
            await asyncio.sleep(gap_seconds / house.speed)


def _next(number: int, chance: Random) -> tuple[Play, float]:
    """The act that begins now, and how many seconds go by before the one after it."""
    if number <= len(_OPENING):
        return _OPENING[number - 1], _OPENING_GAP_SECONDS
    gap_seconds = min(chance.expovariate(1 / _MEAN_GAP_SECONDS) + 0.5, _LONGEST_GAP_SECONDS)
    return chance.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0], gap_seconds


async def _guarded(play: Play, act: Act, places: asyncio.Semaphore) -> None:
    """One act that is refused ends alone; a key that is refused ends the day."""
    try:
        await play(act)
    except NotLetIn:
        raise
    except Refused as refusal:
        act.tell(_("Hub"), _("declined: %(why)s") % {"why": refusal})
    finally:
        places.release()
