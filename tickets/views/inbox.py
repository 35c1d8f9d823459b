"""The inbox's list: the page, the fragment that keeps it current, and the card of a caller."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import audit
from accounts.access import open_to, organization_of, person_of
from accounts.policies import Permission
from customers.policies import sight_of
from customers.queries import promises_for
from customers.queries.contacts import contacts_for
from customers.queries.profiles import profiles_of
from tickets.call_states import ON_CALL, WAITING
from tickets.models import Ticket
from tickets.queries import counts_of, page_of, some_of, ticket_for
from tickets.queries.availability import LONGEST_CALL
from tickets.queries.inbox import LONGEST_REFRESH, PAGE_SIZE, ROWS_AT_ONCE, Counts, Known, Row
from tickets.queries.lists import CHANNELS, View
from tickets.queries.saved_views import counts_of_lists, saved_views_for
from tickets.queries.tags import tag_names
from tickets.views.asking import ListRequest, asked_by, list_request, said_in

# A telephone system may tell a few seconds late; whoever has been talking for longer is where she wants to be.
JUST_NOW = timedelta(seconds=30)


@require_GET
@open_to(Permission.USE_INBOX)
def inbox(request: HttpRequest) -> HttpResponse:
    """The list, and beside it nothing yet. Searching is logged: it looks through customers."""
    wanted = list_request(request)
    context = list_context(wanted)
    _note_search(request, wanted, context["rows"])
    return render(request, "tickets/inbox.html", context)


@require_GET
@open_to(Permission.USE_INBOX)
def rows(request: HttpRequest) -> HttpResponse:
    """A stretch of the list: what follows a cursor, some single rows, or as many from the top as the page has loaded."""
    wanted = list_request(request)
    cursor = request.GET.get("cursor", "")
    if only := _public_ids(request.GET.get("only", "")):
        context = list_context(wanted, only=only)
        return render(request, "tickets/partials/some_rows.html", context)
    if cursor:
        return render(request, "tickets/partials/rows.html", rows_context(wanted, cursor=cursor))
    context = list_context(wanted, size=_size(request.GET.get("size", "")))
    # A page that keeps its list current says how many rows it has; one that is searched in does not.
    if "size" not in request.GET:
        _note_search(request, wanted, context["rows"])
    return render(request, "tickets/partials/list.html", context)


@require_GET
@open_to(Permission.USE_INBOX)
def caller(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
    """The card of a call that rings, or that this person has just answered; 204 where there is nothing to show.

    `X-Answered-By-Me: just` tells the page to open the ticket by itself.
    """
    person = person_of(request)
    ticket = ticket_for(person, ticket_id)
    is_mine = ticket.call_state in ON_CALL and ticket.agent_email == person.email
    if ticket.last_event_at < timezone.now() - LONGEST_CALL:
        return HttpResponse(status=204)  # the telephone system has forgotten to tell of its end
    if not is_mine and (ticket.call_state not in WAITING or ticket.opened_by == "agent"):
        return HttpResponse(status=204)
    context: dict[str, Any] = {"ticket": ticket, "is_mine": is_mine, "profile": None}
    if ticket.customer:
        root_id = ticket.customer.root_id
        profile = profiles_of(organization_of(request), [root_id], sight=sight_of(person))[root_id]
        now = timezone.now()
        promises = [(promise, promise.is_overdue(now)) for promise in promises_for(profile) if promise.is_open]
        context |= {"profile": profile, "promises": promises[:2], "contacts": contacts_for(profile, now)}
        if not is_mine:
            audit.record_for(request, action="customers.view", obj="call", customer_id=profile.public_id)
    response = render(request, "tickets/partials/caller.html", context)
    if is_mine:
        answered_at = ticket.first_response_at or ticket.last_event_at
        response["X-Answered-By-Me"] = "just" if timezone.now() - answered_at < JUST_NOW else "before"
    return response


def _note_search(request: HttpRequest, wanted: ListRequest, shown: Sequence[Row]) -> None:
    """Writes down that somebody looked for customers in the list, and which tickets she was shown."""
    if wanted.asked.words:
        found = {"hits": len(shown), "tickets": [row.ticket.public_id.hex for row in shown]}
        audit.record_for(request, action="customers.search", obj="inbox", reason=wanted.asked.words, after=found)


def list_context(wanted: ListRequest, *, size: int = PAGE_SIZE, only: Sequence[UUID] = ()) -> dict[str, Any]:
    """What the list pane needs, of rows `only` those where some are told; a fixed number of statements."""
    reach, person, asked = wanted.reach, wanted.person, wanted.asked
    counts, tags = counts_of(reach, person, asked), tag_names(reach.organization_id)
    known = Known(tags, counts.marks)
    if only:
        shown = {"rows": some_of(reach, person, asked, only, known=known), "list_query": wanted.query()}
    else:
        common = replace(wanted, asked=replace(asked, is_tag_common=counts.is_tag_common))
        shown = rows_context(common, size=size, known=known)
    return {
        **shown,
        "tabs": _tabs(wanted, counts),
        "waiting_count": counts.waiting,
        "saved_views": _saved(wanted),
        "channels": CHANNELS,
        "priorities": Ticket.Priority.choices,
        "tags": tags,
        "refresh_url": reverse("tickets:rows") + wanted.query(),
        "clear_url": reverse("tickets:inbox"),
        # Where the newest comes first, whatever happens may bring a ticket up; elsewhere only a change of its standing.
        "is_newest_first": wanted.asked.is_newest_first,
        "is_filtered": wanted.is_filtered,
    }


def rows_context(
    wanted: ListRequest, *, cursor: str = "", size: int = PAGE_SIZE, known: Known | None = None
) -> dict[str, Any]:
    page = page_of(wanted.reach, wanted.person, wanted.asked, cursor=cursor, size=size, known=known)
    next_url = reverse("tickets:rows") + wanted.query(cursor=page.next_cursor) if page.next_cursor else ""
    return {"wanted": wanted, "rows": page.rows, "end": page.end, "next_url": next_url, "list_query": wanted.query()}


def _tabs(wanted: ListRequest, counts: Counts) -> list[dict[str, Any]]:
    labels = {
        View.OPEN: _("In progress"),
        View.WAITING: _("Waiting"),
        View.ANGRY: _("Upset"),
        View.MINE: _("Mine"),
        View.UNASSIGNED: _("Unassigned"),
        View.BREACHED: _("Past target"),
        View.SNOOZED: _("Snoozed"),
        View.RESOLVED: _("Resolved lately"),
        View.ALL: _("All"),
        View.MENTIONS: _("Mentions"),
    }
    return [
        {
            "label": label,
            "view": view.value,
            "count": counts.by_view[view],
            "url": reverse("tickets:inbox") + wanted.query(view="" if view is View.OPEN else view.value, q=""),
            "is_current": view is wanted.asked.view and not wanted.asked.words,
            "is_urgent": view in (View.WAITING, View.BREACHED, View.MENTIONS, View.ANGRY) and counts.by_view[view] > 0,
        }
        for view, label in labels.items()
    ]


def _saved(wanted: ListRequest) -> list[dict[str, Any]]:
    """Her views and those shared with her centers, each with how many stand in it. Two statements; one without any."""
    views = saved_views_for(wanted.person, [center.pk for center in wanted.centers])
    lists = [asked_by(said_in(view.query), wanted.centers) for view in views]
    counts = counts_of_lists(wanted.reach, wanted.person, lists) if lists else []
    here = "" if wanted.asked.words else wanted.query()
    return [
        {"view": view, "count": count, "url": reverse("tickets:inbox") + view.query, "is_current": view.query == here}
        for view, count in zip(views, counts, strict=True)
    ]


def _public_ids(text: str) -> list[UUID]:
    """The ids in a list with commas between; none where one is no id, or where there are too many."""
    try:
        ids = [UUID(word) for word in text.split(",") if word]
    except ValueError:
        return []
    return ids if len(ids) <= ROWS_AT_ONCE else []


def _size(text: str) -> int:
    loaded = int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else PAGE_SIZE
    return min(max(loaded, PAGE_SIZE), LONGEST_REFRESH)
