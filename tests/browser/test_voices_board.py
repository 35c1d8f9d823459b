"""The open board follows what is heard: numbers change where they stand, and what would move something waits for a press."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.browsers import PageOpener
from tests.cast import Cast, make_organization
from tests.tickets.conversations import happens
from voc.actions.listening import listen

# A hint, at most three seconds until the page looks, and the page.
SOON_MS = 10_000
NEWS = "[data-board-news]"
A_DIGIT = 14


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    cast = make_organization()
    for text, times in (("배송이 너무 늦어요.", 9), ("가격이 비싸요.", 3)):
        for number in range(times):
            happens(cast.organization, "chat.message", f"{text}{number}", from_="customer", text=text)
    listen(cast.organization, at=timezone.now())
    return cast


def says(cast: Cast, text: str, thread: str) -> None:
    happens(cast.organization, "chat.message", thread, from_="customer", text=text)
    listen(cast.organization, at=timezone.now())


def total(page: Any, topic: str) -> Any:
    return page.locator("tr", has=page.get_by_role("link", name=topic, exact=True)).locator("td").first


def places(page: Any) -> list[float]:
    """Where everything that can be pressed or read stands."""
    return page.evaluate(
        "[...document.querySelectorAll('#voices a, #voices tr, #voices section, #voices h2')]"
        ".flatMap((one) => { const box = one.getBoundingClientRect(); return [box.x, box.y]; })"
    )


def test_a_number_changes_where_it_stands(open_page: PageOpener, cast: Cast) -> None:
    page = open_page("/voc/", person=cast.owner)
    assert total(page, "배송").inner_text() == "9"
    page.evaluate("window.row = document.querySelector('[data-board-shape]')")
    before, fresh = places(page), page.locator("[data-board-fresh]").get_attribute("datetime")
    total(page, "배송").locator("a").focus()

    says(cast, "배송이 너무 늦어요.", "a")

    total(page, "배송").get_by_text("10", exact=True).wait_for(timeout=SOON_MS)
    assert page.evaluate("window.row.isConnected")
    # Nothing up or down; a digit more is as wide as a digit.
    moved = [after - was for after, was in zip(places(page), before, strict=True)]
    assert max(map(abs, moved[1::2])) < 1
    assert max(map(abs, moved[::2])) < A_DIGIT
    assert page.evaluate("document.activeElement.textContent") == "10"
    assert page.locator("[data-board-fresh]").get_attribute("datetime") != fresh
    assert page.locator(NEWS).inner_text() == ""


def test_what_would_move_something_waits_for_a_press(open_page: PageOpener, cast: Cast) -> None:
    page = open_page("/voc/", person=cast.owner)
    before, fresh = places(page), page.locator("[data-board-fresh]").get_attribute("datetime")

    says(cast, "주차장이 너무 좁아서 주차를 못 했어요.", "a")

    page.locator(NEWS, has_text="새로").wait_for(timeout=SOON_MS)
    assert places(page) == before
    # What is shown is as old as before, and says so.
    assert page.locator("[data-board-fresh]").get_attribute("datetime") == fresh
    page.locator("[data-board-renew]").click()
    page.get_by_role("link", name="매장 환경", exact=True).first.wait_for()
    assert page.locator(NEWS).inner_text() == ""
    assert page.locator("[data-board-fresh]").get_attribute("datetime") != fresh
    # The page that took its place listens as well.
    says(cast, "배송이 너무 늦어요.", "b")
    total(page, "배송").get_by_text("10", exact=True).wait_for(timeout=SOON_MS)


def test_days_that_are_over_do_not_ask(open_page: PageOpener, cast: Cast) -> None:
    day = (timezone.now() - timedelta(days=3)).date().isoformat()
    page = open_page(f"/voc/?from={day}&to={day}", person=cast.owner)
    assert page.locator("[data-board-live]").count() == 0
    assert page.locator("[data-board-renew]").count() == 0


def test_who_has_no_scripts_renews_by_the_link(open_page: PageOpener, cast: Cast) -> None:
    page = open_page("/voc/?channel=chat", person=cast.owner)
    assert page.locator("[data-board-renew]").get_attribute("href") == "/voc/?channel=chat"
