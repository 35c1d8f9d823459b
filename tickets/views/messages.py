"""The search over what was said: a page of its own, which the inbox's search box leads to."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import audit
from accounts.access import open_to, person_of
from accounts.policies import Permission
from accounts.queries import centers_for
from tickets.forms import MessageSearchForm
from tickets.queries.lists import COMING
from tickets.queries.messages import FoundPage, Search, messages_found
from tickets.queries.search import tidy_words
from tickets.templatetags.inbox import channel_label
from tickets.views.acts import is_scripted


@require_GET
@open_to(Permission.USE_INBOX)
def search(request: HttpRequest) -> HttpResponse:
    """The page, or what follows a cursor. A search is logged: it looks through what customers have said."""
    person, cursor = person_of(request), request.GET.get("cursor", "")
    form = MessageSearchForm(request.GET)
    form.is_valid()
    said = form.cleaned_data
    centers = list(centers_for(person))
    center = next((one for one in centers if one.slug == said.get("center")), None)
    wanted = Search(
        tidy_words(said.get("q") or ""),
        channel=said.get("channel") or "",
        center=center.pk if center else None,
        author=said.get("author") or "",
        since=said.get("since"),
        until=said.get("until"),
    )
    page = messages_found(person, wanted, cursor=cursor) if wanted.words else FoundPage([])
    context: dict[str, Any] = {"found": page.messages, "next_url": _following(request, page)}
    if cursor and is_scripted(request):
        return render(request, "tickets/partials/found_rows.html", context)
    if wanted.words and not wanted.is_too_short and not cursor:
        shown = {"hits": len(page.messages), "messages": [one.id.hex for one in page.messages]}
        audit.record_for(request, action="customers.search", obj="messages", reason=wanted.words, after=shown)
    context |= {
        "wanted": wanted,
        "centers": centers,
        "center_slug": center.slug if center else "",
        "channels": [(name, channel_label(name)) for name in COMING],
        "authors": [("customer", _("Customer")), ("agent", _("Agent"))],
    }
    return render(request, "tickets/messages.html", context)


def _following(request: HttpRequest, page: FoundPage) -> str:
    if not page.next_cursor:
        return ""
    told = {name: value for name, value in request.GET.items() if name != "cursor"}
    return f"{reverse('tickets:message_search')}?{urlencode(told | {'cursor': page.next_cursor})}"
