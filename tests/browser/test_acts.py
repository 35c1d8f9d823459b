"""Acts by keyboard in a real browser: dialogs, many at once with the way back, the palette, the help sheet."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.desk import opened, until
from tests.browsers import PageOpener
from tests.cast import Cast, make_organization
from tests.tickets.conversations import chat
from tickets.models import Ticket


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_organization()


@pytest.fixture
def tickets(cast: Cast) -> list[Ticket]:
    names = ("김서연", "남궁민수", "이하은")
    return [
        chat(cast.organization, f"t{number}", name=name, phone=f"010-0000-1{number:03d}", ago=9 - number)
        for number, name in enumerate(names)
    ]


def dialog(page: Any) -> Any:
    return page.locator("[data-act-dialog][open]")


def has_closed(page: Any) -> None:
    dialog(page).wait_for(state="detached")


def test_one_ticket_by_keyboard(open_page: PageOpener, cast: Cast, tickets: list[Ticket]):
    page = opened(open_page, cast, tickets[0])
    page.keyboard.press("p")
    dialog(page).locator("button[value=urgent]").click()
    has_closed(page)
    until(lambda: Ticket.objects.get(thread="t0").priority == "urgent")
    page.locator("#ticket-head .badge-error").wait_for()
    page.keyboard.press("l")
    dialog(page).wait_for()
    # The keys are letters here.
    page.keyboard.type("vip, supply")
    page.keyboard.press("Enter")
    has_closed(page)
    until(lambda: Ticket.objects.get(thread="t0").tag_keys == ["supply", "vip"])
    page.keyboard.press("s")
    dialog(page).wait_for()
    page.keyboard.press("Escape")
    has_closed(page)
    page.keyboard.press("s")
    dialog(page).wait_for()
    page.keyboard.press("Enter")
    has_closed(page)
    until(lambda: Ticket.objects.get(thread="t0").snoozed_until is not None)
    page.locator("#ticket-head form [data-key=s]").wait_for()


def test_the_next_key_is_heard_as_soon_as_a_dialog_has_closed(open_page: PageOpener, cast: Cast, tickets: list[Ticket]):
    """Its field has the focus until the page is drawn the next time, and is no place to type into any more."""
    page = opened(open_page, cast, tickets[0])
    page.keyboard.press("l")
    dialog(page).wait_for()
    page.evaluate(
        """() => {
             const field = document.querySelector("[data-act-dialog] input:not([type=hidden])");
             field.closest("dialog").close();
             field.dispatchEvent(new KeyboardEvent("keydown", { key: "s", code: "KeyS", bubbles: true }));
           }"""
    )
    page.locator("[data-act-dialog][open] form[action$='/snooze/']").first.wait_for()


def test_many_by_keyboard_and_back(open_page: PageOpener, cast: Cast, tickets: list[Ticket]):
    page = open_page("/inbox/", person=cast.agent)
    page.locator("[data-row]").nth(2).wait_for()
    page.keyboard.press("j")
    page.locator("#ticket-head").wait_for()
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.locator(f"[data-ticket-panes='{tickets[1].public_id}']").wait_for()
    page.keyboard.press("Shift+X")
    until(lambda: page.locator("[data-select]:checked").count() == 2)
    page.keyboard.press("e")
    dialog(page).locator(".btn-success").click()
    has_closed(page)
    until(lambda: Ticket.objects.filter(status="resolved").count() == 2)
    page.locator(f"#row-{tickets[0].public_id.hex}").wait_for(state="detached")
    page.locator("[data-toast-undo]:not([hidden])").click()
    until(lambda: not Ticket.objects.filter(status="resolved").exists())
    page.locator(f"#row-{tickets[0].public_id.hex}").wait_for()
    assert page.locator("[data-many-bar]").is_hidden()


def test_escape_selects_none_and_shift_selects_all_between(open_page: PageOpener, cast: Cast, tickets: list[Ticket]):
    page = open_page("/inbox/", person=cast.agent)
    boxes = page.locator("[data-row] label:has([data-select])")
    boxes.nth(2).wait_for()
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    until(lambda: page.locator("[data-select]:checked").count() == 3)
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Escape")
    until(lambda: page.locator("[data-select]:checked").count() == 0)


def test_the_palette_finds_commands_views_and_customers_by_initials(
    open_page: PageOpener, cast: Cast, tickets: list[Ticket]
):
    page = opened(open_page, cast, tickets[0])
    page.keyboard.press("Control+k")
    box = page.locator("[data-palette-box]")
    box.fill("ㅇㅅㅅㅇ")
    page.locator("#palette-found [role=option][aria-selected=true]", has_text="우선순위").wait_for()
    page.keyboard.press("Enter")
    dialog(page).wait_for()
    page.keyboard.press("Escape")
    has_closed(page)
    page.keyboard.press("Control+k")
    box.fill("ㄴㄱㅁㅅ")
    page.locator("[data-palette-part=customers] [role=option]", has_text="남궁민수").wait_for()
    box.fill("미배정")
    page.locator("[data-palette-part=views] [role=option]", has_text="미배정").wait_for()
    page.keyboard.press("Enter")
    page.locator("[data-list-tabs] [aria-current]", has_text="미배정").wait_for(state="attached")


def test_the_help_sheet_lists_what_works_here(open_page: PageOpener, cast: Cast, tickets: list[Ticket]):
    page = open_page("/inbox/", person=cast.agent)
    page.locator("[data-row]").first.wait_for()
    page.keyboard.press("?")
    sheet = page.locator("#shortcuts[open]")
    sheet.wait_for()
    assert sheet.locator("kbd", has_text="j").first.is_visible()
    # No ticket is open: nothing to reply to.
    assert not sheet.locator("[data-shortcut-for*=reply]").is_visible()
