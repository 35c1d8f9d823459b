"""A lead in a colleague's conversation, and what she says to everybody: whispers, taking over, states, broadcasts. And each
person's own day, which is nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actions import Refused
from accounts.models import AuditEntry, Person
from accounts.policies import NotAllowed
from customers.models import Event
from tests.cast import Cast, make_organization, make_other_organization, make_person
from tests.tickets.conversations import FRAGMENT, answer, chat, happens, logged_in
from tests.tickets.teams import online
from tickets.actions.availability import choose_state, set_state_of
from tickets.actions.broadcasts import end_broadcast, read_broadcast, send_broadcast
from tickets.actions.mentions import read_mentions
from tickets.models import Availability, AvailabilityChange, Broadcast, BroadcastReading, Mention, Ticket
from tickets.models.availability import State
from tickets.queries.broadcasts import sent_broadcasts, unread_broadcasts
from tickets.queries.my_day import day_of, time_in_states
from tickets.queries.notices import unread_notices

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_organization()


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    chat(cast.organization, "a", "소매가 뜯어졌어요", ago=5)
    happens(cast.organization, "ticket.assigned", "a", agent=cast.agent.email, ago=4)
    return Ticket.objects.get(thread="a")


def post(person: Person, path: str, **data: Any) -> Any:
    return logged_in(person).post(path, data, headers=FRAGMENT)


def page(person: Person, path: str) -> str:
    return str(logged_in(person).get(path).content.decode())


def act(person: Person, ticket: Ticket, name: str, **data: Any) -> Any:
    return post(person, f"/inbox/{ticket.public_id}/{name}/", **data)


# Whispers and taking over ------------------------------------------------------------------------------------------


def test_a_whisper_is_a_note_to_whoever_has_the_ticket_and_tells_her(cast: Cast, ticket: Ticket) -> None:
    assert act(cast.lead, ticket, "whisper", text="영수증 먼저 여쭤보세요").status_code == 200
    note = Event.objects.get(type="note.added")
    assert note.data["whisper"] == cast.agent.email
    (notice,) = unread_notices(cast.agent)
    assert (notice.by, notice.text, notice.name) == (cast.lead.name, "영수증 먼저 여쭤보세요", "김서연")
    shown = page(cast.agent, f"/inbox/{ticket.public_id}/")
    assert "data-whisper" in shown
    assert f"{cast.lead.name} → {cast.agent.name}" in shown
    assert "영수증 먼저" in page(cast.agent, "/notices/")
    assert "영수증 먼저" not in page(cast.lead, "/notices/")
    # Before her eyes in the conversation, or put away by hand: read.
    read_mentions(ticket, upto=note.thread_seq or 0, by=cast.agent, at=timezone.now())
    assert unread_notices(cast.agent) == []


def test_no_customer_ever_sees_a_whisper(cast: Cast, ticket: Ticket) -> None:
    act(cast.lead, ticket, "whisper", text="영수증 먼저 여쭤보세요")
    note = Event.objects.get(type="note.added")
    assert note.author == ""  # what a customer is shown has an author
    ticket.refresh_from_db()
    assert "영수증" not in ticket.last_text
    assert ticket.waiting_since is not None
    assert "영수증" not in str(Event.objects.messages().values_list("text", flat=True))


def test_sent_twice_it_is_one(cast: Cast, ticket: Ticket) -> None:
    key = str(uuid4())
    for _press in range(2):
        act(cast.lead, ticket, "whisper", text="천천히요", key=key)
    assert Event.objects.filter(type="note.added").count() == Mention.objects.count() == 1


def test_who_may_whisper_and_to_whom(cast: Cast, ticket: Ticket) -> None:
    assert act(cast.agent, ticket, "whisper", text="저요").status_code == 404
    assert act(cast.outsider, ticket, "whisper", text="저요").status_code == 404
    assert act(cast.lead, ticket, "whisper", text=" ").status_code == 422
    act(cast.lead, ticket, "take")
    refused = act(cast.lead, ticket, "whisper", text="나에게")
    assert refused.status_code == 422
    assert "내부 메모로" in refused.content.decode()
    nobodys = chat(cast.organization, "b")
    assert act(cast.lead, nobodys, "whisper", text="누구에게").status_code == 422
    assert not Event.objects.filter(type="note.added").exists()


def test_what_is_meant_for_one_is_not_said_to_another(cast: Cast, ticket: Ticket) -> None:
    dialog = logged_in(cast.lead).get(f"/inbox/{ticket.public_id}/whisper/", headers=FRAGMENT).content.decode()
    assert str(cast.agent.public_id) in dialog
    happens(cast.organization, "ticket.assigned", "a", agent=cast.owner.email)
    refused = act(cast.lead, ticket, "whisper", text="천천히요", to=cast.agent.public_id)
    assert refused.status_code == 422
    assert cast.owner.name in refused.content.decode()
    assert not Event.objects.filter(type="note.added").exists()


def test_a_lead_reads_along_and_both_see_it(cast: Cast, ticket: Ticket) -> None:
    assert "data-reading-along" in page(cast.lead, f"/inbox/{ticket.public_id}/")
    assert "data-reading-along" not in page(cast.agent, f"/inbox/{ticket.public_id}/")
    nobodys = chat(cast.organization, "b")
    assert "data-reading-along" not in page(cast.lead, f"/inbox/{nobodys.public_id}/")


def test_taking_over_is_one_act_and_is_told(cast: Cast, ticket: Ticket) -> None:
    act(cast.lead, ticket, "take")
    ticket.refresh_from_db()
    assert ticket.agent_email == cast.lead.email
    (notice,) = unread_notices(cast.agent)
    assert (notice.by, notice.text) == (cast.lead.name, "")
    assert "넘겨받았어요" in page(cast.agent, "/notices/")
    act(cast.lead, ticket, "take")
    assert Mention.objects.count() == 1
    post(cast.agent, f"/notices/tickets/{ticket.public_id}/read/", upto=notice.seq)
    assert unread_notices(cast.agent) == []


def test_what_is_out_of_her_reach_is_not_told(cast: Cast, ticket: Ticket) -> None:
    act(cast.lead, ticket, "whisper", text="천천히요")
    happens(cast.organization, "ticket.moved", "a", center="busan")
    assert unread_notices(cast.agent) == []


# Somebody's state --------------------------------------------------------------------------------------------------


def test_a_lead_sets_who_has_left_to_offline_and_it_is_written_down(cast: Cast) -> None:
    online(cast.agent)
    response = post(cast.lead, f"/team/people/{cast.agent.public_id}/state/", state="offline")
    assert response.status_code == 204
    row = Availability.objects.get(person=cast.agent)
    assert (row.state, row.cause) == ("offline", "lead")
    entry = AuditEntry.objects.get(action="tickets.availability.set")
    assert (entry.by, entry.before, entry.after) == (cast.lead, {"state": "online"}, {"state": "offline"})
    assert "팀장이 상태를" in page(cast.agent, "/inbox/")
    again = post(cast.lead, f"/team/people/{cast.agent.public_id}/state/", state="offline")
    assert again.status_code == 422
    assert AuditEntry.objects.filter(action="tickets.availability.set").count() == 1
    choose_state(cast.agent, "online", at=timezone.now())
    assert Availability.objects.get(person=cast.agent).cause == "herself"


def test_nobody_else_may_and_nobody_is_said_to_be_there(cast: Cast) -> None:
    online(cast.agent)
    for by, whose in ((cast.agent, cast.lead), (cast.lead, cast.outsider), (cast.lead, cast.lead)):
        with pytest.raises(NotAllowed):
            set_state_of(whose, "offline", by=by, at=timezone.now())
    with pytest.raises(Refused):
        set_state_of(cast.agent, "online", by=cast.lead, at=timezone.now())
    assert Availability.objects.get(person=cast.agent).cause == "herself"
    other = make_other_organization()
    assert post(other.owner, f"/team/people/{cast.agent.public_id}/state/", state="offline").status_code == 404
    assert not AuditEntry.objects.filter(action="tickets.availability.set").exists()


# Broadcasts --------------------------------------------------------------------------------------------------------


def say(cast: Cast, text: str = "오늘은 6시에 닫아요", *, hours: float = 1, by: Person | None = None) -> Broadcast:
    at = timezone.now()
    return send_broadcast(text, to=[cast.seoul], ends_at=at + timedelta(hours=hours), by=by or cast.lead, at=at)


def test_a_broadcast_is_shown_to_the_centers_people_until_each_has_read_it(cast: Cast) -> None:
    sent = {"text": "오늘은 6시에 닫아요", "centers": "seoul", "ends": "today", "key": str(uuid4())}
    for _press in range(2):
        assert logged_in(cast.lead).post("/team/broadcasts/", sent).status_code == 302
    row = Broadcast.objects.get()
    assert "6시에" in page(cast.agent, "/notices/")
    for other in (cast.outsider, cast.owner, cast.lead):
        assert "6시에" not in page(other, "/notices/")
    assert "2명 중 0명 읽음" in page(cast.lead, "/team/broadcasts/") or "1명 중 0명 읽음" in page(
        cast.lead, "/team/broadcasts/"
    )
    assert "6시에" not in post(cast.agent, f"/notices/broadcasts/{row.public_id}/read/").content.decode()
    post(cast.agent, f"/notices/broadcasts/{row.public_id}/read/")
    assert BroadcastReading.objects.count() == 1
    (shown,) = sent_broadcasts(cast.lead, at=timezone.now())
    assert [name for name, _at in shown.read] == [cast.agent.name]
    assert shown.unread == []
    # Who comes to the center later today finds it.
    late = make_person(cast.organization, "late", name="나중", centers=[cast.seoul])
    assert [one.pk for one in unread_broadcasts(late, at=timezone.now())] == [row.pk]
    assert AuditEntry.objects.filter(action="tickets.broadcast.send").count() == 1


def test_it_ends_by_itself_or_by_a_lead(cast: Cast) -> None:
    row = say(cast)
    assert unread_broadcasts(cast.agent, at=row.ends_at) == []
    assert unread_broadcasts(cast.agent, at=row.ends_at - timedelta(seconds=1)) == [row]
    assert logged_in(cast.owner).post(f"/team/broadcasts/{row.public_id}/end/").status_code == 302
    assert unread_broadcasts(cast.agent, at=timezone.now()) == []
    end_broadcast(row, by=cast.owner, at=timezone.now())
    assert AuditEntry.objects.filter(action="tickets.broadcast.end").count() == 1


def test_what_is_refused_says_why_and_loses_nothing(cast: Cast) -> None:
    client = logged_in(cast.lead)
    refused = client.post("/team/broadcasts/", {"text": "안녕하세요", "ends": "today"})
    assert refused.status_code == 422
    assert "센터를 골라" in refused.content.decode()
    assert "안녕하세요" in refused.content.decode()
    # A center that she does not reach is none to choose.
    assert client.post("/team/broadcasts/", {"text": "안녕", "ends": "today", "centers": "busan"}).status_code == 422
    assert logged_in(cast.agent).post("/team/broadcasts/", {"text": "안녕", "centers": "seoul"}).status_code == 404
    with pytest.raises(NotAllowed):
        say(cast, by=cast.agent)
    for problem in (lambda: say(cast, " "), lambda: say(cast, "가" * 301), lambda: say(cast, hours=-1)):
        with pytest.raises(Refused):
            problem()
    assert not Broadcast.objects.exists()
    row = say(cast)
    assert post(cast.outsider, f"/notices/broadcasts/{row.public_id}/read/").status_code == 404
    assert not BroadcastReading.objects.exists()


def test_more_broadcasts_and_people_cost_no_more_statements(cast: Cast) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as told:
            sent_broadcasts(cast.owner, at=timezone.now())
        return len(told)

    read_broadcast(say(cast).public_id, by=cast.agent, at=timezone.now())
    before = asked()
    for number in range(5):
        make_person(cast.organization, f"p{number}", centers=[cast.seoul, cast.busan])
        say(cast, f"알림 {number}")
    assert asked() == before <= 6


# Her own day -------------------------------------------------------------------------------------------------------


def test_her_day_is_her_own(cast: Cast, ticket: Ticket) -> None:
    answer(cast.organization, "a", cast.agent)
    chat(cast.organization, "b", name="이하늘", phone="010-0000-9999")
    mine = page(cast.agent, "/my-day/")
    assert "김서연" in mine
    assert "이하늘" not in mine
    day = day_of(cast.agent, at=timezone.now())
    assert (day.figures.answered, day.work.open, day.work.waiting) == (1, 1, 0)
    assert day_of(cast.lead, at=timezone.now()).tickets == []
    assert cast.lead.name in mine  # a colleague's state, and nothing else of her
    assert logged_in(cast.store_staff).get("/my-day/").status_code == 404


MORNING = datetime(2026, 11, 26, tzinfo=UTC)
CHANGES = st.lists(st.tuples(st.integers(-600, 600), st.sampled_from(list(State))), max_size=12)


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(CHANGES)
def test_the_states_of_a_day_fill_it_from_the_first_change(told: list[tuple[int, State]]) -> None:
    until = MORNING + timedelta(minutes=500)
    changes = [(MORNING + timedelta(minutes=minutes), state) for minutes, state in sorted(told, key=lambda one: one[0])]
    spent = time_in_states(changes, since=MORNING, until=until)
    first = max(changes[0][0], MORNING) if changes else until
    assert sum(spent.values(), timedelta()) == max(timedelta(), until - first)


def test_her_time_counts_from_what_she_was_in_at_midnight(cast: Cast) -> None:
    at = timezone.now()
    AvailabilityChange.objects.create(
        organization=cast.organization, person=cast.agent, at=at - timedelta(days=2), state="online", cause="herself"
    )
    ((state, length),) = day_of(cast.agent, at=at).states
    assert state == State.ONLINE
    assert timedelta() < length <= timedelta(days=1)
