"""A generated history with figures worked out by a slow and plain reading that shares no code with the hub."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now

from kpi.actions import catch_up, pack_days
from tests.kpi.histories import House, make_house, shuffled

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).parent / "golden"
# 1 ms of seconds; the sixth decimal of ratios, means and scores.
SECONDS, REST = 0.001, 0.000_001
Told = list[dict[str, Any]]


def _history() -> Told:
    return [json.loads(line) for line in gzip.open(FOLDER / "history-1.jsonl.gz", "rt", encoding="utf-8")]


def _answers() -> Told:
    with gzip.open(FOLDER / "expected-1.json.gz", "rt", encoding="utf-8") as file:
        answers: Told = json.load(file)["answers"]
    return answers


@pytest.fixture
def house() -> House:
    return make_house(json.loads((FOLDER / "config-1.json").read_text(encoding="utf-8")))


def _differences(path: str, told: Any, expected: Any) -> list[str]:
    if isinstance(expected, dict) and isinstance(told, dict):
        names = sorted(expected.keys() | told.keys())
        return [line for name in names for line in _differences(f"{path}.{name}", told.get(name), expected.get(name))]
    if isinstance(expected, float) and isinstance(told, int | float):
        most = SECONDS if path.endswith("_seconds") else REST
        return [] if abs(told - expected) <= most else [f"{path}: {told} for {expected}"]
    return [] if told == expected else [f"{path}: {told} for {expected}"]


def assert_golden(house: House, *, every: int = 1) -> None:
    wrong: list[str] = []
    for answer in _answers()[::every]:
        query, expected = dict(answer["query"]), answer["answer"]
        told = house.ask(**{**query.pop("filters", {}), **query})
        assert [group["key"] for group in told["groups"]] == [group["key"] for group in expected["groups"]], query
        for name in ("from", "to", "now"):
            assert told[name] == expected[name]
        for one, other in zip(told["groups"], expected["groups"], strict=True):
            wrong += _differences(f"{query} {other['key']}", one, other)
    assert not wrong, wrong[:20]


def test_every_number_agrees(house: House) -> None:
    house.tell(_history())
    assert_golden(house)


def test_the_order_of_arrival_and_when_it_is_followed_change_nothing(house: House) -> None:
    events = list(shuffled(_history(), seed=7))
    for begin in range(0, len(events), 4000):
        house.tell(events[begin : begin + 4000])
        catch_up(house.organization, at=now())
        pack_days(house.organization)
    assert_golden(house, every=3)
