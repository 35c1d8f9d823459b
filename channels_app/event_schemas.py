"""The events as JSON Schema 2020-12, for the OpenAPI 3.1 document. Made from the shapes: it cannot say other than they do."""

from __future__ import annotations

import inspect
from functools import cache
from typing import Any

import msgspec

from channels_app.envelope import ID_LENGTH, SOURCE_LENGTH
from channels_app.event_examples import example_event
from channels_app.event_types import EVENT_TYPES, EventType

EVENT_SCHEMA = "Event"  # the union of all types, told apart by `type`
_REFERENCE = "#/components/schemas/{name}"


@cache
def event_schemas() -> dict[str, Any]:
    """Components by name: `Event`, `Event.pos.sale` and so on, and the shapes of their `data`."""
    shapes = [kind.shape for kind in EVENT_TYPES.values()]
    _, components = msgspec.json.schema_components(list(dict.fromkeys(shapes)), ref_template=_REFERENCE)
    for kind in EVENT_TYPES.values():
        components[_name(kind)] = _envelope(kind)
    components[EVENT_SCHEMA] = {
        "oneOf": [{"$ref": _REFERENCE.format(name=_name(kind))} for kind in EVENT_TYPES.values()],
        "discriminator": {
            "propertyName": "type",
            "mapping": {kind.name: _REFERENCE.format(name=_name(kind)) for kind in EVENT_TYPES.values()},
        },
    }
    return components


def _name(kind: EventType) -> str:
    return f"{EVENT_SCHEMA}.{kind.name}"


def _envelope(kind: EventType) -> dict[str, Any]:
    summary = inspect.getdoc(kind.shape) or ""
    return {
        "type": "object",
        "title": kind.name,
        "description": summary,
        "required": ["specversion", "id", "source", "type", "time", "data"],
        "properties": {
            "specversion": {"const": "1.0"},
            "id": {
                "type": "string",
                "minLength": 1,
                "maxLength": ID_LENGTH,
                "description": "Unique within source: sent twice, it counts once.",
            },
            "source": {
                "type": "string",
                "maxLength": SOURCE_LENGTH,
                "pattern": r"^(/[^\s/?#]+)+$",
                "description": "Where it comes from; one that the key may write.",
            },
            "type": {"const": kind.name},
            "time": {
                "type": "string",
                "format": "date-time",
                "description": "When it happened, with an offset; at most 5 minutes ahead.",
            },
            "datacontenttype": {"type": "string", "description": "A JSON media type, if given."},
            "data": {"$ref": _REFERENCE.format(name=kind.shape.__name__)},
        },
        "examples": [example_event(kind.name)],
    }
