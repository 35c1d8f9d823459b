"""Copies what was said into the table that is searched, behind the intake and found by state: nothing hangs on a worker."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q

from accounts.models import Organization
from customers.models import Event
from tickets.message_words import searchable
from tickets.models import MessageText, SearchProgress

# A transaction of so many rows takes about a second.
COPIED_AT_ONCE = 5000
# Events become visible in another order than that of their keys: what is younger is looked through again. No intake lasts so long.
SETTLED_AFTER = timedelta(minutes=10)
SEARCHED = ~Q(author="") | Q(type__in=["note.added", "note.edited", "call.transcript"])


def copy_messages(organization: Organization, *, at: datetime) -> int:
    """Copies what is not copied yet, at most `COPIED_AT_ONCE`; returns how many. Call again while there are as many."""
    with transaction.atomic():
        SearchProgress.objects.get_or_create(organization=organization)
        # One worker at a time for each organization.
        progress = SearchProgress.objects.select_for_update().get(organization=organization)
        events = Event.objects.filter(organization=organization, pk__gt=progress.upto)
        lacking = events.filter(SEARCHED).exclude(text="").exclude(thread="")
        lacking = lacking.filter(~Exists(MessageText.objects.filter(event=OuterRef("pk"))))
        found = list(lacking.only("time", "thread", "channel", "author", "text").order_by("pk")[:COPIED_AT_ONCE])
        MessageText.objects.bulk_create(
            [
                MessageText(
                    organization=organization,
                    event_id=event.pk,
                    time=event.time,
                    thread=event.thread,
                    channel=event.channel,
                    author=event.author,
                    text=searchable(event.text),
                )
                for event in found
            ],
            ignore_conflicts=True,
        )
        settled = events.filter(recorded_at__lt=at - SETTLED_AFTER)
        if len(found) == COPIED_AT_ONCE:
            settled = settled.filter(pk__lte=found[-1].pk)
        upto = settled.aggregate(last=Max("pk"))["last"]
        if upto is not None:
            SearchProgress.objects.filter(pk=progress.pk).update(upto=upto)
    return len(found)
