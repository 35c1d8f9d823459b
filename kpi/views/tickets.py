"""The tickets behind a number: a page of them with links into the inbox. Who looked at whose is written down."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import open_to, person_of
from accounts.audit import record_for
from accounts.models import Person
from accounts.policies import Permission
from customers.models import Customer
from kpi.policies import may_see_figures
from kpi.queries.numbers import FLOW, Number, found_for, number_in
from kpi.queries.question import BadQuestion
from kpi.queries.survey_answers import Row as Answered
from kpi.queries.survey_answers import answers_of_events
from kpi.queries.wanted import Wanted, wanted_of
from kpi.shown import axis_words, hour, weekday
from kpi.views.surveys_answers import looked_at
from kpi.words import FIGURES
from tickets.models import Ticket
from tickets.queries.inbox import Row, listed, rows_of
from tickets.templatetags.board import span_words

PER_PAGE = 50


@require_GET
@open_to(Permission.USE_COUNTER)
def tickets(request: HttpRequest) -> HttpResponse:
    """What stands behind one number of the dashboard, page by page."""
    person = person_of(request)
    if not may_see_figures(person):
        return redirect("kpi:my_day")
    wanted = wanted_of(person, request.GET, now=clock())
    number = number_in(request.GET)
    if number is None:
        return _unknown(request, wanted)
    try:
        found = found_for(person, wanted, number)
    except BadQuestion:
        return _unknown(request, wanted)
    page = Paginator(found.ticket_ids, PER_PAGE).get_page(request.GET.get("page"))
    rows = rows_in_order(person, list(page.object_list))
    alone = found.event_ids[:PER_PAGE] if page.number == 1 else []
    told = [event for row in rows if (event := found.events_of.get(row.ticket.pk))]
    answers = {one.answer.event_id: one for one in _answers(request, person, [*alone, *told])}
    note_look(request, wanted, number, rows)
    context = {
        "wanted": wanted,
        "number": number,
        "title": title_of(number),
        "details": details_of(wanted, number),
        "found": found,
        "page": page,
        "rows": [(row, answers.get(found.events_of.get(row.ticket.pk, 0))) for row in rows],
        "answers": [answers[event] for event in alone if event in answers],
        "query": wanted.with_(**number.said),
    }
    return render(request, "kpi/tickets.html", context)


def _answers(request: HttpRequest, person: Person, event_ids: list[int]) -> list[Answered]:
    return looked_at(request, person, answers_of_events(person, event_ids)) if event_ids else []


def _unknown(request: HttpRequest, wanted: Wanted) -> HttpResponse:
    return render(request, "kpi/tickets.html", {"wanted": wanted, "is_unknown": True}, status=404)


def rows_in_order(person: Person, ticket_ids: list[int]) -> list[Row]:
    found = {
        ticket.pk: ticket
        for ticket in listed(Ticket.objects.filter(organization=person.organization, pk__in=ticket_ids))
    }
    return rows_of(person, [found[pk] for pk in ticket_ids if pk in found])


def note_look(request: HttpRequest, wanted: Wanted, number: Number, rows: list[Row]) -> None:
    customers = {row.ticket.customer_id for row in rows if row.ticket.customer_id}
    if not customers:
        return
    found = Customer.objects.filter(organization=wanted.organization, pk__in=customers)
    told = sorted(str(public_id) for public_id in found.values_list("public_id", flat=True))
    record_for(
        request,
        action="kpi.tickets",
        obj=f"{number.figure}.{number.part}"[:100],
        after={"tickets": len(rows), "customers": told},
    )


def title_of(number: Number) -> str:
    if number.figure == FLOW:
        return _("From channel to channel")
    label = str(FIGURES[number.figure].label)
    part = part_words(number)
    return f"{label} · {part}" if part else label


def part_words(number: Number) -> str:
    if number.figure in ("csat", "ces", "nps") and number.part.isdigit():
        return _("score %(score)s") % {"score": number.part}
    return {
        "missed": _("not reached"),
        "numerator": _("given up") if number.figure == "abandonment" else _("reached"),
        "denominator": _("all counted"),
        "answered": _("all answers"),
        "pending": _("not over yet"),
        "promoters": _("9 or 10"),
        "passives": _("7 or 8"),
        "detractors": _("0 to 6"),
        "bot": _("by bots and rules"),
    }.get(number.part, "")


def details_of(wanted: Wanted, number: Number) -> list[str]:
    """Period, filters and group in words."""
    told = [wanted.choices.label(name, None if value == "null" else value) for name, value in wanted.chosen.items()]
    if number.figure == FLOW:
        step, start, end = (*number.part.split("."), "", "")[:3]
        told += [
            f"{wanted.choices.label('channel', start)} → {wanted.choices.label('channel', end)}",
            f"{int(step or 0) + 1}.",
        ]
    if number.cut in ("day", "week", "month") and number.key:
        told += _time_words(number)
    elif number.cut != "none":
        told.append(wanted.choices.label(number.cut, number.key))
    told += _narrowed(number)
    return told


def _time_words(number: Number) -> list[str]:
    try:
        return [axis_words(number.cut, number.key or "")[1]]
    except ValueError:
        return []


def _narrowed(number: Number) -> list[str]:
    told: list[str] = []
    if number.weekday is not None and number.weekday < 7:
        told.append(weekday(number.weekday))
    if number.hour is not None:
        told.append(hour(number.hour))
    if number.upto is not None:
        told.append(_("up to %(time)s") % {"time": span_words(number.upto)})
    if number.over:
        told.append(_("longer than %(time)s") % {"time": span_words(number.over)})
    return told
