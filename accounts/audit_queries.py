"""Reads of the audit trail for its screen, its export and its monthly review.

Apart from queries.py, which every view needs; who may read is asked here as well.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, QuerySet

from accounts import queries
from accounts.models import AuditEntry, AuditReview, Organization, Person
from accounts.policies import Permission

# A screenful and a half; the next page is one tap.
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Days are in the organization's zone, both included."""

    person: Person | None = None
    action: str = ""
    customer_id: UUID | None = None
    from_date: date | None = None
    to_date: date | None = None


@dataclass(frozen=True, slots=True)
class AuditPage:
    entries: list[AuditEntry]
    next_before: int | None


def audit_entries_for(reader: Person, wanted: AuditFilter) -> QuerySet[AuditEntry]:
    """Returns the entries of the reader's organization that fit, newest first. NotFound if she may not."""
    queries.require_permission(reader, Permission.READ_AUDIT)
    organization = queries.organization_for(reader)
    entries = AuditEntry.objects.filter(organization=organization).select_related("by").order_by("-sequence")
    if wanted.person:
        entries = entries.filter(by=wanted.person)
    if wanted.action:
        entries = entries.filter(action=wanted.action)
    if wanted.customer_id:
        entries = entries.filter(customer_id=wanted.customer_id)
    if wanted.from_date:
        entries = entries.filter(at__gte=_midnight(organization, wanted.from_date))
    if wanted.to_date:
        entries = entries.filter(at__lt=_midnight(organization, wanted.to_date + timedelta(days=1)))
    return entries


def audit_page_for(reader: Person, wanted: AuditFilter, *, before: int | None) -> AuditPage:
    """Returns one page of entries older than the sequence `before`, and the cursor of the next page."""
    entries = audit_entries_for(reader, wanted)
    if before is not None:
        entries = entries.filter(sequence__lt=before)
    rows = list(entries[: PAGE_SIZE + 1])
    has_more = len(rows) > PAGE_SIZE
    return AuditPage(rows[:PAGE_SIZE], rows[PAGE_SIZE - 1].sequence if has_more else None)


@dataclass(frozen=True, slots=True)
class AuditMonth:
    """A month of the trail and its sign-off, if there is one."""

    month_date: date
    entry_count: int
    is_over: bool
    review: AuditReview | None

    @property
    def key(self) -> str:
        return f"{self.month_date:%Y-%m}"

    @property
    def is_due(self) -> bool:
        return self.is_over and self.review is None


def audit_months_for(reader: Person, *, now: datetime, months: int = 13) -> list[AuditMonth]:
    """Returns this month and those before it back to the first entry, newest first, at most `months`."""
    queries.require_permission(reader, Permission.READ_AUDIT)
    organization = queries.organization_for(reader)
    first = AuditEntry.objects.filter(organization=organization).order_by("sequence").first()
    today = now.astimezone(organization.zone).date()
    reviews = {
        review.month_date: review
        for review in AuditReview.objects.filter(organization=organization).select_related("reviewed_by")
    }
    earliest = first.at.astimezone(organization.zone).date() if first else today
    return [
        AuditMonth(
            month_date=month,
            entry_count=_entries_of(organization, month).count(),
            is_over=month < today.replace(day=1),
            review=reviews.get(month),
        )
        for month in _months_back(today, months)
        if month >= earliest.replace(day=1)
    ]


@dataclass(frozen=True, slots=True)
class AuditMonthReport:
    """What a reviewer looks at: counts by person and action, and every act that asked for a reason."""

    month: AuditMonth
    by_action: list[tuple[str, int]]
    by_person: list[tuple[str, int]]
    with_reason: list[AuditEntry]


def audit_month_for(reader: Person, month_date: date, *, now: datetime) -> AuditMonthReport:
    """Returns the month that begins on `month_date`. NotFound if it lies ahead or she may not read."""
    queries.require_permission(reader, Permission.READ_AUDIT)
    organization = queries.organization_for(reader)
    this_month = now.astimezone(organization.zone).date().replace(day=1)
    if month_date > this_month:
        raise queries.NotFound
    entries = _entries_of(organization, month_date)
    review = (
        AuditReview.objects.filter(organization=organization, month_date=month_date)
        .select_related("reviewed_by")
        .first()
    )
    by_action = entries.values_list("action").annotate(count=Count("pk")).order_by("-count", "action")
    by_person = entries.values_list("actor").annotate(count=Count("pk")).order_by("-count", "actor")
    return AuditMonthReport(
        month=AuditMonth(month_date, entries.count(), month_date < this_month, review),
        by_action=list(by_action),
        # The busiest twenty: a review looks for who stands out.
        by_person=list(by_person[:20]),
        with_reason=list(entries.exclude(reason="").select_related("by").order_by("-sequence")[:200]),
    )


def audit_rows(entries: QuerySet[AuditEntry], *, organization: Organization) -> Iterator[list[str]]:
    """Yields the cells of each entry for a table file, times in the organization's zone."""
    for entry in entries.iterator(chunk_size=2000):
        yield [
            str(entry.sequence),
            f"{entry.at.astimezone(organization.zone):%Y-%m-%d %H:%M:%S}",
            entry.by.name if entry.by else "",
            entry.actor,
            entry.action,
            entry.obj,
            str(entry.customer_id or ""),
            entry.reason,
            entry.ip or "",
            entry.request_id,
        ]


def _entries_of(organization: Organization, month_date: date) -> QuerySet[AuditEntry]:
    days = calendar.monthrange(month_date.year, month_date.month)[1]
    return AuditEntry.objects.filter(
        organization=organization,
        at__gte=_midnight(organization, month_date),
        at__lt=_midnight(organization, month_date + timedelta(days=days)),
    )


def _midnight(organization: Organization, day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=organization.zone)


def _months_back(today: date, months: int) -> list[date]:
    first = today.replace(day=1)
    days = [first]
    while len(days) < months:
        days.append((days[-1] - timedelta(days=1)).replace(day=1))
    return days
