"""Tells each thing that people must be told of once. Found from the database's state.

Killed anywhere, the next look finds the same: an alarm, who is told, and the mails that tell it are written in one
transaction, and its key stands once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, time
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts.models import Center, Organization, Person, Role, Store
from tickets.actions.alarms import leads_of, mark_notices_read
from tickets.events import announce_alarms
from tickets.models import AlarmSettings
from voc.models import VoiceAlarm, VoiceMail, VoiceNotice, VoiceWatch
from voc.queries.alarming import rising_topics, severe_words, troubles_together

# In the organization's zone: before it nobody reads it, and yesterday is all heard.
LOOKED_AT = time(8)


def watch_voices(organization: Organization, *, at: datetime) -> list[VoiceAlarm]:
    """Raises what is to be raised now; returns the alarms that are new. Topics that rise are looked for once a morning."""
    found = _fresh(organization, [*severe_words(organization, at=at), *troubles_together(organization, at=at)])
    morning = at.astimezone(organization.zone).date() if _is_due(organization, at) else None
    risen = rising_topics(organization, at=at) if morning else []
    if not found and morning is None:
        return []
    with transaction.atomic():
        watch = _locked(organization)
        if morning and watch.looked_on != morning:
            watch.looked_on = morning
            watch.save(update_fields=["looked_on"])
            found += risen
        # Once more: the organization's watch is locked, so nobody raises any meanwhile.
        raised = VoiceAlarm.objects.bulk_create(_fresh(organization, found))
        if raised:
            announce_alarms(_tell(organization, raised, at=at))
    return raised


def mark_read(person: Person, notices: Collection[UUID] | None, *, at: datetime) -> int:
    """Marks her notices as read, all of them without `notices`. Returns how many had not been."""
    return mark_notices_read(VoiceNotice.objects.all(), person, notices, at=at)


def _is_due(organization: Organization, at: datetime) -> bool:
    """Whether this morning's look is still to come. The first one ever waits for no morning."""
    local = at.astimezone(organization.zone)
    watch = VoiceWatch.objects.filter(organization=organization).first()
    if watch is None or watch.looked_on is None:
        return True
    return watch.looked_on < local.date() and local.time() >= LOOKED_AT


def _locked(organization: Organization) -> VoiceWatch:
    VoiceWatch.objects.get_or_create(organization=organization)
    return VoiceWatch.objects.select_for_update().get(organization=organization)


def _fresh(organization: Organization, found: Sequence[VoiceAlarm]) -> list[VoiceAlarm]:
    """Those that have not been raised, each key once."""
    keys = [alarm.key for alarm in found]
    known = set(VoiceAlarm.objects.filter(organization=organization, key__in=keys).values_list("key", flat=True))
    return list({alarm.key: alarm for alarm in found if alarm.key not in known}.values())


def _tell(organization: Organization, raised: Sequence[VoiceAlarm], *, at: datetime) -> list[int]:
    """Puts each into the lists of its people, and one mail each on its way. Returns who is told, by key."""
    told = _audiences(organization, raised)
    people = {person for audience in told for person in audience}
    off = AlarmSettings.objects.filter(organization=organization, person__in=people, is_mailed=False)
    mailed = people - set(off.values_list("person_id", flat=True)) if settings.SENDS_MAIL else set()
    mails = {
        mail.person_id: mail
        for mail in VoiceMail.objects.bulk_create(
            VoiceMail(organization=organization, person_id=person, created_at=at, due_at=at)
            for person in sorted(mailed)
        )
    }
    VoiceNotice.objects.bulk_create(
        VoiceNotice(organization=organization, alarm=alarm, person_id=person, mail=mails.get(person), raised_at=at)
        for alarm, audience in zip(raised, told, strict=True)
        for person in sorted(audience)
    )
    return sorted(people)


def _audiences(organization: Organization, raised: Sequence[VoiceAlarm]) -> list[set[int]]:
    """Who is told of each: the leads of its center, and who works in its store; of what is of all, those who lead all."""
    stores = {alarm.store_id for alarm in raised if alarm.store_id}
    centers_of_stores = dict(Store.objects.filter(pk__in=stores).values_list("pk", "center_id"))
    centers = [alarm.center_id or centers_of_stores.get(alarm.store_id or 0) for alarm in raised]
    leads = leads_of(organization, set(centers))
    clerks = _clerks(organization, stores)
    of_all = _leads_of_all(organization)
    return [
        of_all if alarm.is_of_all else leads[center] | clerks[alarm.store_id or 0]
        for alarm, center in zip(raised, centers, strict=True)
    ]


def _clerks(organization: Organization, stores: Iterable[int]) -> dict[int, set[int]]:
    rows = Person.objects.filter(organization=organization, is_active=True, role=Role.STORE_STAFF, stores__in=stores)
    found: dict[int, set[int]] = defaultdict(set)
    for person, store in rows.values_list("pk", "stores"):
        found[store].add(person)
    return found


def _leads_of_all(organization: Organization) -> set[int]:
    """Owners, and leads of a head office."""
    active = Person.objects.filter(organization=organization, is_active=True)
    lead_all = Q(role=Role.OWNER) | Q(role=Role.LEAD, centers__kind=Center.Kind.HEAD_OFFICE)
    return set(active.filter(lead_all).values_list("pk", flat=True))
