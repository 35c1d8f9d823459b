"""Reads from an address what list a person wants to see, and writes it into the links of that list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from accounts.access import person_of
from accounts.models import Center, Person
from accounts.queries import NotFound
from cxhub.prepared import Prepared, Told
from tickets.forms import ListForm
from tickets.policies import Reach, reach_of
from tickets.queries.lists import Asked, View
from tickets.queries.search import tidy_words
from tickets.tag_keys import tag_key

# As long as a thank-you may still reopen one. What is older is found by searching, or with its customer.
RESOLVED_LATELY = timedelta(days=7)
_CENTERS = Prepared(
    lambda: (
        Center.objects.filter(organization_id=Told("organization_id"))
        .annotate(is_own=Exists(Person.centers.through.objects.filter(person=Told("person"), center=OuterRef("pk"))))
        .order_by("name", "pk")
        .values_list("pk", "slug", "name", "kind", "is_own")
    )
)


class ListCenter(NamedTuple):
    """A center as a list names it."""

    pk: int
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class ListRequest:
    """A list as it was asked for. `centers` are those whose tickets the person sees, for the filter."""

    person: Person
    reach: Reach
    asked: Asked
    centers: list[ListCenter]
    center_slug: str

    @property
    def is_filtered(self) -> bool:
        asked = self.asked
        return bool(asked.words or asked.channel or self.center_slug or asked.priority or asked.tag)

    def query(self, **changes: str) -> str:
        """The address's query for this list with some parts changed; "" drops a part."""
        said = {
            "view": self.asked.view if self.asked.view is not View.OPEN else "",
            "center": self.center_slug,
            "channel": self.asked.channel,
            "priority": self.asked.priority,
            "tag": self.asked.tag,
            "q": self.asked.words,
            **changes,
        }
        text = urlencode({name: value for name, value in said.items() if value})
        return f"?{text}" if text else ""


def list_request(request: HttpRequest) -> ListRequest:
    """Returns what list was asked for, of one who answers. One statement."""
    person = person_of(request)
    rows = _CENTERS(organization_id=person.organization_id, person=person.pk)
    reach = reach_of(person, own_centers={pk: kind for pk, _slug, _name, kind, is_own in rows if is_own})
    if reach is None:
        raise NotFound
    said = _said(request)
    found = [ListCenter(*row[:3]) for row in rows if reach.centers is None or row[0] in reach.centers]
    asked = asked_by(said, found)
    slug = next((center.slug for center in found if center.pk == asked.center), "")
    return ListRequest(person, reach, asked, found, slug)


def asked_by(said: Mapping[str, str], centers: Sequence[ListCenter]) -> Asked:
    """What checked parts of an address ask for; a center that is not among these is as if it had not been said."""
    now = timezone.now()
    return Asked(
        view=View(said.get("view") or View.OPEN),
        center=next((center.pk for center in centers if center.slug == said.get("center")), None),
        channel=said.get("channel", ""),
        words=tidy_words(said.get("q", "")),
        resolved_since=now - RESOLVED_LATELY,
        priority=said.get("priority", ""),
        tag=tag_key(said.get("tag", "")),
        now=now,
    )


# Above every list stand the views that somebody has saved; what they ask for is checked once.
@lru_cache(maxsize=1_000)
def said_in(query: str) -> Mapping[str, str]:
    """The parts of an address's query that a list understands, but for words that were searched for."""
    checked = _checked(QueryDict(query.removeprefix("?")))
    return MappingProxyType({name: value for name, value in checked.items() if name != "q"})


def query_string(request: HttpRequest) -> str:
    """The list that a ticket was opened from, to lead back to it."""
    said = {name: value for name, value in _said(request).items() if name != "q" or tidy_words(value)}
    return f"?{urlencode(said)}" if said else ""


def _said(request: HttpRequest) -> dict[str, str]:
    return _checked(request.GET)


def _checked(query: QueryDict) -> dict[str, str]:
    form = ListForm(query)
    form.is_valid()
    return {name: value for name, value in form.cleaned_data.items() if value}
