"""Hands planned notices to the deliveries when they are due, and writes into the history what was really sent.

Each step is found by how the rows stand; what is sent, and each attempt at it, is the delivery's. A notice is no advertisement:
it needs no consent, but it waits for the day.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings as hub
from django.db import transaction
from django.urls import reverse

from accounts.models import Organization
from channels_app.consents.queries import settings_of, token_for
from channels_app.consents.texts import reminder_texts, result_texts, stop_words
from channels_app.deliveries.actions import CannotSend, announce
from channels_app.deliveries.adapter import Way
from channels_app.deliveries.announcements import Announcement, Verdict
from channels_app.deliveries.languages import language_of
from channels_app.deliveries.mail_instead import announce_by_mail, may_go_by_mail
from channels_app.deliveries.reporting import has_gone
from channels_app.deliveries.ways import ways_to
from channels_app.hub.actions import CannotBeNamed, naming
from channels_app.hub.writing import envelope
from channels_app.intake import hub_sender, receive
from channels_app.models import ConsentNotice, Delivery
from customers.consenting import MARKETING, MEDIA, TOLD, WITHDRAWN, Consent, ConsentEvent, by_day
from customers.models import Event
from customers.queries.consents import consent_event, consents_of_members
from customers.queries.history import member_ids

HANDED_AT_ONCE = 100
NO_CUSTOMER, NO_WAY, OVER, TOO_LATE, NOT_SENT = "no_customer", "no_way", "over", "too_late", "not_sent"
# What could not be handed over for so long would come when nobody waits for it any more.
GIVEN_UP_AFTER = timedelta(days=14)
Kind, State = ConsentNotice.Kind, ConsentNotice.State


def hand_over_due(organization: Organization, *, at: datetime) -> int:
    """Gives what is due to the deliveries, each in a transaction of its own. Returns how many were given."""
    due = ConsentNotice.objects.filter(organization=organization, state=State.PLANNED, due_at__lte=at)
    return sum(
        _hand_over(key, at=at) for key in due.order_by("due_at", "pk").values_list("pk", flat=True)[:HANDED_AT_ONCE]
    )


def tell_what_was_sent(organization: Organization, *, at: datetime) -> int:
    """Writes `consent.told` for what has gone, and marks what could not. Returns how many have gone."""
    rows = ConsentNotice.objects.filter(organization=organization)
    over = [Delivery.State.FAILED, Delivery.State.DROPPED]
    stuck = rows.filter(state=State.HANDED, delivery__state__in=over).order_by("pk")
    for notice_id, delivery_id in stuck.values_list("pk", "delivery")[:HANDED_AT_ONCE]:
        if not _falls_back_to_mail(notice_id, at=at):
            mine = rows.filter(pk=notice_id, state=State.HANDED, delivery=delivery_id)
            mine.update(state=State.FAILED, reason=NOT_SENT)
    # What failed may have been put on its way again by a person.
    gone = rows.filter(has_gone(at), state__in=[State.HANDED, State.FAILED])
    told = list(gone.select_related("organization", "customer", "delivery__account").order_by("pk")[:HANDED_AT_ONCE])
    for notice in told:
        _tell_sent(notice, at=at)
    return len(told)


def _falls_back_to_mail(notice_id: int, *, at: datetime) -> bool:
    """What did not reach her by text goes by mail, once, where there is an address: she is to be told in any case."""
    with transaction.atomic():
        rows = ConsentNotice.objects.filter(pk=notice_id, state=State.HANDED)
        rows = rows.select_related("organization", "customer", "delivery__account", "delivery__organization")
        notice = rows.select_for_update(of=("self",)).first()
        if notice is None or notice.delivery is None or notice.customer is None:
            return False
        if not may_go_by_mail(notice.delivery) or _is_too_late(notice, at=at) or _matter(notice) is None:
            return False
        members = member_ids(notice.customer)
        delivery = announce_by_mail(notice.delivery, members, language=notice.language, at=at)
        return bool(delivery and ConsentNotice.objects.filter(pk=notice.pk).update(delivery=delivery))


def _tell_sent(notice: ConsentNotice, *, at: datetime) -> None:
    """The event first, then the row: what is cut off in between is told again, under the same id."""
    assert notice.delivery is not None, "What has gone has a delivery."
    sent_at = notice.delivery.done_at or at
    data = {"what": notice.kind, "purpose": MARKETING, "media": notice.media, "medium": notice.delivery.account.adapter}
    try:
        told = {"customer": naming(notice.customer), **data, "consent": notice.cause} if notice.customer else None
    except CannotBeNamed:
        told = None  # erased meanwhile: there is no history to write into
    if told is not None:
        act = envelope(TOLD, told, at=sent_at, key=f"consent-notice-{notice.public_id.hex}")
        receive(notice.organization, [act], sender=hub_sender(), at=at)
    ConsentNotice.objects.filter(pk=notice.pk).update(state=State.SENT, sent_at=sent_at, reason="")


# What the deliveries ask this room -------------------------------------------------------------------------------


def announcement_for(delivery: Delivery) -> Announcement | None:
    notice = ConsentNotice.objects.filter(organization=delivery.organization_id, delivery=delivery).first()
    if notice is None:
        return None
    link = hub.HUB_URL + reverse("channels:consent_page", args=[token_for(notice)])
    return Announcement(notice.subject, notice.words, link="", stop_words=stop_words(notice.language), stop_link=link)


def look_before_it_goes(delivery: Delivery, at: datetime) -> Verdict:
    """Right before each attempt: what is not so any more is not told, and nothing goes at night."""
    rows = ConsentNotice.objects.filter(organization=delivery.organization_id, delivery=delivery)
    notice = rows.select_related("customer", "organization").first()
    if notice is None or _matter(notice) is None:
        return Verdict(drops=True, cause="nothing_to_say")
    if delivery.account.adapter == "mail" and delivery.may_have_gone():
        return Verdict(drops=True, cause="interrupted")  # told twice is worse than once
    allowed = by_day(at, notice.organization.zone)
    return Verdict(until=allowed) if allowed > at else Verdict()


# One notice ------------------------------------------------------------------------------------------------------


def _hand_over(notice_id: int, *, at: datetime) -> bool:
    with transaction.atomic():
        rows = ConsentNotice.objects.filter(pk=notice_id, state=State.PLANNED)
        notice = rows.select_for_update(of=("self",)).select_related("organization", "customer").first()
        if notice is None:
            return False  # another was quicker
        allowed = by_day(at, notice.organization.zone)
        if allowed > at:
            rows.update(due_at=allowed)
            return False
        matter = _matter(notice)
        if matter is None or _is_too_late(notice, at=at):
            rows.update(state=State.DROPPED, reason=_reason_against(notice, at=at))
            return False
        return _give_to_deliveries(notice, matter, at=at)


def _reason_against(notice: ConsentNotice, *, at: datetime) -> str:
    if notice.customer is None:
        return NO_CUSTOMER
    return TOO_LATE if _is_too_late(notice, at=at) else OVER


def _is_too_late(notice: ConsentNotice, *, at: datetime) -> bool:
    return at > notice.planned_at + GIVEN_UP_AFTER


Matter = list[Consent] | ConsentEvent


def _matter(notice: ConsentNotice) -> Matter | None:
    """What it tells of as it stands now; None where something later has made it untrue, or there is nobody to tell."""
    if notice.customer is None:
        return None
    told = consents_of_members(notice.organization, member_ids(notice.customer))
    if notice.kind == Kind.RECONFIRMATION:
        standing = [told.standing.get((MARKETING, medium)) for medium in notice.media]
        return [one for one in standing if one is not None] or None
    rows = Event.objects.filter(organization=notice.organization, public_id=UUID(notice.cause))
    event = rows.first()
    if event is None:
        return None
    said = consent_event(event)
    if said.type == WITHDRAWN:
        is_over = any(told.holds(medium) for medium in said.media or MEDIA) and not said.is_night
    else:
        is_over = any(not told.holds(medium) for medium in said.media)
    return None if is_over else said


def _give_to_deliveries(notice: ConsentNotice, matter: Matter, *, at: datetime) -> bool:
    assert notice.customer is not None, "Looked at before."
    organization = notice.organization
    rows = ConsentNotice.objects.filter(pk=notice.pk, state=State.PLANNED)
    members = member_ids(notice.customer)
    notice.language = language_of(organization, members)
    ways = ways_to(organization, members)
    way = _way(ways, notice.media)
    try:
        if way is None:
            raise CannotSend
        delivery = announce(way.account, Delivery.Kind.CONSENT, way.recipient, language=notice.language, at=at)
    except CannotSend:
        rows.update(state=State.DROPPED, reason=NO_WAY)
        return False
    subject, words = _texts(notice, matter)
    given = rows.update(
        state=State.HANDED, due_at=at, delivery=delivery, language=notice.language, subject=subject[:100], words=words
    )
    assert given, "Its row is held."
    return True


def _way(ways: dict[str, Way], media: list[str]) -> Way | None:
    """By a medium that it is about where that leads to her, else by any that does."""
    return next((ways[medium] for medium in (*media, *ways) if medium in ways), None)


def _texts(notice: ConsentNotice, matter: Matter) -> tuple[str, str]:
    organization = notice.organization
    contact, zone = settings_of(organization).contact, organization.zone
    if isinstance(matter, ConsentEvent):
        media = list(matter.media) or list(MEDIA)
        return result_texts(matter, media, shop=organization.name, contact=contact, zone=zone, language=notice.language)
    return reminder_texts(matter, shop=organization.name, contact=contact, zone=zone, language=notice.language)
