"""The settings screen of keys: made once seen once, revoked, and closed to everybody but the owner."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from channels_app.api.actions import create_api_key, revoke_api_key
from channels_app.models import ApiKey
from tests.cast import SETUP, Cast, make_other_organization
from tests.channels_app.api.conftest import Caller
from tests.channels_app.envelopes import sale

LIST, NEW = "/settings/api-keys/", "/settings/api-keys/new/"


@pytest.fixture
def owner(cast: Cast, client: Client) -> Client:
    client.force_login(cast.owner, backend="accounts.backends.PersonBackend")
    return client


def typed(**changes: object) -> dict[str, object]:
    return {
        "name": "강남점 포스",
        "scopes": ["events:write"],
        "sources": "/seoul/pos\n\n /seoul/pos \n/seoul/call/",
        "limit": "6000",
        "days": "",
        **changes,
    }


def test_the_empty_list_shows_the_first_step_with_the_hubs_own_address(owner: Client) -> None:
    page = owner.get(LIST).content.decode()
    assert "curl http://testserver/api/v1/events/" in page
    assert NEW in page


def test_a_new_key_is_shown_once_and_works(owner: Client, cast: Cast) -> None:
    answer = owner.post(NEW, typed())
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    secret = re.search(r"cx_[\w-]{40,}", answer.content.decode())
    assert secret
    key = ApiKey.objects.get()
    assert key.sources == ["/seoul/pos", "/seoul/call"]
    assert key.created_by == cast.owner.email
    assert Caller(secret[0]).post(sale("s1")).status_code == 201
    page = owner.get(LIST).content.decode()
    assert secret[0] not in page
    assert key.shown_prefix in page


def test_the_example_command_works_as_it_stands(owner: Client, caller: Caller) -> None:
    for page in (owner.get(LIST), owner.post(NEW, typed())):
        command = html.unescape(page.content.decode()).split("-d '")[1].split("'</code>")[0]
        assert caller.post(command.encode(), "application/cloudevents+json").status_code in (200, 201)


def test_limit_and_end_are_what_was_chosen(owner: Client) -> None:
    owner.post(NEW, typed(limit="none", days="30"))
    key = ApiKey.objects.get()
    assert key.events_per_minute is None
    assert key.expires_at
    assert (key.expires_at - key.created_at).days == 30


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"scopes": []}, {"sources": "seoul"}, {"sources": ""}, {"limit": "7"}, {"days": "-1"}]
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(owner: Client, wrong: dict[str, object]) -> None:
    answer = owner.post(NEW, typed(**wrong))
    assert answer.status_code == 422
    assert "text-error" in answer.content.decode()
    if "name" not in wrong:
        assert "강남점 포스" in answer.content.decode()
    assert not ApiKey.objects.exists()


def test_revoking_asks_first_and_stays_in_the_list(owner: Client, cast: Cast) -> None:
    owner.post(NEW, typed())
    key = ApiKey.objects.get()
    address = reverse("channels:key_revoke", args=[key.public_id])
    assert "data-confirm=" in owner.get(LIST).content.decode()
    assert owner.get(address).status_code == 405
    assert owner.post(address).status_code == 302
    key.refresh_from_db()
    assert key.revoked_at
    assert not revoke_api_key(key, by=cast.owner, at=now())
    assert key.shown_prefix in owner.get(LIST).content.decode()


def test_names_are_shown_as_text(owner: Client) -> None:
    owner.post(NEW, typed(name="<script>alert(1)</script>"))
    page = owner.get(LIST).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("role", ["lead", "agent", "store_staff"])
def test_others_find_nothing(client: Client, cast: Cast, role: str) -> None:
    client.force_login(cast.people[role], backend="accounts.backends.PersonBackend")
    assert client.get(LIST).status_code == 404
    assert client.get(NEW).status_code == 404
    assert client.post(NEW, typed()).status_code == 404
    assert not ApiKey.objects.exists()


def test_another_organizations_key_is_not_there(owner: Client) -> None:
    other = make_other_organization()
    key, _secret = create_api_key(
        other.organization, name="theirs", scopes=["events:read"], sources=[], by=SETUP, at=now()
    )
    assert "theirs" not in owner.get(LIST).content.decode()
    assert owner.post(reverse("channels:key_revoke", args=[key.public_id])).status_code == 404
    key.refresh_from_db()
    assert key.revoked_at is None
