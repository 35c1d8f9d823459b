"""Who agreed to advertising, by what and where, and who took it back: at the tills' kiosks, on paper, on the telephone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from channels_app.demo.envelopes import Envelope, envelope
from channels_app.demo.hours import SEOUL, at_clock
from channels_app.demo.organization import NAME, clerk_of
from channels_app.demo.people import HEROINE, Customer
from channels_app.demo.sales import Sale
from channels_app.demo.stories.tale import AGENT

_AGREED, _TAKEN_BACK, _AT_NIGHT = 0.35, 0.12, 0.15
# What people tick, and how often; mail only where she has told an address.
_MEDIA = (("sms",), ("sms", "kakao"), ("kakao",), ("sms", "mail"), ("sms", "mail", "kakao", "call"))
_MEDIA_WEIGHTS = (40, 30, 12, 12, 6)
_HOW, _HOW_WEIGHTS = ("kiosk", "counter", "paper"), (6, 3, 1)
_WORDS = {"sms": "문자", "mail": "메일", "kakao": "카카오톡", "call": "전화"}


def consents(rng: Random, sales: list[Sale]) -> Iterator[Envelope]:
    """Each member is asked once, beside the first sale there is of her; some change their mind, also after the present."""
    asked: set[int] = set()
    for sale in sales:
        who = sale.who
        if who is None or not who.member_no or who.number in asked:
            continue
        asked.add(who.number)
        if rng.random() > _AGREED:
            continue
        chosen = rng.choices(_MEDIA, _MEDIA_WEIGHTS)[0]
        media = [medium for medium in chosen if medium != "mail" or who.email]
        at = sale.at + timedelta(seconds=rng.randint(20, 90))
        how = rng.choices(_HOW, _HOW_WEIGHTS)[0]
        yield _given(sale.store, who, media, how=how, is_night=rng.random() < _AT_NIGHT, at=at)
        if rng.random() < _TAKEN_BACK:
            later = at_clock(at.astimezone(SEOUL).date() + timedelta(days=rng.randint(2, 30)), time(11, 20))
            named = media[:1] if rng.random() < 0.5 else []
            yield _withdrawn(sale.store, who, named, how="counter", at=later)


def consents_of_the_heroine(now: datetime) -> Iterator[Envelope]:
    """All that a ledger can show: more than one medium, the night, one that was taken back on the telephone."""
    today = now.astimezone(SEOUL).date()
    first, second, called = (today - timedelta(days=days) for days in (47, 26, 19))
    yield _given("gangnam", HEROINE, ["sms", "kakao"], how="kiosk", is_night=True, at=at_clock(first, time(19, 6, 30)))
    yield _given("gangnam", HEROINE, ["mail"], how="counter", is_night=False, at=at_clock(second, time(14, 33)))
    yield _withdrawn("gangnam", HEROINE, ["kakao"], how="phone", at=at_clock(called, time(15, 12)), agent=AGENT)


def _given(store: str, who: Customer, media: list[str], *, how: str, is_night: bool, at: datetime) -> Envelope:
    by = ", ".join(_WORDS[medium] for medium in media)
    words = f"{NAME}의 혜택, 행사, 신상품 소식을 받는 데 동의합니다. 받을 방법: {by}."
    words += " 21시부터 8시까지도 받겠습니다." if is_night else ""
    told = {"media": media, "text": f"{words} 언제든지 무료로 철회할 수 있습니다."} | (
        {"night": True} if is_night else {}
    )
    return _consent("consent.given", store, who, told, how=how, at=at, agent=clerk_of(store).email)


def _withdrawn(store: str, who: Customer, media: list[str], *, how: str, at: datetime, agent: str = "") -> Envelope:
    told: dict[str, Any] = {"media": media} if media else {}
    return _consent("consent.withdrawn", store, who, told, how=how, at=at, agent=agent or clerk_of(store).email)


def _consent(
    kind: str, store: str, who: Customer, told: dict[str, Any], *, how: str, at: datetime, agent: str
) -> Envelope:
    data = {"customer": who.at_till(), "purpose": "marketing", **told, "how": how, "agent": agent}
    if how != "phone":
        data["store"] = store
    event_id = f"{who.member_no}-{kind.removeprefix('consent.')}-{at:%y%m%d%H%M%S}"
    return envelope(f"/{who.center}/consents", event_id, kind, at, data)
