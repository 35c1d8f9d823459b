"""A person's alarms: the list, the bell that every page carries, and the switches."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import open_to, person_of
from accounts.models import Person
from accounts.policies import Permission
from tickets.actions.alarms import mark_read, set_mailed
from tickets.alarm_sources import other_lists, other_news, other_unread
from tickets.policies import may_be_alarmed, tickets_reached
from tickets.queries.alarms import (
    alarms_for,
    is_mailed,
    newest_unread_for,
    notice_for,
    require_alarmed,
    unread_count_for,
)
from tickets.queries.promises import pressing_promises


@require_GET
@open_to(Permission.USE_INBOX)
def alarms(request: HttpRequest) -> HttpResponse:
    """The whole list, or what follows a cursor."""
    person = _alarmed(request)
    page = alarms_for(person, cursor=request.GET.get("cursor", ""))
    url = reverse("tickets:alarms")
    context: dict[str, Any] = {
        "alarms": page.alarms,
        "next_url": f"{url}?cursor={page.next_cursor}" if page.next_cursor else "",
    }
    if request.GET.get("cursor") and request.htmx:  # type: ignore[attr-defined]
        return render(request, "tickets/partials/alarm_rows.html", context)
    context |= {
        "unread_count": unread_count_for(person),
        "is_mailed": is_mailed(person),
        "sends_mail": settings.SENDS_MAIL,
        "other_lists": other_lists(person),
    }
    is_fragment = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    return render(request, "tickets/partials/alarm_list.html" if is_fragment else "tickets/alarms.html", context)


@require_GET
@open_to(Permission.USE_COUNTER)
def bell(request: HttpRequest) -> HttpResponse:
    """The bell as it is now, how many promises press, and the newest alarms in words for a notification.

    Who answers no tickets is told what other rooms tell her.
    """
    person = person_of(request)
    answers = may_be_alarmed(person)
    context = {
        "count": other_unread(person) + (unread_count_for(person) if answers else 0),
        "promises": pressing_promises(person) if answers else 0,
        "newest": newest_unread_for(person) if answers else [],
        "news": other_news(person),
    }
    return render(request, "tickets/partials/bell_news.html", context)


@require_POST
@open_to(Permission.USE_INBOX)
def read_all(request: HttpRequest) -> HttpResponse:
    mark_read(_alarmed(request), None, at=now())
    return redirect("tickets:alarms")


@require_POST
@open_to(Permission.USE_INBOX)
def read(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Marks one as read and leads to its ticket."""
    person = _alarmed(request)
    notice = notice_for(person, notice_id)
    mark_read(person, [notice.public_id], at=now())
    if notice.alarm.promise is not None and not tickets_reached(person).filter(pk=notice.alarm.ticket_id).exists():
        return redirect("tickets:promises")
    return redirect("tickets:detail", notice.alarm.ticket.public_id)


@require_POST
@open_to(Permission.USE_INBOX)
def switch_mails(request: HttpRequest) -> HttpResponse:
    person = _alarmed(request)
    is_on = request.POST.get("mails") == "on"
    set_mailed(person, is_mailed=is_on)
    messages.success(request, _("Alarms come by mail as well.") if is_on else _("Alarms no longer come by mail."))
    return redirect("tickets:alarms")


def _alarmed(request: HttpRequest) -> Person:
    person = person_of(request)
    require_alarmed(person)
    return person
