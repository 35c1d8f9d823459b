"""What kind each of the room's routes is, for tests/test_isolation.py."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone

from channels_app.intake import receive
from customers.models import Customer
from tests.channels_app.envelopes import AT, TILL, envelope
from tests.isolation import MARK, Listed, Named, Route, World
from tests.voc.board_isolation import BOARD_POPULATE, BOARD_ROUTES
from tickets.models import Ticket, Topic
from voc.actions.listening import listen
from voc.models import Layer, Voice


def _hear_somebody(world: World) -> None:
    said = envelope(
        "voice-1",
        "chat.message",
        source="/seoul/chat",
        customer={"phone": "010-0000-4321", "name": f"김목소리{MARK}"},
        thread="chat:voice",
        from_="customer",
        text=f"{MARK} 배송이 안 와요",
    )
    organization = world.hidden.organization
    receive(organization, [said], sender=TILL, at=AT)
    listen(organization, at=timezone.now())
    voice = Voice.objects.filter(organization=organization, event__event_id="voice-1").earliest("start")
    world.made["voice"] = voice.public_id
    world.made["voice_customer"] = Customer.objects.get(pk=voice.customer_id).public_id
    world.made["voice_ticket"] = Ticket.objects.get(organization=organization, thread="chat:voice").public_id
    topic = Topic.objects.filter(organization=organization).earliest("pk")
    topic.name = f"배송{MARK}"
    topic.save(update_fields=["name"])
    world.made["voice_topic"] = topic.public_id
    world.made["voice_layer"] = Layer.objects.create(
        organization=organization,
        number=1,
        status=Layer.Status.ACTIVE,
        version="1",
        tagger_version="1",
        made_at=timezone.now(),
        learned_from=10,
        held_out=2,
        score_before=0.5,
        score_after=0.9,
        data="",
    ).public_id


ROUTES: dict[str, Route] = {
    **BOARD_ROUTES,
    "voc:marks": Named(lambda world: {"ticket_id": world.made["voice_ticket"]}),
    "voc:voice": Named(lambda world: {"voice_id": world.made["voice"]}),
    "voc:curve": Named(lambda world: {"customer_id": world.made["voice_customer"]}),
    "voc:topics": Listed(),
    "voc:topic_new": Listed(),
    "voc:topic": Named(lambda world: {"topic_id": world.made["voice_topic"]}),
    "voc:topic_merge": Named(lambda world: {"topic_id": world.made["voice_topic"]}),
    "voc:learning": Listed(),
    "voc:layer": Named(lambda world: {"layer_id": world.made["voice_layer"]}),
    "voc:layer_back": Named(lambda world: {"layer_id": world.made["voice_layer"]}),
    "voc:layer_again": Named(lambda world: {"layer_id": world.made["voice_layer"]}),
}

POPULATE: list[Callable[[World], None]] = [_hear_somebody, *BOARD_POPULATE]
