"""Every settings screen opens for who may see it, in every state, and is gone for who may not."""

from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from tests import cast

pytestmark = pytest.mark.django_db

OWNERS_SCREENS = [
    "accounts:settings",
    "accounts:organization",
    "accounts:center_list",
    "accounts:center_create",
    "accounts:store_list",
    "accounts:store_create",
    "accounts:person_list",
    "accounts:person_create",
    "accounts:audit_log",
    "accounts:audit_export",
    "accounts:audit_reviews",
    "accounts:profile",
]
LEADS_SCREENS = {"accounts:settings", "accounts:center_list", "accounts:person_list", "accounts:profile"}
EVERYBODYS_SCREENS = {"accounts:profile"}
# Who answers keeps saved replies of her own there.
AGENTS_SCREENS = EVERYBODYS_SCREENS | {"accounts:settings"}


@pytest.mark.parametrize("screen", OWNERS_SCREENS)
def test_each_role_finds_its_screens_and_no_others(client: Client, screen: str) -> None:
    people = cast.make_organization().people
    allowed = {
        "owner": True,
        "lead": screen in LEADS_SCREENS,
        "agent": screen in AGENTS_SCREENS,
        "store_staff": screen in EVERYBODYS_SCREENS,
    }
    for role, is_allowed in allowed.items():
        client.force_login(people[role], backend="accounts.backends.PersonBackend")
        status = client.get(reverse(screen)).status_code
        assert status == (HTTPStatus.OK if is_allowed else HTTPStatus.NOT_FOUND), role


@pytest.mark.parametrize("screen", OWNERS_SCREENS)
def test_a_visitor_is_sent_to_log_in(client: Client, screen: str) -> None:
    cast.make_organization()
    response = client.get(reverse(screen))
    assert response.status_code == HTTPStatus.FOUND
    assert response["Location"].startswith("/accounts/login/")


def test_details_of_rows_open(client: Client) -> None:
    family = cast.make_organization()
    client.force_login(family.owner, backend="accounts.backends.PersonBackend")
    for url in (
        reverse("accounts:center_detail", args=[family.seoul.public_id]),
        reverse("accounts:store_detail", args=[family.gangnam.public_id]),
        reverse("accounts:person_detail", args=[family.agent.public_id]),
        reverse("accounts:audit_review", args=["2026-01"]),
    ):
        assert client.get(url).status_code == HTTPStatus.OK, url


def test_a_lead_edits_the_hours_of_her_center_only(client: Client) -> None:
    family = cast.make_organization()
    client.force_login(family.lead, backend="accounts.backends.PersonBackend")
    assert client.get(reverse("accounts:center_detail", args=[family.seoul.public_id])).status_code == HTTPStatus.OK
    other = client.get(reverse("accounts:center_detail", args=[family.busan.public_id]))
    assert other.status_code == HTTPStatus.NOT_FOUND


def test_an_organization_without_anything_shows_first_steps(client: Client) -> None:
    organization = cast.make_bare_organization()
    owner = cast.make_person(organization, "owner", role="owner")
    client.force_login(owner, backend="accounts.backends.PersonBackend")
    for screen in ("accounts:center_list", "accounts:store_list"):
        assert (
            "아직" in client.get(reverse(screen)).content.decode()
            or "yet" in client.get(reverse(screen)).content.decode()
        ), screen
