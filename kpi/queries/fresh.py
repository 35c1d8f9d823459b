"""How fresh the figures are."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Min

from accounts.models import Organization
from customers.models import Event
from kpi.models import Change, Following


def fresh_as_of(organization: Organization, now: datetime) -> datetime:
    """The instant up to which everything that was recorded is in the figures; `now` where nothing is left to work out."""
    following = Following.objects.filter(pk=1).first()
    unseen = Event.objects.filter(organization=organization, pk__gt=following.upto if following else 0)
    oldest = unseen.aggregate(at=Min("recorded_at"))["at"]
    noted = Change.objects.filter(organization=organization).aggregate(at=Min("noted_at"))["at"]
    return min(now, oldest or now, noted or now)
