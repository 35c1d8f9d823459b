"""The shell in a real browser, under the real CSP: every settings screen, the hours editor, dialogs, two-step log-in."""

from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.urls import reverse
from django.utils.timezone import now

from accounts import queries
from tests import cast
from tests.browsers import PageOpener

OWNERS_SCREENS = [
    "accounts:settings",
    "accounts:organization",
    "accounts:center_list",
    "accounts:store_list",
    "accounts:person_list",
    "accounts:person_create",
    "accounts:audit_log",
    "accounts:audit_export",
    "accounts:audit_reviews",
    "accounts:profile",
]
SCROLLS_SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_no_screen_breaks_or_scrolls_sideways(open_page: PageOpener, width: int) -> None:
    family = cast.make_organization()
    page = open_page("/settings/", person=family.owner, width=width)
    details = [
        reverse("accounts:center_detail", args=[family.seoul.public_id]),
        reverse("accounts:person_detail", args=[family.agent.public_id]),
        reverse("accounts:store_detail", args=[family.gangnam.public_id]),
    ]
    for path in [*(reverse(screen) for screen in OWNERS_SCREENS), *details]:
        page.goto(open_page.hub.url + path)
        assert not page.evaluate(SCROLLS_SIDEWAYS), f"{path} at {width}"


def test_the_hours_editor(open_page: PageOpener) -> None:
    family = cast.make_organization()
    page = open_page(reverse("accounts:center_detail", args=[family.seoul.public_id]), person=family.lead)
    monday = page.locator("[data-day=mon]")
    monday.locator("[data-remove-row]").nth(1).click()
    monday.locator("[name=mon_start]").fill("1000")
    monday.locator("[name=mon_end]").fill("19:00")
    page.locator("[data-copy-monday]").click()
    page.locator("[data-choose-all]").click()
    page.locator("[data-schedule-editor] button[type=submit]").click()
    page.wait_for_selector("[data-toast]")
    schedule = queries.schedule_at(family.seoul, now())
    assert schedule is not None
    assert schedule.hours == {day: [["10:00", "19:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    assert len(schedule.holidays) > 20


def test_what_cannot_be_undone_is_asked_first(open_page: PageOpener) -> None:
    family = cast.make_organization()
    page = open_page(reverse("accounts:person_detail", args=[family.agent.public_id]), person=family.owner)
    close = page.locator("form[action$='/deactivate/'] button")
    close.click()
    page.locator("[data-confirm-no]").click()
    family.agent.refresh_from_db()
    assert family.agent.is_active
    close.click()
    page.locator("[data-confirm-yes]").click()
    page.wait_for_selector("[data-toast]")
    family.agent.refresh_from_db()
    assert not family.agent.is_active


def test_the_second_factors_picture_shows_under_the_csp(open_page: PageOpener) -> None:
    family = cast.make_organization()
    # The hub's own process knows no cheap passwords.
    hasher = Argon2PasswordHasher()
    family.owner.password = hasher.encode(cast.PASSWORD, hasher.salt())
    family.owner.save(update_fields=["password"])
    page = open_page("/accounts/2fa/totp/activate/", person=family.owner)
    page.locator("[name=password]").fill(cast.PASSWORD)
    page.locator("main button.btn-primary").click()
    picture = page.locator("main img[src^='data:image/svg']")
    picture.wait_for()
    assert _width(picture) > 0


def test_the_menu_opens_closes_and_switches_language(open_page: PageOpener) -> None:
    family = cast.make_organization()
    page = open_page("/profile/", person=family.agent, width=390)
    menu = page.locator("header [data-menu]", has=page.locator("button[name=language]"))
    menu.locator("summary").click()
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    menu.locator("summary").click()
    menu.locator("button[name=language]").click()
    page.wait_for_selector("html[lang=en]")


def _width(picture: Any) -> int:
    width: int = picture.evaluate("image => image.naturalWidth")
    return width
