"""Nothing stays unseen: breaches found and recorded once, alarms raised once, told on screen and by mail."""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import actions as accounts
from accounts.actions.mails import CLAIM_SECONDS
from accounts.models import CenterSchedule
from cxhub import live
from tests.cast import Cast, make_organization
from tests.tickets.conversations import FRAGMENT, answer, chat, happens, logged_in, ring
from tickets import tasks
from tickets.actions import alarms
from tickets.actions.alarms import watch_clocks
from tickets.actions.recount import recount_changed
from tickets.models import Alarm, AlarmMail, AlarmNotice, Breach, Ticket

pytestmark = pytest.mark.django_db


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
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What has been told to open pages since."""
    heard: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(live, "publish_all", lambda messages: heard.extend(messages))
    return heard


def look(cast: Cast, at: datetime | None = None) -> int:
    return watch_clocks(cast.organization, at=at or timezone.now())


def test_a_breach_is_recorded_and_alarms_its_centers_lead_once(cast: Cast):
    ticket = chat(cast.organization, "late", ago=5)
    assert look(cast) == 1
    breach = Breach.objects.get()
    assert (breach.ticket, breach.kind, breach.ordinal) == (ticket, "first_response", 1)
    assert breach.due_at == ticket.opened_at + timedelta(seconds=60)
    assert [notice.person for notice in AlarmNotice.objects.all()] == [cast.lead]
    # Neither another round nor another message of hers makes a second.
    assert look(cast) == 0
    chat(cast.organization, "late", "계신가요?")
    look(cast)
    assert (Breach.objects.count(), Alarm.objects.count(), AlarmNotice.objects.count()) == (1, 1, 1)


def test_a_ticket_without_an_owner_alarms_after_its_time(cast: Cast):
    ticket = chat(cast.organization, "nobodys", ago=11)
    look(cast)
    assert set(Alarm.objects.values_list("kind", flat=True)) == {"first_response", "unassigned"}
    # It is no target: no breach.
    assert set(Breach.objects.values_list("kind", flat=True)) == {"first_response"}
    taken = chat(cast.organization, "taken", phone="010-0000-1111", ago=11)
    happens(cast.organization, "ticket.assigned", "taken", agent=cast.agent.email, ago=10.9)
    look(cast)
    assert set(Alarm.objects.filter(kind="unassigned").values_list("ticket", flat=True)) == {ticket.pk}
    assert taken.pk != ticket.pk


def test_a_breach_is_found_though_nobody_looked_in_time(cast: Cast):
    """The worker was away while the customer waited too long and was answered."""
    chat(cast.organization, "t", ago=10)
    answer(cast.organization, "t", cast.agent, ago=5)
    assert Breach.objects.get().kind == "first_response"
    assert look(cast) == 0
    assert Alarm.objects.count() == 0


def test_an_answer_that_is_told_late_takes_the_breach_back(cast: Cast):
    chat(cast.organization, "t", ago=5)
    look(cast)
    assert Breach.objects.count() == 1
    answer(cast.organization, "t", cast.agent, ago=4.5)
    assert Breach.objects.count() == 0
    # What people were told they were told.
    assert Alarm.objects.count() == 1


def test_whoever_dies_in_between_leaves_nothing_half_done(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    chat(cast.organization, "t", ago=5)

    def dies(*_arguments: Any, **_keywords: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(alarms, "tell", dies)
    with pytest.raises(KeyboardInterrupt):
        look(cast)
    assert (Breach.objects.count(), Alarm.objects.count()) == (0, 0)
    monkeypatch.undo()
    assert look(cast) == 1
    assert (Breach.objects.count(), AlarmNotice.objects.count()) == (1, 1)


def test_looking_where_nothing_has_run_out_costs_one_statement_and_no_scan(cast: Cast):
    for number in range(30):
        chat(cast.organization, f"t-{number}", phone=f"010-0000-2{number:03d}", ago=1)
    look(cast)
    with CaptureQueriesContext(connection) as asked:
        assert look(cast) == 0
    (statement,) = [query["sql"] for query in asked if "tickets_ticket" in query["sql"]]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {statement}")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
        plan = str(cursor.fetchall())
    # Of some thirty rows PostgreSQL takes whichever index it likes.
    assert ("Index" in plan and "Seq Scan" not in plan) if connection.vendor == "postgresql" else "ticket_alarm" in plan


def test_who_is_told_of_which_center(cast: Cast):
    chat(cast.organization, "seoul", ago=5)
    chat(cast.organization, "busan", source="/busan/chat", phone="010-0000-0002", ago=5)
    chat(cast.organization, "none", source="/nowhere", phone="010-0000-0003", ago=5)
    look(cast)
    told = {(n.alarm.ticket.thread, n.person) for n in AlarmNotice.objects.select_related("alarm__ticket", "person")}
    # Busan has no lead: its owner. What no center has claimed concerns every lead.
    assert told == {("seoul", cast.lead), ("busan", cast.owner), ("none", cast.lead)}


def test_pages_are_told_after_commit(
    cast: Cast, told: list[tuple[str, dict[str, Any]]], django_capture_on_commit_callbacks: Any
):
    ticket = chat(cast.organization, "t", ago=5)
    told.clear()
    with django_capture_on_commit_callbacks(execute=True):
        look(cast)
    groups = [group for group, _message in told]
    assert set(groups) == {
        f"ticket.{ticket.public_id.hex}",
        f"desk.{cast.organization.pk}.{cast.seoul.pk}",
        f"person.{cast.lead.pk}",
    }


def test_the_view_holds_what_is_past_its_target_longest_first(cast: Cast):
    chat(cast.organization, "late", ago=5)
    chat(cast.organization, "later", ago=30.5, phone="010-0000-0002")
    chat(cast.organization, "in time", ago=0, phone="010-0000-0003")
    chat(cast.organization, "answered", ago=20, phone="010-0000-0004")
    answer(cast.organization, "answered", cast.agent, ago=1)
    page = logged_in(cast.agent).get("/inbox/?view=breached")
    assert [row.ticket.thread for row in page.context["rows"]] == ["later", "late"]
    assert [tab["count"] for tab in page.context["tabs"] if tab["is_current"]] == [2]
    html = page.content.decode()
    assert 'data-level="past"' in html
    assert "첫 응답 29분 지남" in html


def test_the_head_shows_every_clock_and_says_which_stands_still(cast: Cast):
    accounts.set_center_schedule(
        cast.seoul,
        hours={},
        holidays=[],
        targets={},
        resolution_targets={"chat": 4 * 3600},
        by=cast.lead,
        at=timezone.now() - timedelta(days=1),
    )
    ticket = chat(cast.organization, "t", ago=0.2)
    client = logged_in(cast.agent)
    html = client.get(f"/inbox/{ticket.public_id}/head/", headers=FRAGMENT).content.decode()
    assert "첫 응답까지" in html
    assert "해결까지 3시간" in html
    answer(cast.organization, "t", cast.agent)
    html = client.get(f"/inbox/{ticket.public_id}/head/", headers=FRAGMENT).content.decode()
    assert "data-due-seconds" not in html
    assert "멈춤" in html


def test_the_list_of_alarms_and_its_read_state(cast: Cast):
    ticket = chat(cast.organization, "t", ago=5)
    ring(cast.organization, "call", phone="010-0000-0009", ago=4)
    lead, owner, staff = logged_in(cast.lead), logged_in(cast.owner), logged_in(cast.store_staff)
    assert "아직 알림이 없어요" in lead.get("/alarms/").content.decode()
    look(cast)
    html = lead.get("/alarms/").content.decode()
    assert html.count("첫 응답이 늦었어요") == 2
    assert "김서연" in html
    assert 'data-count="2"' in lead.get("/alarms/bell/", headers=FRAGMENT).content.decode()
    notice = AlarmNotice.objects.get(alarm__ticket=ticket)
    assert lead.post(f"/alarms/{notice.public_id}/read/")["Location"] == f"/inbox/{ticket.public_id}/"
    assert 'data-count="1"' in lead.get("/alarms/bell/", headers=FRAGMENT).content.decode()
    # Nobody else's.
    assert owner.post(f"/alarms/{notice.public_id}/read/").status_code == 404
    assert "아직 알림이 없어요" in owner.get("/alarms/").content.decode()
    assert staff.get("/alarms/").status_code == 404
    # Her bell rings for what other rooms tell her, and for no ticket.
    assert 'data-count="0"' in staff.get("/alarms/bell/", headers=FRAGMENT).content.decode()
    assert lead.post("/alarms/read/").status_code == 302
    assert not AlarmNotice.objects.filter(read_at=None).exists()


def test_the_list_goes_on_where_its_page_ended(cast: Cast):
    for number in range(35):
        chat(cast.organization, f"t-{number}", phone=f"010-0000-3{number:03d}", ago=5)
    look(cast)
    lead = logged_in(cast.lead)
    first = lead.get("/alarms/")
    second = lead.get(first.context["next_url"], headers=FRAGMENT)
    shown = [each.notice.pk for page in (first, second) for each in page.context["alarms"]]
    assert len(shown) == len(set(shown)) == 35
    with CaptureQueriesContext(connection) as asked:
        lead.get("/alarms/")
    assert len(asked) <= 20


def test_a_ticket_that_went_elsewhere_is_named_no_more(cast: Cast):
    chat(cast.organization, "t", ago=5)
    look(cast)
    happens(cast.organization, "ticket.moved", "t", center="busan", source="/hub")
    html = logged_in(cast.lead).get("/alarms/").content.decode()
    assert "김서연" not in html
    assert "다른 센터로 넘어갔어요" in html


@pytest.fixture
def _sends_mail(settings: Any) -> None:
    settings.SENDS_MAIL = True
    settings.HUB_URL = "https://hub.example"


@pytest.mark.usefixtures("_sends_mail")
def test_a_mail_is_intended_with_the_alarm_and_sent_once(cast: Cast):
    ticket = chat(cast.organization, "t", ago=5)
    chat(cast.organization, "u", ago=5, phone="010-0000-0002")
    look(cast)
    assert AlarmMail.objects.count() == 1
    for _round in range(3):
        tasks.send_all_alarm_mails()
    (sent,) = mail.outbox
    assert sent.to == [cast.lead.email]
    assert sent.subject == "[하늘상회] 지금 살펴야 할 상담 2건"
    assert f"https://hub.example/inbox/{ticket.public_id}/" in sent.body
    assert "첫 응답이 늦었어요" in sent.body
    # A mailbox is no place for a customer's name.
    assert "김서연" not in sent.body


@pytest.mark.usefixtures("_sends_mail")
def test_who_wants_no_mails_gets_none_and_who_has_read_it_needs_none(cast: Cast):
    lead = logged_in(cast.lead)
    assert lead.post("/alarms/mails/", {"mails": "off"}).status_code == 302
    chat(cast.organization, "t", ago=5)
    look(cast)
    assert AlarmMail.objects.count() == 0
    lead.post("/alarms/mails/", {"mails": "on"})
    chat(cast.organization, "u", ago=5, phone="010-0000-0002")
    look(cast)
    lead.post("/alarms/read/")
    tasks.send_all_alarm_mails()
    assert mail.outbox == []
    assert AlarmMail.objects.get().done_at is not None


@pytest.mark.usefixtures("_sends_mail")
def test_a_mail_server_that_is_away_is_tried_again_and_a_dead_worker_taken_over(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    chat(cast.organization, "t", ago=5)
    look(cast)

    def away(*_arguments: Any, **_keywords: Any) -> None:
        raise smtplib.SMTPServerDisconnected

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", away)
        tasks.send_all_alarm_mails()
    waiting = AlarmMail.objects.get()
    assert (waiting.done_at, waiting.claimed_at, waiting.attempts) == (None, None, 1)
    assert waiting.due_at > timezone.now()
    # Another worker has it …
    AlarmMail.objects.update(due_at=timezone.now(), claimed_at=timezone.now())
    tasks.send_all_alarm_mails()
    assert mail.outbox == []
    # … and died.
    long_ago = timezone.now() - timedelta(seconds=CLAIM_SECONDS + 1)
    AlarmMail.objects.update(claimed_at=long_ago)
    tasks.send_all_alarm_mails()
    assert len(mail.outbox) == 1
    assert waiting.public_id.hex in mail.outbox[0].extra_headers["Message-ID"]


def test_without_a_mail_server_nothing_is_intended_and_the_page_says_so(cast: Cast):
    chat(cast.organization, "t", ago=5)
    look(cast)
    assert AlarmMail.objects.count() == 0
    assert "메일 서버가 아직 없어요" in logged_in(cast.lead).get("/alarms/").content.decode()


def test_hours_that_were_edited_while_an_event_was_under_way_are_followed(cast: Cast):
    """Its ticket was counted by the schedule before, though it began under the new one."""
    edited_at = timezone.now() - timedelta(minutes=3)
    ticket = chat(cast.organization, "t", ago=2)
    earlier = chat(cast.organization, "before", ago=5, phone="010-0000-0002")
    accounts.set_center_schedule(cast.seoul, hours={}, holidays=[], targets={"chat": 3600}, by=cast.lead, at=edited_at)
    assert ticket.due_at == ticket.opened_at + timedelta(seconds=60)
    assert recount_changed(cast.organization, at=timezone.now()) > 0
    ticket.refresh_from_db()
    assert ticket.due_at == ticket.opened_at + timedelta(hours=1)
    # What began before keeps what was in force then.
    due_at = earlier.due_at
    earlier.refresh_from_db()
    assert earlier.due_at == due_at
    assert not CenterSchedule.objects.filter(applied_at=None, center=cast.seoul).exists()
    assert recount_changed(cast.organization, at=timezone.now()) == 0


def test_another_zone_counts_every_open_ticket_anew(cast: Cast):
    accounts.set_center_schedule(
        cast.seoul,
        hours={day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},
        holidays=[],
        targets={},
        by=cast.owner,
        at=timezone.now() - timedelta(days=20),
    )
    ticket = chat(cast.organization, "t", ago=60 * 24 * 3)
    organization = cast.organization
    accounts.update_organization(
        organization,
        name=organization.name,
        timezone="America/New_York",
        currency="KRW",
        language="ko",
        reopen_days=7,
        default_targets={},
        by=cast.owner,
        at=timezone.now(),
    )
    before = ticket.due_at
    tasks.recount_all_clocks()
    ticket.refresh_from_db()
    assert ticket.due_at != before
    organization.refresh_from_db()
    assert organization.clocks_changed_at is None


def test_an_installation_without_clocks_gets_them(cast: Cast):
    ticket = chat(cast.organization, "t", ago=5)
    memory = {name: value for name, value in ticket.memory.items() if name != "clocks"}
    Ticket.objects.update(memory=memory, due_at=None, due_kind="", next_alarm_at=None)
    type(cast.organization).objects.update(clocks_changed_at=timezone.now())
    tasks.recount_all_clocks()
    tasks.watch_all_clocks()
    assert Breach.objects.get().ticket == ticket
