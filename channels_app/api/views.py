"""The Events API over HTTP: events in, one or a batch, and history out (EVENTS.md)."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.views import APIView

from accounts import audit
from accounts.actors import System
from channels_app.api import schema
from channels_app.api.authentication import HasScope, KeyAuthentication, check_rate, sender_of
from channels_app.api.responses import MAX_BODY_BYTES, handle_exception, json_response, problem_response
from channels_app.intake import receive
from channels_app.models import ApiKey
from channels_app.models.api_key import Scope
from channels_app.outcomes import CREATED, Outcome
from channels_app.plain_json import decode
from channels_app.problems import Problem, Refused, render
from customers.models import Customer, Event
from customers.queries import member_ids
from customers.queries.history import history_of
from customers.queries.profiles import public_root_ids

MAX_BATCH = 500
SINGLE, BATCH, EITHER = "application/cloudevents+json", "application/cloudevents-batch+json", "application/json"
PAGE_LENGTH = 50
LONGEST_PAGE = 500


class ApiView(APIView):
    """What all views of the API share: keys, scopes, problems."""

    authentication_classes = [KeyAuthentication]
    permission_classes = [HasScope]
    scopes: dict[str, str] = {}

    def get_exception_handler(self) -> Any:
        return handle_exception


class EventsView(ApiView):
    scopes = {"POST": Scope.EVENTS_WRITE, "GET": Scope.EVENTS_READ}

    @extend_schema(**schema.POST_EVENTS)
    def post(self, request: Any) -> HttpResponse:
        key: ApiKey = request.auth
        told = _decode(request._request)
        is_batch = isinstance(told, list)
        envelopes = told if isinstance(told, list) else [told]
        check_rate(key, events=len(envelopes))
        outcomes = receive(key.organization, envelopes, sender=sender_of(key), at=now())
        if is_batch:
            return json_response([_as_json(outcome) for outcome in outcomes], status=207)
        (outcome,) = outcomes
        if outcome.is_refused:
            return problem_response(outcome.problem)
        return json_response(_as_json(outcome), status=201 if outcome.status == CREATED else 200)

    @extend_schema(**schema.GET_EVENTS)
    def get(self, request: Any) -> HttpResponse:
        key: ApiKey = request.auth
        check_rate(key, events=1)
        before = _cursor(request.query_params.get("after", ""))
        limit = _limit(request.query_params.get("limit", ""))
        told = request.query_params.get("customer", "")
        customer = _customer(key, told) if told else None
        if customer is None:
            found = _recent(key, before, limit + 1)
        else:
            found = history_of(key.organization, member_ids(customer), before=before, limit=limit + 1)
        page = found[:limit]
        actor = System(f"API key {key.name}")
        audit.record(
            key.organization,
            by=actor,
            action="channels.events.read",
            obj=str(key.public_id),
            customer_id=customer.public_id if customer else None,
        )
        customers = public_root_ids(key.organization, page)
        return json_response(
            {
                "events": [_event_as_json(event, customers) for event in page],
                "next": _cursor_after(page[-1]) if len(found) > limit else None,
            }
        )


def _decode(request: HttpRequest) -> Any:
    """The body as JSON: one envelope, or a list of up to 500. Raises `Refused` for anything else."""
    kind = request.content_type or ""
    if kind not in (SINGLE, BATCH, EITHER):
        raise Refused(Problem("unsupported-media-type", received=kind[:80]))
    declared = request.headers.get("Content-Length", "")
    if declared.isdecimal() and int(declared) > MAX_BODY_BYTES:
        raise Refused(Problem("body-too-large", params={"limit": MAX_BODY_BYTES}))
    body = request.read(MAX_BODY_BYTES + 1)
    if len(body) > MAX_BODY_BYTES:
        raise Refused(Problem("body-too-large", params={"limit": MAX_BODY_BYTES}))
    told = decode(body)
    if kind == BATCH and not isinstance(told, list):
        raise Refused(Problem("not-an-event"))
    if kind == SINGLE and isinstance(told, list):
        raise Refused(Problem("not-an-event"))
    if isinstance(told, list):
        if not told:
            raise Refused(Problem("empty-batch"))
        if len(told) > MAX_BATCH:
            raise Refused(Problem("batch-too-long", params={"limit": MAX_BATCH}, received=str(len(told))))
    return told


def _as_json(outcome: Outcome) -> dict[str, Any]:
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
    if outcome.differs:
        answer["warning"] = str(_("Its content differs from the first delivery's. It was kept and changed nothing."))
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
        raise NotFound
    return found


def _limit(told: str) -> int:
    if not told:
        return PAGE_LENGTH
    if not told.isdecimal() or not 1 <= int(told) <= LONGEST_PAGE:
        raise Refused(Problem("invalid-query", field="limit", received=told[:80]))
    return int(told)


def _cursor_after(event: Event) -> str:
    microseconds = int(event.time.timestamp()) * 1_000_000 + event.time.microsecond
    return base64.urlsafe_b64encode(f"{microseconds}.{event.pk}".encode()).decode().rstrip("=")


def _cursor(told: str) -> tuple[datetime, int] | None:
    if not told:
        return None
    try:
        plain = base64.urlsafe_b64decode(told + "=" * (-len(told) % 4)).decode("ascii")
        microseconds, pk = (int(part) for part in plain.split("."))
        seconds, rest = divmod(microseconds, 1_000_000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest), min(pk, 2**62)
    except (ValueError, OverflowError, OSError, binascii.Error):
        raise Refused(Problem("invalid-query", field="after", received=told[:80])) from None
