"""The call-back list: who stands on it, who takes her, what came of calling back, and what takes her off it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AuditEntry
from channels_app.hub import callbacks
from channels_app.hub.writing import NotAllowed
from channels_app.intake import receive
from customers.models import Event
from tests import cast as casts
from tests.cast import Cast, make_organization
from tests.tickets.conversations import ANYBODY, FRAGMENT, happens, logged_in, ring
from tickets.actions.alarms import watch_clocks
from tickets.callbacks import Attempt, Missed, Reason, call_backs, reason_of, settled
from tickets.models import Ticket
from tickets.queries.callbacks import call_back_count, call_back_for, call_backs_for

PAGE = "/call-backs/"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_organization()


def missed(
    cast: Cast, thread: str, *, ago: float = 10, phone: str = "010-0000-5678", reason: str = "", **ringing: Any
) -> Ticket:
    customer = {"phone": phone, "name": "김서연"} if phone else None
    told = {"from": phone or "anonymous", **ringing}
    happens(cast.organization, "call.queued", thread, source="/seoul/call", ago=ago, customer=customer, **told)
    why = {"reason": reason} if reason else {}
    ticket = happens(cast.organization, "call.abandoned", thread, source="/seoul/call", ago=ago - 0.5, **why)
    assert ticket is not None
    return ticket


def post(cast: Cast, ticket: Ticket, act: str, person: Any = None, **data: str) -> Any:
    client = logged_in(person or cast.agent)
    return client.post(f"{PAGE}{ticket.public_id}/{act}/", data, headers=FRAGMENT)


def kinds(thread: str) -> list[str]:
    return list(Event.objects.filter(thread=thread).order_by("time", "pk").values_list("type", flat=True))


# The rules alone -----------------------------------------------------------------------------------------------------
START = datetime(2026, 11, 2, 1, 0, tzinfo=timezone.get_fixed_timezone(0))


def call(caller: str, minute: int, agent: str = "") -> Missed:
    at = START + timedelta(minutes=minute)
    return Missed(caller, f"{caller}-{minute}", at, at + timedelta(seconds=40), Reason.LEFT, agent)


def test_several_calls_of_one_caller_are_one_entry_and_the_longest_wait_comes_first():
    entries = call_backs([call("b", 5), call("a", 9), call("a", 1)], [Attempt("a-9", START, "kim", "busy")])
    assert [(entry.caller, len(entry.calls), len(entry.attempts)) for entry in entries] == [("a", 2, 1), ("b", 1, 0)]
    assert entries[0].last.waited_seconds == 40


@given(st.permutations([call("a", 1), call("a", 4, "kim"), call("b", 2), call("c", 3)]), st.permutations(range(4)))
def test_the_order_in_which_things_are_told_does_not_matter(calls: list[Missed], order: list[int]):
    tried = [Attempt(("a-1", "a-4", "b-2", "a-1")[n], START + timedelta(hours=n), "kim", "busy") for n in order]
    in_order = call_backs(sorted(calls), sorted(tried))
    assert call_backs(calls, tried) == in_order
    assert [entry.agent_email for entry in in_order] == ["kim", "", ""]


def test_only_what_was_missed_before_somebody_spoke_to_her_is_settled():
    calls = {"a-1": ("a", START), "a-2": ("a", START + timedelta(hours=2)), "b-1": ("b", START)}
    assert settled(calls, {"a": START + timedelta(hours=1)}) == {"a-1": START + timedelta(hours=1)}


@pytest.mark.parametrize(
    ("told", "was_open", "reason"),
    [
        ("caller_left", True, Reason.LEFT),
        ("no answer", True, Reason.NO_ANSWER),
        ("BUSY", True, Reason.BUSY),
        ("closed", True, Reason.CLOSED),
        ("", True, Reason.LEFT),
        ("something", False, Reason.CLOSED),
        ("caller_left", False, Reason.LEFT),
    ],
)
def test_why_a_call_was_missed(told: str, was_open: bool, reason: Reason):
    assert reason_of(told, was_open=was_open) == reason


# The list --------------------------------------------------------------------------------------------------------------
def test_a_missed_call_stands_on_the_list_until_it_is_settled(cast: Cast):
    ticket = missed(cast, "a", reason="no_answer")
    html = logged_in(cast.agent).get(PAGE).content.decode()
    assert "김서연" in html
    assert "010-0000-5678" in html
    assert "1×" not in html
    assert call_back_count(cast.agent) == 1
    assert AuditEntry.objects.filter(action="customers.view", obj="call backs").exists()
    happens(cast.organization, "ticket.resolved", "a", agent=cast.agent.email)
    assert call_backs_for(cast.agent) == []
    assert call_back_count(cast.agent) == 0
    assert ticket.call_state == "abandoned"


def test_calls_of_one_customer_or_number_stand_together_and_each_withheld_one_alone(cast: Cast):
    for number in range(3):
        missed(cast, f"a{number}", ago=30 - number)
        missed(cast, f"n{number}", ago=20 - number, phone="", **{"from": "050-7123-4567-8"[:13]})
        missed(cast, f"w{number}", ago=10 - number, phone="")
    entries = call_backs_for(cast.agent)
    assert [entry.call_count for entry in entries] == [3, 3, 1, 1, 1]
    assert [bool(entry.number) for entry in entries] == [True, True, False, False, False]
    assert call_back_count(cast.agent) == 5


def test_a_withheld_number_is_not_asked_to_be_called(cast: Cast):
    missed(cast, "w", phone="")
    html = logged_in(cast.agent).get(PAGE).content.decode()
    assert "다시 걸 번호 없음" in html
    assert "다시 걸기" not in html.split('id="call-backs"')[1].split("</ul>")[0]
    assert 'value="no_contact" class="radio radio-sm" checked' in html


def test_what_is_answered_and_what_we_called_ourselves_is_not_missed(cast: Cast):
    ring(cast.organization, "a", ago=5)
    happens(cast.organization, "call.answered", "a", agent=cast.agent.email, ago=4)
    happens(cast.organization, "call.ended", "a", ago=3)
    happens(cast.organization, "call.queued", "out", source="/seoul/call", direction="outbound", to="010-1", ago=3)
    happens(cast.organization, "call.abandoned", "out", source="/seoul/call", ago=2)
    assert call_backs_for(cast.agent) == []


def test_each_sees_the_centers_that_she_reaches_and_store_staff_none(cast: Cast):
    ticket = missed(cast, "a")
    assert call_backs_for(cast.outsider) == []
    assert post(cast, ticket, "claim", cast.outsider).status_code == 404
    assert logged_in(cast.store_staff).get(PAGE).status_code == 404
    assert call_back_count(cast.store_staff) == 0
    assert len(call_backs_for(cast.owner, center=cast.seoul.public_id)) == 1
    assert call_backs_for(cast.owner, center=cast.busan.public_id) == []
    with pytest.raises(NotAllowed):
        callbacks.claim([ticket], by=cast.store_staff, at=timezone.now())


def test_the_list_costs_the_same_however_long_it_is(cast: Cast):
    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(
            connection,
        ) as listing:
            call_backs_for(cast.agent)
        with CaptureQueriesContext(connection) as counting:
            call_back_count(cast.agent)
        return len(listing), len(counting)

    missed(cast, "a", phone="010-0000-1000")
    few = cost()
    for number in range(12):
        missed(cast, f"b{number}", phone=f"010-0000-20{number:02d}", ago=30)
        happens(cast.organization, "callback.tried", f"b{number}", agent=cast.lead.email, outcome="busy")
    assert cost()[0] <= max(few[0], 8)
    assert cost()[1] <= 2


# Taking it, trying, closing ----------------------------------------------------------------------------------------------
def test_of_two_who_take_it_the_second_is_told_who_has_it(cast: Cast):
    first, second = missed(cast, "a", ago=20), missed(cast, "b", ago=10)
    colleague = casts.make_person(cast.organization, "second", name="나동료", centers=[cast.seoul])
    stale = call_back_for(colleague, second.public_id)[1]
    assert post(cast, second, "claim").status_code == 200
    assert set(Ticket.objects.values_list("agent_email", flat=True)) == {cast.agent.email}
    with pytest.raises(callbacks.TakenMeanwhile):
        callbacks.claim(stale, by=colleague, at=timezone.now())
    response = post(cast, first, "tried", colleague, outcome="reached", key=str(uuid4()))
    assert "박상담" in response.headers["HX-Trigger"].encode().decode("unicode_escape")
    assert not Ticket.objects.filter(status="resolved").exists()
    assert "callback.tried" not in kinds("b")
    post(cast, second, "release")
    assert set(Ticket.objects.values_list("agent_email", flat=True)) == {""}


def test_an_attempt_is_kept_and_reaching_her_resolves_all_her_missed_calls(cast: Cast):
    missed(cast, "a", ago=20)
    ticket = missed(cast, "b", ago=10)
    key = str(uuid4())
    for _twice in range(2):
        assert post(cast, ticket, "tried", outcome="no_answer", key=key).status_code == 200
    assert kinds("b").count("callback.tried") == 1
    (shown,) = call_backs_for(cast.lead)
    assert [(one.outcome, one.agent) for one in shown.attempts] == [("no_answer", "박상담")]
    assert shown.agent == "박상담", "who has tried has taken it"
    post(cast, ticket, "tried", outcome="reached", key=str(uuid4()))
    assert call_backs_for(cast.lead) == []
    assert set(Ticket.objects.values_list("status", "resolved_by", "waiting_since")) == {("resolved", "agent", None)}


def test_closing_needs_a_reason_and_tells_it(cast: Cast):
    ticket = missed(cast, "a")
    assert "HX-Trigger" in post(cast, ticket, "close", reason="", key=str(uuid4())).headers
    assert "HX-Trigger" in post(cast, ticket, "close", reason="other", key=str(uuid4())).headers
    assert Ticket.objects.get().is_open
    post(cast, ticket, "close", reason="other", text="문자로 안내", key=str(uuid4()))
    assert not Ticket.objects.get().is_open
    assert "문자로 안내" in logged_in(cast.agent).get(f"/inbox/{ticket.public_id}/").content.decode()
    assert post(cast, ticket, "close", reason="settled").status_code == 404, "it is on no list any more"


# What settles it by itself -------------------------------------------------------------------------------------------------
def spoken(cast: Cast, thread: str, *, ago: float, direction: str = "inbound") -> None:
    customer = {"phone": "010-0000-5678"}
    told = {"customer": customer, "direction": direction, "source": "/seoul/call"}
    happens(cast.organization, "call.queued", thread, ago=ago, **told)
    happens(cast.organization, "call.answered", thread, agent=cast.agent.email, ago=ago - 0.2, source="/seoul/call")


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
def test_a_later_call_with_her_that_is_answered_ends_her_waiting(cast: Cast, direction: str):
    missed(cast, "before", ago=30)
    spoken(cast, "talk", ago=20, direction=direction)
    missed(cast, "after", ago=10)
    assert callbacks.settle_missed(cast.organization, at=timezone.now()) == 1
    assert callbacks.settle_missed(cast.organization, at=timezone.now()) == 0
    settled_ticket = Ticket.objects.get(thread="before")
    assert (settled_ticket.status, settled_ticket.resolved_by, settled_ticket.waiting_since) == (
        "resolved",
        "rule",
        None,
    )
    assert [entry.entry.last.thread for entry in call_backs_for(cast.agent)] == ["after"]
    watch_clocks(cast.organization, at=timezone.now())


STORY: list[tuple[str, str, int, dict[str, Any]]] = [
    ("missed-1", "call.queued", 60, {"customer": {"phone": "010-0000-5678"}, "from": "010-0000-5678"}),
    ("missed-1", "call.abandoned", 59, {"reason": "no_answer"}),
    ("missed-1", "callback.tried", 50, {"agent": "agent@haneul.example", "outcome": "busy"}),
    ("talk", "call.queued", 40, {"customer": {"phone": "010-0000-5678"}, "direction": "outbound"}),
    ("talk", "call.answered", 39, {"agent": "agent@haneul.example"}),
    ("talk", "call.ended", 35, {}),
    ("missed-2", "call.queued", 30, {"customer": {"phone": "010-0000-5678"}, "from": "010-0000-5678"}),
    ("missed-2", "call.abandoned", 29, {"reason": "busy"}),
    ("other", "call.queued", 20, {"customer": {"phone": "010-0000-9999"}, "from": "010-0000-9999"}),
    ("other", "call.abandoned", 19, {}),
]


@pytest.mark.django_db(transaction=True)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(order=st.permutations(range(len(STORY))), cut=st.integers(1, len(STORY) - 1))
def test_whatever_order_events_come_in_the_list_is_the_same(order: list[int], cut: int):
    family = casts.make_organization(f"o{uuid4().hex[:10]}")
    now = timezone.now()
    for batch in (order[:cut], order[cut:]):
        envelopes = [
            {
                "specversion": "1.0",
                "id": f"e{number}",
                "source": "/seoul/call",
                "type": STORY[number][1],
                "time": (now - timedelta(minutes=STORY[number][2])).isoformat(),
                "data": {"thread": STORY[number][0], **STORY[number][3]},
            }
            for number in batch
        ]
        assert not any(one.is_refused for one in receive(family.organization, envelopes, sender=ANYBODY, at=now))
        callbacks.settle_missed(family.organization, at=now)
    shown = [
        (entry.number, [one.thread for one in entry.entry.calls], entry.entry.last.reason, len(entry.attempts))
        for entry in call_backs_for(family.agent)
    ]
    assert [(calls, attempts) for _number, calls, _reason, attempts in shown] == [(["missed-2"], 0), (["other"], 0)]
    assert shown[0][2] == Reason.BUSY
