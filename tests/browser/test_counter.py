"""The counter in a real browser: fingers, a keyboard, a scanner, a bad connection."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest

from customers.models import Customer, Event
from tests import cast
from tests.browsers import PageOpener
from tests.customers.counter_people import SEOYEON, sale, says, tell, the_coat
from tickets.models import Ticket

BOX = "[data-lookup-box]"
NAME = "[data-counter-name]"


def until(condition: Callable[[], bool], seconds: float = 6.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.03)


@pytest.fixture
def house(transactional_db: None) -> cast.Cast:
    return cast.make_organization()


@pytest.fixture
def customer(house: cast.Cast) -> Customer:
    found = the_coat(house.organization)
    tell(house.organization, sale({"phone": "010-0001-5678", "name": "오다른", "member_no": "M-2002"}, hours_ago=300))
    return found


def test_four_digits_and_the_keyboard_lead_to_her(open_page: PageOpener, house: cast.Cast, customer: Customer) -> None:
    page = open_page("/counter/", person=house.store_staff, width=1024)
    page.keyboard.type("5678", delay=30)
    page.wait_for_selector("[data-result]")
    assert page.locator("[data-result]").count() == 2
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector(NAME)
    assert page.text_content(NAME).strip().startswith("김*연")
    assert page.url.endswith(f"/counter/{customer.public_id}/")
    page.wait_for_selector("[data-result][aria-current=true]")
    page.keyboard.press("Escape")
    assert page.evaluate(f"document.activeElement === document.querySelector('{BOX}')")
    page.go_back()
    page.wait_for_selector(NAME, state="detached")
    assert page.url.endswith("/counter/")


def test_a_scanner_opens_her_at_once_wherever_the_focus_is(
    open_page: PageOpener, house: cast.Cast, customer: Customer
) -> None:
    page = open_page("/counter/", person=house.store_staff, width=1024)
    page.evaluate("document.activeElement.blur()")

    def scan(code: str, name: str) -> None:
        page.keyboard.type(code)
        page.keyboard.press("Enter")
        until(lambda: page.is_visible(NAME) and name in page.text_content(NAME))

    scan("M-1001", "김*연")
    scan("M-2002", "오*른")


def test_a_late_answer_never_replaces_a_newer_one(open_page: PageOpener, house: cast.Cast, customer: Customer) -> None:
    page = open_page("/counter/", person=house.store_staff, width=1024)

    def slow(route: Any) -> None:
        if "ㅇㄷㄹ" not in (route.request.post_data or "") and "%E3%85%87" not in (route.request.post_data or ""):
            page.wait_for_timeout(600)
        route.continue_()

    page.route("**/customers/search/", slow)
    page.fill(BOX, "ㄱㅅㅇ")
    page.wait_for_timeout(250)
    page.fill(BOX, "ㅇㄷㄹ")
    until(lambda: page.locator("[data-result]").count() == 1)
    page.wait_for_timeout(900)
    assert "오*른" in page.text_content("[data-result]")


def test_an_inquiry_takes_two_taps_and_survives_a_lost_connection(
    open_page: PageOpener, house: cast.Cast, customer: Customer
) -> None:
    page = open_page(f"/counter/{customer.public_id}/", person=house.store_staff, width=1024)
    before = Ticket.objects.count()
    page.click("[data-dialog-open=inquiry-dialog]")
    page.fill("#inquiry-text", "L 사이즈로 교환 원하심")
    page.route("**/inquiry/", lambda route: route.abort())
    page.click("#inquiry-dialog button[type=submit]")
    page.wait_for_selector("[data-toast]")
    assert page.input_value("#inquiry-text") == "L 사이즈로 교환 원하심"
    assert Ticket.objects.count() == before

    page.unroute("**/inquiry/")
    page.click("#inquiry-dialog button[type=submit]")
    page.wait_for_selector("#inquiry-dialog", state="hidden")
    assert Ticket.objects.filter(channel="store", center=house.seoul).count() == 1
    until(lambda: "L 사이즈로 교환" in page.text_content("[data-timeline]"))
    page.click("[data-dialog-open=inquiry-dialog]")
    assert page.input_value("#inquiry-text") == "", "the next one begins empty"
    # What the aborted request wrote to the console was meant.
    open_page.errors.clear()


def test_what_happens_meanwhile_comes_by_itself(open_page: PageOpener, house: cast.Cast, customer: Customer) -> None:
    tell(house.organization, *(sale(SEOYEON, item=f"양말 {number}", hours_ago=500 + number) for number in range(70)))
    page = open_page(f"/counter/{customer.public_id}/", person=house.store_staff, width=1024)
    page.wait_for_selector("[data-timeline-more]")
    page.locator("[data-timeline-more]").scroll_into_view_if_needed()
    until(lambda: page.locator("[id^=e-]").count() > 60)
    loaded = page.locator("[id^=e-]").count()
    tell(house.organization, says("chat-2", "지금 매장에 있어요", SEOYEON, hours_ago=0.01))
    until(lambda: "지금 매장에" in page.text_content("[data-timeline]"))
    until(lambda: "지금 매장에" in page.text_content("[data-check-first]"))
    assert page.locator("[id^=e-]").count() == loaded + 1, "what was loaded below stays"
    assert Event.objects.count() == loaded + 2, "the other one is another customer's"


def test_on_a_phone_the_list_waits_where_it_was(open_page: PageOpener, house: cast.Cast, customer: Customer) -> None:
    page = open_page("/counter/", person=house.store_staff, width=390, height=800)
    page.fill(BOX, "5678")
    page.locator("[data-result]").first.click()
    page.wait_for_selector(NAME)
    assert page.is_hidden(BOX)
    page.click("[data-counter-back]")
    assert page.is_visible(BOX)
    assert page.locator("[data-result]").count() == 2
    assert page.url.endswith("/counter/")


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_no_screen_is_wider_than_the_device(
    open_page: PageOpener, house: cast.Cast, customer: Customer, width: int
) -> None:
    long = {"phone": "010-0003-5678", "name": "아주" * 60, "member_no": "M" * 90, "email": "x" * 60 + "@mail.example"}
    tell(house.organization, sale(long, item="길" * 200), says("long", "하" * 900 + " " + "a" * 900, long))
    odd = Customer.objects.get(name__startswith="아주아주")
    page = open_page("/counter/", person=house.owner, width=width)
    for path in (
        f"/counter/{odd.public_id}/",
        f"/customers/{odd.public_id}/",
        "/customers/",
        "/customers/suggestions/",
    ):
        page.goto(re.sub(r"(https?://[^/]+).*", r"\1", page.url) + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
