"""What an administrator sees of refused events: how many wait, a page of them, one of them."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts import policies
from accounts.models import Person
from accounts.policies import Permission
from accounts.queries import NotFound
from channels_app.models import RefusedEvent

PER_PAGE = 50
# More than this the badge does not tell; counting further would read every waiting row on each visit.
COUNTED = 99
# What the filters offer is read from this many of the newest waiting rows.
SURVEYED = 2000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list shows: `state` is open, mended or discarded; the others narrow it down where given."""

    state: str = "open"
    kind: str = ""
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[RefusedEvent]
    next_cursor: str


def refused_for(person: Person) -> QuerySet[RefusedEvent]:
    """The organization's refused events, for those who may manage channels; nobody else sees any."""
    if person.organization_id is None or not policies.may(person, Permission.MANAGE_CHANNELS):
        return RefusedEvent.objects.none()
    return RefusedEvent.objects.filter(organization_id=person.organization_id)


def refused_event_for(person: Person, public_id: UUID) -> RefusedEvent:
    """Returns one of them, or raises NotFound."""
    found = refused_for(person).select_related("organization").filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def wanted_rows(person: Person, wanted: Wanted) -> QuerySet[RefusedEvent]:
    """Those that fit, newest first."""
    rows = refused_for(person)
    if wanted.state == "mended":
        rows = rows.exclude(mended_at=None)
    elif wanted.state == "discarded":
        rows = rows.exclude(discarded_at=None)
    else:
        rows = rows.filter(mended_at=None, discarded_at=None)
    if wanted.kind:
        rows = rows.filter(problem__kind=wanted.kind)
    if wanted.sender:
        rows = rows.filter(sender_label=wanted.sender)
    return rows.order_by("-received_at", "-pk")


def refused_page(person: Person, wanted: Wanted, cursor: str) -> Page:
    """One page, without the bodies; `cursor` is the page before's `next_cursor`, or empty."""
    rows = wanted_rows(person, wanted).defer("body")
    before = _read(cursor)
    if before is not None:
        at, pk = before
        rows = rows.filter(received_at__lte=at).filter(Q(received_at__lt=at) | Q(pk__lt=pk))
    found = list(rows[: PER_PAGE + 1])
    page = found[:PER_PAGE]
    return Page(page, _written(page[-1]) if len(found) > PER_PAGE else "")


def waiting_count(person: Person) -> int:
    """How many wait for somebody, up to COUNTED + 1."""
    rows = refused_for(person).filter(mended_at=None, discarded_at=None).order_by("-received_at", "-pk")
    return len(rows.values_list("pk", flat=True)[: COUNTED + 1])


def kinds_and_senders(person: Person) -> tuple[list[str], list[str]]:
    """Which problems and which senders the newest waiting events have: what the list can be narrowed down to."""
    newest = wanted_rows(person, Wanted()).values_list("problem__kind", "sender_label")[:SURVEYED]
    pairs = set(newest)
    return sorted({kind for kind, _sender in pairs}), sorted({sender for _kind, sender in pairs})


def _written(row: RefusedEvent) -> str:
    microseconds = int(row.received_at.timestamp()) * 1_000_000 + row.received_at.microsecond
    return base64.urlsafe_b64encode(f"{microseconds}.{row.pk}".encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[datetime, int] | None:
    """The place a cursor names; the first page for none, and for one that was tampered with."""
    try:
        plain = base64.urlsafe_b64decode(cursor[:100] + "=" * (-len(cursor[:100]) % 4)).decode("ascii")
        microseconds, pk = (int(part) for part in plain.split("."))
        seconds, rest = divmod(microseconds, 1_000_000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest), max(min(pk, 2**62), 0)
    except (ValueError, OverflowError, OSError, binascii.Error):
        return None
