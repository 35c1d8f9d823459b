"""Two tickets merged: one goes on and hears both; undone, both are what they would have been."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AuditEntry, Person
from customers.models import Event
from tests.cast import Cast, make_organization
from tests.tickets.conversations import FRAGMENT, chat, happens, logged_in
from tests.tickets.test_refold import KINDS, SHOWN, breaches, deliver, event
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
# What tells of the merge and of its undoing themselves.
_OF_EVENTS = {"last_event_at", "thread"}


@pytest.fixture
def organization() -> Any:
    return make_organization().organization


def merged(number: int, hours: float, *, is_undone: bool = False, since: str = "") -> list[Any]:
    """`u` is merged into `t`, told by both."""
    kind = "ticket.unmerged" if is_undone else "ticket.merged"
    told = f"from {since}" if since else "from"
    return [
        event(number, kind, hours, qualifier="into", thread="u", source="/hub"),
        event(number + 1, kind, hours, qualifier=told, thread="t", source="/hub"),
    ]


def ticket(thread: str) -> Ticket:
    return Ticket.objects.standing().get(thread=thread)


def test_the_one_that_goes_on_hears_both(organization: Any) -> None:
    deliver(organization, event(1, "chat.message", 0, author="customer", thread="t"))
    deliver(organization, event(2, "chat.message", 0.5, author="agent", thread="t"))
    deliver(organization, event(3, "chat.message", 1, author="customer", thread="u"))
    since = ticket("u").waiting_since
    assert since is not None
    deliver(organization, *merged(10, 2, since=since.isoformat()))
    other, one = ticket("u"), ticket("t")
    assert (other.merged_thread, other.waiting_since, other.next_alarm_at, other.is_open) == ("t", None, None, True)
    assert (one.absorbed_threads, one.waiting_since) == (["u"], since)
    assert list(Ticket.objects.open()) == [one]
    # An answer in either conversation is one; each message counts in its own.
    deliver(organization, event(20, "chat.message", 3, author="agent", thread="u"))
    one.refresh_from_db()
    assert (one.waiting_since, one.last_text, one.messages_out) == (None, "20", 1)
    deliver(organization, event(21, "chat.message", 4, author="customer", thread="u"))
    one.refresh_from_db()
    assert one.waiting_since is not None
    assert (one.messages_in, one.last_seq) == (1, 3)
    assert Ticket.objects.standing().count() == 2


def test_what_comes_back_in_the_merged_one_reopens_what_goes_on(organization: Any) -> None:
    deliver(organization, event(1, "chat.message", 0, author="customer", thread="t"))
    deliver(organization, event(2, "chat.message", 0, author="customer", thread="u"))
    deliver(organization, *merged(10, 1))
    deliver(organization, event(20, "ticket.resolved", 2, qualifier="agent", thread="t"))
    assert ticket("t").status == "resolved"
    assert ticket("u").first_resolved_at is None  # a merge is no resolution, nor is that of the other
    deliver(organization, event(21, "chat.message", 24 * 30, author="customer", thread="u"))
    one = ticket("t")
    assert (one.status, one.reopen_count) == ("open", 1)
    assert ticket("u").merged_thread == "t"


@st.composite
def histories(draw: st.DrawFn) -> list[Any]:
    return [
        event(
            number,
            kind,
            draw(st.integers(0, 300)) * draw(st.sampled_from([0.01, 1])),
            author=author,
            qualifier=qualifier,
            thread=draw(st.sampled_from(["t", "u"])),
        )
        for number, (kind, author, qualifier) in enumerate(draw(st.lists(KINDS, min_size=1, max_size=10)))
        if "merged" not in kind
    ]


def facts(organization: Any) -> list[Any]:
    missed = breaches(organization)
    rows = Ticket.objects.filter(organization=organization).standing().order_by("thread", "opened_at")
    names = ["thread", *(name for name in SHOWN if name not in _OF_EVENTS)]
    return [*rows.values_list(*names), *missed]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=histories(), hours=st.integers(0, 300), later=st.integers(0, 50), data=st.data())
def test_undone_it_is_as_if_it_had_never_been(
    organization: Any, told: list[Any], hours: int, later: int, data: st.DataObject
) -> None:
    since = "2026-11-01T00:00:00+00:00"
    both = [*merged(100, hours, since=since), *merged(110, hours + later, is_undone=True)]
    found = []
    for events in (told, data.draw(st.permutations([*told, *both]))):
        with transaction.atomic():
            size = data.draw(st.integers(1, 4))
            for start in range(0, len(events), size):
                deliver(organization, *events[start : start + size])
            found.append(facts(organization))
            transaction.set_rollback(True)
    assert found[0] == found[1]


# At the desk


@pytest.fixture
def cast() -> Cast:
    return make_organization()


@pytest.fixture
def pair(cast: Cast) -> tuple[Ticket, Ticket]:
    """A chat and a mail of one customer, an hour apart."""
    one = chat(cast.organization, "chat", "코트 소매가 뜯어졌어요", ago=90)
    other = happens(
        cast.organization,
        "mail.message",
        "mail",
        ago=30,
        from_="customer",
        text="사진 첨부합니다",
        subject="코트",
        customer={"phone": "010-0000-5678"},
    )
    assert other is not None
    return one, other


def post(cast: Cast, one: Ticket, act: str, told: dict[str, str], *, person: Person | None = None) -> Any:
    return logged_in(person or cast.agent).post(f"/inbox/{one.public_id}/{act}/", told, headers=FRAGMENT)


def test_merged_it_is_one_row_and_one_conversation(cast: Cast, pair: tuple[Ticket, Ticket]) -> None:
    one, other = pair
    client = logged_in(cast.agent)
    dialog = client.get(f"/inbox/{one.public_id}/merge/", headers=FRAGMENT).content.decode()
    assert str(other.public_id) in dialog
    for _again in range(2):
        response = post(cast, one, "merge", {"ticket": str(other.public_id)})
    assert response.status_code == 422  # merged already
    assert AuditEntry.objects.filter(action="tickets.merged").count() == 1
    rows = client.get("/inbox/rows/", headers=FRAGMENT).content.decode()
    assert (str(one.public_id) in rows, str(other.public_id) in rows) == (True, False)
    # The merged one's address leads on.
    assert client.get(f"/inbox/{other.public_id}/")["Location"] == f"/inbox/{one.public_id}/"
    page = client.get(f"/inbox/{one.public_id}/").content.decode()
    assert page.index("소매가 뜯어졌어요") < page.index("사진 첨부합니다")
    # Answered by the channel on which she wrote last, unless another is chosen.
    assert f'<option value="{other.public_id}" selected>' in page
    happens(cast.organization, "mail.message", "mail", from_="customer", text="아직인가요", subject="코트")
    one.refresh_from_db()
    assert (one.waiting_since is not None, one.last_text) == (True, "아직인가요")
    seen = client.get(f"/inbox/{one.public_id}/messages/?after=99", headers=FRAGMENT).content.decode()
    assert "아직인가요" in seen
    assert post(cast, one, "reply", {"text": "보냈어요", "to": str(other.public_id)}).status_code == 204
    assert Event.objects.get(text="보냈어요").thread == "mail"
    one.refresh_from_db()
    assert one.waiting_since is None


def test_it_is_undone_by_the_press_of_a_button(cast: Cast, pair: tuple[Ticket, Ticket]) -> None:
    one, other = pair
    post(cast, one, "merge", {"ticket": str(other.public_id)})
    assert post(cast, one, "unmerge", {"ticket": str(other.public_id)}).status_code == 200
    for before in pair:
        now = Ticket.objects.get(pk=before.pk)
        for name in (*SHOWN, "response_started_at"):
            if "__" not in name and name not in _OF_EVENTS:
                assert getattr(now, name) == getattr(before, name), name
    assert AuditEntry.objects.filter(action="tickets.unmerged").count() == 1


def test_what_cannot_be_merged_is_refused(cast: Cast, pair: tuple[Ticket, Ticket]) -> None:
    one, other = pair
    stranger = chat(cast.organization, "s", name="이하은", phone="010-0000-9999")
    far = chat(cast.organization, "far", source="/busan/chat")
    before = Event.objects.count()
    for told in (stranger.public_id, far.public_id, one.public_id, "nothing"):
        assert post(cast, one, "merge", {"ticket": str(told)}).status_code == 422
    assert post(cast, one, "merge", {"ticket": str(other.public_id)}, person=cast.store_staff).status_code == 404
    assert Event.objects.count() == before


def test_one_of_an_unknown_customer_goes_on_in_the_known_one(cast: Cast, pair: tuple[Ticket, Ticket]) -> None:
    one, _other = pair
    nobody = chat(cast.organization, "nobody", "저예요", phone="")
    found = logged_in(cast.agent).get(f"/inbox/{one.public_id}/merge/?q=저예요", headers=FRAGMENT).content.decode()
    assert str(nobody.public_id) in found
    post(cast, nobody, "merge", {"ticket": str(one.public_id)})
    nobody.refresh_from_db()
    assert nobody.merged_thread == one.thread
