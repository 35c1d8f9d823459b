"""What the OpenAPI document says of the figures."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from channels_app.api.schema import reading_problems
from kpi.figures.table import BYS

NUMBER_OR_NULL = {"type": ["number", "null"]}
COUNT = {"type": "integer"}
RATIO: dict[str, Any] = {"numerator": COUNT, "denominator": COUNT, "ratio": NUMBER_OR_NULL}
SECONDS: dict[str, Any] = {
    "n": COUNT,
    "median_seconds": NUMBER_OR_NULL,
    "p90_seconds": NUMBER_OR_NULL,
    "mean_seconds": NUMBER_OR_NULL,
}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _or_null(properties: dict[str, Any], words: str = "") -> dict[str, Any]:
    return {"type": ["object", "null"], "properties": properties, **({"description": words} if words else {})}


DURATION = {**SECONDS, "business": _or_null(SECONDS, "The same in the center's business time.")}
WITH_BOT = {**DURATION, "bot": _or_null(DURATION, "Those that a bot or a rule resolved.")}
PENDING = {**RATIO, "pending": {**COUNT, "description": "Whose window has not passed; in neither part."}}
VOLUME = _object({"n": COUNT, "customers": {**COUNT, "description": "Different known customers, as merged."}})

FIGURES: dict[str, Any] = {
    "type": "object",
    "description": "One group. A figure of which nothing was counted is null; docs/figures.md says what each is.",
    "required": ["key"],
    "properties": {
        "key": {"type": ["string", "null"], "description": "Of the group; null for what has none."},
        "first_response": _or_null(DURATION),
        "waiting": _object({"n": COUNT, "oldest_seconds": NUMBER_OR_NULL}),
        "first_response_within_target": _or_null(RATIO),
        "service_level": _or_null(RATIO),
        "abandonment": _or_null(RATIO),
        "reply": _or_null(DURATION),
        "resolution_first": _or_null(WITH_BOT),
        "resolution_full": _or_null(WITH_BOT),
        "reopen_rate": _or_null({**RATIO, "bot": _or_null(RATIO)}),
        "fcr": _or_null(PENDING),
        "one_touch": _or_null(RATIO),
        "csat": _or_null(
            {
                "sent": COUNT,
                "answered": COUNT,
                "response_rate": NUMBER_OR_NULL,
                **RATIO,
                "mean": NUMBER_OR_NULL,
                "scores": {"type": "object", "additionalProperties": COUNT},
            }
        ),
        "nps": _or_null(
            {"promoters": COUNT, "passives": COUNT, "detractors": COUNT, "answered": COUNT, "score": NUMBER_OR_NULL}
        ),
        "ces": _or_null({"answered": COUNT, "mean": NUMBER_OR_NULL, **RATIO}),
        "channel_switch_dropout": _or_null(PENDING),
        "return_rate": _or_null(PENDING),
        "volume": _object(
            dict.fromkeys(
                (
                    *("tickets", "contacts", "messages_in", "messages_out", "messages_bot"),
                    *("resolutions", "resolutions_bot"),
                ),
                VOLUME,
            )
        ),
    },
}
_GROUPS = {"type": "array", "items": {"$ref": "#/components/schemas/FigureGroup"}}
_PERIOD = {"from": {"type": "string", "format": "date-time"}, "to": {"type": "string", "format": "date-time"}}
ANSWER: dict[str, Any] = {
    "type": "object",
    "required": ["from", "to", "now", "computed_at", "groups"],
    "properties": {
        **_PERIOD,
        "now": {"type": "string", "format": "date-time"},
        "computed_at": {"type": "string", "format": "date-time"},
        "groups": _GROUPS,
        "previous": _object({**_PERIOD, "groups": _GROUPS}),
    },
}

READ_FIGURES: dict[str, Any] = {
    "operation_id": "read_figures",
    "tags": ["Figures"],
    "summary": "Read the figures of a period",
    "description": (
        "All figures of days `[from, to)` in the organization's zone, in groups. What was acknowledged before the "
        "question is in the answer. Filters take several values, and `null` for what has none."
    ),
    "parameters": [
        OpenApiParameter("from", OpenApiTypes.DATE, required=True, description="The first day."),
        OpenApiParameter("to", OpenApiTypes.DATE, required=True, description="The day after the last."),
        OpenApiParameter("by", OpenApiTypes.STR, enum=BYS, description="What the groups are; `none` if not said."),
        OpenApiParameter("channel", OpenApiTypes.STR, many=True),
        OpenApiParameter("center", OpenApiTypes.STR, many=True, description="Short names."),
        OpenApiParameter("store", OpenApiTypes.STR, many=True, description="Short names."),
        OpenApiParameter("agent", OpenApiTypes.STR, many=True, description="E-mail addresses."),
        OpenApiParameter("topic", OpenApiTypes.STR, many=True, description="Short names."),
        OpenApiParameter(
            "now", OpenApiTypes.DATETIME, description="Asks as of this instant: later events are left out."
        ),
        OpenApiParameter("previous", OpenApiTypes.BOOL, description="Also the period of equal length before."),
    ],
    "responses": {
        (200, "application/json"): OpenApiResponse({"$ref": "#/components/schemas/FigureAnswer"}),
        **reading_problems(),
    },
}


def add_figure_components(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Puts the figures' shapes into the document (a postprocessing hook of drf-spectacular)."""
    result.setdefault("components", {}).setdefault("schemas", {}).update(
        {"FigureGroup": FIGURES, "FigureAnswer": ANSWER}
    )
    return result
