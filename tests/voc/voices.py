"""What customers say in these tests, and a picture of what was heard."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from accounts.models import Organization
from channels_app.intake import Sender, receive
from tests.channels_app.envelopes import AT, START, envelope
from voc.actions.listening import HEARD_AT_ONCE, listen
from voc.models import Tagging, Voice, VoiceTopic

SENDER = Sender(label="test", sources=("/seoul", "/busan", "/hub", "/reviews"))
PHONE = "010-0123-4567"
NOW = START + timedelta(hours=12)


def chat(
    event_id: str, text: str, *, thread: str = "chat:1", minutes: float = 0, from_: str = "customer", **data: Any
) -> dict[str, Any]:
    customer = data.pop("customer", {"phone": PHONE, "name": "김서연"} if from_ == "customer" else None)
    return envelope(
        event_id,
        "chat.message",
        minutes=minutes,
        source="/seoul/chat",
        customer=customer,
        thread=thread,
        from_=from_,
        text=text,
        **data,
    )


def say(organization: Organization, *envelopes: dict[str, Any]) -> None:
    outcomes = receive(organization, list(envelopes), sender=SENDER, at=AT)
    assert not [one for one in outcomes if one.is_refused], [one.problem for one in outcomes]


def hear(organization: Organization) -> None:
    while listen(organization, at=NOW) == HEARD_AT_ONCE:
        pass


def say_and_hear(organization: Organization, *envelopes: dict[str, Any]) -> list[Voice]:
    say(organization, *envelopes)
    hear(organization)
    return voices(organization)


def voices(organization: Organization) -> list[Voice]:
    return list(Voice.objects.filter(organization=organization).order_by("time", "event__event_id", "part", "start"))


def picture(organization: Organization) -> list[tuple[Any, ...]]:
    """All that was heard, without keys: the same for the same events, in whichever order they came."""
    topics: dict[int, list[tuple[str, int]]] = {}
    for row in VoiceTopic.objects.filter(organization=organization).select_related("topic"):
        topics.setdefault(row.voice_id, []).append((row.topic.slug, row.sentiment))
    taggings: dict[int, int] = {}
    for pk in Tagging.objects.filter(organization=organization).values_list("voice", flat=True):
        taggings[pk] = taggings.get(pk, 0) + 1
    rows = Voice.objects.filter(organization=organization).select_related("event", "store", "center")
    return sorted(
        (
            row.event.event_id,
            row.part,
            row.start,
            row.end,
            row.text,
            row.channel,
            row.time.isoformat(),
            row.store.slug if row.store else "",
            row.center.slug if row.center else "",
            row.act,
            row.sentiment,
            row.severity,
            tuple(sorted(topics.get(row.pk, []))),
            taggings.get(row.pk, 0),
        )
        for row in rows
    )
