"""Sets how a center routes, and what is particular to its people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit, policies
from accounts.actions import Refused
from accounts.actors import Actor
from accounts.models import Center, Organization, Person
from accounts.queries import agents_of_center
from tickets.models import AgentRouting, CenterRouting, Topic
from tickets.models.routing import LONGEST_AWAY_MINUTES, LONGEST_WRAP_UP_SECONDS, MOST_CHATS
from tickets.routing import Mode
from tickets.waking import forget_which_route, wake_on_commit


@dataclass(frozen=True, slots=True)
class Content:
    """What a center's routing comes to."""

    mode: str = Mode.MANUAL
    chat_limit: int = 4
    away_after_minutes: int = 10
    wrap_up_seconds: int = 60


@dataclass(frozen=True, slots=True)
class Special:
    """What is particular to a person: a limit of her own (None: the center's), and slugs of topics."""

    chat_limit: int | None = None
    topics: tuple[str, ...] = ()


def set_center_routing(
    center: Center, content: Content, specials: Mapping[int, Special], *, by: Actor, at: datetime
) -> CenterRouting:
    """Makes `content` the center's routing and `specials` (by person's key) what holds for its people.

    People not named stay as they are. Raises NotAllowed or Refused.
    """
    _check(content, specials)
    with transaction.atomic():
        policies.require(by, policies.Permission.EDIT_SCHEDULES, organization_id=center.organization_id)
        if not policies.reaches_center(by, center):
            raise policies.NotAllowed(policies.Permission.EDIT_SCHEDULES)
        CenterRouting.objects.get_or_create(center=center, defaults={"organization_id": center.organization_id})
        row = CenterRouting.objects.select_for_update(of=("self",)).get(center=center)
        people = {person.pk: person for person in agents_of_center(center)}
        if specials.keys() - people.keys():
            raise Refused(_("That does not exist here."), field="people")
        before = _described(row) | {"people": {people[pk].email: _special_of(people[pk]) for pk in specials}}
        for name, value in asdict(content).items():
            setattr(row, name, value)
        row.save()
        for pk, special in specials.items():
            _set_special(center.organization, people[pk], special)
        after = _described(row) | {"people": {people[pk].email: _special_of(people[pk]) for pk in specials}}
        if before != after:
            audit.record(
                center.organization,
                by=by,
                at=at,
                action="tickets.routing.set",
                obj=f"center:{center.slug}",
                before=before,
                after=after,
            )
        forget_which_route(center.organization_id)
        wake_on_commit(center.organization_id, [center.pk])
    return row


def _check(content: Content, specials: Mapping[int, Special]) -> None:
    if content.mode not in set(Mode):
        raise Refused(_("Choose how tickets are given out."), field="mode")
    limits = [("chat_limit", content.chat_limit, 1, MOST_CHATS)]
    limits += [("away_after_minutes", content.away_after_minutes, 1, LONGEST_AWAY_MINUTES)]
    limits += [("wrap_up_seconds", content.wrap_up_seconds, 0, LONGEST_WRAP_UP_SECONDS)]
    limits += [("people", special.chat_limit, 1, MOST_CHATS) for special in specials.values() if special.chat_limit]
    for field, value, least, most in limits:
        if not least <= value <= most:
            told = _("Write a whole number from %(least)d to %(most)d.") % {"least": least, "most": most}
            raise Refused(told, field=field)


def _set_special(organization: Organization, person: Person, special: Special) -> None:
    topics = Topic.objects.filter(organization=organization, slug__in=special.topics)
    if len(topics) != len(set(special.topics)):
        raise Refused(_("That does not exist here."), field="people")
    if special == Special() and not AgentRouting.objects.filter(person=person).exists():
        return
    row, _is_new = AgentRouting.objects.update_or_create(
        person=person, defaults={"organization": organization, "chat_limit": special.chat_limit}
    )
    row.topics.set(topics)


def _described(row: CenterRouting) -> dict[str, Any]:
    return {name: getattr(row, name) for name in asdict(Content())}


def _special_of(person: Person) -> dict[str, Any]:
    row = AgentRouting.objects.filter(person=person).prefetch_related("topics").first()
    return {
        "chat_limit": row.chat_limit if row else None,
        "topics": sorted(topic.slug for topic in row.topics.all()) if row else [],
    }
