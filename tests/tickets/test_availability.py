"""How somebody becomes available and stops being so, and that each change is kept with its time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from cxhub.presence import forget_socket, note_socket
from tests.cast import Cast, make_organization
from tests.tickets.conversations import FRAGMENT, happens, logged_in, ring
from tests.tickets.teams import online, routes
from tickets import tasks
from tickets.actions import availability
from tickets.models import Availability, AvailabilityChange, Ticket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Cast:
    return make_organization()


def state(person: Any) -> tuple[str, str]:
    row = Availability.objects.get(person=person)
    return row.state, row.cause


def goes_round(monkeypatch: pytest.MonkeyPatch, *, after: timedelta = timedelta()) -> datetime:
    """The worker's round, so much later."""
    at = timezone.now() + after
    monkeypatch.setattr(tasks, "now", lambda: at)
    tasks.go_round()
    return at


def test_she_chooses_and_each_change_is_kept(cast: Cast) -> None:
    client = logged_in(cast.agent)
    for choice in ("online", "away", "busy", "busy", "offline"):
        response = client.post("/availability/", {"state": choice, "place": "rail"}, headers=FRAGMENT)
        assert response.status_code == 200
        assert f'data-state="{choice}"' in response.content.decode()
    changes = AvailabilityChange.objects.filter(person=cast.agent).order_by("at")
    assert list(changes.values_list("state", flat=True)) == ["online", "away", "busy", "offline"]


def test_without_scripts_she_comes_back_to_her_page(cast: Cast) -> None:
    client = logged_in(cast.agent)
    assert client.post("/availability/", {"state": "away", "next": "/inbox/"}).headers["Location"] == "/inbox/"
    assert client.post("/availability/", {"state": "away", "next": "//evil.example/"}).headers["Location"] == "/"
    assert client.post("/availability/", {"state": "asleep", "next": "/inbox/"}).headers["Location"] == "/inbox/"
    assert state(cast.agent) == ("away", "herself")


def test_an_unknown_state_is_refused_with_words(cast: Cast) -> None:
    response = logged_in(cast.agent).post("/availability/", {"state": "after_call"}, headers=FRAGMENT)
    assert response.status_code == 422
    assert "골라 주세요" in response.content.decode()


def test_store_staff_have_none(cast: Cast) -> None:
    client = logged_in(cast.store_staff)
    assert client.post("/availability/", {"state": "online"}).status_code == 404
    assert "data-availability" not in client.get("/counter/").content.decode()


def test_idleness_is_away_until_she_moves(cast: Cast) -> None:
    client = logged_in(cast.agent)
    online(cast.agent)
    client.post("/availability/idle/", {"idle": "1"})
    assert state(cast.agent) == ("away", "idle")
    client.post("/availability/idle/", {"idle": ""})
    assert state(cast.agent) == ("online", "idle")
    client.post("/availability/", {"state": "away"})
    client.post("/availability/idle/", {"idle": ""})
    assert state(cast.agent) == ("away", "herself")


def test_an_agents_page_brings_her_online_a_leads_does_not(cast: Cast) -> None:
    for person in (cast.agent, cast.lead, cast.owner, cast.store_staff):
        availability.arrive(person, at=timezone.now())
    assert state(cast.agent) == ("online", "arrived")
    assert not Availability.objects.exclude(person=cast.agent).exists()
    availability.choose_state(cast.agent, "offline", at=timezone.now())
    availability.arrive(cast.agent, at=timezone.now())
    assert state(cast.agent) == ("offline", "herself")


