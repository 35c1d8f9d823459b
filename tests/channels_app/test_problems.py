"""Problem documents: every kind can be told, in both languages, from what is kept of it."""

from __future__ import annotations

import json
import re

import pytest

from channels_app.expectations import EXPECTATIONS
from channels_app.problems import PROBLEM_KINDS, Problem, render, shorten

PARAMS = {"limit": 500, "seconds": 12, "min": 1, "max": 5, "choices": "a, b"}


@pytest.mark.parametrize("kind", PROBLEM_KINDS)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_kind_can_be_told(kind: str, language: str) -> None:
    document = render(Problem(kind, "data.x", "text", PARAMS), language)
    assert document["status"] == PROBLEM_KINDS[kind].status
    assert document["type"] == f"/problems/{kind}"
    assert document["title"]
    assert "%" not in document["detail"]
    json.dumps(document)


@pytest.mark.parametrize("expected", EXPECTATIONS)
def test_every_expectation_can_be_told(expected: str) -> None:
    told = render(Problem("invalid-field", "data.x", expected, PARAMS), "en")["expected"]
    assert told
    assert not re.search(r"%\(", told)


def test_a_kept_problem_is_the_same_problem() -> None:
    problem = Problem("invalid-field", "data.score", "integer_between", {"min": 1, "max": 5}, "9")
    kept = json.loads(json.dumps(problem.as_json()))
    assert Problem.from_json(kept) == problem
    assert render(Problem.from_json(kept), "en") == render(problem, "en")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("홍길동", '"홍길동"'),
        ("x" * 100, '"' + "x" * 78 + "…"),
        ("a\x00\ud800", '"a\\u0000\\ud800"'),
        (float("nan"), "NaN"),
        (10**400, "1…"),
        ({"a": 1}, "{…1}"),
        ([1, 2], "[…2]"),
        (None, "null"),
    ],
)
def test_what_was_received_is_shown_short(value: object, shown: str) -> None:
    assert shorten(value) == shown
