"""Rules that are on: asked of what happens, is missed or lasts; once, traceably, and never of what rules do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import Center
from channels_app.hub import rules as hub_rules
from channels_app.hub.actions import resolve_ticket
from customers.models import Event
from tests.cast import SETUP, Cast, make_organization
from tests.tickets.conversations import answer, chat, happens, ring
from tests.tickets.ruling import done, follow, part, rule, whys
from tickets import tasks
from tickets.actions import set_topics
from tickets.actions.alarms import watch_clocks
from tickets.actions.rules import switch_rule
from tickets.models import Alarm, AlarmNotice, Breach, Rule, RuleRun, RuleTimer, RuleWork, Ticket
from tickets.queries.rule_choices import choices_of
from tickets.queries.rule_trial import try_rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """A whole organization whose centers are always open, so that no test hangs on the hour."""
    cast = make_organization()
    for center in (cast.seoul, cast.busan):
        accounts.set_center_schedule(
            center, hours={}, holidays=[], targets={}, by=cast.owner, at=timezone.now() - timedelta(days=30)
        )
    set_topics(cast.organization, {"delivery": "배송"}, by=cast.owner, at=timezone.now())
    return cast


def test_a_rule_does_what_it_says_once_and_says_which_it_was(cast: Cast):
    made = rule(
        cast.organization,
        "customer_message",
        part("priority", "urgent"),
        part("tag", "급함", "VIP"),
        part("note", "바로 봐 주세요"),
        part("assign", cast.agent.public_id.hex),
        part("notify", "leads"),
        conditions=(part("says", "급해요", "당장"), part("untaken")),
        name="급한 말",
    )
    ticket = chat(cast.organization, "t", "지금 당장 바꿔 주세요")
    chat(cast.organization, "calm", "천천히 보내 주세요", phone="010-0000-1111")
    assert follow(cast.organization) == 4
    assert done(cast.organization) == [
        ("ticket.priority", "urgent"),
        ("ticket.tagged", "+vip\n+급함"),
        ("note.added", "바로 봐 주세요"),
        ("ticket.assigned", "rule"),
    ]
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.agent_email, ticket.tag_keys) == ("urgent", cast.agent.email, ["vip", "급함"])
    run = RuleRun.objects.get()
    assert (run.rule, run.ticket, run.cause) == (made, ticket, f"event:{ticket.opened_event_id}")
    written = Event.objects.filter(source="/hub")
    assert {event.data["rule"]["id"] for event in written} == {made.public_id.hex}
    assert {event.event_id.rsplit("-", 1)[0] for event in written} == {f"rule-{run.public_id.hex}"}
    assert [notice.person for notice in AlarmNotice.objects.all()] == [cast.lead]
    assert Alarm.objects.get().rule == made
    assert Rule.objects.get().run_count == 1
    # Another round, and the same event once more, change nothing.
    RuleWork.objects.create(organization=cast.organization, events=str(ticket.opened_event_id))
    assert follow(cast.organization) == 0
    assert (RuleRun.objects.count(), len(done(cast.organization))) == (1, 4)


def test_an_automatic_reply_answers_nobody(cast: Cast):
    rule(cast.organization, "opened", part("reply", "내일 답해 드릴게요"))
    ticket = chat(cast.organization, "t", "배송 언제 와요?", ago=1)
    before = (ticket.waiting_since, ticket.due_at, ticket.last_text)
    follow(cast.organization)
    ticket.refresh_from_db()
    assert done(cast.organization) == [("chat.message", "내일 답해 드릴게요")]
    assert ticket.waiting_since is not None
    assert (ticket.waiting_since, ticket.due_at, ticket.last_text) == before
    assert (ticket.first_response_at, ticket.messages_out, ticket.agent_email) == (None, 0, "")
    # Nor does it end a later wait.
    answer(cast.organization, "t", cast.agent)
    chat(cast.organization, "t", "또 여쭤볼게요")
    rule(cast.organization, "customer_message", part("reply", "잠시만요"))
    chat(cast.organization, "t", "계세요?")
    follow(cast.organization)
    ticket.refresh_from_db()
    assert ticket.waiting_since is not None
    assert [clock.kind for clock in ticket.clocks] == ["next_response"]


def test_a_ticket_that_a_rule_closes_is_nobodys_resolution(cast: Cast):
    rule(cast.organization, "tagged", part("resolve"), conditions=(part("tagged", "스팸"),))
    ticket = chat(cast.organization, "t")
    happens(cast.organization, "ticket.tagged", "t", add=["스팸"])
    follow(cast.organization)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.resolved_by) == ("resolved", "rule")


def test_what_rules_do_sets_off_no_rule(cast: Cast):
    """Each of these would go on for ever with another, were one asked of what the other does."""
    agent = cast.agent.public_id.hex
    for trigger, *acts in (
        ("opened", part("tag", "가"), part("priority", "high"), part("assign", agent)),
        ("tagged", part("priority", "low"), part("tag", "나")),
        ("prioritized", part("tag", "다"), part("resolve")),
        ("assigned", part("move", cast.busan.public_id.hex), part("reply", "네")),
        ("moved", part("move", cast.seoul.public_id.hex)),
        ("resolved", part("reply", "고맙습니다"), part("tag", "라")),
        ("customer_message", part("note", "손님이 썼어요")),
    ):
        rule(cast.organization, trigger, *acts)
    rule(cast.organization, "after_resolve", part("reply", "어떠셨나요"), minutes=1)
    rule(cast.organization, "silent", part("reply", "더 궁금하신 점이 있나요"), minutes=1)
    chat(cast.organization, "t")
    follow(cast.organization)
    kinds = [kind for kind, _text in done(cast.organization)]
    assert kinds == ["ticket.tagged", "ticket.priority", "ticket.assigned", "note.added"]
    for later in range(1, 5):
        assert follow(cast.organization, at=timezone.now() + timedelta(minutes=2 * later)) == 0
    assert not RuleWork.objects.exists()


def test_a_resolve_by_a_rule_begins_no_wait(cast: Cast):
    rule(cast.organization, "tagged", part("resolve"))
    rule(cast.organization, "after_resolve", part("reply", "어떠셨나요"), minutes=1)
    chat(cast.organization, "t")
    happens(cast.organization, "ticket.tagged", "t", add=["스팸"])
    follow(cast.organization)
    chat(cast.organization, "other", phone="")
    assert follow(cast.organization, at=timezone.now() + timedelta(minutes=3)) == 0


def test_a_rule_answers_an_answering_machine_once_a_day(cast: Cast):
    made = rule(cast.organization, "customer_message", part("reply", "자동 안내입니다"))
    for number in range(4):
        chat(cast.organization, "t", f"자동 응답 {number}")
        follow(cast.organization)
    assert len(done(cast.organization)) == 1
    assert whys(made) == [[""], ["replied"], ["replied"], ["replied"]]


def test_what_cannot_be_done_says_why(cast: Cast):
    gone, calm = part("assign", cast.outsider.public_id.hex), part("priority", "normal")
    made = rule(cast.organization, "call_abandoned", part("reply", "전화 주셨네요"), gone, calm)
    accounts.deactivate_person(cast.outsider, by=cast.owner, at=timezone.now())
    ring(cast.organization, "call")
    happens(cast.organization, "call.abandoned", "call", source="/seoul/call")
    assert follow(cast.organization) == 0
    assert whys(made) == [["no_way", "gone", "so_already"]]


def test_nothing_that_began_before_a_rule_was_switched_on_concerns_it(cast: Cast):
    rule(cast.organization, "opened", part("tag", "가"), ago=5)
    rule(cast.organization, "unanswered", part("tag", "나"), minutes=10, ago=5)
    rule(cast.organization, "breached", part("tag", "다"), ago=5)
    chat(cast.organization, "old", ago=30)
    watch_clocks(cast.organization, at=timezone.now())
    assert Breach.objects.exists()
    assert follow(cast.organization) == 0


def test_a_reply_that_comes_too_late_is_none(cast: Cast):
    made = rule(cast.organization, "customer_message", part("reply", "잠시만요"), part("tag", "늦음"), ago=600)
    chat(cast.organization, "t", ago=200)
    follow(cast.organization)
    assert whys(made) == [["too_late", ""]]


def test_a_wait_that_lasts_sets_off_its_rule_once_for_each_wait(cast: Cast):
    made = rule(cast.organization, "unanswered", part("priority", "high"), part("note", "10분"), minutes=10)
    ticket = chat(cast.organization, "t", ago=5)
    follow(cast.organization)
    assert RuleTimer.objects.get().due_at == ticket.opened_at + timedelta(minutes=10)
    assert not RuleRun.objects.exists()
    soon = timezone.now() + timedelta(minutes=6)
    assert follow(cast.organization, at=soon) == 2
    assert follow(cast.organization, at=soon + timedelta(minutes=20)) == 0
    # The same wait goes on: no second time, though more is said.
    chat(cast.organization, "t", "아직인가요")
    assert follow(cast.organization, at=soon + timedelta(minutes=40)) == 0
    answer(cast.organization, "t", cast.agent)
    follow(cast.organization)
    assert not RuleTimer.objects.exists()
    chat(cast.organization, "t", "하나 더요")
    follow(cast.organization)
    assert follow(cast.organization, at=timezone.now() + timedelta(minutes=11)) == 1
    assert whys(made) == [["", ""], ["so_already", ""]]


LUNCH = {"mon": [["09:00", "12:00"], ["13:00", "18:00"]]}
# Of last week's Monday in Seoul: ten minutes before lunch.
TODAY = datetime.now(ZoneInfo("Asia/Seoul")).replace(hour=11, minute=50, second=0, microsecond=0)
BEFORE_LUNCH = TODAY - timedelta(days=TODAY.weekday() + 7)
BEFORE_THAT = {"minutes": 30, "ago": 20 * 24 * 60.0}


def is_open_at(center: Center, hours: dict[str, Any]) -> None:
    at = BEFORE_LUNCH - timedelta(days=1)
    accounts.set_center_schedule(center, hours=hours, holidays=[], targets={}, by=SETUP, at=at)


def waits_since_before_lunch(cast: Cast) -> Ticket:
    customer = {"phone": "010-0000-5678"}
    ticket = happens(
        cast.organization, "chat.message", "t", from_="customer", text="언제 오나요", customer=customer, at=BEFORE_LUNCH
    )
    assert ticket is not None
    follow(cast.organization, at=BEFORE_LUNCH)
    return ticket


def after(minutes: int) -> datetime:
    return BEFORE_LUNCH + timedelta(minutes=minutes)


def tried(cast: Cast, made: Rule) -> list[datetime]:
    trial = try_rule(cast.owner, made, choices_of(cast.organization), days=30, now=timezone.now())
    return [hit.at for hit in trial.hits]


def test_a_wait_is_counted_in_the_business_time_of_its_center(cast: Cast):
    is_open_at(cast.seoul, LUNCH)
    by_clock = rule(cast.organization, "unanswered", part("tag", "달력"), **BEFORE_THAT)
    in_hours = rule(cast.organization, "unanswered", part("tag", "운영"), in_business_time=True, **BEFORE_THAT)
    waits_since_before_lunch(cast)
    due = {timer.rule_id: timer.due_at for timer in RuleTimer.objects.all()}
    assert due == {by_clock.pk: after(30), in_hours.pk: after(90)}
    assert [follow(cast.organization, at=after(minutes)) for minutes in (31, 89, 91)] == [1, 0, 1]
    assert [run.happened_at for run in RuleRun.objects.order_by("pk")] == [after(30), after(90)]
    # The trial counts as the run did.
    assert (tried(cast, by_clock), tried(cast, in_hours)) == ([after(30)], [after(90)])


def test_in_another_center_a_wait_goes_by_its_hours(cast: Cast):
    is_open_at(cast.seoul, LUNCH)
    made = rule(cast.organization, "unanswered", part("tag", "운영"), in_business_time=True, **BEFORE_THAT)
    waits_since_before_lunch(cast)
    happens(cast.organization, "ticket.moved", "t", center="busan", agent=cast.agent.email, at=after(40))
    follow(cast.organization, at=after(40))
    # It never closes, and half an hour had passed before the ticket came there.
    assert RuleTimer.objects.get().due_at in (None, after(30))
    assert [run.happened_at for run in RuleRun.objects.all()] == tried(cast, made) == [after(40)]


def test_where_a_rule_has_moved_a_ticket_its_wait_goes_by_the_new_hours(cast: Cast):
    is_open_at(cast.busan, LUNCH)
    rule(cast.organization, "unanswered", part("move", cast.busan.public_id.hex), minutes=5, ago=20 * 24 * 60)
    made = rule(cast.organization, "unanswered", part("tag", "운영"), in_business_time=True, **BEFORE_THAT)
    waits_since_before_lunch(cast)
    assert [follow(cast.organization, at=after(minutes)) for minutes in (6, 31, 89, 91)] == [1, 0, 0, 1]
    assert RuleRun.objects.get(rule=made).happened_at == after(90)


def test_where_a_center_is_never_open_for_so_long_no_wait_lasts(cast: Cast):
    is_open_at(cast.seoul, {"sun": [["09:00", "09:01"]]})
    minutes = {**BEFORE_THAT, "minutes": 5000}
    made = rule(cast.organization, "unanswered", part("tag", "운영"), in_business_time=True, **minutes)
    waits_since_before_lunch(cast)
    assert not RuleTimer.objects.exists()
    assert tried(cast, made) == []


def test_whoever_was_answered_in_time_sets_nothing_off(cast: Cast):
    rule(cast.organization, "unanswered", part("priority", "high"), minutes=10)
    chat(cast.organization, "t", ago=5)
    follow(cast.organization)
    answer(cast.organization, "t", cast.agent)
    # The worker has not heard of the answer yet when the time has passed.
    RuleWork.objects.all().delete()
    assert follow(cast.organization, at=timezone.now() + timedelta(minutes=10)) == 0
    assert not RuleRun.objects.exists()


def test_silence_closes_and_a_resolve_is_followed_up(cast: Cast):
    rule(cast.organization, "silent", part("resolve", "delivery"), minutes=30)
    rule(cast.organization, "after_resolve", part("reply", "이용해 주셔서 고맙습니다"), minutes=1)
    quiet = chat(cast.organization, "quiet", ago=50)
    answer(cast.organization, "quiet", cast.agent, ago=40)
    solved = chat(cast.organization, "solved", phone="010-0000-1111")
    resolve_ticket(solved, topic="", by=cast.agent, at=timezone.now())
    follow(cast.organization)
    follow(cast.organization, at=timezone.now() + timedelta(minutes=2))
    quiet.refresh_from_db()
    assert (quiet.status, quiet.topic, quiet.resolved_by) == ("resolved", "delivery", "rule")
    # What the rule has closed is not followed up: only what a person has.
    assert [(event.type, event.thread) for event in Event.objects.filter(source="/hub").order_by("pk")][1:] == [
        ("ticket.resolved", "quiet"),
        ("chat.message", "solved"),
    ]


def test_a_missed_target_escalates_once(cast: Cast):
    made = rule(
        cast.organization,
        "breached",
        part("move", cast.busan.public_id.hex),
        part("notify", cast.owner.public_id.hex),
        conditions=(part("target_is", "first_response"), part("center_is", cast.seoul.public_id.hex)),
    )
    ticket = chat(cast.organization, "t", ago=5)
    chat(cast.organization, "elsewhere", phone="", source="/busan/chat", ago=5)
    watch_clocks(cast.organization, at=timezone.now())
    assert follow(cast.organization) == 1
    ticket.refresh_from_db()
    assert ticket.center == cast.busan
    assert {notice.person for notice in AlarmNotice.objects.filter(alarm__kind="rule")} == {cast.owner}
    watch_clocks(cast.organization, at=timezone.now())
    assert follow(cast.organization) == 0
    assert RuleRun.objects.filter(rule=made).count() == 1


def test_a_rule_of_a_center_leaves_others_alone(cast: Cast):
    rule(cast.organization, "opened", part("tag", "부산"), center=cast.busan)
    chat(cast.organization, "seoul")
    busan = chat(cast.organization, "busan", phone="", source="/busan/chat")
    follow(cast.organization)
    assert [run.ticket for run in RuleRun.objects.all()] == [busan]


def test_rules_act_in_their_order_and_see_what_was_done(cast: Cast):
    first = rule(cast.organization, "opened", part("assign", cast.agent.public_id.hex))
    second = rule(cast.organization, "opened", part("assign", cast.lead.public_id.hex))
    ticket = chat(cast.organization, "t")
    follow(cast.organization)
    ticket.refresh_from_db()
    assert ticket.agent_email == cast.agent.email
    assert (whys(first), whys(second)) == ([[""]], [["taken"]])


def test_without_a_rule_the_intake_leaves_nothing_and_one_statement_is_all(cast: Cast):
    def statements(number: int) -> list[str]:
        with CaptureQueriesContext(connection) as asked:
            chat(cast.organization, f"t{number}", phone=f"010-0000-30{number:02}")
        return [query["sql"] for query in asked if "rule" in query["sql"]]

    assert len(statements(1)) == 1
    assert not RuleWork.objects.exists()
    rule(cast.organization, "opened", part("tag", "가"))
    assert len(statements(2)) == 1
    assert RuleWork.objects.count() == 1


def test_what_the_worker_never_heard_of_is_found(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    rule(cast.organization, "opened", part("tag", "가"))
    monkeypatch.setattr("tickets.waking.current_app.send_task", lambda *_args, **_kwargs: None)
    chat(cast.organization, "t")
    assert not RuleRun.objects.exists()
    tasks.follow_all_rules()
    assert RuleRun.objects.count() == 1


def test_a_rule_that_was_switched_off_meanwhile_does_nothing(cast: Cast):
    made = rule(cast.organization, "opened", part("tag", "가"))
    chat(cast.organization, "t")
    switch_rule(made, is_on=False, by=cast.owner, at=timezone.now())
    assert follow(cast.organization) == 0
    assert not RuleWork.objects.exists()


def test_whoever_dies_in_between_leaves_nothing_half_done(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    rule(cast.organization, "opened", part("tag", "가"), part("notify", "leads"))
    ticket = chat(cast.organization, "t")

    def dies(*_arguments: Any, **_keywords: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(hub_rules, "raise_by_rules", dies)
    with pytest.raises(KeyboardInterrupt):
        follow(cast.organization)
    assert (RuleRun.objects.count(), RuleWork.objects.count(), done(cast.organization)) == (0, 1, [])
    monkeypatch.undo()
    assert follow(cast.organization) == 1
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert ticket.tag_keys == ["가"]
    assert RuleRun.objects.count() == 1
