"""How fresh the board is, and who is told that it counts otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils import timezone

from channels_app.desk.groups import groups_within_reach
from customers.models import Event
from tests.cast import Cast, make_organization
from tests.voc.voices import chat, hear, say, say_and_hear
from voc.actions.correcting import Correction, correct
from voc.queries.fresh import heard_until

BACKEND = "accounts.backends.PersonBackend"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_organization()


def test_it_is_as_fresh_as_the_oldest_that_nobody_has_heard(cast: Cast):
    now = timezone.now() + timedelta(hours=1)
    assert heard_until(cast.organization, now) == now
    say(cast.organization, chat("1", "배송이 늦어요."), chat("2", "답변이 없어요."))
    assert heard_until(cast.organization, now) == Event.objects.order_by("recorded_at")[0].recorded_at
    hear(cast.organization)
    assert heard_until(cast.organization, now) == now


def test_who_answers_customers_may_listen_and_nobody_else(cast: Cast):
    group = f"voices.{cast.organization.pk}"
    for person in (cast.owner, cast.lead, cast.agent):
        assert groups_within_reach(person, ["voices"])[group] == "voices"
    assert group not in groups_within_reach(cast.store_staff, ["voices"])
    assert "voices" not in groups_within_reach(cast.store_staff, ["voices"]).values()


def test_boards_are_told_of_what_is_heard_and_corrected_and_of_nothing_else(
    cast: Cast,
    django_capture_on_commit_callbacks,  # type: ignore[no-untyped-def]
):
    seen: list[str] = []

    def publish(messages: Iterable[tuple[str, object]]) -> None:
        seen.extend(group for group, _message in messages)

    with patch("cxhub.live.publish_all", publish):
        with django_capture_on_commit_callbacks(execute=True):
            voice = say_and_hear(cast.organization, chat("1", "배송이 늦어요."))[0]
        group = f"voices.{cast.organization.pk}"
        assert seen.count(group) == 1
        with django_capture_on_commit_callbacks(execute=True):
            hear(cast.organization)
        assert seen.count(group) == 1
        with django_capture_on_commit_callbacks(execute=True):
            correct(voice, Correction(sentiment=0), by=cast.agent, at=timezone.now())
        assert seen.count(group) == 2


def test_the_page_says_how_fresh_it_is_and_asks_only_of_days_that_run(cast: Cast, client: Client):
    client.force_login(cast.owner, backend=BACKEND)
    running = client.get("/voc/").content.decode()
    assert "data-board-fresh" in running
    assert 'data-live="voices"' in running
    over = client.get("/voc/?from=2020-01-01&to=2020-01-31").content.decode()
    assert "data-board-fresh" in over
    assert 'data-live="voices"' not in over
    assert "data-board-renew" not in over
