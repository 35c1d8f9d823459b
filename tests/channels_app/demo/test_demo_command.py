"""`manage.py demo`: the history through the one door, whole, once, and taken up again where it was cut short."""

from __future__ import annotations

import stat
from datetime import datetime
from io import StringIO
from itertools import islice
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.models import CenterSchedule, Organization, Person
from channels_app.demo.foundation import lay_foundation
from channels_app.demo.history import generate
from channels_app.demo.hours import SEOUL
from channels_app.demo.loading import SENDER, load_history
from channels_app.demo.marks import Mark, keep_live_access, read_live_access, read_mark, write_mark
from channels_app.demo.organization import LOG_INS, PASSWORD, STAFF, TOPICS
from channels_app.envelope import parse
from channels_app.models import ApiKey, ConsentNotice, RefusedEvent, RepeatedEvent
from channels_app.models.widget import WidgetSettings
from customers.models import Event, Identity, MergeSuggestion
from customers.queries.consents import consents_of_members
from tickets.models import Ticket, Topic

FEW = 150
NOW = datetime(2026, 11, 23, 7, 18, tzinfo=SEOUL)
MARK = Mark(seed=5, customers=FEW, now=NOW.isoformat())


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def run(*arguments: str) -> str:
    told = StringIO()
    call_command("demo", *arguments, stdout=told)
    return told.getvalue()


def test_every_envelope_is_taken_by_the_parser() -> None:
    for event in generate(MARK.seed, NOW, customers=FEW):
        parse(event, now=NOW, may_write=SENDER.may_write)


@pytest.mark.django_db
def test_the_foundation_is_what_the_plan_says() -> None:
    organization = lay_foundation(at=NOW)
    assert Person.objects.filter(organization=organization).count() == len(STAFF) == 12
    for staff in LOG_INS:
        assert Person.objects.get(email=staff.email).check_password(PASSWORD)
    assert Topic.objects.filter(organization=organization).count() == len(TOPICS)
    assert all(
        "2026-09-25" in schedule.holidays and schedule.hours
        for schedule in CenterSchedule.objects.filter(organization=organization)
    )
    assert WidgetSettings.objects.filter(organization=organization, center__slug="seoul").count() == 1
    assert lay_foundation(at=NOW) == organization


@pytest.mark.django_db(transaction=True)
def test_demo_fills_the_hub_and_a_second_run_adds_nothing(folder: Path) -> None:
    told = run("--customers", str(FEW))
    assert PASSWORD in told
    assert "김서연" in told
    organization = Organization.objects.get(slug="haneul")
    before = (Event.objects.count(), Ticket.objects.count(), Identity.objects.count(), ApiKey.objects.count())
    assert before[0] > 1000
    assert RefusedEvent.objects.count() == 0
    assert MergeSuggestion.objects.filter(organization=organization).count() >= 2
    heroine = Identity.objects.get(organization=organization, kind="phone", value="+821001235678").customer
    assert heroine.name == "김서연"
    hers = consents_of_members(organization, [heroine.pk])
    assert [hers.holds(medium) for medium in ("sms", "mail", "kakao", "call")] == [True, True, False, False]
    assert not ConsentNotice.objects.exists(), "nothing goes to invented customers by itself"
    assert Ticket.objects.filter(organization=organization, customer=heroine, status="open").count() == 2

    run()

    assert (Event.objects.count(), Ticket.objects.count(), Identity.objects.count(), ApiKey.objects.count()) == before
    assert RepeatedEvent.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_run_that_was_cut_short_goes_on_with_the_same_events(folder: Path) -> None:
    write_mark(folder, MARK)
    organization = lay_foundation(at=MARK.present)
    sent = [progress.sent for progress in islice(load_history(organization, MARK), 2)]
    assert Event.objects.count() == sent[-1] == 1000

    told = run("--if-empty")

    total = len(list(generate(MARK.seed, NOW, customers=FEW)))
    # What the shop did about its surveys comes on top, as acts of its own.
    assert Event.objects.exclude(source="/hub").count() == total
    assert PASSWORD not in told
    mark = read_mark(folder)
    assert mark is not None
    assert mark.is_finished


@pytest.mark.django_db(transaction=True)
def test_if_empty_leaves_alone_what_somebody_has_made(folder: Path) -> None:
    Organization.objects.create(slug="own", name="내 가게")
    assert run("--if-empty") == ""
    assert Organization.objects.count() == 1
    assert read_mark(folder) is None


@pytest.mark.django_db(transaction=True)
def test_another_seed_or_size_is_refused_beside_a_demo(folder: Path) -> None:
    write_mark(folder, MARK)
    lay_foundation(at=MARK.present)
    with pytest.raises(CommandError, match="5"):
        run("--seed", "6")
    with pytest.raises(CommandError, match=str(FEW)):
        run("--customers", "2000")
    assert Event.objects.count() == 0


@pytest.mark.django_db
def test_too_few_customers_are_refused(folder: Path) -> None:
    with pytest.raises(CommandError):
        run("--customers", "10")
    assert not Organization.objects.exists()


@pytest.mark.django_db
def test_the_live_access_is_private_and_made_anew_when_lost(folder: Path) -> None:
    organization = lay_foundation(at=NOW)
    keep_live_access(folder, organization, at=NOW)
    first = read_live_access(folder)
    assert stat.S_IMODE((folder / "demo-live.json").stat().st_mode) == 0o600
    keep_live_access(folder, organization, at=NOW)
    assert read_live_access(folder) == first

    (folder / "demo-live.json").unlink()
    keep_live_access(folder, organization, at=NOW)

    second = read_live_access(folder)
    assert second.widget == first.widget
    usable = ApiKey.objects.filter(organization=organization, revoked_at=None)
    assert [key.key_hash for key in usable] == [ApiKey.hash_of(second.api_key)]
    assert usable.get().scopes == ["events:write", "events:read"]