def test_a_short_loss_is_nothing_a_longer_one_is_offline(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    online(cast.lead)
    forget_socket(cast.lead.pk, "test")
    goes_round(monkeypatch)
    assert state(cast.lead) == ("online", "herself")
    assert Availability.objects.get(person=cast.lead).gone_since
    note_socket(cast.lead.pk, "test")
    goes_round(monkeypatch, after=timedelta(minutes=1))
    assert Availability.objects.get(person=cast.lead).gone_since is None
    forget_socket(cast.lead.pk, "test")
    goes_round(monkeypatch, after=timedelta(minutes=1))
    goes_round(monkeypatch, after=timedelta(minutes=1, seconds=29))
    assert state(cast.lead) == ("online", "herself")
    goes_round(monkeypatch, after=timedelta(minutes=1, seconds=30))
    assert state(cast.lead) == ("offline", "dropped")
    availability.arrive(cast.lead, at=timezone.now())
    assert state(cast.lead) == ("online", "arrived")


def test_with_redis_away_nobody_is_thought_gone(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    online(cast.agent)
    forget_socket(cast.agent.pk, "test")
    monkeypatch.setattr(tasks, "connected_among", lambda people: None)
    goes_round(monkeypatch, after=timedelta(hours=1))
    goes_round(monkeypatch, after=timedelta(hours=2))
    assert state(cast.agent) == ("online", "herself")


def test_logging_out_and_a_closed_account_end_it_at_once(cast: Cast) -> None:
    online(cast.agent, cast.lead)
    logged_in(cast.agent).post("/accounts/logout/")
    assert state(cast.agent) == ("offline", "left")
    logged_in(cast.owner).post(f"/settings/people/{cast.lead.public_id}/deactivate/")
    assert state(cast.lead) == ("offline", "left")


def test_a_call_makes_busy_and_then_after_call_work(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    routes(cast.seoul, wrap_up_seconds=90)
    online(cast.agent)
    ring(cast.organization, "call")
    happens(cast.organization, "call.answered", "call", source="/seoul/call", agent=cast.agent.email)
    tasks.follow_calls(organization_id=cast.organization.pk, email=cast.agent.email)
    assert state(cast.agent) == ("busy", "call")
    happens(cast.organization, "call.ended", "call", source="/seoul/call")
    tasks.follow_calls(organization_id=cast.organization.pk, email=cast.agent.email)
    assert state(cast.agent) == ("after_call", "call")
    happens(cast.organization, "call.recording", "call", source="/seoul/call", url="https://a.example/r", seconds=9)
    goes_round(monkeypatch, after=timedelta(seconds=80))
    assert state(cast.agent) == ("after_call", "call")
    goes_round(monkeypatch, after=timedelta(seconds=91))
    assert state(cast.agent) == ("online", "call")


def test_writing_it_up_ends_after_call_work(cast: Cast) -> None:
    online(cast.agent)
    ring(cast.organization, "call")
    happens(cast.organization, "call.answered", "call", source="/seoul/call", agent=cast.agent.email)
    tasks.follow_calls(organization_id=cast.organization.pk, email=cast.agent.email)
    happens(cast.organization, "call.ended", "call", source="/seoul/call")
    tasks.follow_calls(organization_id=cast.organization.pk, email=cast.agent.email)
    ticket = Ticket.objects.get(thread="call")
    logged_in(cast.agent).post(f"/inbox/{ticket.public_id}/wrap-up/", {"text": "교환 안내"}, headers=FRAGMENT)
    assert state(cast.agent) == ("online", "call")


def test_a_call_that_nobody_told_the_worker_of_is_found_by_its_round(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    online(cast.agent)
    ring(cast.organization, "call")
    happens(cast.organization, "call.answered", "call", source="/seoul/call", agent=cast.agent.email)
    goes_round(monkeypatch)
    assert state(cast.agent) == ("busy", "call")
    happens(cast.organization, "call.ended", "call", source="/seoul/call")
    goes_round(monkeypatch)
    assert state(cast.agent) == ("after_call", "call")


def test_the_lead_sees_her_team(cast: Cast) -> None:
    online(cast.agent)
    page = logged_in(cast.lead).get("/team/").content.decode()
    assert cast.agent.name in page
    assert cast.outsider.name not in page
    assert logged_in(cast.agent).get("/team/").status_code == 404
