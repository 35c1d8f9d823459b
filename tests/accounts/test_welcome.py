"""The first-run page: sets everything up at once, once, and not for strangers."""

import pytest
from django.test import Client
from pytest_django import Settings

from accounts import audit, queries
from accounts.models import Center, Organization, Person, Store
from tests import cast

pytestmark = pytest.mark.django_db

ANSWERS = {
    "organization_name": "하늘상회",
    "organization_slug": "haneul",
    "center_name": "고객센터",
    "open_days": "mon,tue,wed,thu,fri",
    "opens": "09:00",
    "closes": "18:00",
    "break_starts": "12:00",
    "break_ends": "13:00",
    "store_name": "강남점",
    "owner_name": "한대표",
    "owner_email": "Owner@haneul.example",
    "owner_password": cast.PASSWORD,
}


def test_a_fresh_hub_leads_there(client: Client) -> None:
    for path in ("/", "/accounts/login/"):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (302, "/welcome/")
    assert client.get("/welcome/").status_code == 200


def test_one_answer_sets_everything_up_and_logs_in(client: Client) -> None:
    response = client.post("/welcome/", ANSWERS)
    assert (response.status_code, response["Location"]) == (302, "/welcome/done/")
    organization = Organization.objects.get()
    owner = Person.objects.get()
    assert (owner.email, owner.organization, owner.role) == ("owner@haneul.example", organization, "owner")
    schedule = queries.schedule_at(Center.objects.get(), organization.created_at)
    assert schedule is not None
    assert schedule.hours["mon"] == [["09:00", "12:00"], ["13:00", "18:00"]]
    assert "sat" not in schedule.hours
    assert Store.objects.get().center == Center.objects.get()
    assert client.get("/welcome/done/").status_code == 200
    assert client.get("/settings/").status_code == 200
    assert audit.verify_chain(organization).is_intact


def test_it_is_gone_afterwards(client: Client) -> None:
    cast.make_organization()
    for answer in (client.get("/welcome/"), client.post("/welcome/", ANSWERS)):
        assert (answer.status_code, answer["Location"]) == (302, "/")
    assert Organization.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"organization_slug": "하늘"}, "organization_slug"),
        ({"organization_slug": "hub"}, "organization_slug"),
        ({"owner_password": "12345678"}, "owner_password"),
        ({"owner_email": "owner"}, "owner_email"),
        ({"opens": "12:30"}, "opens"),
        ({"opens": "25:00"}, "opens"),
        ({"organization_name": ""}, "organization_name"),
    ],
)
def test_what_is_wrong_is_shown_at_its_field_and_nothing_is_made(
    client: Client, changes: dict[str, str], field: str
) -> None:
    response = client.post("/welcome/", ANSWERS | changes)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Organization.objects.exists()
    assert not Person.objects.exists()


def test_in_production_a_stranger_cannot_claim_the_hub(client: Client, settings: Settings) -> None:
    settings.PRODUCTION = True
    assert "create_organization" in client.get("/welcome/").content.decode()
    client.post("/welcome/", ANSWERS)
    assert not Organization.objects.exists()


def test_the_set_up_code_opens_it(client: Client, settings: Settings) -> None:
    settings.PRODUCTION = True
    settings.SETUP_CODE = "let-me-in"
    assert client.post("/welcome/", ANSWERS | {"setup_code": "guess"}).status_code == 422
    assert not Organization.objects.exists()
    assert client.post("/welcome/", ANSWERS | {"setup_code": "let-me-in"}).status_code == 302
    assert Organization.objects.exists()
