"""Every type of event has its sentence, and the sentence shows no more than the reader may see."""

from __future__ import annotations

import pytest

from channels_app.event_examples import example_event
from channels_app.event_types import EVENT_TYPES
from customers.models import Event
from customers.queries.sentences import SENTENCES, sentence_of, shown_items
from customers.queries.wording import Wording, shown_duration
from customers.sight import MASKED


@pytest.mark.parametrize("kind", sorted(EVENT_TYPES))
def test_every_type_is_told_in_words(kind: str) -> None:
    data = example_event(kind)["data"]
    event = Event(type=kind, data=data, text=str(data.get("text", "")), author=str(data.get("from", "")))
    assert kind in SENTENCES
    sentence = sentence_of(event, Wording())
    assert sentence.text
    assert kind not in str(sentence)


def test_what_comes_later_is_not_silent() -> None:
    assert str(sentence_of(Event(type="robot.spoke", data={}, text="삐"), Wording())) == "robot.spoke: 삐"


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"items": None},
        {"items": ["x", 3]},
        {"items": [{}]},
        {"segments": "no"},
        {"promise": "no"},
        {"talk_seconds": "x"},
    ],
)
@pytest.mark.parametrize("kind", sorted(EVENT_TYPES))
def test_odd_data_breaks_no_sentence(kind: str, data: dict[str, object]) -> None:
    assert sentence_of(Event(type=kind, data=data), Wording()).text


def test_a_masked_reader_reads_no_number_and_no_name() -> None:
    event = Event(type="chat.message", author="customer", text="홍길동이고 010-0000-1234, hong@shop.example", data={})
    quote = sentence_of(event, Wording(sight=MASKED, customer_names=("홍길동",))).quote
    assert quote == "홍*동이고 010-****-1234, ho***@shop.example"


def test_items_and_durations() -> None:
    assert shown_items({"items": [{"name": "코트"}, {"sku": "B"}, {"name": ""}]}).startswith("코트")
    assert shown_items({}) == ""
    assert shown_duration(None) == ""
    assert "3" in shown_duration(200)
    assert "20" in shown_duration(200)
