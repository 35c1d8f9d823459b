"""Snooze, priority, tags, handing over and up, linking: what each writes, and what it refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Center, Person
from customers.models import Event
from tests.cast import Cast, make_center, make_organization, make_person
from tests.tickets.conversations import FRAGMENT, answer, chat, happens, logged_in
from tickets.actions import keep_tags, rename_tag
from tickets.models import Tag, Ticket
from tickets.snoozing import Opening, Preset, until
from tickets.topic_cues import guess_topic
from tickets.woken import announce_woken_tickets

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_organization()


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return chat(cast.organization, "a", ago=5)


def post(cast: Cast, of: Ticket, act: str, *, by: Person | None = None, **data: str) -> Any:
    return logged_in(by or cast.agent).post(f"/inbox/{of.public_id}/{act}/", data, headers=FRAGMENT)


def shown(cast: Cast, query: str = "") -> str:
    return logged_in(cast.agent).get(f"/inbox/rows/{query}", headers=FRAGMENT).content.decode()


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def types() -> list[str]:
    return list(Event.objects.filter(source="/hub").order_by("thread_seq").values_list("type", flat=True))


def test_a_snoozed_ticket_leaves_the_lists_until_the_customer_writes(cast: Cast, ticket: Ticket):
    response = post(cast, ticket, "snooze", preset="hour")
    assert response.status_code == 200
    row = f"row-{ticket.public_id.hex}"
    assert row not in shown(cast)
    assert row in shown(cast, "?view=snoozed")
    assert row in shown(cast, "?view=all")
    chat(cast.organization, "a", "아직인가요?")
    assert fresh(ticket).snoozed_until is None
    assert row in shown(cast)


def test_time_wakes_it_without_anybody_writing(cast: Cast, ticket: Ticket):
    row = f"row-{ticket.public_id.hex}"
    past = (timezone.now() - timedelta(seconds=1)).isoformat()
    happens(cast.organization, "ticket.snoozed", "a", until=past, ago=3)
    assert row in shown(cast)
    assert row not in shown(cast, "?view=snoozed")
    assert "돌아옴" in shown(cast)
    assert types() == []


def test_waking_is_told_once_to_the_desk_and_the_open_page(cast: Cast, ticket: Ticket, monkeypatch: pytest.MonkeyPatch):
    told: list[str] = []
    monkeypatch.setattr("tickets.woken.publish_all", lambda messages: told.extend(group for group, _told in messages))
    wakes = timezone.now() + timedelta(minutes=30)
    happens(cast.organization, "ticket.snoozed", "a", until=wakes.isoformat())
    assert announce_woken_tickets(at=wakes - timedelta(seconds=1)) == 0
    assert announce_woken_tickets(at=wakes + timedelta(seconds=1)) == 1
    assert announce_woken_tickets(at=wakes + timedelta(seconds=20)) == 0
    assert told == [f"ticket.{ticket.public_id.hex}", f"desk.{cast.organization.pk}.{cast.seoul.pk}"]


def test_ending_a_snooze_brings_it_back(cast: Cast, ticket: Ticket):
    post(cast, ticket, "snooze", preset="monday")
    post(cast, ticket, "wake")
    assert fresh(ticket).snoozed_until is None
    assert types() == ["ticket.snoozed", "ticket.woken"]


@pytest.mark.parametrize(
    "said", [{}, {"preset": "never"}, {"until": "x"}, {"until": "2020-01-01T09:00"}, {"until": "2099-01-01T09:00"}]
)
def test_a_time_that_is_none_is_refused_in_words(cast: Cast, ticket: Ticket, said: dict[str, str]):
    response = post(cast, ticket, "snooze", **said)
    assert response.status_code == 422
    assert response.content.decode().strip()
    assert fresh(ticket).snoozed_until is None


def test_what_is_resolved_cannot_be_snoozed(cast: Cast, ticket: Ticket):
    post(cast, ticket, "resolve")
    assert post(cast, ticket, "snooze", preset="hour").status_code == 422


def test_presets_know_when_the_center_opens():
    weekdays = {day: [["10:30", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    opening = Opening(UTC, weekdays, frozenset({"2026-11-30"}))
    friday = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
    assert until(Preset.HOUR, opening, now=friday) == datetime(2026, 11, 27, 16, 0, tzinfo=UTC)
    # Saturday and Sunday are closed, and Monday is a day off.
    assert until(Preset.TOMORROW, opening, now=friday) == datetime(2026, 12, 1, 10, 30, tzinfo=UTC)
    assert until(Preset.MONDAY, opening, now=friday) == datetime(2026, 12, 1, 10, 30, tzinfo=UTC)
    always = Opening(UTC, {}, ())
    assert until(Preset.TOMORROW, always, now=friday) == datetime(2026, 11, 28, 9, 0, tzinfo=UTC)


def test_priority_shows_and_is_written_once(cast: Cast, ticket: Ticket):
    for _again in range(2):
        post(cast, ticket, "priority", priority="urgent")
    assert fresh(ticket).priority == "urgent"
    assert types() == ["ticket.priority"]
    assert "긴급" in shown(cast, "?priority=urgent")
    assert "data-row=" not in shown(cast, "?priority=low")
    assert post(cast, ticket, "priority", priority="top").status_code == 422


def test_tags_are_one_whatever_their_case_and_keep_under_another_name(cast: Cast, ticket: Ticket):
    post(cast, ticket, "tags", tags="VIP, 교환  대기")
    post(cast, ticket, "tags", tags="vip, 교환 대기")
    assert fresh(ticket).tag_keys == ["vip", "교환 대기"]
    assert types() == ["ticket.tagged"]
    rename_tag(cast.organization, "vip", name="단골", by=cast.lead, at=timezone.now())
    assert "단골" in shown(cast, "?tag=vip")
    # Whoever types the new name means the same tag.
    post(cast, ticket, "tags", tags="단골")
    assert fresh(ticket).tag_keys == ["vip"]
    page = logged_in(cast.agent).get(f"/inbox/{ticket.public_id}/").content.decode()
    assert "태그 추가: 단골, 교환 대기" in page
    post(cast, ticket, "tags", tags="")
    assert fresh(ticket).tag_keys == []
    assert post(cast, ticket, "tags", tags="가" * 51).status_code == 422
    assert post(cast, ticket, "tags", tags=",".join(map(str, range(21)))).status_code == 422


def test_renaming_on_screen_refuses_a_name_that_is_taken(cast: Cast):
    keep_tags(cast.organization, {"a": "가", "b": "나"})
    client = logged_in(cast.agent)
    assert "가" in client.get("/inbox/tags/", headers=FRAGMENT).content.decode()
    assert client.post("/inbox/tags/", {"key": "a", "name": "나"}, headers=FRAGMENT).status_code == 422
    assert client.post("/inbox/tags/", {"key": "x", "name": "다"}, headers=FRAGMENT).status_code == 404
    assert client.post("/inbox/tags/", {"key": "a", "name": "다"}, headers=FRAGMENT).status_code == 204
    assert dict(Tag.objects.values_list("key", "name")) == {"a": "다", "b": "나"}


def test_back_to_the_queue(cast: Cast, ticket: Ticket):
    answer(cast.organization, "a", cast.agent, ago=3)
    assert fresh(ticket).agent_email == cast.agent.email
    for _again in range(2):
        post(cast, ticket, "unassign")
    assert fresh(ticket).agent_email == ""
    assert types() == ["ticket.unassigned"]


def test_handing_over_with_a_word_is_one_act(cast: Cast, ticket: Ticket):
    post(cast, ticket, "take")
    post(cast, ticket, "transfer", person=str(cast.lead.public_id), note="교환품 재고 확인 부탁드려요")
    assert fresh(ticket).agent_email == cast.lead.email
    assert types() == ["ticket.assigned", "note.added", "ticket.assigned"]
    response = post(cast, ticket, "transfer", center="busan", note="부산에서 산 상품이에요")
    assert response["HX-Redirect"] == "/inbox/"
    assert (fresh(ticket).center, fresh(ticket).agent_email) == (cast.busan, "")
    page = logged_in(cast.outsider).get(f"/inbox/{ticket.public_id}/").content.decode()
    assert "부산에서 산 상품이에요" in page


@pytest.mark.parametrize(("said", "status"), [({}, 422), ({"center": "x"}, 404), ({"person": "x"}, 404)])
def test_handing_over_to_nobody_changes_nothing(cast: Cast, ticket: Ticket, said: dict[str, str], status: int):
    assert post(cast, ticket, "transfer", note="메모", **said).status_code == status
    assert types() == []


def test_a_store_escalates_to_the_head_office_with_what_to_decide(cast: Cast):
    inquiry = happens(
        cast.organization, "store.inquiry", source="/seoul/gangnam", store="gangnam", staff="x", text="환불해 주세요"
    )
    assert inquiry
    office = make_center(cast.organization, "hq", name="본사", kind=Center.Kind.HEAD_OFFICE)
    boss = make_person(cast.organization, "boss", name="윤본사", centers=[office])
    assert post(cast, inquiry, "escalate", by=cast.store_staff, center="hq").status_code == 422
    assert post(cast, inquiry, "escalate", by=cast.store_staff, center="busan", note="환불?").status_code == 404
    post(cast, inquiry, "escalate", by=cast.store_staff, center="hq", note="기한 지난 환불, 예외로 될까요?")
    assert fresh(inquiry).center == office
    page = logged_in(boss).get(f"/inbox/{inquiry.public_id}/").content.decode()
    assert "본사로 올림" in page
    assert "예외로 될까요?" in page


def test_without_a_head_office_the_dialog_says_so(cast: Cast, ticket: Ticket):
    dialog = logged_in(cast.agent).get(f"/inbox/{ticket.public_id}/escalate/", headers=FRAGMENT).content.decode()
    assert "<form" not in dialog
    assert "본사" in dialog


def test_linking_is_told_on_both_sides_and_taken_back_on_both(cast: Cast, ticket: Ticket):
    other = chat(cast.organization, "b", "다른 건이에요", ago=2)
    dialog = logged_in(cast.agent).get(f"/inbox/{ticket.public_id}/link/", headers=FRAGMENT).content.decode()
    assert str(other.public_id) in dialog
    post(cast, ticket, "link", ticket=str(other.public_id))
    assert (fresh(ticket).links, fresh(other).links) == ("\nb\n", "\na\n")
    assert (
        post(cast, ticket, "link", address=f"http://hub.example/inbox/{other.public_id}/?view=all").status_code == 422
    )
    for wrong in ({"address": "x"}, {"address": str(cast.agent.public_id)}, {"ticket": str(ticket.public_id)}):
        assert post(cast, ticket, "link", **wrong).status_code == 422
    post(cast, other, "unlink", ticket=str(ticket.public_id))
    assert (fresh(ticket).links, fresh(other).links) == ("", "")


def test_topics_are_suggested_by_what_was_written(cast: Cast):
    topics = {"delivery": "배송", "exchange": "교환·반품", "etc": "기타"}
    assert guess_topic(["택배가 언제 도착하나요", "송장 번호요"], topics)
    guess = guess_topic(["교환하고 싶은데 반품도 되나요"], topics)
    assert guess is not None
    assert guess.topic == "exchange"
    assert guess_topic(["안녕하세요"], topics) is None
    assert guess_topic(["배송 교환"], topics) is None  # two stand alike: nobody knows


ACTS = ["snooze", "wake", "priority", "tags", "unassign", "transfer", "escalate", "link", "unlink"]


@pytest.mark.parametrize("act", ACTS)
def test_who_does_not_reach_it_can_do_nothing(cast: Cast, ticket: Ticket, act: str):
    for person in (cast.outsider, cast.store_staff):
        said = {"preset": "hour", "priority": "low", "tags": "x", "center": "busan", "note": "x"}
        assert post(cast, ticket, act, by=person, **said).status_code == 404
    assert types() == []


@pytest.mark.parametrize("act", [act for act in ACTS if act not in ("wake", "unassign", "unlink")])
def test_each_has_a_dialog_and_a_page_without_scripts(cast: Cast, ticket: Ticket, act: str):
    client = logged_in(cast.agent)
    assert "<dialog" in client.get(f"/inbox/{ticket.public_id}/{act}/", headers=FRAGMENT).content.decode()
    assert "<html" in client.get(f"/inbox/{ticket.public_id}/{act}/").content.decode()
