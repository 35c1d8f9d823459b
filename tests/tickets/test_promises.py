"""Promises at the desk: given, kept, handed over from each screen; listed; and alarmed before they break, once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import actions as accounts
from accounts.business_hours import BusinessHours
from accounts.models import AuditEntry, Person
from customers.models import Event, Promise
from tests.cast import Cast, make_organization
from tests.tickets.conversations import FRAGMENT, chat, happens, logged_in, ring
from tickets.actions.alarm_mails import send_alarm_mails
from tickets.actions.promise_alarms import set_promise_lead, watch_promises
from tickets.models import Alarm, AlarmNotice, Ticket
from tickets.promise_times import closing_of, times_offered
from tickets.queries.promises import PromisePage, When, Whose, pressing_promises, promises_listed

pytestmark = pytest.mark.django_db
SEOUL = ZoneInfo("Asia/Seoul")


@pytest.fixture
def cast() -> Cast:
    """A whole organization whose centers are always open, so that no test hangs on the hour."""
    cast = make_organization()
    for center in (cast.seoul, cast.busan):
        accounts.set_center_schedule(
            center, hours={}, holidays=[], targets={}, by=cast.owner, at=timezone.now() - timedelta(days=30)
        )
    return cast


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return chat(cast.organization, "a", ago=60)


def promised(cast: Cast, *, due_in: timedelta | None = timedelta(days=2), thread: str = "a", **told: Any) -> Promise:
    if due_in is not None:
        told["due"] = (timezone.now() + due_in).isoformat()
    promise = {"text": "교환품 발송", **told}
    happens(cast.organization, "note.added", thread, ago=30, agent=cast.agent.email, text="메모", promise=promise)
    return Promise.objects.latest("pk")


def settle(promise: Promise, outcome: str, person: Person) -> Any:
    return logged_in(person).post(f"/promises/{promise.public_id}/settle/", {"outcome": outcome}, headers=FRAGMENT)


def notices() -> list[tuple[str, str]]:
    rows = AlarmNotice.objects.order_by("pk").values_list("alarm__kind", "person__name")
    return list(rows)


# Giving one


def test_a_promise_is_given_from_a_ticket(cast: Cast, ticket: Ticket):
    client, url = logged_in(cast.agent), f"/inbox/{ticket.public_id}/promise/"
    assert cast.agent.name in client.get(url, headers=FRAGMENT).content.decode()
    day = timezone.localdate() + timedelta(days=3)
    said = {"text": "코트 교환품 발송", "day": day.isoformat(), "key": str(uuid4())}
    said["owner"] = f"person:{cast.lead.public_id}"
    for _again in range(2):
        assert client.post(url, said, headers=FRAGMENT).status_code == 200
    promise = Promise.objects.get()
    assert (promise.text, promise.made_by, promise.owner_email) == (
        "코트 교환품 발송",
        cast.agent.email,
        cast.lead.email,
    )
    assert promise.due_at == datetime(day.year, day.month, day.day, 18, tzinfo=SEOUL)


@pytest.mark.parametrize(
    "said",
    [
        {"text": "", "until": "2099-01-01T10:00"},
        {"text": "발송"},
        {"text": "발송", "until": "2020-01-01T10:00"},
        {"text": "발송", "until": "2099-01-01T10:00", "owner": "person:nobody"},
        {"text": "가" * 1001, "until": "2099-01-01T10:00"},
    ],
)
def test_what_cannot_be_promised_is_refused_in_words(cast: Cast, ticket: Ticket, said: dict[str, str]):
    response = logged_in(cast.agent).post(f"/inbox/{ticket.public_id}/promise/", said, headers=FRAGMENT)
    assert response.status_code == 422
    assert response.content.decode().strip()
    assert not Promise.objects.exists()


def test_closing_times_are_offered_by_the_centers_hours():
    week = {day: [["09:00", "12:00"], ["13:00", "18:00"]] for day in ("mon", "tue", "wed", "fri")}
    hours = BusinessHours.of(week, ["2026-11-25"], SEOUL)
    monday = datetime(2026, 11, 23, 17, 0, tzinfo=SEOUL)
    offered = times_offered(hours, monday)
    assert [(one.word, one.ahead) for one in offered[:3]] == [("2026-11-23", 0), ("2026-11-24", 1), ("2026-11-27", 4)]
    assert {one.due_at.astimezone(SEOUL).hour for one in offered} == {18}
    assert times_offered(hours, monday + timedelta(hours=2))[0].ahead == 1
    assert closing_of(hours, date(2026, 11, 25)) == datetime(2026, 11, 25, 18, tzinfo=SEOUL)


# What becomes of it


@pytest.mark.parametrize("outcome", ["kept", "broken", "withdrawn"])
def test_it_is_said_what_became_of_it_by_whom_and_once(cast: Cast, ticket: Ticket, outcome: str):
    promise = promised(cast)
    for _again in range(2):
        assert settle(promise, outcome, cast.lead).status_code == 200
    promise.refresh_from_db()
    assert (promise.status, promise.settled_by) == (outcome, cast.lead.email)
    assert promise.settled_at is not None
    assert Event.objects.filter(type="promise.settled").count() == 1
    settle(promise, "open", cast.agent)
    promise.refresh_from_db()
    assert promise.is_open


def test_the_second_of_two_who_differ_is_told(cast: Cast, ticket: Ticket):
    promise = promised(cast)
    settle(promise, "kept", cast.agent)
    assert settle(promise, "withdrawn", cast.lead).status_code == 422
    promise.refresh_from_db()
    assert promise.status == "kept"


def test_the_shop_may_say_that_it_was_kept_and_no_more(cast: Cast, ticket: Ticket):
    promise = promised(cast)
    assert settle(promise, "withdrawn", cast.store_staff).status_code == 422
    assert logged_in(cast.store_staff).get(f"/promises/{promise.public_id}/").status_code == 404
    assert settle(promise, "kept", cast.store_staff).status_code == 200
    promise.refresh_from_db()
    assert promise.settled_by == cast.store_staff.email


def test_it_is_moved_and_handed_over_in_the_history(cast: Cast, ticket: Ticket):
    promise = promised(cast)
    client, url = logged_in(cast.agent), f"/promises/{promise.public_id}/"
    assert "교환품 발송" in client.get(url, headers=FRAGMENT).content.decode()
    said = {"until": "2099-01-05T15:00", "owner": f"center:{cast.busan.slug}", "reason": "입고가 늦어짐"}
    assert client.post(url, said, headers=FRAGMENT).status_code == 200
    promise.refresh_from_db()
    assert (promise.center, promise.owner_email) == (cast.busan, "")
    assert promise.due_at == datetime(2099, 1, 5, 6, 0, tzinfo=UTC)
    event = Event.objects.get(type="promise.changed")
    assert (event.text, event.agent_email) == ("입고가 늦어짐", cast.agent.email)
    # So it is already: nothing more is written.
    client.post(url, {"until": "2099-01-05T15:00"}, headers=FRAGMENT)
    assert Event.objects.filter(type="promise.changed").count() == 1
    assert "입고가 늦어짐" in client.get(f"/inbox/{ticket.public_id}/").content.decode()


# Where it is shown


def test_it_stands_on_the_customers_head_in_every_screen(cast: Cast, ticket: Ticket):
    promise = promised(cast)
    call = ring(cast.organization, "c")
    customer = ticket.customer.public_id if ticket.customer else None
    shown = [
        (cast.store_staff, f"/counter/{customer}/"),
        (cast.agent, f"/customers/{customer}/"),
        (cast.agent, f"/inbox/{ticket.public_id}/history/"),
        (cast.agent, f"/inbox/{call.public_id}/caller/"),
    ]
    for person, url in shown:
        html = logged_in(person).get(url, follow=True).content.decode()
        assert f"/promises/{promise.public_id}/settle/" in html, url
        assert cast.agent.name in html, url
    settle(promise, "kept", cast.agent)
    for person, url in shown:
        assert "/settle/" not in logged_in(person).get(url, follow=True).content.decode(), url


def listed(person: Person, query: str = "") -> str:
    return logged_in(person).get(f"/promises/?{query}", headers=FRAGMENT).content.decode()


def test_the_list_knows_whose_and_when(cast: Cast, ticket: Ticket):
    promised(cast, text="내 것")
    promised(cast, text="지난 것", due_in=timedelta(minutes=-5))
    promised(cast, text="팀장 것", owner=cast.lead.email)
    promised(cast, text="부산 것", center="busan")
    promised(cast, text="언젠가", due_in=None)
    mine = listed(cast.agent)
    assert [text in mine for text in ("내 것", "지난 것", "팀장 것", "부산 것", "언젠가")] == [
        True,
        True,
        False,
        False,
        True,
    ]
    assert "지난 것" in (overdue := listed(cast.agent, "when=overdue"))
    assert "내 것" not in overdue
    centers = listed(cast.agent, "whose=center")
    assert all(text in centers for text in ("내 것", "팀장 것", "부산 것"))
    # Another team sees what it was asked to keep, and nothing of the conversation.
    others = listed(cast.outsider, "whose=center")
    assert "부산 것" in others
    assert "팀장 것" not in others
    assert "김서연" not in others
    assert pressing_promises(cast.agent) == 1
    assert 'data-promises="1"' in logged_in(cast.agent).get("/alarms/bell/", headers=FRAGMENT).content.decode()


def test_the_list_goes_on_without_doubles_and_asks_as_often_for_many(cast: Cast, ticket: Ticket):
    def page(cursor: str) -> PromisePage:
        return promises_listed(cast.agent, whose=Whose.MINE, when=When.ALL, now=timezone.now(), cursor=cursor, size=3)

    promised(cast, text="0")
    with CaptureQueriesContext(
        connection,
    ) as few:
        listed(cast.agent)
    for number in range(1, 8):
        promised(cast, text=str(number), due_in=timedelta(hours=number) if number < 5 else None)
    with CaptureQueriesContext(connection) as many:
        listed(cast.agent)
    assert len(many) <= len(few)
    seen, cursor = [], ""
    for _page in range(3):
        part = page(cursor)
        seen += [one.shown.text for one in part.promises]
        cursor = part.next_cursor
    assert not cursor
    assert seen == ["1", "2", "3", "4", "0", "5", "6", "7"]


# Alarms


def test_who_keeps_it_is_told_before_and_her_lead_when_it_broke_each_once(cast: Cast, ticket: Ticket):
    now = timezone.now()
    promise = promised(cast, due_in=timedelta(hours=3))
    assert watch_promises(cast.organization, at=now) == 0
    assert watch_promises(cast.organization, at=now + timedelta(hours=1, minutes=5)) == 1
    assert notices() == [("promise_due", cast.agent.name)]
    assert watch_promises(cast.organization, at=now + timedelta(hours=2)) == 0
    assert watch_promises(cast.organization, at=now + timedelta(hours=4)) == 1
    assert sorted(notices()[1:]) == sorted([("promise_broken", cast.agent.name), ("promise_broken", cast.lead.name)])
    assert watch_promises(cast.organization, at=now + timedelta(hours=5)) == 0
    html = logged_in(cast.agent).get("/alarms/").content.decode()
    assert promise.text in html
    notice = AlarmNotice.objects.filter(person=cast.agent).latest("pk")
    response = logged_in(cast.agent).post(f"/alarms/{notice.public_id}/read/")
    assert response["Location"] == f"/inbox/{ticket.public_id}/"


def test_a_new_time_is_told_of_anew(cast: Cast, ticket: Ticket):
    now = timezone.now()
    promise = promised(cast, due_in=timedelta(hours=1))
    watch_promises(cast.organization, at=now)
    later = (now + timedelta(days=1)).isoformat()
    happens(
        cast.organization, "promise.changed", "a", agent=cast.agent.email, promise=str(promise.public_id), due=later
    )
    assert watch_promises(cast.organization, at=now + timedelta(hours=2)) == 0
    assert watch_promises(cast.organization, at=now + timedelta(hours=23)) == 1
    assert Alarm.objects.filter(kind="promise_due").count() == 2


@pytest.mark.parametrize("outcome", ["kept", "withdrawn"])
def test_what_is_settled_alarms_nobody(cast: Cast, ticket: Ticket, outcome: str):
    settle(promised(cast, due_in=timedelta(hours=1)), outcome, cast.agent)
    assert watch_promises(cast.organization, at=timezone.now() + timedelta(days=1)) == 0


def test_what_broke_long_ago_alarms_nobody(cast: Cast, ticket: Ticket):
    promised(cast, due_in=timedelta(days=-8))
    assert watch_promises(cast.organization, at=timezone.now()) == 0


def test_a_centers_promise_is_told_to_its_lead(cast: Cast, ticket: Ticket):
    promised(cast, due_in=timedelta(hours=1), center="seoul")
    watch_promises(cast.organization, at=timezone.now())
    assert notices() == [("promise_due", cast.lead.name)]


def test_how_long_before_is_set_by_leads_and_written_down(cast: Cast, ticket: Ticket):
    assert logged_in(cast.agent).post("/promises/lead/", {"minutes": "30"}).status_code == 404
    logged_in(cast.lead).post("/promises/lead/", {"minutes": "30"})
    assert AuditEntry.objects.filter(action="tickets.promises.set_lead").count() == 1
    promised(cast, due_in=timedelta(hours=1))
    assert watch_promises(cast.organization, at=timezone.now()) == 0
    set_promise_lead(cast.organization, 90, by=cast.lead, at=timezone.now())
    assert watch_promises(cast.organization, at=timezone.now()) == 1
    logged_in(cast.lead).post("/promises/lead/", {"minutes": "99999"})
    assert AuditEntry.objects.filter(action="tickets.promises.set_lead").count() == 2


def test_the_mail_names_neither_customer_nor_promise(cast: Cast, ticket: Ticket, settings: Any):
    settings.SENDS_MAIL = True
    promised(cast, due_in=timedelta(minutes=90))
    watch_promises(cast.organization, at=timezone.now())
    assert send_alarm_mails(cast.organization) == 1
    (sent,) = mail.outbox
    assert sent.to == [cast.agent.email]
    assert "김서연" not in sent.body
    assert "교환품" not in sent.body
