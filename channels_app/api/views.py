"""The Events API over HTTP: events in, one or a batch, and history out (EVENTS.md)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import is_valid_path
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.utils import extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.views import APIView

from accounts import audit
from accounts.actors import System
from channels_app.api import requests, schema
from channels_app.api.authentication import HasScope, KeyAuthentication, check_not_ended, check_rate, sender_of
from channels_app.api.responses import handle_exception, json_response, problem_response
from channels_app.api.warnings import warnings_of
from channels_app.combining import receive_one
from channels_app.intake import receive
from channels_app.models import ApiKey
from channels_app.models.api_key import Scope
from channels_app.outcomes import CREATED, Outcome
from channels_app.problems import Problem, Refused, render
from customers.models import Customer, Event
from customers.queries import member_ids
from customers.queries.history import history_of
from customers.queries.profiles import public_root_ids


class AlwaysJson(BaseContentNegotiation):
    """The API speaks JSON, whatever `Accept` asks for: a till's HTTP library often asks for something odd."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class ApiView(APIView):
    """What all views of the API share: keys, scopes, problems."""

    authentication_classes = [KeyAuthentication]
    permission_classes = [HasScope]
    content_negotiation_class = AlwaysJson
    scopes: dict[str, str] = {}

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.auth is not None and not self.asks_later_whether_key_has_ended(request):
            check_not_ended(request.auth)

    def asks_later_whether_key_has_ended(self, request: Any) -> bool:
        return False

    def get_exception_handler(self) -> Any:
        return handle_exception


class EventsView(ApiView):
    scopes = {"POST": Scope.EVENTS_WRITE, "GET": Scope.EVENTS_READ, "HEAD": Scope.EVENTS_READ}

    def asks_later_whether_key_has_ended(self, request: Any) -> bool:
        return bool(request.method == "POST")  # below: once for a batch, once for all single events that come together

    @extend_schema(**schema.POST_EVENTS)
    def post(self, request: Any) -> HttpResponse:
        key: ApiKey = request.auth
        envelopes, is_batch = requests.envelopes_of(request._request)
        check_rate(key, events=len(envelopes))
        if is_batch:
            check_not_ended(key)
            outcomes = receive(key.organization, envelopes, sender=sender_of(key), at=now())
        else:
            outcomes = [receive_one(key.organization, envelopes[0], sender=sender_of(key), at=now())]
        answers = [_as_json(outcome, envelope) for outcome, envelope in zip(outcomes, envelopes, strict=True)]
        if is_batch:
            return json_response(answers, status=207)
        (outcome,) = outcomes
        if outcome.is_refused:
            return problem_response(outcome.problem, event_id=outcome.id)
        return json_response(answers[0], status=201 if outcome.status == CREATED else 200)

    @extend_schema(**schema.GET_EVENTS)
    def get(self, request: Any) -> HttpResponse:
        key: ApiKey = request.auth
        check_rate(key, events=1)
        before = requests.cursor(request.query_params.get("after", ""))
        limit = requests.page_length(request.query_params.get("limit", ""))
        told = request.query_params.get("customer", "")
        customer = _customer(key, told) if told else None
        if customer is None:
            found = _recent(key, before, limit + 1)
        else:
            found = history_of(key.organization, member_ids(customer), before=before, limit=limit + 1)
        page = found[:limit]
        audit.record(
            key.organization,
            by=System(f"API key {key.name}"),
            action="channels.events.read",
            obj=f"api_key:{key.public_id}",
            customer_id=customer.public_id if customer else None,
        )
        customers = public_root_ids(key.organization, page)
        return json_response(
            {
                "events": [_event_as_json(event, customers) for event in page],
                "next": requests.cursor_after(page[-1]) if len(found) > limit else None,
            }
        )


@csrf_exempt
def not_found(request: HttpRequest) -> HttpResponse:
    """Every other address below /api/. One that lacks only its last slash is answered by where it is.

    308, not Django's 301: after that one, most libraries send a POST again as a GET without its body.
    """
    if not request.path_info.endswith("/") and is_valid_path(f"{request.path_info}/"):
        return HttpResponse(status=308, headers={"Location": request.get_full_path(force_append_slash=True)})
    return problem_response(Problem("not-found"))


def _as_json(outcome: Outcome, envelope: Any) -> dict[str, Any]:
    if outcome.is_refused:
        return {"id": outcome.id, "status": outcome.status, "problem": render(outcome.problem)}
    answer: dict[str, Any] = {
        "id": outcome.id,
        "status": outcome.status,
        "event": outcome.event,
        "customer": outcome.customer,
        "ticket": outcome.ticket,
    }
    if outcome.thread:
        answer["thread"] = outcome.thread
    if warnings := warnings_of(outcome, envelope):
        answer["warning"] = " ".join(warnings)
    return answer


def _event_as_json(event: Event, customers: dict[int, UUID]) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": event.event_id,
        "source": event.source,
        "type": event.type,
        "time": event.time,
        "data": event.data,
        "event": event.public_id,
        "customer": customers.get(event.customer_id) if event.customer_id else None,
        "recorded_at": event.recorded_at,
    }


def _recent(key: ApiKey, before: tuple[datetime, int] | None, limit: int) -> list[Event]:
    rows = Event.objects.filter(organization=key.organization)
    return list((rows.older_than(before) if before else rows).newest_first()[:limit])


def _customer(key: ApiKey, told: str) -> Customer:
    try:
        public_id = UUID(told)
    except ValueError:
        raise Refused(Problem("invalid-query", field="customer", received=told[:80])) from None
    found = Customer.objects.filter(organization=key.organization, public_id=public_id).first()
    if found is None:
        raise Refused(Problem("not-found"))
    return found
