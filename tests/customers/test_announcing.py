"""Open pages of a customer are told when her history grows, also by what does not name her."""

from __future__ import annotations

from typing import Any

import pytest

from channels_app.intake import receive
from customers.models import Customer
from tests import cast
from tests.channels_app.envelopes import AT, TILL, envelope, said
from tickets import events as ticket_events

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The groups that are told, in order."""
    groups: list[str] = []

    def note(messages: Any) -> None:
        groups.extend(group for group, _ in messages)

    monkeypatch.setattr("customers.events.publish_all", note)
    monkeypatch.setattr(ticket_events, "publish_all", note)
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


def test_nothing_is_told_of_a_repeat(told: list[str]) -> None:
    organization = cast.make_organization().organization
    receive(organization, [said("1", "t", "안녕하세요")], sender=TILL, at=AT)
    told.clear()
    receive(organization, [said("1", "t", "안녕하세요")], sender=TILL, at=AT)
    assert told == []
