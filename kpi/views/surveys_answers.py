"""The screen of answers: the low ones that wait for somebody in front, each with what came of it."""

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
from django.views.decorators.http import require_GET, require_http_methods

from accounts import audit
from accounts.access import open_to, organization_of, person_of
from accounts.models import Person
from accounts.policies import Permission, may
from channels_app.hub.writing import HubRefusal
from customers.queries.survey_sentences import kind_words, outcome_words
from kpi.actions.surveys_low import record_outcome
from kpi.actions.surveys_wishes import ask_again, is_stopped, stop_asking
from kpi.queries import survey_answers as queries
from kpi.queries.survey_answers import PERIODS, Row, Wanted
from kpi.surveys.forms import OutcomeForm
from kpi.surveys.occasions import SCALES


@open_to(Permission.USE_COUNTER)
@require_GET
def answer_list(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    wanted = read_wanted(request.GET)
    found = queries.answers_for(person, wanted)
    page, cursor = queries.page_of(found, request.GET.get("after", ""))
    rows = looked_at(request, person, page)
    context: dict[str, Any] = {"rows": rows, "next_url": _url(wanted, after=cursor) if cursor else ""}
    if request.htmx and request.GET.get("after"):  # type: ignore[attr-defined]
        return render(request, "kpi/surveys/answers.html#rows", context)
    waiting = [] if wanted.only else looked_at(request, person, queries.to_be_settled(found))
    tabs = [("", _("All")), ("low", _("Low")), ("open", _("To look after"))]
    context |= {
        "wanted": wanted,
        "waiting": waiting,
        "sums": queries.sums_of(found),
        "outcomes": [(outcome_words(one) or _("Nothing yet"), n) for one, n in queries.outcomes_of(found)],
        "tabs": [(only, label, _url(Wanted(wanted.kind, only, wanted.days))) for only, label in tabs],
        "kinds": [(kind, kind_words(kind)) for kind in SCALES],
        "periods": PERIODS,
        "may_set": may(person, Permission.MANAGE_CHANNELS),
    }
    return render(request, "kpi/surveys/answers.html", context)


@open_to(Permission.USE_COUNTER)
@require_http_methods(["GET", "POST"])
def answer_detail(request: HttpRequest, answer_id: UUID) -> HttpResponse:
    person = person_of(request)
    answer = queries.answer_for(person, answer_id)
    may_settle = may(person, Permission.USE_INBOX) and (answer.is_low or bool(answer.follow_thread))
    may_open_customer = may(person, Permission.USE_INBOX)
    if "wish" in request.POST and may_open_customer and answer.customer is not None:
        act = stop_asking if request.POST["wish"] == "stop" else ask_again
        act(answer.customer, by=person, at=now())
        messages.success(request, _("Saved."))
        return redirect("kpi:survey_answer", answer_id=answer.public_id)
    form = OutcomeForm(request.POST or None)
    if request.method == "POST" and may_settle and form.is_valid():
        data = form.cleaned_data
        try:
            record_outcome(answer, data["outcome"], text=data["text"], by=person, at=now())
        except HubRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("kpi:survey_answers")
    (row,) = looked_at(request, person, [answer])
    context = {
        "row": row,
        "answer": answer,
        "form": form if may_settle else None,
        "tickets": queries.tickets_of(person, answer),
        "may_open_customer": may_open_customer,
        "is_stopped": is_stopped(answer.customer),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "kpi/surveys/answer_detail.html", context, status=status)


def read_wanted(query: QueryDict) -> Wanted:
    """From the address; what is unknown is left out."""
    kind, only, days = query.get("kind", ""), query.get("only", ""), query.get("days", "")
    return Wanted(
        kind if kind in SCALES else "",
        only if only in ("low", "open") else "",
        int(days) if days in {str(one) for one in PERIODS} else 30,
    )


def _url(wanted: Wanted, *, after: str = "") -> str:
    told = {"kind": wanted.kind, "only": wanted.only, "days": str(wanted.days), "after": after}
    return f"{reverse('kpi:survey_answers')}?{urlencode({name: value for name, value in told.items() if value})}"


def looked_at(request: HttpRequest, person: Person, answers: list[Any]) -> list[Row]:
    """As she may read them; that she has is logged for each customer."""
    rows = queries.rows_of(person, answers)
    known = sorted({row.customer_id for row in rows if row.customer_id})
    if known:
        audit.record_for_customers(
            organization_of(request), known, by=person, action="customers.view", obj="survey answers"
        )
    return rows
