"""What a customer has agreed to, and the ledger of it, over all rows of her group: merges and their undoing need nothing more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import Organization
from customers.consenting import MARKETING, MEDIA, TYPES, Consent, ConsentEvent, Consents, consents_of, is_night
from customers.models import Customer, Event
from customers.queries.consent_sentences import how_words, medium_words, purpose_words
from customers.queries.members import OfMembers
from customers.queries.profiles import Profile
from customers.queries.timeline import agent_names
from cxhub.prepared import Told

_FIELDS = ("public_id", "type", "time", "source", "event_id", "qualifier", "agent_email", "text", "data")
# Nobody agrees more often; who sends more than this tries something.
EVENTS_READ = 1000
DEAL_DAYS = 180

CONSENTS = OfMembers(
    lambda hers: (
        Event.objects.filter(hers, organization_id=Told("organization_id"), type__in=TYPES)
        .order_by("-time", "-id")
        .values_list(*_FIELDS)[:EVENTS_READ]
    )
)


def consents_of_members(organization: Organization, members: Sequence[int]) -> Consents:
    """Of one customer, by all rows of her group. One statement."""
    return consents_of(_told(*row) for row in CONSENTS(members, organization_id=organization.pk))


def consents_of_roots(organization: Organization, roots: Collection[int]) -> dict[int, Consents]:
    """Of many: root → what she has agreed to; nobody left out. Two statements."""
    rows = Customer.objects.filter(organization=organization).in_groups(roots)
    root_of = {pk: merged or pk for pk, merged in rows.values_list("pk", "merged_into")}
    events = Event.objects.filter(organization=organization, customer__in=root_of, type__in=TYPES)
    told: dict[int, list[ConsentEvent]] = defaultdict(list)
    for customer, *row in events.filter(customer__isnull=False).values_list("customer_id", *_FIELDS):
        told[root_of[customer]].append(_told(*row))
    return {root: consents_of(told[root]) for root in roots}


def has_bought(organization: Organization, members: Collection[int], *, at: datetime) -> bool:
    """Whether she has bought within six months before: then what advertises the same kind of goods needs no consent
    (정보통신망법 §50①1). One statement."""
    since = at - timedelta(days=DEAL_DAYS)
    rows = Event.objects.filter(organization=organization, customer__in=members, type="pos.sale", time__gt=since)
    return rows.filter(customer__isnull=False, time__lte=at).exists()


def advertised_by(organization: Organization, members: Sequence[int], *, at: datetime) -> set[str]:
    """By which media she may be advertised to at this instant: those she has agreed to, or any after a deal, but none
    that she has taken back, and at night only what she has agreed to for the night. Two statements."""
    told = consents_of_members(organization, members)
    has_deal, at_night = has_bought(organization, members, at=at), is_night(at, organization.zone)
    return {medium for medium in MEDIA if told.allows_advertising(medium, has_deal=has_deal, is_night=at_night)}


def consent_event(event: Event) -> ConsentEvent:
    return _told(*(getattr(event, name) for name in _FIELDS))


def _told(
    public_id: UUID,
    kind: str,
    time: datetime,
    source: str,
    event_id: str,
    purpose: str,
    agent_email: str,
    text: str,
    data: Mapping[str, Any],
) -> ConsentEvent:
    return ConsentEvent(
        id=public_id.hex,
        type=kind,
        time=time,
        source=source,
        event_id=event_id,
        purpose=purpose or MARKETING,
        media=tuple(data.get("media") or ()),
        is_night=bool(data.get("night")),
        how=str(data.get("how") or ""),
        agent_email=agent_email,
        words=text,
        version=str(data.get("version") or ""),
        what=str(data.get("what") or ""),
    )


# As screens show it ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShownMedium:
    """How it stands with one medium of advertising. `since` is of the consent or, where she said no, of that."""

    medium: str
    label: str
    holds: bool
    is_refused: bool
    at_night: bool
    since: datetime | None
    how: str


@dataclass(frozen=True, slots=True)
class ShownConsent:
    """One line of the ledger. `end` says what ended it: "withdrawn", "renewed", "" where it holds."""

    label: str
    at_night: bool
    given_at: datetime
    how: str
    by: str
    words: str
    version: str
    end: str
    ended_at: datetime | None
    ended_how: str
    ended_by: str
    night_ended_at: datetime | None
    told_again_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShownConsents:
    media: tuple[ShownMedium, ...]
    ledger: tuple[ShownConsent, ...] = ()


def shown_consents(profile: Profile, *, is_known: bool = True) -> ShownConsents:
    """The media and the ledger, newest first. Two statements at most, none where it is known that there is none."""
    told = consents_of_members(profile.organization, profile.ids) if is_known else Consents()
    people = agent_names(profile.organization, _emails(told.ledger))
    return ShownConsents(
        tuple(_shown_medium(told, medium) for medium in MEDIA),
        tuple(_shown_line(one, people, profile) for one in told.ledger),
    )


def _shown_medium(told: Consents, medium: str) -> ShownMedium:
    standing, refused = told.standing.get((MARKETING, medium)), told.refused.get((MARKETING, medium))
    last = standing.given if standing else refused
    return ShownMedium(
        medium=medium,
        label=medium_words(medium),
        holds=standing is not None,
        is_refused=refused is not None,
        at_night=standing is not None and standing.holds_at_night,
        since=last.time if last else None,
        how=how_words(last.how) if last else "",
    )


def _shown_line(one: Consent, people: Mapping[str, str], profile: Profile) -> ShownConsent:
    end = one.withdrawn or one.renewed
    parts = [purpose_words(one.purpose), medium_words(one.medium)]
    return ShownConsent(
        label=" · ".join(part for part in parts if part),
        at_night=one.night is not None,
        given_at=one.given.time,
        how=how_words(one.given.how),
        by=_who(one.given, people),
        words=profile.sight.text(one.given.words),
        version=one.given.version,
        end="withdrawn" if one.withdrawn else "renewed" if one.renewed else "",
        ended_at=end.time if end else None,
        ended_how=how_words(end.how) if end else "",
        ended_by=_who(end, people) if end else "",
        night_ended_at=one.night_withdrawn.time if one.night_withdrawn else None,
        told_again_at=one.asked_again.time if one.asked_again else None,
    )


def _emails(ledger: Iterable[Consent]) -> set[str]:
    events = (event for one in ledger for event in (one.given, one.withdrawn, one.renewed) if event)
    return {event.agent_email for event in events} - {""}


def _who(event: ConsentEvent, people: Mapping[str, str]) -> str:
    """Who wrote it down; herself where nobody did."""
    return people.get(event.agent_email) or event.agent_email.partition("@")[0] or _("herself")
