"""Several people at one ticket: the second answer, drafts, quotes, edited notes, and who is called."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Person
from channels_app.hub.actions import CannotEdit, CannotQuote, add_note, edit_note, reply_to_ticket
from channels_app.hub.meanwhile import AnsweredMeanwhile
from customers.models import Event
from customers.queries import Wording
from tests.cast import Cast, make_organization, make_other_organization
from tests.tickets.conversations import FRAGMENT, answer, chat, happens, logged_in
from tickets.actions.mentions import read_mentions
from tickets.lines import lines_of
from tickets.models import Draft, Mention, Ticket
from tickets.queries.people import mentionable_for, named_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_organization()


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return chat(cast.organization, "a", "소매가 뜯어졌어요", ago=5)


def post(person: Person, ticket: Ticket, act: str, **data: Any) -> Any:
    return logged_in(person).post(f"/inbox/{ticket.public_id}/{act}/", data, headers=FRAGMENT)


def page(person: Person, ticket: Ticket) -> str:
    return str(logged_in(person).get(f"/inbox/{ticket.public_id}/").content.decode())


def answers() -> list[str]:
    return list(Event.objects.filter(author="agent").order_by("thread_seq").values_list("text", flat=True))


# The second answer -------------------------------------------------------------------------------------------------


def test_an_answer_to_what_a_colleague_has_answered_is_refused_and_tells_it(cast: Cast, ticket: Ticket):
    post(cast.lead, ticket, "reply", text="먼저", seen=ticket.last_seq)
    refused = post(cast.agent, ticket, "reply", text="나중", seen=ticket.last_seq, key=str(uuid4()))
    assert refused.status_code == 409
    assert "이팀장" in refused.content.decode()
    assert answers() == ["먼저"]
    assert not Ticket.objects.filter(last_text="나중").exists()
    # She has read it and sends all the same.
    assert post(cast.agent, ticket, "reply", text="나중", seen=refused["X-Seen"]).status_code == 204
    assert answers() == ["먼저", "나중"]


def test_what_the_customer_or_oneself_said_meanwhile_refuses_nothing(cast: Cast, ticket: Ticket):
    seen = ticket.last_seq
    chat(cast.organization, "a", "여보세요?")
    post(cast.agent, ticket, "reply", text="하나", seen=seen)
    add_note(ticket, "메모", by=cast.lead, at=timezone.now())
    assert post(cast.agent, ticket, "reply", text="둘", seen=seen).status_code == 204


def test_a_repeat_of_what_was_taken_is_no_second_answer(cast: Cast, ticket: Ticket):
    sent = {"text": "하나", "seen": ticket.last_seq, "key": str(uuid4())}
    assert post(cast.agent, ticket, "reply", **sent).status_code == 204
    answer(cast.organization, "a", cast.lead, "둘")
    assert post(cast.agent, ticket, "reply", **sent).status_code == 204
    assert answers() == ["하나", "둘"]


def test_who_does_not_say_what_she_has_seen_is_not_asked(cast: Cast, ticket: Ticket):
    answer(cast.organization, "a", cast.lead)
    assert post(cast.agent, ticket, "reply", text="네").status_code == 204


def test_without_scripts_the_refused_text_is_kept_as_a_draft(cast: Cast, ticket: Ticket):
    answer(cast.organization, "a", cast.lead, "먼저")
    client = logged_in(cast.agent)
    client.post(f"/inbox/{ticket.public_id}/reply/", {"text": "잃지 않을 말", "seen": ticket.last_seq})
    assert answers() == ["먼저"]
    assert "잃지 않을 말" in page(cast.agent, ticket)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(4))
def test_of_two_who_send_at_once_one_is_refused(round_: int):
    cast = make_organization()
    ticket = chat(cast.organization, "a", ago=5)
    start = threading.Barrier(2)
    results: list[int] = []

    def send(person: Person) -> None:
        client = logged_in(person)
        start.wait()
        body = {"text": person.name, "seen": ticket.last_seq, "key": str(uuid4())}
        results.append(client.post(f"/inbox/{ticket.public_id}/reply/", body, headers=FRAGMENT).status_code)
        connections.close_all()

    threads = [threading.Thread(target=send, args=[person]) for person in (cast.agent, cast.lead)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(results) == [204, 409]
    assert len(answers()) == 1


def test_the_check_is_made_where_the_answer_is_written(cast: Cast, ticket: Ticket):
    reply_to_ticket(ticket, "하나", by=cast.lead, at=timezone.now())
    with pytest.raises(AnsweredMeanwhile) as refusal:
        reply_to_ticket(ticket, "둘", by=cast.agent, at=timezone.now(), seen=1)
    assert (refusal.value.agent_email, refusal.value.seq) == (cast.lead.email, 2)
    # The number that was taken for it was given back with everything else.
    reply_to_ticket(ticket, "셋", by=cast.lead, at=timezone.now())
    assert list(Event.objects.order_by("thread_seq").values_list("thread_seq", flat=True)) == [1, 2, 3]


# Drafts ------------------------------------------------------------------------------------------------------------


def keep(person: Person, ticket: Ticket, text: str, base: str = "", mode: str = "reply") -> Any:
    return post(person, ticket, "draft", text=text, mode=mode, base=base)


def test_a_draft_is_hers_and_follows_her(cast: Cast, ticket: Ticket):
    kept = keep(cast.agent, ticket, "쓰다 만 말 ")
    assert kept.status_code == 200
    assert Draft.objects.get().text == "쓰다 만 말 "
    assert "쓰다 만 말" in page(cast.agent, ticket)
    assert "쓰다 만 말" not in page(cast.lead, ticket)
    rows = logged_in(cast.agent).get("/inbox/rows/", headers=FRAGMENT).content.decode()
    assert 'data-mark="draft"' in rows
    assert 'data-mark="draft"' not in logged_in(cast.lead).get("/inbox/rows/", headers=FRAGMENT).content.decode()


def test_two_tabs_do_not_write_over_each_other(cast: Cast, ticket: Ticket):
    first = keep(cast.agent, ticket, "첫째").json()["version"]
    assert keep(cast.agent, ticket, "둘째 탭에서 새로").status_code == 409
    second = keep(cast.agent, ticket, "첫째 더", base=first).json()["version"]
    clash = keep(cast.agent, ticket, "옛것 위에", base=first)
    assert clash.status_code == 409
    assert clash.json()["text"] == "첫째 더"
    assert clash.json()["version"] == second
    assert Draft.objects.get().text == "첫째 더"
    # What one tab has dropped the other does not bring back unasked.
    keep(cast.agent, ticket, "", base=second)
    assert keep(cast.agent, ticket, "옛것", base=second).json() == {"text": "", "version": ""}
    assert not Draft.objects.exists()


def test_sending_drops_the_draft_that_was_sent_and_no_other(cast: Cast, ticket: Ticket):
    version = keep(cast.agent, ticket, "보낼 말").json()["version"]
    note = keep(cast.agent, ticket, "메모 초안", mode="note").json()["version"]
    post(cast.agent, ticket, "reply", text="보낼 말", draft=version)
    assert list(Draft.objects.values_list("text", flat=True)) == ["메모 초안"]
    newer = keep(cast.agent, ticket, "다른 탭이 고친 메모", base=note, mode="note").json()["version"]
    post(cast.agent, ticket, "note", text="메모 초안", draft=note)
    assert str(Draft.objects.get().version) == newer


@pytest.mark.parametrize("bad", [{"mode": "x"}, {"text": "가" * 10_001}, {"base": "x"}])
def test_an_unusable_draft_is_refused_and_changes_nothing(cast: Cast, ticket: Ticket, bad: dict[str, str]):
    keep(cast.agent, ticket, "그대로")
    assert post(cast.agent, ticket, "draft", **{"text": "a", "mode": "reply", **bad}).status_code == 422
    assert Draft.objects.get().text == "그대로"


# Quotes and edited notes -------------------------------------------------------------------------------------------


def test_a_quotation_goes_along_with_the_answer(cast: Cast, ticket: Ticket):
    hers = Event.objects.get()
    assert post(cast.agent, ticket, "reply", text="교환해 드려요", quote=str(hers.public_id)).status_code == 204
    assert Event.objects.get(author="agent").data["quote"] == {
        "event": hers.public_id.hex,
        "text": "소매가 뜯어졌어요",
        "author": "customer",
    }
    assert f'href="#line-{hers.public_id.hex}"' in page(cast.agent, ticket)


def test_what_is_internal_or_elsewhere_cannot_be_quoted_to_the_customer(cast: Cast, ticket: Ticket):
    add_note(ticket, "비밀", by=cast.lead, at=timezone.now())
    note = Event.objects.get(type="note.added")
    assert post(cast.agent, ticket, "reply", text="네", quote=str(note.public_id)).status_code == 422
    elsewhere = chat(cast.organization, "b", "다른 사람의 말", phone="010-0000-0002")
    other = Event.objects.get(thread=elsewhere.thread)
    with pytest.raises(CannotQuote):
        add_note(ticket, "메모", by=cast.agent, at=timezone.now(), quote=other.public_id)
    assert post(cast.agent, ticket, "note", text="여기 참고", quote=str(note.public_id)).status_code == 204
    assert answers() == []


def test_an_edited_note_says_so_and_keeps_what_it_said(cast: Cast, ticket: Ticket):
    add_note(ticket, "재고 3개", by=cast.agent, at=timezone.now())
    note = Event.objects.get(type="note.added")
    before = Ticket.objects.get()
    url = f"/inbox/{ticket.public_id}/note/{note.public_id}/"
    assert "재고 3개" in logged_in(cast.agent).get(url, headers=FRAGMENT).content.decode()
    assert logged_in(cast.agent).post(url, {"text": "재고 2개"}, headers=FRAGMENT).status_code == 204
    assert Event.objects.get(type="note.added").text == "재고 3개"
    html = page(cast.agent, ticket)
    assert html.count(f'id="line-{note.public_id.hex}"') == 1
    assert 'data-edits="1"' in html
    assert html.index("재고 2개") < html.index("재고 3개")
    # An open page gets the line anew, by number.
    fresh = logged_in(cast.lead).get(f"/inbox/{ticket.public_id}/messages/?after={note.thread_seq}", headers=FRAGMENT)
    assert f'id="line-{note.public_id.hex}"' in fresh.content.decode()
    assert int(fresh["X-Last-Seq"]) == (note.thread_seq or 0) + 1
    after = Ticket.objects.get()
    for name in ("status", "waiting_since", "agent_email", "last_text", "first_response_at", "messages_out"):
        assert getattr(after, name) == getattr(before, name)


def test_only_who_wrote_it_edits_a_note_and_promises_stay(cast: Cast, ticket: Ticket):
    add_note(ticket, "내 메모", by=cast.agent, at=timezone.now())
    note = Event.objects.get(type="note.added")
    url = f"/inbox/{ticket.public_id}/note/{note.public_id}/"
    assert logged_in(cast.lead).post(url, {"text": "남의 말"}, headers=FRAGMENT).status_code == 404
    assert logged_in(cast.agent).post(url, {"text": ""}, headers=FRAGMENT).status_code == 422
    assert edit_note(ticket, note.public_id, "내 메모", by=cast.agent, at=timezone.now()) is None
    # Whoever sends events in another's name changes nothing that is shown.
    happens(cast.organization, "note.edited", "a", agent=cast.lead.email, note=note.event_id, text="바꿔치기")
    assert "바꿔치기" not in page(cast.agent, ticket)
    add_note(ticket, "교환품 발송", by=cast.agent, at=timezone.now(), promise_due=timezone.now())
    promise = Event.objects.exclude(pk=note.pk).get(type="note.added")
    with pytest.raises(CannotEdit):
        edit_note(ticket, promise.public_id, "발송 안 함", by=cast.agent, at=timezone.now())


@given(order=st.permutations(range(4)))
def test_what_an_edited_note_says_does_not_hang_on_the_order_of_delivery(order: list[int]):
    def event(number: int, kind: str, minutes: int, agent: str = "kim@haneul.example", **data: str) -> Event:
        at = datetime(2026, 11, 22, 9, minutes, tzinfo=UTC)
        return Event(
            type=kind, event_id=f"e-{number}", source="/hub", time=at, rank=7, agent_email=agent, data=data,
            text=f"{number}", public_id=UUID(int=number),
        )  # fmt: skip

    note = event(0, "note.added", 0)
    edits = [
        event(1, "note.edited", 1, note="e-0"),
        event(2, "note.edited", 2, note=str(note.public_id)),
        event(3, "note.edited", 2, note=note.public_id.hex),
        event(4, "note.edited", 9, agent="lee@haneul.example", note="e-0"),
    ]
    (line,) = lines_of([note], Wording(), edits=[edits[place] for place in order])
    assert (line.text, [version.text for version in line.earlier]) == ("3", ["0", "1", "2"])


# Mentions ----------------------------------------------------------------------------------------------------------


def test_whom_a_note_calls_finds_it_unread_and_then_read(cast: Cast, ticket: Ticket):
    post(cast.agent, ticket, "note", text="@이팀장 확인 부탁드려요")
    mention = Mention.objects.get()
    assert (mention.person, mention.ticket, mention.read_at) == (cast.lead, ticket, None)
    assert Event.objects.get(type="note.added").data["mentions"] == [cast.lead.email]
    client = logged_in(cast.lead)
    assert client.get("/inbox/mentions/").content == b"1"
    html = client.get("/inbox/?view=mentions").content.decode()
    assert f"row-{ticket.public_id.hex}" in html
    assert 'data-mark="mention"' in html
    read_mentions(ticket, upto=mention.seq - 1, by=cast.lead, at=timezone.now())
    assert client.get("/inbox/mentions/").content == b"1"
    read_mentions(ticket, upto=mention.seq, by=cast.lead, at=timezone.now())
    assert client.get("/inbox/mentions/").content == b"0"
    html = client.get("/inbox/?view=mentions").content.decode()
    assert f"row-{ticket.public_id.hex}" in html
    assert 'data-mark="mention"' not in html
    assert logged_in(cast.agent).get("/inbox/?view=mentions").content.decode().count("data-row=") == 0


def test_a_note_that_is_sent_twice_calls_once(cast: Cast, ticket: Ticket):
    sent = {"text": "@이팀장 봐 주세요", "key": str(uuid4())}
    for _again in range(2):
        assert post(cast.agent, ticket, "note", **sent).status_code == 204
    assert Mention.objects.count() == 1


def test_only_those_who_may_see_the_ticket_can_be_called(cast: Cast, ticket: Ticket):
    names = {person.name for person in mentionable_for(cast.agent, ticket)}
    assert {"이팀장", cast.owner.name} <= names
    assert not names & {cast.outsider.name, cast.store_staff.name, cast.agent.name}
    post(cast.agent, ticket, "note", text=f"@{cast.outsider.name} @{cast.store_staff.name} 님")
    assert not Mention.objects.exists()
    other = make_other_organization()
    assert other.lead.pk not in {person.pk for person in mentionable_for(cast.agent, ticket)}


def test_a_longer_name_is_not_the_shorter_one_and_a_pick_tells_two_apart(cast: Cast):
    kim, long, twin = Person(name="김민"), Person(name="김민수"), Person(name="김민수")
    people = [kim, long, twin]
    assert named_in("@김민수 님", people) == [long, twin]
    assert named_in("@김민수 님", people, chosen=[twin.public_id]) == [twin]
    assert named_in("@김민님, @김민수님", people, chosen=[long.public_id]) == [long, kim]
    assert named_in("김민수 님께 mail@김 참조", people) == []
