"""An open page is what makes somebody available: while it is connected, and no longer when it has gone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from cxhub import presence
from tests.browser.desk import until
from tests.cast import Cast, make_organization
from tests.channels_app.desk.desks import Desk
from tests.hubs import Hub
from tests.tickets.conversations import chat
from tests.tickets.teams import owners, routes
from tickets.actions.availability import choose_state
from tickets.models import Availability


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_organization()


def connected(cast: Cast) -> set[int] | None:
    return presence.connected_among([cast.agent.pk, cast.lead.pk])


def test_as_long_as_one_of_her_pages_is_connected(live_hub: Hub, cast: Cast):
    one, other = Desk(live_hub, cast.agent), Desk(live_hub, cast.agent)
    one.follow("person")
    other.follow("person")
    assert connected(cast) == {cast.agent.pk}
    one.close()
    other.send({"kind": "ping"})
    other.until(lambda frame: frame["kind"] == "pong")
    assert connected(cast) == {cast.agent.pk}
    other.close()
    until(lambda: connected(cast) == set())


def test_a_killed_hubs_pages_run_out(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    """Nobody takes them away: each was written down for some seconds only."""
    monkeypatch.setattr(presence, "LIFE_SECONDS", 0.2)
    presence.note_socket(cast.agent.pk, "of a killed hub")
    assert connected(cast) == {cast.agent.pk}
    until(lambda: connected(cast) == set())


def test_her_pages_hear_of_her_state(live_hub: Hub, cast: Cast):
    desk, team, outside = Desk(live_hub, cast.agent), Desk(live_hub, cast.lead), Desk(live_hub, cast.outsider)
    desk.follow("person")
    team.follow("team")
    assert outside.follow("team")["refused"] == ["team"]
    choose_state(cast.agent, "busy", at=timezone.now())
    assert desk.until_hint("person")["what"] == {"kind": "availability"}
    assert team.until_hint("team")["what"] == {"kind": "availability"}
    for page in (desk, team, outside):
        page.close()


def test_the_worker_gives_her_what_comes_and_what_waited(hub_factory: Callable[..., Hub], cast: Cast):
    hub = hub_factory(CXHUB_EMBEDDED_WORKER="1")
    routes(cast.seoul)
    chat(cast.organization, "waited", ago=9, phone="")
    desk = Desk(hub, cast.agent)
    desk.follow("desk")
    assert Availability.objects.get(person=cast.agent).state == "online"
    until(lambda: owners()["waited"] == cast.agent.email, seconds=30)
    chat(cast.organization, "comes", phone="")
    until(lambda: owners()["comes"] == cast.agent.email, seconds=30)
    desk.close()
