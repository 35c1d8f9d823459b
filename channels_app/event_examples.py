"""One believable event of each type, for the API's pages and for trying it out. Every one of them is accepted."""

from __future__ import annotations

from typing import Any

_CUSTOMER = {"phone": "010-0000-5678", "name": "홍길동", "member_no": "M-1001"}
_ITEM = {"sku": "C-101", "name": "울 코트", "quantity": 1, "unit_price": 189000, "amount": 189000}
_AGENT = "kim@shop.example"

# type → source, data
_EXAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    "pos.sale": (
        "/seoul/pos/gangnam",
        {"customer": _CUSTOMER, "store": "gangnam", "receipt_no": "R-0042", "items": [_ITEM], "total": 189000},
    ),
    "pos.refund": (
        "/seoul/pos/gangnam",
        {
            "customer": _CUSTOMER,
            "store": "gangnam",
            "receipt_no": "R-0077",
            "original_receipt_no": "R-0042",
            "items": [_ITEM],
            "total": 189000,
        },
    ),
    "store.visit": (
        "/seoul/store/gangnam",
        {"customer": {"phone": "010-0000-5678"}, "store": "gangnam", "note": "재고 문의"},
    ),
    "store.inquiry": (
        "/seoul/store/gangnam",
        {
            "customer": {"phone": "010-0000-5678"},
            "store": "gangnam",
            "staff": "s2",
            "text": "코트 소매가 뜯어졌어요. 교환되나요?",
        },
    ),
    "call.queued": (
        "/seoul/call",
        {
            "customer": {"phone": "+82 10-0000-5678"},
            "thread": "call-17",
            "direction": "inbound",
            "from": "01000005678",
            "to": "15880000",
        },
    ),
    "call.ringing": ("/seoul/call", {"thread": "call-17", "agent": _AGENT}),
    "call.answered": ("/seoul/call", {"thread": "call-17", "agent": _AGENT}),
    "call.abandoned": ("/seoul/call", {"thread": "call-18", "reason": "no answer"}),
    "call.held": ("/seoul/call", {"thread": "call-17", "agent": _AGENT}),
    "call.resumed": ("/seoul/call", {"thread": "call-17", "agent": _AGENT}),
    "call.ended": ("/seoul/call", {"thread": "call-17", "talk_seconds": 169}),
    "call.recording": (
        "/seoul/call",
        {"thread": "call-17", "url": "https://recordings.example/17", "seconds": 169},
    ),
    "call.transcript": (
        "/seoul/call",
        {
            "thread": "call-17",
            "segments": [
                {"speaker": "agent", "text": "무엇을 도와드릴까요?", "offset_seconds": 0},
                {"speaker": "customer", "text": "교환 문의드려요.", "offset_seconds": 3},
            ],
        },
    ),
    "call.wrapped_up": (
        "/seoul/call",
        {"thread": "call-17", "agent": _AGENT, "result": "promised", "next": "stays_open"},
    ),
    "callback.tried": ("/seoul/call", {"thread": "call-18", "agent": _AGENT, "outcome": "no_answer"}),
    "callback.closed": (
        "/seoul/call",
        {"thread": "call-18", "agent": _AGENT, "reason": "settled", "text": "문자로 안내함"},
    ),
    "chat.message": (
        "/seoul/chat",
        {
            "customer": {"external": {"widget:main": "v-3f2a"}, "phone": "010-0000-5678", "verified": False},
            "thread": "chat-9",
            "from": "customer",
            "text": "지난주에 산 코트 소매가 뜯어졌어요.",
        },
    ),
    "chat.handoff": ("/seoul/chat", {"thread": "chat-9"}),
    "mail.message": (
        "/seoul/mail",
        {
            "customer": {"email": "hong@mail.example", "name": "홍길동"},
            "thread": "mail-4",
            "from": "customer",
            "subject": "배송 문의",
            "text": "언제 도착하나요?",
        },
    ),
    "message.message": (
        "/seoul/message",
        {
            "customer": {"external": {"kakao:@shop": "botUserKey-1"}},
            "thread": "kakao-5",
            "service": "kakao",
            "from": "customer",
            "text": "영업시간이 어떻게 되나요?",
        },
    ),
    "delivery.failed": (
        "/seoul/mail",
        {
            "thread": "mail-4",
            "channel": "mail",
            "message": "example-mail.message",
            "cause": "no_such_address",
            "agent": _AGENT,
        },
    ),
    "note.added": (
        "/seoul/desk",
        {
            "thread": "chat-9",
            "agent": _AGENT,
            "text": "새 코트로 교환해 드리기로 함.",
            "promise": {"text": "교환 상품 발송", "due": "2026-11-25"},
        },
    ),
    "note.edited": (
        "/seoul/desk",
        {
            "thread": "chat-9",
            "agent": _AGENT,
            "note": "example-note.added",
            "text": "새 코트로 내일 교환해 드리기로 함.",
        },
    ),
    "promise.changed": (
        "/seoul/desk",
        {
            "thread": "chat-9",
            "agent": _AGENT,
            "promise": "example-note.added",
            "due": "2026-11-26T18:00:00+09:00",
            "owner": _AGENT,
        },
    ),
    "promise.settled": (
        "/seoul/desk",
        {"thread": "chat-9", "agent": _AGENT, "promise": "example-note.added", "outcome": "kept"},
    ),
    "ticket.opened": (
        "/seoul/desk",
        {
            "thread": "desk-3",
            "customer": {"phone": "010-0000-5678"},
            "text": "만족도 1점을 주셨습니다. 연락해 보세요.",
            "center": "seoul",
            "agent": _AGENT,
        },
    ),
    "ticket.assigned": ("/seoul/desk", {"thread": "chat-9", "agent": _AGENT}),
    "ticket.resolved": ("/seoul/desk", {"thread": "chat-9", "agent": _AGENT, "by": "agent", "topic": "exchange"}),
    "ticket.topic": ("/seoul/desk", {"thread": "chat-9", "topic": "exchange", "agent": _AGENT}),
    "ticket.moved": ("/seoul/desk", {"thread": "chat-9", "center": "busan", "agent": _AGENT}),
    "ticket.unassigned": ("/seoul/desk", {"thread": "chat-9", "agent": _AGENT}),
    "ticket.priority": ("/seoul/desk", {"thread": "chat-9", "priority": "urgent", "agent": _AGENT}),
    "ticket.tagged": ("/seoul/desk", {"thread": "chat-9", "add": ["vip"], "remove": ["재입고"], "agent": _AGENT}),
    "ticket.snoozed": ("/seoul/desk", {"thread": "chat-9", "until": "2026-11-23T09:00:00+09:00", "agent": _AGENT}),
    "ticket.woken": ("/seoul/desk", {"thread": "chat-9", "agent": _AGENT}),
    "ticket.linked": ("/seoul/desk", {"thread": "chat-9", "to": "mail-4", "agent": _AGENT}),
    "ticket.unlinked": ("/seoul/desk", {"thread": "chat-9", "to": "mail-4", "agent": _AGENT}),
    "ticket.merged": ("/seoul/desk", {"thread": "chat-9", "into": "mail-4", "agent": _AGENT}),
    "ticket.unmerged": ("/seoul/desk", {"thread": "chat-9", "into": "mail-4", "agent": _AGENT}),
    "ticket.reopened": ("/seoul/desk", {"thread": "chat-9"}),
    "survey.sent": ("/seoul/chat", {"thread": "chat-9", "survey": "csat", "agent": _AGENT}),
    "survey.answered": ("/seoul/chat", {"thread": "chat-9", "survey": "csat", "score": 5, "comment": "친절했어요"}),
    "review.posted": (
        "/reviews/smartstore",
        {
            "customer": {"name": "홍*동"},
            "site": "smartstore",
            "product": "울 코트",
            "order_no": "2026112212345",
            "score": 2,
            "text": "색은 예쁜데 소매가 뜯어져서 왔어요.",
        },
    ),
    "survey.changed": (
        "/seoul/chat",
        {"thread": "chat-9", "survey": "csat", "answer": "example-survey.answered", "score": 4},
    ),
    "survey.followed_up": (
        "/seoul/desk",
        {"thread": "chat-9", "answer": "example-survey.answered", "outcome": "solved", "agent": _AGENT},
    ),
    "survey.opted_out": ("/seoul/desk", {"customer": {"phone": "010-0000-5678"}, "agent": _AGENT}),
    "survey.opted_in": ("/seoul/desk", {"customer": {"phone": "010-0000-5678"}, "agent": _AGENT}),
    "consent.given": (
        "/seoul/kiosk",
        {
            "customer": {"phone": "010-0000-5678"},
            "purpose": "marketing",
            "media": ["sms", "kakao"],
            "night": False,
            "how": "kiosk",
            "version": "2026-03",
            "text": "하늘상회의 할인과 행사 소식을 문자와 카카오톡으로 받는 데 동의합니다.",
        },
    ),
    "consent.withdrawn": (
        "/seoul/desk",
        {
            "customer": {"phone": "010-0000-5678"},
            "purpose": "marketing",
            "media": ["sms"],
            "how": "phone",
            "agent": _AGENT,
        },
    ),
    "consent.told": (
        "/seoul/mail",
        {
            "customer": {"phone": "010-0000-5678"},
            "what": "result",
            "media": ["sms"],
            "medium": "sms",
            "consent": "example-consent.withdrawn",
        },
    ),
    "customer.merged": (
        "/seoul/desk",
        {"into": {"member_no": "M-1001"}, "from": {"phone": "010-0000-5678"}, "agent": _AGENT},
    ),
    "customer.unmerged": (
        "/seoul/desk",
        {"into": {"member_no": "M-1001"}, "from": {"phone": "010-0000-5678"}, "agent": _AGENT},
    ),
    "identity.confirmed": (
        "/seoul/desk",
        {"customer": {"phone": "010-0000-5678"}, "thread": "chat-9", "agent": _AGENT},
    ),
}


def example_event(name: str) -> dict[str, Any]:
    """A whole envelope of the given type."""
    source, data = _EXAMPLES[name]
    return {
        "specversion": "1.0",
        "id": f"example-{name}",
        "source": source,
        "type": name,
        "time": "2026-11-22T14:03:11+09:00",
        "data": data,
    }
