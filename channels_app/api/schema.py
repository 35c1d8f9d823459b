"""What the OpenAPI document says of the Events API beyond what the code shows."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from channels_app.event_schemas import event_schemas
from customers.consenting import MEDIA, PURPOSES

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
        "warning": {
            "type": "string",
            "description": "Words for a person: a repeat's content differed, or the number told identifies nobody.",
        },
        "problem": {"$ref": "#/components/schemas/Problem"},
    },
}
MAIL_OUTCOME: dict[str, Any] = {
    "type": "object",
    "required": ["status"],
    "properties": {
        "id": {"type": ["string", "null"]},
        "status": {"enum": ["created", "duplicate", "ignored"]},
        "event": {"type": "string", "format": "uuid"},
        "ticket": {"type": ["string", "null"], "format": "uuid"},
        "reason": {"enum": ["own", "bounce", "nobody"]},
    },
}
TIME_OR_NULL = {"type": ["string", "null"], "format": "date-time"}
TEXT_OR_NULL = {"type": ["string", "null"]}
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
        "id": {"type": "string", "description": "The refused event's id, as far as it gave one."},
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
OPEN_TICKET: dict[str, Any] = {
    "type": "object",
    "properties": {
        "ticket": {"type": "string", "format": "uuid"},
        "thread": {"type": "string"},
        "channel": {"type": "string"},
        "center": TEXT_OR_NULL,
        "agent": TEXT_OR_NULL,
        "topic": TEXT_OR_NULL,
        "opened_at": {"type": "string", "format": "date-time"},
        "waiting_since": TIME_OR_NULL,
    },
}
IDENTITY: dict[str, Any] = {
    "type": "object",
    "properties": {
        "kind": {"enum": ["phone", "email", "member_no", "external"]},
        "account": {**TEXT_OR_NULL, "description": "The channel account of an external id."},
        "value": {"type": "string", "description": "A phone in E.164, an address in lower case."},
    },
}
CONSENT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "purpose": {"enum": list(PURPOSES)},
        "medium": {"enum": [*MEDIA, None], "description": "Of marketing; null for other purposes."},
        "night": {"type": "boolean", "description": "Also from 21:00 to 8:00."},
        "since": {"type": "string", "format": "date-time"},
        "how": {"type": "string"},
        "version": TEXT_OR_NULL,
    },
}
CUSTOMER: dict[str, Any] = {
    "type": "object",
    "properties": {
        "customer": {
            "type": "string",
            "format": "uuid",
            "description": "Whom she is part of now: differs from the id asked for where two were merged.",
        },
        "name": TEXT_OR_NULL,
        "is_unconfirmed": {"type": "boolean", "description": "Known by claims only; nothing of this is proven."},
        "identities": {"type": "array", "items": IDENTITY},
        "first_seen_at": TIME_OR_NULL,
        "last_seen_at": TIME_OR_NULL,
        "last_visit_at": TIME_OR_NULL,
        "last_visit_store": TEXT_OR_NULL,
        "event_count": {"type": "integer"},
        "sale_count": {"type": "integer"},
        "refund_count": {"type": "integer"},
        "spent": {"type": "number", "description": "Sales less refunds, in `currency`."},
        "currency": {"type": "string"},
        "consents": {
            "type": "array",
            "items": CONSENT,
            "description": "Those that hold now: who is not named has not agreed.",
        },
        "open_tickets": {"type": "array", "items": OPEN_TICKET},
    },
}
FOUND: dict[str, Any] = {
    "type": "object",
    "required": ["customers"],
    "properties": {
        "customers": {"type": "array", "maxItems": 1, "items": {"$ref": "#/components/schemas/Customer"}},
        "warning": {"type": "string", "description": "Why such a number or address identifies nobody."},
    },
}

_PROBLEMS = {
    (status, "application/problem+json"): OpenApiResponse({"$ref": "#/components/schemas/Problem"}, description=words)
    for status, words in {
        400: "The body is not JSON, or a parameter is not understood.",
        401: "The key is missing, unknown, expired or revoked.",
        403: "The key may not do that, or not write that source.",
        413: "More than 10 MB, or more than 500 events.",
        415: "Not a media type of CloudEvents, or a compressed body.",
        422: "The event cannot be taken; it was kept for an administrator to mend.",
        429: "Too many events; `Retry-After` says when to come again.",
        503: "Not now. Nothing was stored; send it again after `Retry-After`.",
    }.items()
}

_NOT_FOUND = {
    (404, "application/problem+json"): OpenApiResponse(
        {"$ref": "#/components/schemas/Problem"}, description="Nobody of that id in this organization."
    )
}
_READING = {key: _PROBLEMS[key] for key in _PROBLEMS if key[0] in (400, 401, 403, 429, 503)}


def reading_problems() -> dict[Any, Any]:
    """The problems that whoever only reads may meet."""
    return dict(_READING)


POST_EVENTS: dict[str, Any] = {
    "operation_id": "send_events",
    "tags": ["Events"],
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
    "tags": ["Events"],
    "summary": "Read history back, newest first",
    "description": "Hand `next` back as `after` until it is null: no event comes twice, none that was there is left out.",
    "parameters": [
        OpenApiParameter("customer", OpenApiTypes.UUID, description="Only this customer's history."),
        OpenApiParameter("after", OpenApiTypes.STR, description="The `next` of the page before."),
        OpenApiParameter("limit", OpenApiTypes.INT, description="1 to 500; 50 if not said."),
    ],
    "responses": {
        (200, "application/json"): OpenApiResponse({"$ref": "#/components/schemas/Page"}),
        **_READING,
        **_NOT_FOUND,
    },
}
POST_MAIL: dict[str, Any] = {
    "operation_id": "hand_in_mail",
    "tags": ["Mail"],
    "summary": "Hand in one mail as it came",
    "description": (
        "For a mail server's pipe or a provider's webhook. The mail goes to the channel account of whom it was written "
        "to, and into the conversation that it answers; its Message-ID is the idempotency key. `ignored`: a mail of our "
        "own that came back (`own`), a report that a mail could not be delivered (`bounce`), one without a sender (`nobody`)."
    ),
    "parameters": [
        OpenApiParameter("to", OpenApiTypes.STR, description="Whom it was handed over for, if its heads do not say."),
    ],
    "request": {"message/rfc822": {"type": "string", "format": "binary"}},
    "responses": {
        (200, "application/json"): OpenApiResponse(
            {"$ref": "#/components/schemas/MailOutcome"}, description="A repeat, or left."
        ),
        (201, "application/json"): OpenApiResponse({"$ref": "#/components/schemas/MailOutcome"}, description="Taken."),
        **{key: _PROBLEMS[key] for key in _PROBLEMS if key[0] != 400},
    },
}
FIND_CUSTOMERS: dict[str, Any] = {
    "operation_id": "find_customer",
    "tags": ["Customers"],
    "summary": "Find the customer who owns an identity",
    "description": "Exactly one of `phone`, `email`, `member_no`, `external`. Every look is on the audit trail.",
    "parameters": [
        OpenApiParameter("phone", OpenApiTypes.STR, description="In any usual spelling."),
        OpenApiParameter("email", OpenApiTypes.STR),
        OpenApiParameter("member_no", OpenApiTypes.STR),
        OpenApiParameter("external", OpenApiTypes.STR, description="The id in a channel account; give `account` too."),
        OpenApiParameter("account", OpenApiTypes.STR, description="The channel account, such as `kakao:@shop`."),
    ],
    "responses": {
        (200, "application/json"): OpenApiResponse({"$ref": "#/components/schemas/FoundCustomers"}),
        **_READING,
        **{key: _PROBLEMS[key] for key in _PROBLEMS if key[0] == 422},
    },
}
READ_CUSTOMER: dict[str, Any] = {
    "operation_id": "read_customer",
    "tags": ["Customers"],
    "summary": "Read one customer's profile",
    "description": "An id that was merged away leads to the profile it is part of now.",
    "responses": {
        (200, "application/json"): OpenApiResponse({"$ref": "#/components/schemas/Customer"}),
        **_READING,
        **_NOT_FOUND,
    },
}


ABOUT = """\
What happens at the till, on the phone and in chat becomes one history of one customer: send it as
[CloudEvents](https://cloudevents.io), read it back.

Every request carries a key: `Authorization: Bearer <key>`. An owner makes one at [API keys](/settings/api-keys/).
Errors are RFC 9457 problem documents in Korean or English, by `Accept-Language`: [what each means](/problems/).
An event that is refused is kept, and can be [mended and sent again](/settings/refused/).
"""


def add_components(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Puts the shapes that are not DRF's into the document (a postprocessing hook of drf-spectacular)."""
    result["info"]["description"] = ABOUT
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(
        {
            "Outcome": OUTCOME,
            "MailOutcome": MAIL_OUTCOME,
            "Problem": PROBLEM,
            "StoredEvent": STORED_EVENT,
            "Page": PAGE,
            "Customer": CUSTOMER,
            "FoundCustomers": FOUND,
            **event_schemas(),
        }
    )
    return result
