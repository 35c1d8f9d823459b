"""The routes of the board, of alarms and of improvements, for tests/voc/isolation.py."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.utils import timezone

from tests.isolation import MARK, Listed, Named, Route, World
from voc.actions.improvements import Content, make_improvement, move_improvement
from voc.models import Improvement, Voice, VoiceAlarm, VoiceNotice


def _alarm_and_improve(world: World) -> None:
    """For the voice that tests/voc/isolation.py has made."""
    organization, owner, at = world.hidden.organization, world.hidden.owner, timezone.now()
    voice = Voice.objects.get(public_id=world.made["voice"])
    alarm = VoiceAlarm.objects.create(
        organization=organization,
        kind=VoiceAlarm.Kind.SEVERE,
        key="isolation",
        severity="law",
        voice=voice,
        center=world.hidden.seoul,
        since=at,
        until=at,
        raised_at=at,
    )
    notice = VoiceNotice.objects.create(organization=organization, alarm=alarm, person=owner, raised_at=at)
    world.made["voice_notice"] = notice.public_id
    content = Content(f"개선{MARK}", f"이유{MARK}", None, None, owner, None, 1, 3, "short")
    improvement = make_improvement(organization, content, voices=[voice], by=owner, at=at)
    move_improvement(improvement, Improvement.State.DONE, by=owner, at=at)
    world.made["improvement"] = improvement.public_id


def _notice(world: World) -> dict[str, UUID]:
    return {"notice_id": world.made["voice_notice"]}


def _improvement(world: World) -> dict[str, UUID]:
    return {"improvement_id": world.made["improvement"]}


def _answered(world: World) -> dict[str, UUID]:
    return {**_improvement(world), "voice_id": world.made["voice"]}


BOARD_ROUTES: dict[str, Route] = {
    "voc:board": Listed(query="?from=2026-01-01&to=2026-12-31"),
    "voc:board_topic": Named(lambda world: {"topic_id": world.made["voice_topic"]}),
    "voc:sentences": Listed(query="?from=2026-01-01&to=2026-12-31"),
    "voc:alarms": Listed(),
    "voc:alarms_read": Listed(post={}),
    "voc:digest_switch": Listed(post={"mails": "off"}),
    "voc:alarm": Named(_notice),
    "voc:alarm_read": Named(_notice),
    "voc:improvements": Listed(query="?show=done"),
    "voc:improvement_new": Listed(post={"title": "x", "impact": "1", "effort": "1", "term": "short"}),
    "voc:improvement": Named(_improvement),
    "voc:improvement_edit": Named(_improvement),
    "voc:improvement_move": Named(_improvement),
    "voc:improvement_answer": Named(_improvement),
    "voc:improvement_leave": Named(_answered),
    "voc:improvement_tell": Named(_improvement),
}
BOARD_POPULATE: list[Callable[[World], None]] = [_alarm_and_improve]
