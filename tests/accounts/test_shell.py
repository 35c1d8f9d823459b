"""The frame around every page: navigation by role, error pages, pieces of the templates."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.template import Context, Template
from django.test import Client
from django.utils import timezone, translation

from accounts import navigation
from accounts.models import Person
from accounts.policies import Permission
from tests import cast

BACKEND = "accounts.backends.PersonBackend"


@pytest.mark.django_db
def test_settings_entries_of_any_room_follow_permission(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_settings", [])
    monkeypatch.setattr(navigation, "_main", [])
    family = cast.make_organization()
    navigation.add_settings_entry(
        navigation.Entry("accounts:store_list", "B", "store", Permission.MANAGE_CHANNELS, order=2, group="eins")
    )
    navigation.add_settings_entry(
        navigation.Entry("accounts:person_list", "A", "users", Permission.SEE_PEOPLE, order=1, group="zwei")
    )
    navigation.add_main_entry(
        navigation.Entry("accounts:profile", "C", "user", Permission.USE_COUNTER, count=lambda person: 3)
    )
    owners = navigation.settings_groups(family.owner, "/settings/people/")
    assert [(label, [(shown.entry.label, shown.is_current) for shown in entries]) for label, entries in owners] == [
        ("zwei", [("A", True)]),
        ("eins", [("B", False)]),
    ]
    assert [label for label, _ in navigation.settings_groups(family.lead, "/")] == ["zwei"]
    assert not navigation.has_settings(family.agent)
    assert [shown.count for shown in navigation.main_entries(family.store_staff, "/")] == [3]


@pytest.mark.django_db
def test_pages_have_their_landmarks(client: Client) -> None:
    family = cast.make_organization()
    client.force_login(family.owner, backend=BACKEND)
    page = client.get("/settings/").content.decode()
    for piece in ('lang="ko"', 'id="main"', 'href="#main"', "X-CSRFToken", 'role="status"', 'id="dialog-root"'):
        assert piece in page, piece


@pytest.mark.django_db
def test_error_pages(client: Client) -> None:
    cast.make_organization()
    missing = client.get("/no-such-page/")
    assert missing.status_code == 404
    assert "/static/dist/app.css" in missing.content.decode()
    strict = Client(enforce_csrf_checks=True)
    refused = strict.post("/accounts/login/", {"login": "a@b.example", "password": "x"})
    assert refused.status_code == 403


@pytest.mark.django_db
def test_a_failure_of_ours_is_a_page_without_a_query(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    family = cast.make_organization()
    client.force_login(family.owner, backend=BACKEND)
    client.raise_request_exception = False
    monkeypatch.setattr("accounts.navigation.settings_groups", lambda *_: 1 / 0)
    response = client.get("/settings/")
    assert response.status_code == 500
    assert "500" in response.content.decode()


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=5), "just now"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(hours=3), "09:00"),
        (timedelta(days=40), "10/13 12:00"),
        (timedelta(days=400), "2025-10-18"),
        (timedelta(days=-1), "11/23 12:00"),
    ],
)
def test_relative_times(age: timedelta, words: str) -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    with time_machine.travel(now, tick=False), translation.override("en"), timezone.override("UTC"):
        html = Template("{% load shell %}{% relative_time at %}").render(Context({"at": now - age}))
    assert f">{words}</time>" in html
    assert f'title="{(now - age):%Y-%m-%d %H:%M:%S}"' in html


def test_names_in_pieces_are_text() -> None:
    html = Template("{% load shell %}{% icon name %}{{ name|initial }}").render(Context({"name": '"><script>'}))
    assert "<script>" not in html


@pytest.mark.django_db
def test_a_phones_bar_holds_what_fits_and_the_rest_is_one_press_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_main", [])
    family = cast.make_organization()
    for order, label in enumerate("ABCDEF"):
        entry = navigation.Entry(
            "accounts:profile",
            label,
            "user",
            Permission.USE_COUNTER,
            order=order,
            owner_order=-1 if label == "F" else None,
        )
        navigation.add_main_entry(entry)

    def bar(person: Person, count: int = 6, *, with_settings: bool = True) -> tuple[str, str]:
        entries = navigation.main_entries(person, "/")[:count]
        found = navigation.bar_of(entries, with_settings=with_settings)
        return tuple("".join(str(shown.entry.label) for shown in part) for part in (found.shown, found.more))

    assert bar(family.agent) == ("ABCD", "EF")
    assert bar(family.agent, 5) == ("ABCD", "E")
    assert bar(family.agent, 5, with_settings=False) == ("ABCDE", "")
    assert bar(family.agent, 4) == ("ABCD", "")
    # An owner begins with what is hers.
    assert bar(family.owner) == ("FABC", "DE")
