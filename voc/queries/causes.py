"""What stood before those who complain of a topic, beside those who spoke of other things: where to look for a cause.

A share that is higher here than there is a hint, and no proof. Whether it may be chance is said of each (two-proportion
test, each factor with its part of the 5 %).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Center, Organization, Person, Store
from accounts.queries import organization_for
from customers.models import Customer, Event, Promise
from tickets.models import Ticket, Topic
from voc.chance import difference
from voc.models import Voice, VoiceTopic
from voc.queries.numbers import with_parts
from voc.queries.slices import Slice, voices_in

# Of each side the newest: more would say the same, and a page waits.
READ_AT_MOST = 600
ROWS_AT_MOST = 4 * READ_AT_MOST
BOUGHT_WITHIN = timedelta(days=60)
CAME_BACK_WITHIN = timedelta(days=7)
BROKEN_WITHIN = timedelta(days=30)
SHOWN_AT_MOST = 10
FEWEST = 3

# What kind of thing stood before, and which: ("product", "울 코트").
Mark = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Factor:
    """It stood before `hits` of `of` conversations about the topic, and before `hits_other` of `of_other` about others.

    `is_clear` is None where the numbers are too few to tell.
    """

    kind: str
    what: str
    hits: int
    of: int
    hits_other: int
    of_other: int
    is_clear: bool | None

    @property
    def share(self) -> float:
        return self.hits / self.of if self.of else 0.0

    @property
    def share_other(self) -> float:
        return self.hits_other / self.of_other if self.of_other else 0.0

    @property
    def words(self) -> str:
        return {
            "promise": _("A promise was not kept in time in the 30 days before"),
            "switch": _("She had come by another channel in the 7 days before"),
            "again": _("She had come before in the same 7 days"),
            "product": _("Bought last: %(what)s") % {"what": self.what},
            "store": _("Store: %(what)s") % {"what": self.what},
            "center": _("Center: %(what)s") % {"what": self.what},
            "channel": self.what,
        }[self.kind]


@dataclass(frozen=True, slots=True)
class Causes:
    """What stands out most first; `of` and `of_other` are the conversations that were read."""

    factors: list[Factor]
    of: int
    of_other: int


@dataclass(frozen=True, slots=True)
class _Said:
    """A conversation, by the first time in it that she spoke."""

    key: str
    at: datetime
    customer: int | None
    marks: frozenset[Mark]
    channel: str


def causes_of(person: Person, chosen: Slice, topic: Topic) -> Causes:
    """For the complaints of a topic in the slice. Ten statements at most."""
    organization = organization_for(person)
    about = VoiceTopic.objects.filter(
        organization=organization,
        topic__in=with_parts(topic),
        sentiment=-1,
        time__gte=chosen.since,
        time__lt=chosen.until,
    ).values("voice")
    everything = voices_in(person, replace(chosen, topic_ids=(), sentiment=None))
    theirs = _conversations(organization, everything.filter(pk__in=about))
    keys = {one.key for one in theirs}
    others = [one for one in _conversations(organization, everything.exclude(pk__in=about)) if one.key not in keys]
    before = _Before(organization, [*theirs, *others])
    return compare([before.marks_of(one) for one in theirs], [before.marks_of(one) for one in others])


def compare(theirs: Sequence[Iterable[Mark]], others: Sequence[Iterable[Mark]]) -> Causes:
    """The marks that stand more often with these than with the others. Pure."""
    here = Counter(mark for marks in theirs for mark in marks)
    there = Counter(mark for marks in others for mark in marks)
    candidates = [mark for mark, count in here.items() if count >= FEWEST]
    found = []
    for mark in candidates:
        seen = difference(there[mark], len(others), here[mark], len(theirs))
        is_clear = seen.p < 0.05 / len(candidates) if seen else None
        found.append(Factor(*mark, here[mark], len(theirs), there[mark], len(others), is_clear))
    more = [one for one in found if one.share > one.share_other]
    more.sort(key=lambda one: (one.is_clear is not True, one.share_other - one.share, one.what))
    return Causes(more[:SHOWN_AT_MOST], len(theirs), len(others))


class _Before:
    """What is known of customers before they spoke. Read once for all of them."""

    def __init__(self, organization: Organization, said: Sequence[_Said]) -> None:
        customers = {one.customer for one in said if one.customer is not None}
        times = [one.at for one in said]
        rows = Customer.objects.filter(organization=organization).in_groups(customers)
        self._root = {pk: merged or pk for pk, merged in rows.values_list("pk", "merged_into")}
        self._bought: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
        self._spoke: dict[int, list[tuple[datetime, str, str]]] = defaultdict(list)
        self._broken: dict[int, list[datetime]] = defaultdict(list)
        if customers:
            self._read(organization, min(times), max(times))

    def marks_of(self, said: _Said) -> set[Mark]:
        marks = set(said.marks)
        root = self._root.get(said.customer or 0)
        if root is None:
            return marks
        bought = [what for at, what in self._bought[root] if said.at - BOUGHT_WITHIN <= at <= said.at]
        if bought:
            marks.add(("product", bought[-1]))
        spoke = self._spoke[root]
        first = bisect_left(spoke, (said.at - CAME_BACK_WITHIN, "", ""))
        earlier = [one for one in spoke[first:] if one[0] < said.at and one[2] != said.key]
        if earlier:
            marks.add(("again", ""))
        if any(channel != said.channel for _at, channel, _key in earlier):
            marks.add(("switch", ""))
        if any(said.at - BROKEN_WITHIN <= due < said.at for due in self._broken[root]):
            marks.add(("promise", ""))
        return marks

    def _read(self, organization: Organization, first: datetime, last: datetime) -> None:
        sales = Event.objects.filter(organization=organization, customer__in=self._root, type="pos.sale")
        sales = sales.filter(time__gte=first - BOUGHT_WITHIN, time__lte=last).order_by("time", "pk")
        for customer, at, data in sales.values_list("customer", "time", "data"):
            self._bought[self._root[customer]].append((at, _first_item(data)))
        voices = Voice.objects.filter(organization=organization, customer__in=self._root)
        voices = voices.filter(time__gte=first - CAME_BACK_WITHIN, time__lte=last).order_by("time", "channel", "thread")
        for customer, at, channel, thread, pk in voices.values_list("customer", "time", "channel", "thread", "pk"):
            self._spoke[self._root[customer or 0]].append((at, channel, thread or f"#{pk}"))
        # A promise is made in a conversation, and that is hers.
        tickets = Ticket.objects.filter(organization=organization, customer__in=self._root).exclude(thread="")
        hers = {thread: self._root[customer or 0] for thread, customer in tickets.values_list("thread", "customer")}
        promises = Promise.objects.filter(organization=organization, thread__in=tickets.values("thread"))
        promises = promises.filter(due_at__gte=first - BROKEN_WITHIN, due_at__lt=last)
        promises = promises.exclude(status=Promise.Status.WITHDRAWN)
        for thread, due, settled, status in promises.values_list("thread", "due_at", "settled_at", "status"):
            if due is not None and (settled is None or settled > due or status == Promise.Status.BROKEN):
                self._broken[hers[thread]].append(due)


def _conversations(organization: Organization, rows: QuerySet[Voice]) -> list[_Said]:
    """The newest, at most READ_AT_MOST."""
    stores = dict(Store.objects.filter(organization=organization).values_list("pk", "name"))
    centers = dict(Center.objects.filter(organization=organization).values_list("pk", "name"))
    found: dict[str, _Said] = {}
    columns = ("pk", "thread", "time", "customer", "channel", "store", "center", "product")
    for pk, thread, at, customer, channel, store, center, product in rows.order_by("-time", "-pk").values_list(
        *columns
    )[:ROWS_AT_MOST]:
        key = thread or f"#{pk}"
        if key not in found and len(found) == READ_AT_MOST:
            break
        marks = {
            ("channel", _channel(channel)),
            ("store", stores.get(store, "")),
            ("center", centers.get(center, "")),
            ("product", product),
        }
        # Rows come newest first: what stays is the first time in it.
        found[key] = _Said(key, at, customer, frozenset(mark for mark in marks if mark[1]), channel)
    return list(found.values())


def _channel(channel: str) -> str:
    return {
        "chat": _("By chat"),
        "call": _("By phone"),
        "message": _("By messenger"),
        "mail": _("By mail"),
        "store": _("At the counter"),
        "survey": _("In a survey"),
        "review": _("In a review"),
    }.get(channel, channel)


def _first_item(data: dict[str, Any]) -> str:
    items = data.get("items") or []
    return str(items[0].get("name") or "")[:100] if items else ""
