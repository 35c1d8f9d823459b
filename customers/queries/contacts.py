"""The last contacts in a sentence a day: “Yesterday: called 2×, missed 1×”. What an agent says first, or had better not.

A contact is a conversation that had something of hers on a day, however many messages it took.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import formats
from django.utils.translation import gettext as _

from customers.models import Event
from customers.queries.history import STANDS_IN_A_THREAD
from customers.queries.members import OfMembers
from customers.queries.profiles import Profile
from cxhub.prepared import Prepared, Told

# Further back it is history, which stands below.
DAYS_BACK = 30
DAYS_SHOWN = 3
EVENTS_READ = 300

_CALLS = ("call.queued", "call.answered", "call.abandoned")
_WRITTEN = ("chat.message", "mail.message", "message.message")
_COUNTER = ("store.inquiry", "store.visit")


@dataclass(frozen=True, slots=True)
class ContactDay:
    """One day's contacts; `has_missed` where she called and nobody answered."""

    day: date
    when: str
    text: str
    has_missed: bool


_CONTACTS = OfMembers(
    lambda hers: (
        Event.objects.filter(
            hers,
            organization_id=Told("organization_id"),
            time__gt=Told("since"),
            type__in=(*_CALLS, *_WRITTEN, *_COUNTER),
        )
        .order_by("-time", "-id")
        .values_list("time", "type", "channel", "author", "qualifier", "thread", "event_id")[:EVENTS_READ]
    )
)
_MISSED = Prepared(
    lambda: Event.objects.filter(
        STANDS_IN_A_THREAD,
        organization_id=Told("organization_id"),
        thread__any_of=Told("threads"),
        type="call.abandoned",
    ).values_list("thread", flat=True)
)


def contacts_for(profile: Profile, now: datetime) -> list[ContactDay]:
    """The newest days on which there was contact, at most three, newest first. Two statements."""
    since = now - timedelta(days=DAYS_BACK)
    events = _CONTACTS(profile.ids, organization_id=profile.organization.pk, since=since)
    missed = _missed(profile, {thread for _time, kind, *_rest, thread, _id in events if kind in _CALLS})
    days: dict[date, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for time, kind, channel, author, qualifier, thread, event_id in events:
        if kind in _WRITTEN and author != "customer":
            continue
        manner = "outbound" if qualifier == "outbound" else channel
        days[time.astimezone(profile.organization.zone).date()][manner].add(thread or event_id)
    today = now.astimezone(profile.organization.zone).date()
    return [_day(day, days[day], missed, today) for day in sorted(days, reverse=True)[:DAYS_SHOWN]]


def _missed(profile: Profile, threads: set[str]) -> set[str]:
    """The calls nobody answered: the telephone system need not name the caller once more."""
    if not threads:
        return set()
    return set(_MISSED(organization_id=profile.organization.pk, threads=threads))


def _day(day: date, manners: dict[str, set[str]], missed: set[str], today: date) -> ContactDay:
    # A call belongs to one manner: what follows an outgoing one (answered, abandoned) does not say so again.
    outbound = manners.pop("outbound", set())
    counts = Counter({manner: len(threads - outbound) for manner, threads in manners.items()})
    missed_here = len(missed & manners.get("call", set()) - outbound)
    parts = [_words(manner) % {"count": counts[manner]} for manner in _ORDER if counts[manner]]
    if missed_here:
        parts.insert(1, _("missed %(count)d×") % {"count": missed_here})
    if outbound:
        parts.append(_("we called %(count)d×") % {"count": len(outbound)})
    return ContactDay(day, _day_words(day, today), ", ".join(parts), missed_here > 0)


_ORDER = ("call", "chat", "message", "mail", "store")


def _words(manner: str) -> str:
    return {
        "call": _("called %(count)d×"),
        "chat": _("chat %(count)d×"),
        "message": _("messenger %(count)d×"),
        "mail": _("mail %(count)d×"),
        "store": _("at the counter %(count)d×"),
    }[manner]


def _day_words(day: date, today: date) -> str:
    age = (today - day).days
    if age == 0:
        return _("Today")
    if age == 1:
        return _("Yesterday")
    return formats.date_format(day, "MONTH_DAY_FORMAT")
