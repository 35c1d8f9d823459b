"""The one box: results while somebody types. What was typed travels in the body, never in an address or a log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from accounts.access import open_to, organization_of, person_of
from accounts.audit import record_for
from accounts.models import Organization
from accounts.policies import Permission
from customers.policies import may_browse
from customers.queries import Found, Kind, Profile, find_customers_for, recent_customers_for
from customers.queries.attention import HEARD_SINCE, LATELY
from cxhub.prepared import Together
from tickets.queries.matters import WITH_OPEN_TICKETS

_NOBODY = UUID(int=0)
_NEEDING_READING = Together(HEARD_SINCE, WITH_OPEN_TICKETS)


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the list. `needs_reading` where something was said lately or is still open."""

    profile: Profile
    address: str
    needs_reading: bool


@dataclass(frozen=True, slots=True)
class Results:
    kind: Kind
    hits: tuple[Hit, ...]
    has_more: bool
    typed_length: int

    @property
    def is_question(self) -> bool:
        """Whether there was anything to look for."""
        return self.kind not in (Kind.NOTHING, Kind.TOO_SHORT) or bool(self.hits)


def look_up(request: HttpRequest, typed: str, *, place: str) -> Results:
    """Searches for the person who asks, and writes down that she did: the kind and whom she saw, not what she typed."""
    found: Found = find_customers_for(person_of(request), typed)
    if found.kind != Kind.NOTHING:
        record_for(
            request,
            action="customers.search",
            after={
                "kind": str(found.kind),
                "hits": len(found.profiles),
                "customers": [profile.public_id.hex for profile in found.profiles],
            },
        )
    hits = hits_of(organization_of(request), list(found.profiles), place=place)
    return Results(found.kind, tuple(hits), found.has_more, len(typed.strip()))


def hits_of(organization: Organization, profiles: list[Profile], *, place: str) -> list[Hit]:
    """Lines that lead to the screen of `place`. One statement, however many."""
    rows, since = [row for profile in profiles for row in profile.rows], now() - LATELY
    if not rows:
        return []
    seen = [row.pk for row in rows if row.last_seen_at is not None and row.last_seen_at >= since]
    asked = {"organization_id": organization.pk, "customers": [row.pk for row in rows]}
    urgent = _NEEDING_READING(**asked, seen=seen, since=since) if seen else set(WITH_OPEN_TICKETS(**asked))
    # One address for all: looking it up takes as long as drawing a line.
    address = reverse("customers:counter_customer" if place == "counter" else "customers:detail", args=[_NOBODY])
    before, _nobody, after = address.partition(str(_NOBODY))
    return [
        Hit(
            profile,
            f"{before}{profile.public_id}{after}",
            needs_reading=not urgent.isdisjoint(profile.ids),
        )
        for profile in profiles
    ]


def recent_hits(request: HttpRequest) -> list[Hit]:
    """Whose history has grown last, for who may browse; written down as a list that was shown."""
    recent = recent_customers_for(person_of(request))
    shown = [profile.public_id.hex for profile in recent]
    record_for(request, action="customers.list", after={"hits": len(shown), "customers": shown})
    return hits_of(organization_of(request), recent, place="customers")


@require_POST
@open_to(Permission.USE_COUNTER)
def search(request: HttpRequest) -> HttpResponse:
    """The list alone; `place` says from which screen, so that a tap leads to the right one."""
    place = "customers" if request.POST.get("place") == "customers" else "counter"
    results = look_up(request, request.POST.get("q", ""), place=place)
    context: dict[str, Any] = {"results": results, "place": place}
    if place == "customers" and results.kind == Kind.NOTHING and may_browse(person_of(request)):
        context["recent"] = recent_hits(request)
    return render(request, "customers/partials/results.html", context)
