"""What nobody has heard yet, and so how fresh the board is."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from accounts.models import Organization
from customers.models import Event
from voc.models import Heard, Listening
from voc.texts import CHANGED, SPOKEN_TYPES


def unheard(organization: Organization, upto: int) -> QuerySet[Event]:
    """The events after `upto` (a key) that hold words of a customer which are no voices yet."""
    events = Event.objects.filter(organization=organization, pk__gt=upto, type__in=SPOKEN_TYPES)
    hers = events.filter(Q(author="customer") | Q(author=""))
    # Of a change without words, the words before go.
    said = hers.filter(~Q(text="") | Q(type__in=("call.transcript", CHANGED)))
    return said.filter(~Exists(Heard.objects.filter(event=OuterRef("pk"))))


def heard_until(organization: Organization, now: datetime) -> datetime:
    """The instant up to which everything that was said is among the voices; `now` where nothing waits. Two statements."""
    listening = Listening.objects.filter(organization=organization).first()
    waiting = unheard(organization, listening.upto if listening else 0)
    return min(now, waiting.aggregate(at=Min("recorded_at"))["at"] or now)
