"""The schema says what the checks do: every example fits it, and every reference leads somewhere."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from channels_app.event_examples import example_event
from channels_app.event_schemas import EVENT_SCHEMA, event_schemas
from channels_app.event_types import EVENT_TYPES
from tests.channels_app.events import event


def validator() -> Draft202012Validator:
    document: dict[str, Any] = {
        "$ref": f"#/components/schemas/{EVENT_SCHEMA}",
        "components": {"schemas": event_schemas()},
    }
    Draft202012Validator.check_schema(document)
    return Draft202012Validator(document)


def test_every_reference_leads_somewhere() -> None:
    written = json.dumps(event_schemas())
    assert set(re.findall(r'"#/components/schemas/([^"]+)"', written)) <= set(event_schemas())
    assert set(event_schemas()[EVENT_SCHEMA]["discriminator"]["mapping"]) == set(EVENT_TYPES)


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_the_example_of_each_type_fits(name: str) -> None:
    assert not list(validator().iter_errors(example_event(name)))


@pytest.mark.parametrize(
    "bad",
    [
        event(from_="visitor"),
        event("pos.sale", total=-1),
        event("pos.sale", without=("items",)),
        event("call.queued", direction="up"),
        {**event(), "type": "pos.sold"},
        {**event(), "source": "seoul"},
    ],
)
def test_what_is_refused_does_not_fit(bad: dict[str, Any]) -> None:
    assert list(validator().iter_errors(bad))


def test_unknown_fields_are_allowed() -> None:
    assert not list(validator().iter_errors(event(loyalty="gold")))
