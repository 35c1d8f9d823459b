"""The screens of refused events: the list, one of them with its text to mend, sending again, discarding."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import audit
from accounts.access import open_to, organization_of, person_of
from accounts.policies import Permission
from channels_app import problems
from channels_app.models import RefusedEvent
from channels_app.problems import PROBLEM_KINDS, Problem, Refused
from channels_app.refused import actions, json_text, queries
from channels_app.refused.forms import EDITABLE_CHARACTERS, STATES, DiscardForm, MendForm, read_wanted
from channels_app.refused.queries import Wanted


@open_to(Permission.MANAGE_CHANNELS)
@require_GET
def refused_list(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    wanted = read_wanted(request.GET)
    page = queries.refused_page(person, wanted, request.GET.get("after", ""))
    context: dict[str, Any] = {
        "rows": [{"event": row, "title": str(PROBLEM_KINDS[row.reason.kind].title)} for row in page.rows],
        "wanted": wanted,
        "next_url": _list_url(wanted, after=page.next_cursor) if page.next_cursor else "",
    }
    if request.htmx and request.GET.get("after"):  # type: ignore[attr-defined]
        return render(request, "channels_app/refused/list.html#rows", context)
    kinds, senders = queries.kinds_and_senders(person)
    context |= {
        "states": [(state, label, _list_url(Wanted(state))) for state, label in STATES],
        "kinds": [(kind, str(PROBLEM_KINDS[kind].title)) for kind in kinds],
        "senders": senders,
        "is_narrowed": bool(wanted.kind or wanted.sender),
        "most_at_once": actions.MOST_AT_ONCE,
    }
    return render(request, "channels_app/refused/list.html", context)


@open_to(Permission.MANAGE_CHANNELS)
@require_POST
def refused_send_again(request: HttpRequest) -> HttpResponse:
    """Sends the chosen rows as they came, or (`all`) the oldest of those the list was narrowed down to."""
    person = person_of(request)
    wanted = read_wanted(request.POST)
    waiting = queries.wanted_rows(person, Wanted("open", wanted.kind, wanted.sender)).defer("body")
    if "all" in request.POST:
        chosen = waiting.order_by("received_at", "pk")[: actions.MOST_AT_ONCE]
    else:
        chosen = waiting.filter(public_id__in=_ids(request.POST.getlist("chosen")))
    done = actions.send_again_unchanged(organization_of(request), chosen, by=person, at=now())
    if done.taken:
        messages.success(request, _("%(count)d events were sent and taken.") % {"count": done.taken})
    if done.refused:
        messages.warning(request, _("%(count)d were refused again and still wait.") % {"count": done.refused})
    if done.settled:
        messages.info(request, _("%(count)d had been settled by somebody else.") % {"count": done.settled})
    if done == actions.Resent():
        messages.info(request, _("Nothing was chosen."))
    return redirect(_list_url(wanted))


@never_cache
@open_to(Permission.MANAGE_CHANNELS)
@require_http_methods(["GET", "POST"])
def refused_detail(request: HttpRequest, refused_id: UUID) -> HttpResponse:
    """Shows one; a POST sends its mended text. What is wrong with that is shown beside it, and the text stays."""
    person = person_of(request)
    event = queries.refused_event_for(person, refused_id)
    if request.method == "GET":
        audit.record_for(request, action="channels.refused.view", obj=f"refused:{event.public_id}")
        return _detail_page(request, event, event.body, event.reason)
    form = MendForm(request.POST)
    text = request.POST.get("body", "")
    if not form.is_valid():
        return _detail_page(request, event, text, event.reason, form=form, status=422)
    try:
        outcome = actions.send_again(event, form.cleaned_data["body"], by=person, at=now())
    except Refused as refusal:
        return _detail_page(request, event, text, refusal.problem, is_new=True, status=422)
    except actions.AlreadySettled as settled:
        messages.warning(request, str(settled))
        return redirect("channels:refused_detail", event.public_id)
    if outcome.is_created:
        messages.success(request, _("Sent and taken: it is history now."))
    elif outcome.differs:
        messages.warning(request, _("An event of this source and id was there, with other content. Nothing changed."))
    else:
        messages.success(request, _("It was there already; nothing changed."))
    return redirect("channels:refused_list")


@open_to(Permission.MANAGE_CHANNELS)
@require_POST
def refused_discard(request: HttpRequest, refused_id: UUID) -> HttpResponse:
    person = person_of(request)
    event = queries.refused_event_for(person, refused_id)
    form = DiscardForm(request.POST)
    if not form.is_valid():
        return _detail_page(request, event, event.body, event.reason, discard_form=form, status=422)
    try:
        actions.discard(event, reason=form.cleaned_data["reason"], by=person, at=now())
    except (actions.AlreadySettled, actions.ReasonMissing) as refusal:
        messages.warning(request, str(refusal))
        return redirect("channels:refused_detail", event.public_id)
    messages.success(request, _("Discarded. It stays in the list of discarded events."))
    return redirect("channels:refused_list")


def _detail_page(
    request: HttpRequest,
    event: RefusedEvent,
    text: str,
    problem: Problem,
    *,
    form: MendForm | None = None,
    discard_form: DiscardForm | None = None,
    is_new: bool = False,
    status: int = 200,
) -> HttpResponse:
    """`text` is what stands in the editor: the body as it came, or what she has typed."""
    is_of_the_hub = actions.is_of_the_hub(event.source)
    is_editable = event.is_open and not is_of_the_hub and len(text) <= EDITABLE_CHARACTERS
    shown = text if request.method == "POST" and "body" in request.POST else json_text.readable(text)
    context = {
        "event": event,
        "problem": problems.render(problem),
        "lines": json_text.around(text, problem.field) if problem.field else json_text.around_mistake(text),
        "is_new": is_new,
        "is_editable": is_editable,
        "is_of_the_hub": is_of_the_hub,
        "text": shown if len(text) <= EDITABLE_CHARACTERS else "",
        "form": form or MendForm(),
        "discard_form": discard_form or DiscardForm(),
        "list_url": reverse("channels:refused_list"),
    }
    return render(request, "channels_app/refused/detail.html", context, status=status)


def _list_url(wanted: Wanted, *, after: str = "") -> str:
    told = {"state": wanted.state, "kind": wanted.kind, "sender": wanted.sender, "after": after}
    query = urlencode({name: value for name, value in told.items() if value and (name, value) != ("state", "open")})
    return reverse("channels:refused_list") + (f"?{query}" if query else "")


def _ids(told: list[str]) -> list[UUID]:
    ids = []
    for value in told[: actions.MOST_AT_ONCE]:
        try:
            ids.append(UUID(value))
        except ValueError:
            continue
    return ids
