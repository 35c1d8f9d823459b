"""The live board: what it counts and of whom, whose figures are whose, and that it asks no more of the database for more people."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Person
from tests.cast import Cast, make_organization, make_person
from tests.tickets.conversations import FRAGMENT, answer, chat, happens, logged_in, ring
from tests.tickets.teams import online
from tickets.actions.availability import follow_calls, note_active, note_idle
from tickets.models import Ticket
from tickets.policies import reach_of
from tickets.queries.board import Board, board_for
from tickets.queries.figures import Done, figures_by_agent, figures_of, midnight_before
from tickets.queries.lists import CHANNELS, Asked
from tickets.queries.team import team_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_organization()


def board_of(person: Person, *, at: datetime | None = None, **asked: Any) -> Board:
    reach = reach_of(person)
    assert reach is not None
    centers = reach.centers or tuple(person.organization.centers.values_list("pk", flat=True))  # type: ignore[union-attr]
    return board_for(reach, person, Asked(now=at or timezone.now(), **asked), centers=centers)


def resolve(cast: Cast, thread: str, by: Person, *, ago: float = 0) -> None:
    happens(cast.organization, "ticket.resolved", thread, agent=by.email, by="agent", ago=ago)


def words_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_it_counts_who_waits_where_and_since_when(cast: Cast) -> None:
    first = chat(cast.organization, "a", ago=9)
    chat(cast.organization, "b", ago=4)
    chat(cast.organization, "c", source="/busan/chat", ago=30)
    chat(cast.organization, "d", source="/nowhere", ago=2)
    ring(cast.organization, "e", ago=1)
    answer(cast.organization, "b", cast.agent, ago=3)
    found = board_of(cast.lead)
    assert (found.all.waiting, found.all.unassigned, found.all.queued + found.all.ringing) == (3, 3, 1)
    assert found.all.since == first.waiting_since
    seoul, unclaimed = found.lines
    assert dict(zip(CHANNELS, [cell.waiting for cell in seoul.cells], strict=True)) == {
        "chat": 1,
        "call": 1,
        "message": 0,
        "mail": 0,
        "store": 0,
        "ticket": 0,
    }
    assert (unclaimed.center_id, unclaimed.all.waiting) == (None, 1)
    assert [row.ticket.thread for row in found.queue] == ["a", "d", "e"]
    assert board_of(cast.owner).all.waiting == 4
    assert board_of(cast.owner, center=cast.busan.pk).all.waiting == 1
    assert [row.ticket.thread for row in board_of(cast.lead, channel="call").queue] == ["e"]


def test_what_is_past_its_target_stands_out_where_it_is(cast: Cast) -> None:
    ticket = chat(cast.organization, "a", ago=1)
    Ticket.objects.filter(pk=ticket.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    found = board_of(cast.lead)
    assert (found.all.past, found.lines[0].cells[0].past) == (1, 1)


def test_calls_go_on_until_they_end(cast: Cast) -> None:
    ring(cast.organization, "a", ago=5)
    happens(cast.organization, "call.answered", "a", source="/seoul/call", agent=cast.agent.email, ago=4)
    answered = timezone.now() - timedelta(minutes=4)
    ring(cast.organization, "b", phone="", ago=1)
    found = board_of(cast.lead)
    assert [(call.row.ticket.thread, call.is_talking) for call in found.calls] == [("a", True), ("b", False)]
    assert abs(found.calls[0].since - answered) < timedelta(seconds=5)
    assert list(found.on_call) == [cast.agent.email]
    happens(cast.organization, "call.ended", "a", source="/seoul/call")
    assert [call.row.ticket.thread for call in board_of(cast.lead).calls] == ["b"]
    # A telephone system that never tells of an end has no call for ever.
    assert board_of(cast.lead, at=timezone.now() + timedelta(hours=5)).calls == []


def test_first_answers_are_of_who_answered_and_resolutions_of_who_resolved(cast: Cast) -> None:
    chat(cast.organization, "a", ago=3)
    answer(cast.organization, "a", cast.agent, ago=2)
    happens(cast.organization, "ticket.assigned", "a", agent=cast.lead.email, ago=1)
    resolve(cast, "a", cast.lead)
    now = timezone.now()
    midnight = midnight_before(now, cast.organization.zone)
    if now - midnight < timedelta(minutes=5):
        pytest.skip("Its minutes ago were yesterday.")
    figures = figures_by_agent(board_of(cast.lead).done)
    assert (figures[cast.agent.email].answered, figures[cast.agent.email].resolved) == (1, 0)
    assert figures[cast.agent.email].median_seconds == pytest.approx(60, abs=1)
    assert (figures[cast.lead.email].answered, figures[cast.lead.email].resolved) == (0, 1)
    assert figures[cast.lead.email].median_seconds is None
    assert board_of(cast.lead).all.today.answered == 1
    # A thank-you: it is not resolved any more.
    chat(cast.organization, "a", "고마워요")
    assert board_of(cast.lead).all.today.resolved == 0
    # Another day.
    assert board_of(cast.lead, at=now + timedelta(days=1)).all.today.median_seconds is None


def test_the_day_begins_in_the_organizations_zone() -> None:
    at = datetime(2026, 11, 26, 15, 30, tzinfo=UTC)
    assert midnight_before(at, ZoneInfo("Asia/Seoul")) == datetime(2026, 11, 26, 15, 0, tzinfo=UTC)
    assert midnight_before(at, ZoneInfo("UTC")) == datetime(2026, 11, 26, tzinfo=UTC)


DONE = st.builds(
    Done,
    center_id=st.sampled_from([1, 2, None]),
    channel=st.sampled_from(CHANNELS),
    answered_by=st.sampled_from(["a", "b"]),
    response_seconds=st.floats(0, 10_000),
    resolved_by=st.sampled_from(["", "a", "b", "?"]),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(DONE, max_size=12))
def test_the_people_together_did_what_the_team_did(done: list[Done]) -> None:
    team, people = figures_of(done), figures_by_agent(done)
    assert sum(one.answered for one in people.values()) == team.answered
    assert sum(one.resolved for one in people.values()) == team.resolved - sum(row.resolved_by == "?" for row in done)
    if team.median_seconds is not None:
        medians = [one.median_seconds for one in people.values() if one.median_seconds is not None]
        assert min(medians) <= team.median_seconds <= max(medians)


def test_each_has_her_state_her_work_and_her_day(cast: Cast) -> None:
    online(cast.agent)
    chat(cast.organization, "a", ago=2)
    happens(cast.organization, "ticket.assigned", "a", agent=cast.agent.email)
    members = {member.person: member for member in team_for(cast.lead, at=timezone.now())}
    assert cast.outsider not in members
    mine = members[cast.agent]
    assert (mine.state, mine.work.open, mine.work.waiting, mine.work.going_on) == ("online", 1, 1, 1)
    assert members[cast.lead].work.open == 0


def test_why_somebody_is_in_her_state_is_told_where_it_is_not_plain(cast: Cast) -> None:
    def why(**told: Any) -> str:
        members = team_for(cast.lead, at=timezone.now(), **told)
        return next(member.why for member in members if member.person == cast.agent)

    with translation.override("ko"):
        online(cast.agent)
        assert why() == ""
        note_idle(cast.agent, at=timezone.now())
        assert why() == "입력 없음"
        note_active(cast.agent, at=timezone.now())
        assert why() == ""
        ring(cast.organization, "c", ago=2)
        happens(cast.organization, "call.answered", "c", source="/seoul/call", agent=cast.agent.email, ago=1)
        follow_calls(cast.agent, at=timezone.now())
        assert why(on_call={cast.agent.email: timezone.now()}) == "", "that she is on a call stands beside it"
        happens(cast.organization, "call.ended", "c", source="/seoul/call")
        follow_calls(cast.agent, at=timezone.now())
        assert why() == "통화"


def test_a_lead_sees_her_centers_an_owner_all_and_an_agent_nothing(cast: Cast) -> None:
    chat(cast.organization, "a", name="김서연")
    chat(cast.organization, "b", name="부산손님", phone="010-0000-9999", source="/busan/chat")
    lead = logged_in(cast.lead).get("/team/").content.decode()
    assert "김서연" in lead
    assert "부산손님" not in lead
    assert cast.outsider.name not in lead
    assert "부산손님" in logged_in(cast.owner).get("/team/").content.decode()
    # Another's center in the address is as if it had not been said.
    assert "부산손님" not in logged_in(cast.lead).get("/team/?center=busan").content.decode()
    for person in (cast.agent, cast.store_staff):
        assert logged_in(person).get("/team/").status_code == 404


def test_it_can_be_narrowed_and_sorted(cast: Cast) -> None:
    online(cast.agent)
    page = words_of(logged_in(cast.lead).get("/team/?state=online", headers=FRAGMENT).content.decode())
    assert cast.agent.name in page
    assert cast.lead.name not in page
    chat(cast.organization, "a")
    happens(cast.organization, "ticket.assigned", "a", agent=cast.lead.email)
    page = words_of(
        logged_in(cast.lead).get("/team/?sort=waiting", headers=FRAGMENT).content.decode().split("board-team")[1]
    )
    assert page.index(cast.lead.name) < page.index(cast.agent.name)
    assert logged_in(cast.lead).get("/team/?sort=shoes&state=asleep&center=%00&channel=fax").status_code == 200


def test_more_people_and_tickets_cost_no_more_statements(cast: Cast) -> None:
    def asked() -> int:
        client = logged_in(cast.owner)
        with CaptureQueriesContext(
            connection,
        ) as told:
            assert client.get("/team/", headers=FRAGMENT).status_code == 200
        return len(told)

    chat(cast.organization, "a")
    ring(cast.organization, "r")
    before = asked()
    for number in range(6):
        person = make_person(cast.organization, f"p{number}", centers=[cast.seoul, cast.busan])
        online(person)
        chat(cast.organization, f"c{number}", phone=f"010-0000-10{number}0")
        happens(cast.organization, "ticket.assigned", f"c{number}", agent=person.email)
        ring(cast.organization, f"r{number}", phone=f"010-0000-20{number}0")
    assert asked() == before
    assert before <= 30
