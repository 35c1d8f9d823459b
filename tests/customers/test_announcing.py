"""Open pages of a customer are told when her history grows, also by what does not name her."""

from __future__ import annotations

from typing import Any

import pytest

from channels_app.intake import receive
from customers.models import Customer
from cxhub.live import thread_mark
from tests import cast
from tests.channels_app.envelopes import AT, TILL, envelope, said

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The groups that are told, in order."""
    groups: list[str] = []

    def note(messages: Any) -> None:
        groups.extend(group for group, _ in messages)

    monkeypatch.setattr("cxhub.live.publish_all", note)
    return groups


def test_her_own_message_and_the_answer_to_it_reach_her_page(told: list[str]) -> None:
    organization = cast.make_organization().organization
    receive(organization, [said("1", "t", "소매 실밥이 풀렸어요")], sender=TILL, at=AT)
    page = f"customer.{Customer.objects.get().public_id.hex}"
    assert told.count(page) == 1
    told.clear()
    answer = envelope(
        "2",
        "chat.message",
        minutes=1,
        source="/seoul/chat",
        thread="t",
        from_="agent",
        agent="kim@haneul.example",
        text="네",
    )
    receive(organization, [answer], sender=TILL, at=AT)
    assert told.count(page) == 1


@pytest.fixture
def marks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which conversation each customer's page is told of, in order; "" is anything."""
    found: list[str] = []

    def note(messages: Any) -> None:
        found.extend(message["thread"] for group, message in messages if group.startswith("customer."))

    monkeypatch.setattr("cxhub.live.publish_all", note)
    return found


def test_a_page_is_told_where_nothing_but_talk_has_come(marks: list[str]) -> None:
    """Beside the very conversation there is nothing new to fetch then. Whatever may change the profile says nothing."""
    organization = cast.make_organization().organization
    account = {"widget:1": "visitor"}

    def say(number: int, thread: str, **customer: Any) -> None:
        who = {"external": account, **customer}
        talk = envelope(
            f"{number}", "chat.message", source="/seoul/chat", customer=who, thread=thread, from_="customer", text="말"
        )
        receive(organization, [talk], sender=TILL, at=AT)

    say(1, "t")
    say(2, "t")
    say(3, "u")
    assert marks[0] == marks[1] == thread_mark(organization.pk, "t")
    assert marks[2] == thread_mark(organization.pk, "u")
    assert len({*marks, "t", "u", thread_mark(organization.pk + 1, "t")}) == 5
    marks.clear()
    say(4, "t", name="김서연")
    say(5, "t", phone="010-0000-1234", verified=False)
    note = envelope(
        "6",
        "note.added",
        source="/seoul/chat",
        customer={"external": account},
        thread="t",
        text="메모",
        agent="kim@haneul.example",
    )
    receive(organization, [note], sender=TILL, at=AT)
    assert marks == ["", "", ""]


def test_talk_in_two_conversations_is_told_as_anything(marks: list[str]) -> None:
    organization = cast.make_organization().organization
    both = [
        envelope(
            name,
            "chat.message",
            source="/seoul/chat",
            customer={"external": {"widget:1": "visitor"}},
            thread=name,
            from_="customer",
            text="말",
        )
        for name in ("t", "u")
    ]
    receive(organization, both, sender=TILL, at=AT)
    assert marks == [""]


def test_nothing_is_told_of_a_repeat(told: list[str]) -> None:
    organization = cast.make_organization().organization
    receive(organization, [said("1", "t", "안녕하세요")], sender=TILL, at=AT)
    told.clear()
    receive(organization, [said("1", "t", "안녕하세요")], sender=TILL, at=AT)
    assert told == []
