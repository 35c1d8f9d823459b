"""Events to try things with: the example of each type, changed where a test says so."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from channels_app.envelope import parse
from channels_app.event_examples import example_event
from channels_app.problems import Problem, Refused, render
from customers.incoming import IncomingEvent

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def parsed(envelope: object) -> IncomingEvent:
    return parse(envelope, now=NOW, may_write=lambda source: True)


def problem(envelope: object) -> Problem:
    with pytest.raises(Refused) as refusal:
        parsed(envelope)
    for language in ("ko", "en"):
        document = render(refusal.value.problem, language)
        assert document["type"].startswith("/problems/")
        json.dumps(document, ensure_ascii=False).encode()
    assert Problem.from_json(json.loads(json.dumps(refusal.value.problem.as_json()))) == refusal.value.problem
    return refusal.value.problem


def event(name: str = "chat.message", /, without: tuple[str, ...] = (), **data: Any) -> dict[str, Any]:
    """The example of a type with some of its data replaced or left out; `from_` is `from`."""
    envelope = copy.deepcopy(example_event(name))
    envelope["data"].update({key.rstrip("_"): value for key, value in data.items()})
    for key in without:
        del envelope["data"][key]
    return envelope
