"""What the definitions of METRICS.md say of cases in which the obvious way of counting is wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from accounts import actions
from accounts.models import Center
from tests.cast import SETUP
from tests.kpi.histories import USUAL_HOURS, House, Story, make_house

A, B = "010-2000-0001", "010-2000-0002"
KIM, LEE = "kim@shop.example", "lee@shop.example"
CALL = "/busan/call"


def call(story: Story, kind: str, clock: str, thread: str = "k1", day: str = "2026-03-02", **data: Any) -> None:
    more = {"from_": "x", "to": "y"} if kind == "queued" else {"agent": LEE} if kind == "answered" else {}
    story(f"call.{kind}", clock, day, source=data.pop("source", CALL), thread=thread, **more, **data)


def test_whoever_a_bot_answers_does_not_wait_and_a_person_who_steps_in_ends_no_wait(house: House, story: Story) -> None:
    story.chat("customer", "10:00:00", "c1")
    story.chat("bot", "10:00:01", "c1")
    house.tell(story.events)
    assert house.figures()["waiting"]["n"] == 0
    story.chat("customer", "10:01:00", "c1")
    story.chat("agent", "10:02:00", "c1")
    house.tell(story.events)
    told = house.figures()
    assert told["first_response"] is None
    assert told["first_response_within_target"] is None
    # What she asked the second time was answered by a person all the same.
    assert (told["reply"]["n"], told["reply"]["median_seconds"]) == (1, 60)


def test_a_bots_message_or_a_resolve_ends_a_turn_without_a_fact(house: House, story: Story) -> None:
    story.chat("customer", "10:00:00", "c1")
    story.chat("agent", "10:00:10", "c1")
    story.chat("customer", "10:01:00", "c1")
    story.chat("bot", "10:01:30", "c1")
    story.chat("agent", "10:02:00", "c1")
    story.chat("customer", "10:03:00", "c1")
    story.resolve("10:04:00", "c1")
    house.tell(story.events)
    assert house.figures()["reply"]["n"] == 1


def test_store_inquiries_and_what_an_agent_opened_have_no_response_clock(house: House, story: Story) -> None:
    story(
        "store.inquiry", "10:00:00", source="/seoul/store", thread="s1", store="gangnam", staff="s", text="…", phone=A
    )
    story.chat("agent", "10:00:00", "c1", phone=B)
    story.chat("customer", "10:01:00", "c1", phone=B)
    story.chat("agent", "10:02:00", "c1", phone=B)
    house.tell(story.events)
    told = house.figures()
    assert told["first_response"] is None
    assert told["first_response_within_target"] is None
    assert told["waiting"]["n"] == 0
    assert told["reply"]["n"] == 1
    assert told["volume"]["tickets"] == {"n": 2, "customers": 2}
    assert told["volume"]["contacts"] == {"n": 1, "customers": 1}
    assert house.groups("store")["gangnam"]["volume"]["messages_in"]["n"] == 1


def test_a_second_queue_after_an_outcome_is_a_second_call(house: House, story: Story) -> None:
    call(story, "queued", "10:00:00")
    call(story, "queued", "10:00:05")  # the same call, passed on
    call(story, "abandoned", "10:00:25")
    call(story, "queued", "10:05:00")
    call(story, "answered", "10:05:20")
    call(story, "answered", "10:06:00")  # of no queue
    house.tell(story.events)
    told = house.figures()
    assert told["service_level"] == {"numerator": 1, "denominator": 2, "ratio": 0.5}
    assert told["abandonment"] == {"numerator": 1, "denominator": 2, "ratio": 0.5}
    # The response clock started with the first.
    assert told["first_response"]["median_seconds"] == 320


@pytest.mark.parametrize(("left_at", "counts"), [("10:00:05", 0), ("10:00:05.001", 1)])
def test_limits_in_seconds_include_the_limit(house: House, story: Story, left_at: str, counts: int) -> None:
    call(story, "queued", "10:00:00")
    call(story, "abandoned", left_at)
    house.tell(story.events)
    told = house.figures()["abandonment"]
    assert (told["denominator"] if told else 0) == counts


def test_windows_in_days_leave_their_end_out(house: House, story: Story) -> None:
    for thread, comes_back in (("c1", "10:00:00"), ("c2", "09:59:59.999")):
        phone = A if thread == "c1" else B
        story.chat("customer", "09:00:00", thread, phone=phone)
        story.resolve("10:00:00", thread)
        story.chat("customer", comes_back, f"{thread}-again", "2026-03-09", phone=phone)
    house.tell(story.events)
    assert house.figures("2026-03-02", "2026-03-03")["fcr"]["numerator"] == 1
    # The window of the first has passed at its end, not before.
    asked = {"first": "2026-03-02", "end": "2026-03-03"}
    assert house.figures(**asked, now="2026-03-09T10:00:00+09:00")["fcr"]["pending"] == 0
    assert house.figures(**asked, now="2026-03-09T09:59:59+09:00")["fcr"]["pending"] == 2


def test_coming_back_within_the_window_reopens_and_after_it_is_another_ticket(house: House, story: Story) -> None:
    story.chat("customer", "09:00:00", "c1", phone=A)
    story.chat("agent", "09:01:00", "c1")
    story.resolve("10:00:00", "c1")
    story.chat("customer", "09:59:59", "c1", "2026-03-09", phone=A)
    house.tell(story.events)
    told = house.figures()
    assert told["reopen_rate"] == {"numerator": 1, "denominator": 1, "ratio": 1, "bot": None}
    assert told["resolution_full"] is None
    assert told["resolution_first"]["n"] == 1
    assert told["one_touch"]["numerator"] == 0
    assert told["volume"]["contacts"]["n"] == 2
    assert told["volume"]["tickets"]["n"] == 1
    story.resolve("10:30:00", "c1", "2026-03-09")
    story.chat("customer", "10:30:00", "c1", "2026-03-16", phone=A)
    house.tell(story.events)
    assert house.figures()["resolution_full"]["median_seconds"] == 7 * 86400 + 5400
    assert house.figures("2026-03-16", "2026-03-17")["volume"]["tickets"]["n"] == 1


def test_a_reopening_by_a_person_is_no_contact(house: House, story: Story) -> None:
    story.chat("customer", "09:00:00", "c1", phone=A)
    story.resolve("10:00:00", "c1")
    story("ticket.reopened", "11:00:00", "2026-03-20", thread="c1")
    house.tell(story.events)
    assert house.figures(end="2026-04-01")["volume"]["contacts"]["n"] == 1
    # Later than 7 days: the resolution was reopened, but it had held.
    assert house.figures()["reopen_rate"]["numerator"] == 1
    assert house.figures()["fcr"]["numerator"] == 1


def test_what_a_bot_or_a_rule_resolves_stands_apart(house: House, story: Story) -> None:
    story.chat("customer", "09:00:00", "c1", phone=A)
    story.chat("bot", "09:00:10", "c1")
    story.resolve("09:05:00", "c1", by="bot")
    story.chat("customer", "09:10:00", "c1", phone=A)
    story.resolve("09:20:00", "c1")
    house.tell(story.events)
    told = house.figures()
    assert told["resolution_first"]["n"] == 0
    assert told["resolution_first"]["bot"]["median_seconds"] == 300
    assert told["resolution_full"]["median_seconds"] == 1200
    assert told["resolution_full"]["bot"] is None
    assert told["reopen_rate"]["bot"] == {"numerator": 1, "denominator": 1, "ratio": 1}
    # First resolved by a bot: of neither figure.
    assert told["fcr"] is None
    assert told["one_touch"] is None
    assert told["volume"]["resolutions"]["n"] == 1
    assert told["volume"]["resolutions_bot"]["n"] == 1


def test_the_ticket_is_its_agents_as_of_the_instant(house: House, story: Story) -> None:
    story.chat("customer", "10:00:00", "c1", phone=A)
    story("ticket.assigned", "10:00:30", thread="c1", agent=KIM)
    story("ticket.assigned", "10:05:00", thread="c1", agent=LEE)
    story.chat("agent", "10:10:00", "c1", agent=LEE)
    story.chat("customer", "10:20:00", "c1", phone=A)
    house.tell(story.events)
    told = house.groups("agent")
    # Due at 10:01:00, and not answered by then: Kim had it.
    assert told[KIM]["first_response_within_target"] == {"numerator": 0, "denominator": 1, "ratio": 0}
    assert told[LEE]["first_response"]["n"] == 1
    assert told[None]["volume"]["messages_in"]["n"] == 1
    assert told[LEE]["volume"]["messages_in"]["n"] == 1
    assert told[None]["volume"]["tickets"]["n"] == 1


def test_a_target_that_is_met_early_counts_on_the_day_it_falls_due(house: House, story: Story) -> None:
    story("mail.message", "17:00:00", source="/seoul/mail", thread="m1", from_="customer", text="…", phone=A)
    story("mail.message", "17:30:00", source="/seoul/mail", thread="m1", from_="agent", text="…", agent=KIM)
    house.tell(story.events)
    # 4 business hours: one on Monday, three on Tuesday.
    days = house.groups("day")
    assert days["2026-03-02"]["first_response_within_target"] is None
    assert days["2026-03-03"]["first_response_within_target"]["numerator"] == 1
    before = house.groups("day", now="2026-03-03T11:59:59+09:00")["2026-03-03"]
    assert before["first_response_within_target"] is None
    due = house.groups("day", now="2026-03-03T12:00:00+09:00")["2026-03-03"]
    assert due["first_response_within_target"]["numerator"] == 1


def test_resolved_unanswered_is_a_miss_and_waits_no_more(house: House, story: Story) -> None:
    story.chat("customer", "10:00:00", "c1", phone=A)
    story.resolve("10:00:30", "c1")
    house.tell(story.events)
    told = house.figures()
    assert told["first_response_within_target"] == {"numerator": 0, "denominator": 1, "ratio": 0}
    assert told["waiting"]["n"] == 0


def test_a_span_over_midnight_and_its_holiday_belong_to_the_day_they_start(db: None) -> None:
    night = {day: [["22:00", "06:00"]] for day in ("mon", "tue")}
    house = make_house({"timezone": "Asia/Seoul", "centers": {"seoul": {"hours": night, "holidays": ["2026-03-03"]}}})
    story = Story()
    story.chat("customer", "20:00:00", "c1", phone=A)  # Monday, before it opens
    story.chat("agent", "05:00:00", "c1", "2026-03-03")  # Tuesday morning belongs to Monday
    story.chat("customer", "05:00:00", "c2", "2026-03-03", phone=B)
    story.chat("agent", "07:00:00", "c2", "2026-03-05")  # Tuesday's night was a holiday
    house.tell(story.events)
    days = house.groups("day")
    assert days["2026-03-03"]["first_response"]["business"]["median_seconds"] == 7 * 3600
    assert days["2026-03-05"]["first_response"]["business"]["median_seconds"] == 3600


def test_a_ticket_that_was_moved_is_of_the_other_center_by_its_clock(house: House, story: Story) -> None:
    story.chat("customer", "17:59:00", "c1", phone=A)
    story("ticket.moved", "18:30:00", thread="c1", center="busan")
    story.chat("agent", "19:00:00", "c1")
    house.tell(story.events)
    told = house.groups("center")
    assert list(told) == ["busan"]
    # busan is always open.
    assert told["busan"]["first_response"]["business"]["median_seconds"] == 3660


def test_hours_and_targets_of_when_the_wait_began_stay(house: House, story: Story) -> None:
    story.chat("customer", "10:00:00", "c1", phone=A)
    story.chat("agent", "10:01:30", "c1")
    house.tell(story.events)
    assert house.figures()["first_response_within_target"]["numerator"] == 0
    center = Center.objects.get(organization=house.organization, slug="seoul")
    changed_at = datetime(2026, 3, 9, tzinfo=UTC)
    actions.set_center_schedule(center, hours=USUAL_HOURS, holidays=[], targets={"chat": 300}, by=SETUP, at=changed_at)
    story.chat("customer", "10:00:00", "c2", "2026-03-11", phone=B)
    story.chat("agent", "10:01:30", "c2", "2026-03-11")
    house.tell(story.events)
    days = house.groups("day")
    assert days["2026-03-02"]["first_response_within_target"]["numerator"] == 0
    assert days["2026-03-11"]["first_response_within_target"]["numerator"] == 1


def test_a_configuration_brings_the_days_on_which_targets_changed(db: None, story: Story) -> None:
    later = [{"from": "2026-03-09", "targets": {"chat": 300}}, {"from": "2026-03-05", "hours": USUAL_HOURS}]
    house = make_house({"timezone": "Asia/Seoul", "centers": {"seoul": {"targets": {"chat": 60}, "changes": later}}})
    for number, day in enumerate(("2026-03-02", "2026-03-05", "2026-03-09", "2026-03-10")):
        story.chat("customer", "11:59:30", f"c{number}", day, phone=A)
        story.chat("agent", "13:01:00", f"c{number}", day)
    house.tell(story.events)
    days = house.groups("day")
    met = [days[day]["first_response_within_target"]["numerator"] for day in ("2026-03-02", "2026-03-05", "2026-03-09")]
    assert met == [0, 0, 1]
    assert days["2026-03-02"]["first_response"]["business"]["median_seconds"] == 3690
    assert days["2026-03-05"]["first_response"]["business"]["median_seconds"] == 90


def test_days_are_cut_where_the_clock_changes(db: None) -> None:
    house = make_house({"timezone": "Europe/Berlin", "centers": {"seoul": {}}})
    story = Story(zone=house.organization.zone)
    story.chat("customer", "00:00:00", "c1", "2025-10-26", phone=A)  # a day of 25 hours
    story.chat("agent", "23:59:59", "c1", "2025-10-26")
    house.tell(story.events)
    told = house.ask(**{"from": "2025-10-26", "to": "2025-10-27", "by": "day"})
    assert told["from"] == "2025-10-26T00:00:00+02:00"
    assert told["to"] == "2025-10-27T00:00:00+01:00"
    assert told["groups"][0]["first_response"]["median_seconds"] == 25 * 3600 - 1


def test_no_topic_matches_any_and_another_topic_does_not(house: House, story: Story) -> None:
    for phone, thread, topic, other in ((A, "c1", "delivery", "refund"), (B, "c2", "delivery", "")):
        story.chat("customer", "10:00:00", thread, phone=phone)
        story.resolve("10:10:00", thread, topic=topic)
        call(story, "queued", "12:00:00", f"k-{thread}", "2026-03-03", phone=phone)
        if other:
            story("ticket.topic", "12:10:00", "2026-03-03", source=CALL, thread=f"k-{thread}", topic=other)
    house.tell(story.events)
    assert house.groups("channel")["chat"]["fcr"] == {"numerator": 1, "denominator": 2, "ratio": 0.5, "pending": 0}
    # Two channels, and the latest ticket is open.
    issues = {"numerator": 1, "denominator": 1, "ratio": 1, "pending": 0}
    assert house.figures()["channel_switch_dropout"] == issues
    assert house.figures(now="2026-03-05T00:00:00+09:00")["channel_switch_dropout"]["pending"] == 1


def test_a_purchase_within_thirty_days_is_a_return(house: House, story: Story) -> None:
    for phone, thread, clock in ((A, "c1", "09:59:59"), (B, "c2", "10:00:00")):
        story.chat("customer", "09:00:00", thread, phone=phone)
        story.resolve("10:00:00", thread, by="rule")
        told = {"store": "gangnam", "receipt_no": thread, "items": [], "total": 1}
        story("pos.sale", clock, "2026-04-01", source="/seoul/pos", phone=phone, **told)
    house.tell(story.events)
    assert house.figures()["return_rate"] == {"numerator": 1, "denominator": 2, "ratio": 0.5, "pending": 0}
    assert house.figures(now="2026-04-01T09:59:59+09:00")["return_rate"]["pending"] == 2


def test_the_same_survey_answered_twice_counts_twice_and_by_whom_it_was_sent(house: House, story: Story) -> None:
    story.chat("customer", "10:00:00", "c1", phone=A)
    story.resolve("10:10:00", "c1", agent=KIM, topic="refund")
    story("survey.sent", "10:11:00", thread="c1", survey="csat", agent=LEE)
    story("survey.answered", "10:00:00", "2026-03-03", thread="c1", survey="csat", score=5)
    story("survey.answered", "10:01:00", "2026-03-03", thread="c1", survey="csat", score=2)
    story("survey.answered", "10:02:00", "2026-03-03", survey="nps", score=9, phone=B)
    house.tell(story.events)
    by_agent = house.groups("agent")
    csat = by_agent[LEE]["csat"]
    assert (csat["sent"], csat["answered"], csat["mean"], csat["response_rate"]) == (1, 2, 3.5, 2)
    assert house.groups("topic")["refund"]["csat"]["scores"] == {"1": 0, "2": 1, "3": 0, "4": 0, "5": 1}
    assert by_agent[None]["nps"]["score"] == 100
    assert house.groups("day")["2026-03-02"]["csat"]["answered"] == 0


def test_a_changed_answer_counts_once_when_it_was_first_given(house: House, story: Story) -> None:
    story.chat("customer", "10:00:00", "c1", phone=A)
    story("survey.sent", "10:11:00", thread="c1", survey="csat")
    first = story("survey.answered", "11:00:00", thread="c1", survey="csat", score=1)
    told = {"survey": "csat", "score": 5, "answer": first["id"]}
    story("survey.changed", "11:00:00", "2026-03-04", thread="c1", **told)
    story("survey.answered", "12:00:00", survey="nps", score=3, phone=B)
    again = {"survey": "nps", "score": 10, "answer": story.events[-1]["id"]}
    story("survey.changed", "12:00:00", "2026-03-05", phone=B, **again)
    house.tell(reversed(story.events))
    days = house.groups("day")
    assert (days["2026-03-02"]["csat"]["answered"], days["2026-03-02"]["csat"]["mean"]) == (1, 5)
    assert days["2026-03-02"]["nps"]["score"] == 100
    assert days["2026-03-04"]["csat"] is None
    assert house.figures(now="2026-03-03T00:00:00+09:00")["csat"]["mean"] == 1


def test_merging_customers_moves_what_is_about_customers_and_parting_them_moves_it_back(
    house: House, story: Story
) -> None:
    for phone, thread, day in ((A, "c1", "2026-03-02"), (B, "c2", "2026-03-04")):
        story.chat("customer", "10:00:00", thread, day, phone=phone)
        story.resolve("10:10:00", thread, day, topic="refund")
    house.tell(story.events)
    assert house.figures()["fcr"]["numerator"] == 2
    both = {"into": {"phone": A}, "from": {"phone": B}, "agent": KIM}
    story("customer.merged", "10:00:00", "2026-03-05", **both)
    house.tell(story.events)
    told = house.figures()
    assert told["fcr"]["numerator"] == 1
    assert told["volume"]["tickets"] == {"n": 2, "customers": 1}
    assert house.figures(now="2026-03-04T12:00:00+09:00")["volume"]["tickets"]["customers"] == 2
    story("customer.unmerged", "11:00:00", "2026-03-06", **both)
    house.tell(story.events)
    told = house.figures()
    assert told["fcr"]["numerator"] == 2
    assert told["volume"]["tickets"]["customers"] == 2
    assert house.figures(now="2026-03-05T12:00:00+09:00")["volume"]["tickets"]["customers"] == 1


def test_a_claim_is_nobody_until_it_is_confirmed(house: House, story: Story) -> None:
    claim = {"phone": A, "verified": False}
    story.chat("customer", "10:00:00", "c1", customer=claim)
    story.resolve("10:10:00", "c1")
    house.tell(story.events)
    told = house.figures()
    assert told["volume"]["tickets"] == {"n": 1, "customers": 0}
    assert told["fcr"] is None
    story("identity.confirmed", "10:20:00", thread="c1", phone=A, method="code")
    house.tell(story.events)
    told = house.figures()
    assert told["volume"]["tickets"] == {"n": 1, "customers": 1}
    assert told["fcr"]["denominator"] == 1


def test_filters_leave_facts_out_after_they_are_made(house: House, story: Story) -> None:
    story.chat("customer", "10:00:00", "c1", phone=A)
    story.resolve("10:10:00", "c1", topic="refund")
    call(story, "queued", "12:00:00", "k1", "2026-03-03", phone=A)
    house.tell(story.events)
    told = house.figures(channel="chat")
    assert told["fcr"]["numerator"] == 0
    assert told["volume"]["tickets"]["n"] == 1
    assert house.figures(topic="null")["volume"]["tickets"]["n"] == 1
    assert house.figures(channel=["chat", "call"])["volume"]["tickets"]["n"] == 2


def test_later_events_are_left_out(house: House, story: Story) -> None:
    story.chat("customer", "10:00:00", "c1", phone=A)
    story.chat("agent", "10:10:00", "c1")
    story.resolve("10:20:00", "c1", topic="refund")
    house.tell(story.events)
    told = house.groups("topic", now="2026-03-02T10:10:00+09:00")
    assert list(told) == [None]
    assert told[None]["first_response"]["n"] == 1
    assert told[None]["resolution_first"] is None
    assert house.groups("topic", now="2026-03-02T10:09:59+09:00")[None]["waiting"] == {"n": 1, "oldest_seconds": 599}
    assert house.groups("topic", now="2026-03-02T09:59:59+09:00") == {}
