"""What the OpenAPI document says of the Events API beyond what the code shows."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from channels_app.event_schemas import event_schemas

EVENT = {"$ref": "#/components/schemas/Event"}
OUTCOME: dict[str, Any] = {
    "type": "object",
    "required": ["id", "status"],
    "properties": {
        "id": {"type": ["string", "null"], "description": "The event's id, as sent."},
        "status": {"enum": ["created", "duplicate", "refused"]},
        "event": {"type": "string", "format": "uuid"},
        "customer": {"type": ["string", "null"], "format": "uuid"},
        "ticket": {"type": ["string", "null"], "format": "uuid"},
        "thread": {"type": "string"},
        "warning": {"type": "string", "description": "The repeat's content differed; it was kept and changed nothing."},
        "problem": {"$ref": "#/components/schemas/Problem"},
    },
}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457. Worded in Korean or English, by Accept-Language.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "field": {"type": "string", "description": "Where: such as `data.items[0].amount`."},
        "expected": {"type": "string"},
        "received": {"type": "string"},
    },
}
STORED_EVENT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string"},
        "source": {"type": "string"},
        "type": {"type": "string"},
        "time": {"type": "string", "format": "date-time"},
        "data": {"type": "object"},
        "event": {"type": "string", "format": "uuid"},
        "customer": {"type": ["string", "null"], "format": "uuid"},
        "recorded_at": {"type": "string", "format": "date-time"},
    },
}
PAGE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "events": {"type": "array", "items": {"$ref": "#/components/schemas/StoredEvent"}},
        "next": {"type": ["string", "null"], "description": "Hand it back as `after` for the next page."},
    },
}

_PROBLEMS = {
    (status, "application/problem+json"): OpenApiResponse({"$ref": "#/components/schemas/Problem"}, description=words)
    for status, words in {
        400: "The body is not JSON, or a parameter is not understood.",
        401: "The key is missing, unknown, expired or revoked.",
        403: "The key may not do that, or not write that source.",
        413: "More than 10 MB, or more than 500 events.",
        415: "Not a media type of CloudEvents.",
        422: "The event cannot be taken; it was kept for an administrator to mend.",
        429: "Too many events; `Retry-After` says when to come again.",
    }.items()
}

POST_EVENTS: dict[str, Any] = {
    "operation_id": "send_events",
    "summary": "Send one event, or a batch of up to 500",
    "description": (
        "`(source, id)` is the idempotency key: a repeat is answered with the first one's outcome and changes nothing. "
        "In a batch each event is taken or refused by itself."
    ),
    "request": {
        "application/cloudevents+json": EVENT,
        "application/cloudevents-batch+json": {"type": "array", "items": EVENT, "minItems": 1, "maxItems": 500},
        "application/json": {"oneOf": [EVENT, {"type": "array", "items": EVENT, "minItems": 1, "maxItems": 500}]},
    },
    "responses": {
        (200, "application/json"): OpenApiResponse({"$ref": "#/components/schemas/Outcome"}, description="A repeat."),
        (201, "application/json"): OpenApiResponse({"$ref": "#/components/schemas/Outcome"}, description="Taken."),
        (207, "application/json"): OpenApiResponse(
            {"type": "array", "items": {"$ref": "#/components/schemas/Outcome"}}, description="A batch, in its order."
        ),
        **_PROBLEMS,
    },
}
GET_EVENTS: dict[str, Any] = {
    "operation_id": "read_events",
    "summary": "Read history back, newest first",
    "parameters": [
        OpenApiParameter("customer", OpenApiTypes.UUID, description="Only this customer's history."),
        OpenApiParameter("after", OpenApiTypes.STR, description="The `next` of the page before."),
        OpenApiParameter("limit", OpenApiTypes.INT, description="1 to 500; 50 if not said."),
    ],
    "responses": {
        (200, "application/json"): OpenApiResponse({"$ref": "#/components/schemas/Page"}),
        **{key: _PROBLEMS[key] for key in _PROBLEMS if key[0] in (400, 401, 403, 429)},
        (404, "application/problem+json"): OpenApiResponse({"$ref": "#/components/schemas/Problem"}),
    },
}


def add_components(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Puts the shapes that are not DRF's into the document (a postprocessing hook of drf-spectacular)."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(
        {"Outcome": OUTCOME, "Problem": PROBLEM, "StoredEvent": STORED_EVENT, "Page": PAGE, **event_schemas()}
    )
    return result
