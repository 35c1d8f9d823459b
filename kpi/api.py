"""`GET /api/v1/kpi/`: the figures over HTTP (METRICS.md)."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils.timezone import now as clock
from drf_spectacular.utils import extend_schema

from accounts.models import Center, Organization, Store
from channels_app.api.authentication import check_rate
from channels_app.api.responses import json_response
from channels_app.api.views import ApiView
from channels_app.models import ApiKey
from channels_app.models.api_key import Scope
from channels_app.problems import Problem, Refused
from kpi.actions import catch_up
from kpi.api_schema import READ_FIGURES
from kpi.figures.table import BYS, NONE
from kpi.queries.figures import figures_for
from kpi.queries.question import LONGEST_DAYS, BadQuestion, Period, Question

FILTERS = ("channel", "center", "store", "agent", "topic")
CHANNELS = ("call", "chat", "mail", "message", "store", NONE)
# Whoever asks is told what was acknowledged before she did. After a large import that takes a while.
CATCH_UP_SECONDS = 45.0
COME_AGAIN_SECONDS = 10

_EXPECTED = {
    "backwards": "day_after_from",
    "empty": "day_after_from",
    "too_long": "period_up_to",
    "too_far": "day",
    "unknown": "choice",
}


class FiguresView(ApiView):
    scopes = {"GET": Scope.KPI_READ, "HEAD": Scope.KPI_READ}

    @extend_schema(**READ_FIGURES)
    def get(self, request: Any) -> HttpResponse:
        key: ApiKey = request.auth
        check_rate(key, events=1)
        # What the key knows of its organization may be some seconds old.
        organization = Organization.objects.get(pk=key.organization_id)
        question = question_in(request.query_params, organization)
        if not catch_up(organization, at=clock(), seconds=CATCH_UP_SECONDS):
            raise Refused(Problem("figures-behind", params={"seconds": COME_AGAIN_SECONDS}))
        return json_response(figures_for(organization, question))


def question_in(told: Any, organization: Organization) -> Question:
    """The question that query parameters ask. Raises `Refused` naming the first that is not understood."""
    first, end = (_day(told, name, organization.zone) for name in ("from", "to"))
    try:
        return Question(
            period=Period(first, end),
            now=_instant(told, organization.zone),
            by=told.get("by") or "none",
            filters=_filters(told, organization),
            previous=_is_yes(told, "previous"),
        )
    except BadQuestion as bad:
        params = {"max": LONGEST_DAYS, "choices": ", ".join(BYS)}
        raise _refusal(told, bad.field, _EXPECTED[bad.reason], params) from None


def _refusal(told: Any, field: str, expected: str, params: dict[str, Any] | None = None) -> Refused:
    received = told.get(field)
    return Refused(
        Problem("invalid-query", field, expected, params or {}, received[:80] if received is not None else None)
    )


def _day(told: Any, name: str, zone: ZoneInfo) -> date:
    """A day, or the midnight at which it begins, as the answer gives it back."""
    value = told.get(name, "")
    try:
        if len(value) <= 10:
            return date.fromisoformat(value)
        instant = _read(value, zone)
    except ValueError:
        raise _refusal(told, name, "day") from None
    local = instant.astimezone(zone)
    if local.time() != time():
        raise _refusal(told, name, "day")
    return local.date()


def _instant(told: Any, zone: ZoneInfo) -> datetime:
    value = told.get("now", "")
    if not value:
        return clock()
    try:
        instant = _read(value, zone)
        # Far ends of the calendar have no place in every zone.
        instant.astimezone(zone)
        return instant if 1970 <= instant.year < 2200 else datetime.fromisoformat("")
    except (ValueError, OverflowError):
        raise _refusal(told, "now", "time") from None


def _read(value: str, zone: ZoneInfo) -> datetime:
    """An instant; in the organization's zone where it names no offset. A plus that came as a space is meant as one."""
    instant = datetime.fromisoformat(value.strip().replace(" ", "+") if "T" in value else value)
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)


def _filters(told: Any, organization: Organization) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in FILTERS:
        values = tuple(dict.fromkeys(value.strip() for value in told.getlist(name) if value.strip()))
        if values:
            found[name] = tuple(value.lower() for value in values) if name == "agent" else values
    _check(told, "channel", found, CHANNELS)
    for name, model in (("center", Center), ("store", Store)):
        if name in found:
            slugs = model.objects.filter(organization=organization).order_by("slug").values_list("slug", flat=True)
            _check(told, name, found, (*slugs, NONE))
    return found


def _check(told: Any, name: str, found: dict[str, tuple[str, ...]], known: tuple[str, ...]) -> None:
    for value in found.get(name, ()):
        if value not in known:
            raise Refused(Problem("invalid-query", name, "choice", {"choices": ", ".join(known)}, value[:80]))


def _is_yes(told: Any, name: str) -> bool:
    value = told.get(name, "")
    if value.lower() not in ("", "0", "1", "false", "true"):
        raise _refusal(told, name, "boolean")
    return value.lower() in ("1", "true")
