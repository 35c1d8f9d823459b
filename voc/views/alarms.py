"""What people are told of customers' voices: the list, one with the sentences behind it, and the switch of the digest."""

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

from accounts import audit
from accounts.access import open_to, organization_of, person_of
from accounts.policies import Permission
from voc.actions.alarms import mark_read
from voc.actions.mails import is_digest_wanted, set_digest
from voc.policies import may_edit_improvements
from voc.queries.notices import notice_for, notices_for, sentences_behind, unread_count_for


@require_GET
@open_to(Permission.USE_COUNTER)
def alarms(request: HttpRequest) -> HttpResponse:
    """Hers alone, or what follows a cursor."""
    person = person_of(request)
    page = notices_for(person, cursor=request.GET.get("cursor", ""))
    context: dict[str, Any] = {
        "notices": page.notices,
        "next_url": f"{reverse('voc:alarms')}?cursor={page.next_cursor}" if page.next_cursor else "",
    }
    if request.GET.get("cursor") and request.htmx:  # type: ignore[attr-defined]
        return render(request, "voc/partials/alarm_rows.html", context)
    context |= {
        "unread_count": unread_count_for(person),
        "has_digest": may_edit_improvements(person),
        "is_digest_wanted": is_digest_wanted(person),
        "sends_mail": settings.SENDS_MAIL,
    }
    return render(request, "voc/alarms.html", context)


@require_GET
@open_to(Permission.USE_COUNTER)
def alarm(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """One of hers, with what was said; the list marks it as read on the way here."""
    person = person_of(request)
    notice = notice_for(person, notice_id)
    page = sentences_behind(person, notice.alarm)
    obj = f"voice alarm {notice.alarm.public_id}"
    audit.record_for_customers(organization_of(request), page.customer_ids, by=person, action="voc.view", obj=obj)
    context = {"notice": notice, "page": page, "may_edit": may_edit_improvements(person)}
    return render(request, "voc/alarm.html", context)


@require_POST
@open_to(Permission.USE_COUNTER)
def read(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Marks one as read and leads to it."""
    person = person_of(request)
    notice = notice_for(person, notice_id)
    mark_read(person, [notice.public_id], at=now())
    return redirect("voc:alarm", notice_id)


@require_POST
@open_to(Permission.USE_COUNTER)
def read_all(request: HttpRequest) -> HttpResponse:
    mark_read(person_of(request), None, at=now())
    return redirect("voc:alarms")


@require_POST
@open_to(Permission.EDIT_IMPROVEMENTS)
def switch_digest(request: HttpRequest) -> HttpResponse:
    is_on = request.POST.get("mails") == "on"
    set_digest(person_of(request), is_mailed=is_on)
    messages.success(
        request, _("The weekly mail comes on Mondays.") if is_on else _("The weekly mail no longer comes.")
    )
    return redirect("voc:alarms")
