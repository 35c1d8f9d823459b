"""From an event handed in until the open dashboard shows it: one hub process with its worker and its clock, over HTTP.

Does what the page's scripts do (static/js/live.js, kpi/dashboard.html): one socket that listens for hints, and the head
fetched anew 150 ms after each.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import statistics
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import Max
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from accounts.models import Organization
from benchmarks.agent_page import Fetcher
from benchmarks.door import session_of
from benchmarks.figures import Figure
from benchmarks.intake import post_all
from benchmarks.servers import hub_with_sockets
from benchmarks.shop import Shop, make_key
from customers.models import Event
from kpi.models import Following
from tickets.models import SearchProgress
from voc.models import Listening

TIMES = 20
MOST_SECONDS = 5.0
AFTER_HINT_SECONDS = 0.15
# A hub that has not followed by then does not follow.
LONGEST_SECONDS = 180.0
# Wherever the follower's clock stands when the event comes.
PAUSES_SECONDS = (0.5, 2.5)
HEAD = "/kpi/now/?period=today"
_WAITING = re.compile(r"data-waiting-count>(?:<a [^>]*>)?([\d,]+)")


def measure(shop: Shop, *, times: int = TIMES) -> Iterator[Figure]:
    """Customers write, one after the other; each has arrived when the dashboard counts one more who waits."""
    key = make_key(shop)
    _have_followed()
    with hub_with_sockets(with_worker=True) as (port, _pid):
        fetcher = Fetcher(port, f"{settings.SESSION_COOKIE_NAME}={session_of(shop.owner)}")
        seconds = asyncio.run(_shown(fetcher, key, times))
    most = max(seconds)
    name = f"event → its figure on the open dashboard, {times} times"
    yield Figure(f"{name}, median", "s", statistics.median(seconds))
    yield Figure("– most", "s", most, None, f"≤ {MOST_SECONDS:.0f} s", most <= MOST_SECONDS)


def _have_followed() -> None:
    """What was written without the door is not to be worked out now: the worker is as one who has kept up."""
    upto = Event.objects.aggregate(upto=Max("pk"))["upto"] or 0
    Following.objects.update_or_create(pk=1, defaults={"upto": upto, "gaps": []})
    for organization in Organization.objects.all():
        for progress in (Listening, SearchProgress):
            progress.objects.update_or_create(organization=organization, defaults={"upto": upto})


async def _shown(fetcher: Fetcher, key: str, times: int) -> list[float]:
    seconds: list[float] = []
    chance = random.Random(11)
    address, origin = f"ws://127.0.0.1:{fetcher.port}/ws/desk/", Origin(f"http://127.0.0.1:{fetcher.port}")
    async with connect(address, origin=origin, additional_headers={"Cookie": fetcher.cookie}) as socket:
        await socket.send(json.dumps({"kind": "subscribe", "groups": ["figures"]}))
        # The first is to warm up: the worker loads what it needs.
        for number in range(times + 1):
            await asyncio.sleep(chance.uniform(*PAUSES_SECONDS))
            before = await _waiting(fetcher)
            began = time.perf_counter()
            await asyncio.to_thread(post_all, fetcher.port, key, [_message()], connections=1, expected=201)
            await asyncio.wait_for(_has_grown(socket, fetcher, before), LONGEST_SECONDS)
            if number:
                seconds.append(time.perf_counter() - began)
    fetcher.close()
    return seconds


async def _has_grown(socket: ClientConnection, fetcher: Fetcher, before: int) -> None:
    async for raw in socket:
        if json.loads(raw)["kind"] != "hint":
            continue
        await asyncio.sleep(AFTER_HINT_SECONDS)
        if await _waiting(fetcher) > before:
            return


async def _waiting(fetcher: Fetcher) -> int:
    _headers, html = await fetcher.get(HEAD)
    found = _WAITING.search(html)
    if found is None:
        raise SystemExit("the dashboard's head does not say who waits")
    return int(found[1].replace(",", ""))


def _message() -> bytes:
    told: dict[str, Any] = {
        "specversion": "1.0",
        "id": uuid.uuid4().hex,
        "source": "/seoul/chat",
        "type": "chat.message",
        "time": datetime.now(UTC).isoformat(),
        "data": {
            "thread": f"live-{uuid.uuid4().hex[:12]}",
            "from": "customer",
            "text": "언제 오나요?",
            "customer": {"phone": "010-0000-0001"},
        },
    }
    return json.dumps(told).encode()
