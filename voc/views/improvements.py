"""From voice to fix: the matrix, one improvement with its effect, and telling customers that they were heard."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import audit
from accounts.access import open_to, organization_of, person_of
from accounts.models import Person
from accounts.policies import NotAllowed, Permission
from cxhub.identifiers import is_uuid
from tickets.models import Topic
from voc.actions import improvements as acts
from voc.actions.heard import CannotTell, advertises, by_day, tell_heard
from voc.forms import ImprovementForm, MoveForm
from voc.models import Improvement, Voice
from voc.policies import may_edit_improvements, may_move
from voc.queries.effect import effect_of
from voc.queries.heard import plan_for, replies_of
from voc.queries.improvements import (
    improvement_for,
    improvements_for,
    matrix_of,
    sentences_answered,
    state_counts_for,
    voices_named,
)
from voc.queries.sentences import shown, voice_for

State = Improvement.State
OPEN = (State.PROPOSED, State.DOING)
SHOWN = {"open": OPEN, "done": (State.DONE,), "dropped": (State.DROPPED,)}
PICKED_AT_MOST = 100


@require_GET
@open_to(Permission.USE_INBOX)
def improvements(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    asked = request.GET.get("show", "open")
    asked = asked if asked in SHOWN else "open"
    today = now().astimezone(organization_of(request).zone).date()
    listed = improvements_for(person, states=SHOWN[asked], today=today)
    counts = state_counts_for(person)
    context = {
        "listed": listed,
        "matrix": matrix_of(listed) if asked == "open" else [],
        "show": asked,
        "tabs": [(name, sum(counts.get(state, 0) for state in states)) for name, states in SHOWN.items()],
        "may_edit": may_edit_improvements(person),
    }
    return render(request, "voc/improvements.html", context)


@require_http_methods(["GET", "POST"])
@open_to(Permission.EDIT_IMPROVEMENTS)
def new(request: HttpRequest) -> HttpResponse:
    """From a topic (`topic`), from picked sentences (`voice`, several), or from nothing."""
    person = person_of(request)
    told = request.POST if request.method == "POST" else request.GET
    voices = voices_named(person, _ids(told.getlist("voice")))
    form = ImprovementForm(request.POST or None, person=person, initial=_suggested(request, voices))
    if request.method == "POST" and form.is_valid():
        improvement = acts.make_improvement(
            organization_of(request), _content(form), voices=voices, by=person, at=now()
        )
        messages.success(request, _("Proposed. Say who does it until when, and it is on its way."))
        return redirect("voc:improvement", improvement.public_id)
    context = {"form": form, "voices": _shown(request, person, voices), "improvement": None}
    return render(request, "voc/improvement_form.html", context, status=_status(form))


@require_GET
@open_to(Permission.USE_INBOX)
def detail(request: HttpRequest, improvement_id: UUID) -> HttpResponse:
    person, at = person_of(request), now()
    improvement = improvement_for(person, improvement_id)
    answered, count = sentences_answered(person, improvement)
    customers = list(dict.fromkeys(one.customer_id for one in answered if one.customer_id))
    _log(request, customers, improvement)
    context = {
        "improvement": improvement,
        "answered": answered,
        "answered_count": count,
        "effect": effect_of(person, improvement, at=at),
        "replies": replies_of(improvement),
        "may_edit": may_edit_improvements(person),
        "may_move": may_move(person, improvement),
        "today": at.astimezone(improvement.organization.zone).date(),
        "is_overdue": improvement.is_open
        and improvement.due_on is not None
        and improvement.due_on < at.astimezone(improvement.organization.zone).date(),
    }
    return render(request, "voc/improvement.html", context)


@require_http_methods(["GET", "POST"])
@open_to(Permission.EDIT_IMPROVEMENTS)
def edit(request: HttpRequest, improvement_id: UUID) -> HttpResponse:
    person = person_of(request)
    improvement = improvement_for(person, improvement_id)
    form = ImprovementForm(request.POST or None, person=person, improvement=improvement)
    if request.method == "POST" and form.is_valid():
        acts.edit_improvement(improvement, _content(form), by=person, at=now())
        messages.success(request, _("Saved."))
        return redirect("voc:improvement", improvement.public_id)
    context = {"form": form, "voices": [], "improvement": improvement}
    return render(request, "voc/improvement_form.html", context, status=_status(form))


@require_POST
@open_to(Permission.USE_INBOX)
def move(request: HttpRequest, improvement_id: UUID) -> HttpResponse:
    person = person_of(request)
    improvement = improvement_for(person, improvement_id)
    form = MoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a state, and write the day as 2026-11-26."))
        return redirect("voc:improvement", improvement.public_id)
    try:
        acts.move_improvement(
            improvement, form.cleaned_data["state"], done_on=form.cleaned_data["done_on"], by=person, at=now()
        )
    except NotAllowed as refused:
        raise Http404 from refused
    except acts.CannotMove as refusal:
        messages.error(request, str(refusal))
    return redirect("voc:improvement", improvement.public_id)


@require_POST
@open_to(Permission.EDIT_IMPROVEMENTS)
def answer(request: HttpRequest, improvement_id: UUID) -> HttpResponse:
    """Adds picked sentences to those that it answers."""
    person = person_of(request)
    improvement = improvement_for(person, improvement_id)
    voices = voices_named(person, _ids(request.POST.getlist("voice")))
    added = acts.answer_voices(improvement, voices, by=person, at=now())
    messages.success(
        request, ngettext("%(count)d sentence added.", "%(count)d sentences added.", added) % {"count": added}
    )
    return redirect("voc:improvement", improvement.public_id)


@require_POST
@open_to(Permission.EDIT_IMPROVEMENTS)
def leave(request: HttpRequest, improvement_id: UUID, voice_id: UUID) -> HttpResponse:
    person = person_of(request)
    improvement = improvement_for(person, improvement_id)
    acts.leave_voice(improvement, voice_for(person, voice_id), by=person, at=now())
    return redirect("voc:improvement", improvement.public_id)


@require_http_methods(["GET", "POST"])
@open_to(Permission.EDIT_IMPROVEMENTS)
def tell(request: HttpRequest, improvement_id: UUID) -> HttpResponse:
    """Who will be told that she was heard, who not and why, and the text; sent by a second press."""
    person, at = person_of(request), now()
    improvement = improvement_for(person, improvement_id)
    refusal, text = "", request.POST.get("text", "")
    if request.method == "POST":
        try:
            count = tell_heard(improvement, text, _ids(request.POST.getlist("customer")), by=person, at=at)
        except CannotTell as refused:
            refusal = str(refused)
        else:
            messages.success(request, _told(count, by_day(improvement.organization, at), at))
            return redirect("voc:improvement", improvement.public_id)
    plan = plan_for(person, improvement, at=at, is_advertising=bool(advertises(text)))
    _log(request, plan.customer_ids, improvement)
    due = by_day(improvement.organization, at)
    context = {
        "improvement": improvement,
        "plan": plan,
        "text": text if request.method == "POST" else _first_words(improvement),
        "picked": request.POST.getlist("customer") if request.method == "POST" else None,
        "refusal": refusal,
        "waits_until": due if due != at else None,
    }
    return render(request, "voc/improvement_tell.html", context, status=422 if refusal else 200)


def _told(count: int, due: datetime, at: datetime) -> str:
    if not count:
        return _("Nobody was left to tell.")
    if due != at:
        words = ngettext(
            "%(count)d customer will be told at %(at)s.", "%(count)d customers will be told at %(at)s.", count
        )
        return words % {"count": count, "at": date_format(localtime(due), "H:i")}
    words = ngettext("%(count)d customer is being told.", "%(count)d customers are being told.", count)
    return words % {"count": count}


def _first_words(improvement: Improvement) -> str:
    return _(
        "Hello {{customer name}}, this is {{company name}}. You told us what was not right: %(title)s. "
        "We have changed it. Thank you for saying so."
    ) % {"title": improvement.title}


def _content(form: ImprovementForm) -> acts.Content:
    return acts.Content(**{name: form.cleaned_data[name] for name in acts.Content.__slots__})


def _suggested(request: HttpRequest, voices: list[Voice]) -> dict[str, Any]:
    """The topic that was named, or that of most of the picked sentences; the store where all were said."""
    suggested: dict[str, Any] = {}
    named = request.GET.get("topic", "")
    if is_uuid(named):
        topic = Topic.objects.filter(organization=organization_of(request), public_id=named).first()
        if topic is not None:
            suggested["topic"] = topic.public_id
    stores = {voice.store for voice in voices}
    if len(stores) == 1 and (store := stores.pop()):
        suggested["store"] = store.public_id
    return suggested


def _shown(request: HttpRequest, person: Person, voices: list[Voice]) -> list[Any]:
    found = shown(person, voices)
    customers = list(dict.fromkeys(one.customer_id for one in found if one.customer_id))
    audit.record_for_customers(organization_of(request), customers, by=person, action="voc.view", obj="improvement")
    return found


def _log(request: HttpRequest, customers: list[UUID], improvement: Improvement) -> None:
    obj = f"improvement:{improvement.public_id}"
    audit.record_for_customers(organization_of(request), customers, by=person_of(request), action="voc.view", obj=obj)


def _ids(values: list[str]) -> list[UUID]:
    return [UUID(value) for value in values[:PICKED_AT_MOST] if is_uuid(value)]


def _status(form: ImprovementForm) -> int:
    return 422 if form.is_bound and form.errors else 200
