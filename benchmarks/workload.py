"""Events as a shop's day sends them: sales, chats, calls; deterministic from a number."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2026, 10, 1, tzinfo=UTC)
ITEMS = ("울 코트", "니트 가디건", "면 셔츠", "데님 팬츠", "머플러", "양말 3족")


def events(count: int, *, seed: int, customers: int, run: str) -> list[dict[str, Any]]:
    """`count` envelopes, in time order; `run` keeps the ids of one run apart from another's."""
    chance = random.Random(seed)
    return [_event(number, chance, customers, f"{run}-{number}") for number in range(count)]


def _event(number: int, chance: random.Random, customers: int, event_id: str) -> dict[str, Any]:
    at = START + timedelta(seconds=number)
    who = chance.randrange(customers)
    customer = {"phone": f"010-{who // 10000 % 10000:04}-{who % 10000:04}", "name": f"고객{who}"}
    kind = chance.random()
    if kind < 0.6:
        items = [_item(chance) for _ in range(chance.randint(1, 3))]
        total = sum(item["amount"] for item in items)
        data = {"customer": customer, "store": "gangnam", "receipt_no": event_id, "items": items, "total": total}
        return _envelope(event_id, "/seoul/pos/gangnam", "pos.sale", at, data)
    if kind < 0.9:
        thread = f"chat-{event_id if chance.random() < 0.4 else who}"
        if chance.random() < 0.4:
            data = {"thread": thread, "from": "agent", "agent": "kim@shop.example", "text": "확인해 드리겠습니다."}
        else:
            data = {
                "customer": customer,
                "thread": thread,
                "from": "customer",
                "text": "배송이 언제 오나요? 주문한 지 사흘 됐어요.",
            }
        return _envelope(event_id, "/seoul/chat", "chat.message", at, data)
    data = {
        "customer": customer,
        "thread": f"call-{event_id}",
        "direction": "inbound",
        "from": customer["phone"],
        "to": "02-000-0000",
    }
    return _envelope(event_id, "/seoul/call", "call.queued", at, data)


def _item(chance: random.Random) -> dict[str, Any]:
    price, quantity = chance.randrange(5, 200) * 1000, chance.randint(1, 2)
    return {
        "sku": f"S{chance.randrange(500):04}",
        "name": chance.choice(ITEMS),
        "quantity": quantity,
        "unit_price": price,
        "amount": price * quantity,
    }


def _envelope(event_id: str, source: str, kind: str, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    return {"specversion": "1.0", "id": event_id, "source": source, "type": kind, "time": at.isoformat(), "data": data}
