"""The invented history: the same for the same seed, never ahead of the present, and making sense in each conversation."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime
from typing import Any

import pytest

from channels_app.demo.envelopes import Envelope, time_of
from channels_app.demo.history import generate
from channels_app.demo.hours import SEOUL, spans_on, store_is_open
from channels_app.demo.organization import CENTERS, STAFF, STORES, TOPICS

# A Monday morning before anybody is at work: what was said on Sunday still waits.
NOW = datetime(2026, 11, 23, 7, 18, tzinfo=SEOUL)
FEW = 300


@pytest.fixture(scope="module")
def events() -> list[Envelope]:
    return list(generate(7, NOW, customers=FEW))


@pytest.fixture(scope="module")
def threads(events: list[Envelope]) -> dict[str, list[Envelope]]:
    threads: dict[str, list[Envelope]] = defaultdict(list)
    for event in events:
        if thread := event["data"].get("thread"):
            threads[thread].append(event)
    return threads


def test_same_seed_and_present_give_the_same_events(events: list[Envelope]) -> None:
    assert list(generate(7, NOW, customers=FEW)) == events


def test_another_seed_gives_another_history(events: list[Envelope]) -> None:
    assert list(generate(8, NOW, customers=FEW)) != events


def test_full_size_is_as_promised() -> None:
    full = list(generate(1, NOW))
    assert 15_000 <= len(full) <= 25_000


def test_too_few_customers_and_a_naive_present_are_refused() -> None:
    with pytest.raises(ValueError, match="at least"):
        next(generate(1, NOW, customers=10))
    with pytest.raises(ValueError, match="time zone"):
        next(generate(1, NOW.replace(tzinfo=None), customers=FEW))


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 21, 3, 10, tzinfo=SEOUL),
        datetime(2026, 11, 24, 15, 20, tzinfo=SEOUL),
        datetime(2026, 9, 25, 12, 30, tzinfo=SEOUL),  # within the days of Chuseok
        datetime(2027, 1, 1, 0, 0, tzinfo=SEOUL),
    ],
)
def test_any_present_works_and_lies_ahead_of_every_event(now: datetime) -> None:
    told = list(generate(3, now, customers=FEW))
    assert all(time_of(event) <= now for event in told)
    assert (now - time_of(told[-1])).total_seconds() < 300


def test_ids_are_unique_within_their_source(events: list[Envelope]) -> None:
    keys = Counter((event["source"], event["id"]) for event in events)
    assert max(keys.values()) == 1


def test_events_come_by_time(events: list[Envelope]) -> None:
    assert [event["time"] for event in events] == sorted(event["time"] for event in events)


def test_sources_belong_to_the_centers(events: list[Envelope]) -> None:
    centers = {plan.slug for plan in CENTERS}
    store_center = {plan.slug: plan.center for plan in STORES}
    for event in events:
        center = event["source"].split("/")[1]
        assert center in centers
        if store := event["data"].get("store"):
            assert store_center[store] == center


def test_every_number_belongs_to_nobody(events: list[Envelope]) -> None:
    phones = {(event["data"].get("customer") or {}).get("phone", "010-0") for event in events}
    for phone in phones:
        digits = phone.replace("-", "")
        assert digits.startswith(("0100", "010****", "0507000", "160000"))


def test_each_conversation_is_begun_by_somebody_and_keeps_its_source(threads: dict[str, list[Envelope]]) -> None:
    openers = {"chat.message", "message.message", "mail.message", "call.queued", "store.inquiry"}
    for told in threads.values():
        assert told[0]["type"] in openers
        assert len({event["source"] for event in told}) == 1


def test_calls_follow_their_course(threads: dict[str, list[Envelope]]) -> None:
    for told in threads.values():
        kinds = [event["type"] for event in told]
        if "call.queued" not in kinds:
            continue
        assert len({"call.answered", "call.abandoned"} & set(kinds)) == 1
        if "call.answered" in kinds:
            assert kinds.index("call.answered") < kinds.index("call.ended")


def test_agents_speak_only_where_they_work(threads: dict[str, list[Envelope]]) -> None:
    centers = {person.email: person.centers for person in STAFF}
    for told in threads.values():
        center = told[0]["source"].split("/")[1]
        for event in told:
            if agent := event["data"].get("agent"):
                assert center in centers[agent]


def test_topics_exist(events: list[Envelope]) -> None:
    assert {event["data"]["topic"] for event in events if "topic" in event["data"]} <= {slug for slug, _ in TOPICS}


def test_a_promise_has_words_and_falls_due_after_it_was_made(events: list[Envelope]) -> None:
    promises = [event for event in events if "promise" in event["data"]]
    assert len(promises) > 5
    for event in promises:
        promise = event["data"]["promise"]
        assert event["type"] == "note.added"
        assert promise["text"]
        assert date.fromisoformat(promise["due"]) >= time_of(event).date()


def test_tills_run_while_shops_are_open(events: list[Envelope]) -> None:
    assert all(store_is_open(time_of(event)) for event in events if event["type"].startswith("pos."))


def test_totals_add_up_and_refunds_name_their_sale(events: list[Envelope]) -> None:
    receipts = {event["data"]["receipt_no"]: event for event in events if event["type"] == "pos.sale"}
    for event in events:
        if not event["type"].startswith("pos."):
            continue
        assert event["data"]["total"] == sum(item["amount"] for item in event["data"]["items"]) > 0
        if event["type"] == "pos.refund":
            sale = receipts[event["data"]["original_receipt_no"]]
            assert time_of(sale) < time_of(event)
            assert event["data"]["total"] <= sale["data"]["total"]


def test_answered_calls_fall_into_the_hours_of_the_center(events: list[Envelope]) -> None:
    hours = {plan.slug: plan.hours for plan in CENTERS}
    answers = [event for event in events if event["type"] == "call.answered"]
    inside = [
        event
        for event in answers
        if any(
            opens <= time_of(event) <= closes
            for opens, closes in spans_on(hours[event["source"].split("/")[1]], time_of(event).astimezone(SEOUL).date())
        )
    ]
    # The one call that the desk is still wrapping up was taken just now, whatever the hour.
    assert len(answers) - len(inside) <= max(3, len(answers) // 25)


def test_every_slot_is_filled(events: list[Envelope]) -> None:
    for event in events:
        for text in _texts(event["data"]):
            assert "{" not in text
            assert "}" not in text
            assert "None" not in text


def test_conversations_do_not_look_copied(events: list[Envelope]) -> None:
    said = [event["data"]["text"] for event in events if event["data"].get("from") == "customer"]
    longer = [text for text in said if len(text) > 25]
    assert len(set(longer)) > 0.6 * len(longer)


def test_the_coat_is_bought_complained_of_promised_and_asked_about(events: list[Envelope]) -> None:
    of_her = [event for event in events if _is_kim_seo_yeon(event)]
    assert any("울 코트" in item["name"] for event in of_her for item in event["data"].get("items", []))
    last = of_her[-1]
    assert last["type"] == "chat.message"
    assert 55 <= (NOW - time_of(last)).total_seconds() / 60 <= 70
    promise = next(
        e["data"]["promise"] for e in events if "울 코트 카멜" in e["data"].get("promise", {}).get("text", "")
    )
    assert date.fromisoformat(promise["due"]).weekday() == 2
    assert date.fromisoformat(promise["due"]) > NOW.date()


def test_members_agree_to_advertising_and_some_take_it_back(events: list[Envelope]) -> None:
    given = [event for event in events if event["type"] == "consent.given"]
    withdrawn = [event for event in events if event["type"] == "consent.withdrawn"]
    assert len(given) > len(withdrawn) > 3
    began = {event["data"]["customer"]["phone"]: event["time"] for event in reversed(given)}
    for event in given:
        assert event["data"]["media"]
        assert event["data"]["text"].startswith("하늘상회")
    assert all(event["time"] > began[event["data"]["customer"]["phone"]] for event in withdrawn)


def test_somebody_waits_was_missed_and_is_unassigned(threads: dict[str, list[Envelope]]) -> None:
    still_open = {
        thread: [event["type"] for event in told]
        for thread, told in threads.items()
        if "ticket.resolved" not in {event["type"] for event in told}
    }
    assert len(still_open) >= 12
    assert any("call.abandoned" in kinds for kinds in still_open.values())
    assert any("ticket.assigned" not in kinds for kinds in still_open.values())
    mine = [
        thread
        for thread, told in threads.items()
        if thread in still_open and any(event["data"].get("agent") == "agent@haneul.example" for event in told)
    ]
    assert len(mine) >= 3


def test_a_few_share_the_four_digits_of_the_readme() -> None:
    full = generate(1, NOW)
    phones = {(event["data"].get("customer") or {}).get("phone", "").replace("-", "") for event in full}
    assert 3 <= len([phone for phone in phones if phone.endswith("5678")]) <= 8


def _is_kim_seo_yeon(event: Envelope) -> bool:
    customer = event["data"].get("customer") or {}
    return customer.get("phone") == "010-0123-5678"


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return []
