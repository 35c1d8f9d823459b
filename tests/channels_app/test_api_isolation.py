"""A key reads and writes in its own organization only."""

from __future__ import annotations

import pytest
from django.test import Client

from channels_app.api.actions import create_api_key
from channels_app.models.api_key import Scope
from customers.models import Event
from tests import cast
from tests.channels_app import isolation as channels
from tests.channels_app.envelopes import AT, envelope
from tests.customers import isolation as customers
from tests.isolation import MARK, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = World(cast.make_organization("hidden", name=f"하늘 {MARK}", mark=f" {MARK}"))
    for populate in (*customers.POPULATE, *channels.POPULATE):
        populate(world)
    return world


def _headers(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def _strangers_key() -> dict[str, str]:
    others = cast.make_other_organization()
    _, secret = create_api_key(
        others.organization, name="key", scopes=Scope.values, sources=["/seoul"], by=others.owner, at=AT
    )
    return _headers(secret)


def test_reading_with_another_organizations_key_finds_nothing(world: World, client: Client) -> None:
    stranger, own = _strangers_key(), _headers(world.made["secret"])
    customer = f"/api/v1/customers/{world.made['customer']}/"
    assert client.get(customer, headers=stranger).status_code == 404
    assert client.get(customer, headers=own).status_code == 200
    for path in (
        "/api/v1/events/",
        f"/api/v1/events/?customer={world.made['customer']}",
        f"/api/v1/customers/?phone={customers.PHONE}",
        "/api/v1/customers/?member_no=M-1",
    ):
        assert MARK not in client.get(path, headers=stranger).content.decode(), path


def test_writing_with_another_organizations_key_touches_only_its_own(world: World, client: Client) -> None:
    stranger = _strangers_key()
    hidden = Event.objects.filter(organization=world.hidden.organization)
    before = list(hidden.order_by("pk").values_list("pk", "customer_id"))
    same = envelope("sale-1", "store.visit", customer={"phone": customers.PHONE}, store="gangnam")
    response = client.post("/api/v1/events/", same, content_type="application/json", headers=stranger)
    assert response.status_code == 201, "the same id of the same source is another event in another organization"
    assert response.json()["customer"] != str(world.made["customer"])
    assert list(hidden.order_by("pk").values_list("pk", "customer_id")) == before
