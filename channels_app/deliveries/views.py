"""The operator's screens of what goes out: the list, one with its attempts, sending again."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts import audit
from accounts.access import open_to, organization_of, person_of
from accounts.policies import Permission
from channels_app.deliveries import queries
from channels_app.deliveries.actions import RESENT_AT_ONCE, resend
from channels_app.deliveries.queries import Wanted
from channels_app.models import Delivery, DeliveryAttempt
from customers.undelivered import words_of_cause
from cxhub.identifiers import is_uuid


@open_to(Permission.MANAGE_CHANNELS)
@require_GET
def delivery_list(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    wanted = read_wanted(request.GET)
    found = queries.deliveries_for(person, wanted)
    page, cursor = queries.page_of(found, request.GET.get("after", ""))
    tickets = queries.ticket_ids(page)
    context: dict[str, Any] = {
        "rows": [
            {"delivery": one, "cause_words": words_of_cause(one.cause), "ticket": tickets.get(one.thread)}
            for one in page
        ],
        "wanted": wanted,
        "next_url": _list_url(wanted, after=cursor) if cursor else "",
    }
    if request.htmx and request.GET.get("after"):  # type: ignore[attr-defined]
        return render(request, "channels_app/deliveries/list.html#rows", context)
    states = [("", _("All")), ("under_way", _("Under way")), ("failed", _("Failed")), ("sent", _("Sent"))]
    context |= {
        "states": [(state, label, _list_url(Wanted(state, wanted.kind, wanted.account))) for state, label in states],
        "kinds": Delivery.Kind.choices,
        "accounts": queries.accounts_for(person),
        "backlog": queries.backlog_of(organization_of(request)),
        "most_at_once": RESENT_AT_ONCE,
    }
    return render(request, "channels_app/deliveries/list.html", context)


@open_to(Permission.MANAGE_CHANNELS)
@require_GET
def delivery_detail(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    delivery, attempts = queries.delivery_for(person_of(request), delivery_id)
    audit.record_for(request, action="channels.delivery.view", obj=f"delivery:{delivery.public_id}")
    context = {
        "delivery": delivery,
        "cause_words": words_of_cause(delivery.cause),
        "attempts": [(attempt, _tone(attempt), words_of_cause(attempt.cause)) for attempt in attempts],
        "ticket": queries.ticket_ids([delivery]).get(delivery.thread),
        "may_resend": delivery.is_failed or (delivery.state == Delivery.State.WAITING and delivery.attempts),
    }
    return render(request, "channels_app/deliveries/detail.html", context)


@open_to(Permission.MANAGE_CHANNELS)
@require_POST
def deliveries_again(request: HttpRequest) -> HttpResponse:
    """Puts the chosen ones in the queue again, or (`all`) the oldest of those that failed in this filter."""
    person = person_of(request)
    wanted = read_wanted(request.POST)
    failed = queries.deliveries_for(person, Wanted("", wanted.kind, wanted.account))
    if "all" in request.POST:
        chosen = failed.filter(state=Delivery.State.FAILED).order_by("created_at", "pk")[:RESENT_AT_ONCE]
    else:
        ids = [UUID(one) for one in request.POST.getlist("chosen")[:RESENT_AT_ONCE] if is_uuid(one)]
        chosen = failed.filter(public_id__in=ids)
    count = resend(organization_of(request), list(chosen), by=person, at=now())
    if count:
        told = ngettext("%(count)d is on its way again.", "%(count)d are on their way again.", count)
        messages.success(request, told % {"count": count})
    else:
        messages.info(request, _("There was nothing to send again."))
    back = request.POST.get("back", "")
    return redirect("channels:delivery_detail", back) if is_uuid(back) else redirect(_list_url(wanted))


def read_wanted(told: QueryDict) -> Wanted:
    """What part of the list an address or a form names; what it does not understand is left out."""
    state, kind, account = (told.get(name, "") for name in ("state", "kind", "account"))
    return Wanted(
        state if state in ("under_way", *Delivery.State.values) else "",
        kind if kind in Delivery.Kind.values else "",
        account if is_uuid(account) else "",
    )


def _tone(attempt: DeliveryAttempt) -> str:
    tones = {DeliveryAttempt.Outcome.SENT: "success", DeliveryAttempt.Outcome.PERMANENT: "error"}
    return tones.get(DeliveryAttempt.Outcome(attempt.outcome), "warning")


def _list_url(wanted: Wanted, *, after: str = "") -> str:
    told = {"state": wanted.state, "kind": wanted.kind, "account": wanted.account, "after": after}
    query = urlencode({name: value for name, value in told.items() if value})
    return reverse("channels:delivery_list") + (f"?{query}" if query else "")
