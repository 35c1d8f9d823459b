"""Reads from an address what list a person wants to see, and writes it into the links of that list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone

from accounts.access import person_of
from accounts.models import Center, Person
from accounts.queries import NotFound
from cxhub.prepared import Prepared, Told
from tickets.forms import ListForm
from tickets.policies import Reach, reach_of
from tickets.queries.inbox import Asked, View
from tickets.queries.search import tidy_words

# As long as a thank-you may still reopen one. What is older is found by searching, or with its customer.
RESOLVED_LATELY = timedelta(days=7)
_CENTERS = Prepared(lambda: Center.objects.filter(organization_id=Told("organization_id")).order_by("name", "pk"))


@dataclass(frozen=True, slots=True)
class ListRequest:
    """A list as it was asked for. `centers` are those whose tickets the person sees, for the filter."""

    person: Person
    reach: Reach
    asked: Asked
    centers: list[Center]
    center_slug: str

    def query(self, **changes: str) -> str:
        """The address's query for this list with some parts changed; "" drops a part."""
        said = {
            "view": self.asked.view if self.asked.view is not View.OPEN else "",
            "center": self.center_slug,
            "channel": self.asked.channel,
            "q": self.asked.words,
            **changes,
        }
        text = urlencode({name: value for name, value in said.items() if value})
        return f"?{text}" if text else ""


def list_request(request: HttpRequest) -> ListRequest:
    """Returns what list was asked for. Two statements."""
    person = person_of(request)
    reach = reach_of(person)
    if reach is None:
        raise NotFound
    said = _said(request)
    found = _CENTERS(organization_id=reach.organization_id)
    if reach.centers is not None:
        found = [center for center in found if center.pk in reach.centers]
    center = next((center for center in found if center.slug == said.get("center")), None)
    asked = Asked(
        view=View(said.get("view") or View.OPEN),
        center=center.pk if center else None,
        channel=said.get("channel", ""),
        words=tidy_words(said.get("q", "")),
        resolved_since=timezone.now() - RESOLVED_LATELY,
    )
    return ListRequest(person, reach, asked, found, center.slug if center else "")


def query_string(request: HttpRequest) -> str:
    """The list that a ticket was opened from, to lead back to it."""
    said = {name: value for name, value in _said(request).items() if name != "q" or tidy_words(value)}
    return f"?{urlencode(said)}" if said else ""


def _said(request: HttpRequest) -> dict[str, str]:
    form = ListForm(request.GET)
    form.is_valid()
    return {name: value for name, value in form.cleaned_data.items() if value}
