"""Writes down who is to be told of what: an intention for each cause, once. Nothing is sent here.

The result of a consent or a withdrawal is told within 14 days (정보통신망법 §50⑦), a consent that goes on every two years (§50⑧).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import Q

from accounts.models import Organization
from channels_app.consents.queries import settings_of
from channels_app.intake import HUB
from channels_app.models import ConsentNotice
from customers.consenting import GIVEN, MARKETING, MEDIA, RECONFIRMATION, RESULT, WITHDRAWN, Consent, by_day
from customers.models import Event
from customers.queries.consents import consents_of_roots

TOLD_WITHIN = timedelta(days=14)
REMINDED_AFTER = timedelta(days=730)
AT_ONCE = 500
ON_PAGE = "on_page"
One = TypeVar("One")


def plan_results(organization: Organization, *, at: datetime) -> int:
    """Who has agreed or taken back within the last two weeks and is to be told so. Returns how many rows were written."""
    if not settings_of(organization).tells_results:
        return 0
    events = Event.objects.filter(
        organization=organization,
        type__in=[GIVEN, WITHDRAWN],
        qualifier=MARKETING,
        customer__isnull=False,
        time__gt=at - TOLD_WITHIN,
        time__lte=at,
    )
    written = 0
    # Their ids first: nearly all were planned for in an earlier round.
    for some in _chunks(list(events.order_by("time", "pk").values_list("public_id", flat=True))):
        known = _known(organization, RESULT, [event_id.hex for event_id in some])
        unknown = events.filter(public_id__in=[event_id for event_id in some if event_id.hex not in known])
        new = [
            _notice(
                organization,
                RESULT,
                event_id.hex,
                customer,
                data.get("media") or [],
                at,
                # Her own page has told her on the spot.
                is_told=source == HUB and data.get("how") == "web",
            )
            for event_id, customer, source, data in unknown.values_list("public_id", "customer_id", "source", "data")
        ]
        written += len(ConsentNotice.objects.bulk_create(new, ignore_conflicts=True))
    return written


def plan_reminders(organization: Organization, *, at: datetime) -> int:
    """Whose consents stand for two years without a word about them. One notice for all of a customer's that are due."""
    if not settings_of(organization).reminds:
        return 0
    before = at - REMINDED_AFTER
    old = Event.objects.filter(organization=organization, type=GIVEN, qualifier=MARKETING, time__lte=before)
    rows = old.filter(customer__isnull=False).values_list("customer_id", "customer__merged_into")
    roots = sorted({merged or pk for pk, merged in rows.distinct().order_by()})
    written = 0
    for some in _chunks(roots):
        due = {
            root: _due(told.standing.values(), before) for root, told in consents_of_roots(organization, some).items()
        }
        causes = {root: min(found, key=lambda one: one.known_since) for root, found in due.items() if found}
        named = {root: (one.asked_again or one.given).id for root, one in causes.items()}
        known = _known(organization, RECONFIRMATION, named.values())
        new = [
            _notice(organization, RECONFIRMATION, cause, root, [one.medium for one in due[root]], at)
            for root, cause in named.items()
            if cause not in known
        ]
        written += len(ConsentNotice.objects.bulk_create(new, ignore_conflicts=True))
    return written


def _due(standing: Iterable[Consent], before: datetime) -> list[Consent]:
    found = [one for one in standing if one.purpose == MARKETING and one.known_since <= before]
    return sorted(found, key=lambda one: MEDIA.index(one.medium))


def _notice(
    organization: Organization,
    kind: str,
    cause: str,
    customer: int,
    media: Sequence[str],
    at: datetime,
    *,
    is_told: bool = False,
) -> ConsentNotice:
    return ConsentNotice(
        organization=organization,
        kind=kind,
        cause=cause,
        customer_id=customer,
        media=list(media),
        language=organization.language,
        planned_at=at,
        due_at=by_day(at, organization.zone),
        state=ConsentNotice.State.DROPPED if is_told else ConsentNotice.State.PLANNED,
        reason=ON_PAGE if is_told else "",
    )


def _known(organization: Organization, kind: str, causes: Iterable[str]) -> set[str]:
    rows = ConsentNotice.objects.filter(Q(cause__in=list(causes)), organization=organization, kind=kind)
    return set(rows.values_list("cause", flat=True))


def _chunks(rows: Sequence[One]) -> Iterable[Sequence[One]]:
    return (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))
