"""The settings screen of the widgets, and the demo shop."""

from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.policies import NotAllowed
from channels_app.models.widget import WidgetSettings
from channels_app.widget.settings_actions import (
    WidgetContent,
    WidgetSettingsRefused,
    create_widget,
    rotate_signing_secret,
    update_widget,
)
from tests.cast import Cast, make_other_organization
from tests.channels_app.widget.visitors import Visitor, as_person, make_widget, signed

FORM = {
    "name": "본점 채팅",
    "greeting_ko": "어서 오세요",
    "greeting_en": "",
    "allowed_origins": "https://Shop.Example/\n\nhttps://shop.example\nhttp://localhost:3000",
    "brand_color": "#7A1F3D",
    "plays_sound": "on",
    "asks_contact": "on",
    "asks_name": "required",
    "asks_phone": "optional",
    "asks_email": "off",
    "asks_topic": "off",
    "contact_kept_months": "12",
    "privacy_url": "",
    "is_active": "on",
}


def test_lead_makes_one_and_copies_the_line(client: Client, cast: Cast):
    as_person(client, cast.lead)
    empty = client.get("/settings/widget/")
    assert b"/settings/widget/new/" in empty.content
    made = client.post("/settings/widget/new/", {**FORM, "center": cast.seoul.pk}, follow=True)
    widget = WidgetSettings.objects.get()
    assert widget.allowed_origins == ["https://shop.example", "http://localhost:3000"]
    assert (widget.center, widget.asks) == (cast.seoul, {"name": "required", "phone": "optional"})
    assert (widget.brand_color, widget.contact_kept_months, widget.asks_satisfaction) == ("#7a1f3d", 12, False)
    assert f"data-widget=&quot;{widget.public_id}&quot;" in made.content.decode()
    assert widget.signing_secret not in made.content.decode()
    assert AuditEntry.objects.filter(action="channels.widget.create", by=cast.lead).count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "하늘상회"}, "name"),
        ({"allowed_origins": "shop.example"}, "allowed_origins"),
        ({"allowed_origins": "https://shop.example/page"}, "allowed_origins"),
        ({"center": "999"}, "center"),
        ({"brand_color": "red"}, "brand_color"),
        ({"asks_phone": "maybe"}, "asks_phone"),
        ({"contact_kept_months": "0"}, "contact_kept_months"),
        ({"privacy_url": "javascript:alert(1)"}, "privacy_url"),
    ],
)
def test_mistakes_are_told_and_nothing_is_made(client: Client, cast: Cast, widget, changes, field):
    as_person(client, cast.owner)
    response = client.post("/settings/widget/new/", {**FORM, "center": cast.seoul.pk, **changes})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert WidgetSettings.objects.count() == 1


def test_lead_cannot_reach_another_center(client: Client, cast: Cast):
    hidden = make_widget(cast, center=cast.busan)
    as_person(client, cast.lead)
    assert client.get(f"/settings/widget/{hidden.public_id}/").status_code == 404
    assert client.post("/settings/widget/new/", {**FORM, "center": cast.busan.pk}).status_code == 422
    with pytest.raises(NotAllowed):
        create_widget(
            cast.organization, center=cast.busan, content=WidgetContent("몰래"), by=cast.lead, at=timezone.now()
        )


@pytest.mark.parametrize("role", ["agent", "store_staff"])
def test_others_find_no_such_screen(client: Client, cast: Cast, widget: WidgetSettings, role: str):
    as_person(client, cast.people[role])
    for path in ("/settings/widget/", "/settings/widget/new/", f"/settings/widget/{widget.public_id}/"):
        assert client.get(path).status_code == 404
    assert client.post(f"/settings/widget/{widget.public_id}/secret/").status_code == 404


def test_another_organization_finds_nothing(client: Client, widget: WidgetSettings):
    as_person(client, make_other_organization().owner)
    assert client.get(f"/settings/widget/{widget.public_id}/").status_code == 404
    assert client.post(f"/settings/widget/{widget.public_id}/secret/", {"rotate": "1"}).status_code == 404
    assert client.get(f"/settings/widget/{uuid4()}/").status_code == 404


def test_secret_is_shown_on_demand_and_recorded(client: Client, cast: Cast, widget: WidgetSettings):
    as_person(client, cast.owner)
    path = f"/settings/widget/{widget.public_id}/secret/"
    assert client.get(path).status_code == 405
    shown = client.post(path, {"show": "1"}, headers={"hx-request": "true"})
    assert widget.signing_secret in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert AuditEntry.objects.filter(action="channels.widget.reveal_secret", by=cast.owner).count() == 1


def test_replaced_secret_ends_old_tokens(client: Client, cast: Cast, widget: WidgetSettings):
    token = signed(widget, member_no="M-1001")
    as_person(client, cast.owner)
    shown = client.post(f"/settings/widget/{widget.public_id}/secret/", {"rotate": "1"})
    old = widget.signing_secret
    widget.refresh_from_db()
    assert widget.signing_secret != old
    assert widget.signing_secret in shown.content.decode()
    assert Visitor(widget).open(token=token)["token_problem"] == "signature"
    trail = AuditEntry.objects.filter(action="channels.widget.rotate_secret")
    assert trail.count() == 1
    assert widget.signing_secret not in str(list(trail.values()))


def test_unchanged_settings_leave_no_trail(cast: Cast, widget: WidgetSettings):
    entries = AuditEntry.objects.count()
    content = WidgetContent(widget.name, widget.greeting_ko, widget.greeting_en, widget.allowed_origins)
    update_widget(widget, center=cast.seoul, content=content, by=cast.owner, at=timezone.now())
    assert AuditEntry.objects.count() == entries


def test_agent_may_not_by_any_door(cast: Cast, widget: WidgetSettings):
    content = WidgetContent("몰래")
    with pytest.raises(NotAllowed):
        update_widget(widget, center=cast.seoul, content=content, by=cast.agent, at=timezone.now())
    with pytest.raises(NotAllowed):
        rotate_signing_secret(widget, by=cast.agent, at=timezone.now())
    foreign = make_other_organization()
    with pytest.raises(WidgetSettingsRefused):
        update_widget(widget, center=foreign.seoul, content=content, by=cast.owner, at=timezone.now())
    widget.refresh_from_db()
    assert widget.name == "하늘상회"


def test_demo_shop_is_there_with_its_organization_only(client: Client, cast: Cast):
    without = client.get("/shop/")
    assert without.status_code == 200
    assert b"data-widget" not in without.content
    widget = make_widget(cast)
    assert f'data-widget="{widget.public_id}"' in client.get("/shop/").content.decode()
    english = client.get("/shop/?lang=en").content.decode()
    assert '<html lang="en">' in english
    assert client.get("/shop/?lang=%00x").status_code == 200
    cast.organization.slug = "elsewhere"
    cast.organization.save(update_fields=["slug"])
    assert client.get("/shop/").status_code == 404
