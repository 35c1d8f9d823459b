"""What was heard comes to the open page by itself, and is put right by a press or by keys alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from tests.browser.desk import opened, until
from tests.browsers import PageOpener
from tests.cast import Cast, make_organization
from tests.hubs import Hub
from tests.tickets.conversations import chat, happens
from tickets.models import Ticket
from voc.actions.listening import listen
from voc.models import Tagging, Voice


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_organization()


def hear(cast: Cast) -> None:
    listen(cast.organization, at=timezone.now())


def says(cast: Cast, text: str) -> None:
    happens(cast.organization, "chat.message", "angry", from_="customer", text=text)


def test_a_message_has_its_marks_on_the_open_page_by_itself(
    hub_factory: Callable[..., Hub], chromium: Any, cast: Cast
) -> None:
    """A hub with its worker and beat inside, as a shop runs it; nobody calls the follower but them."""
    chat(cast.organization, "angry", "안녕하세요")
    open_page = PageOpener(hub_factory(CXHUB_EMBEDDED_WORKER="1"), chromium)
    page = opened(open_page, cast, Ticket.objects.get(thread="angry"))
    says(cast, "상담원은 친절한데요. 배송이 너무 늦어요. 정말 짜증나네요.")
    page.locator("[data-voice-mark]", has_text="배송").wait_for(timeout=20_000)
    assert page.locator("[data-voice-mark]").count() >= 2
    page.locator("[data-row] [data-mood]").first.wait_for()
    open_page.close()


def test_one_press_puts_it_right(open_page: PageOpener, cast: Cast) -> None:
    chat(cast.organization, "angry", "배송이 너무 늦어요.")
    hear(cast)
    page = opened(open_page, cast, Ticket.objects.get(thread="angry"))
    page.locator("[data-voice-mark]").click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_role("button", name="응대 태도", exact=True).click()
    dialog.get_by_text("박상담 님이 정했습니다").wait_for()
    until(lambda: Tagging.objects.filter(is_by_person=True).count() == 1)
    page.keyboard.press("Escape")
    page.locator("[data-voice-mark]", has_text="응대 태도").wait_for()


def test_by_keys_alone(open_page: PageOpener, cast: Cast) -> None:
    chat(cast.organization, "angry", "배송이 너무 늦어요.")
    hear(cast)
    page = opened(open_page, cast, Ticket.objects.get(thread="angry"))
    page.locator("[data-voice-mark]").wait_for()
    page.keyboard.press("v")
    page.locator("dialog[open] button[name=mood][value='-1']").wait_for()
    until(lambda: page.evaluate("document.activeElement.value === '-1'"))
    # htmx takes what it has put in to itself 20 ms later; no hand is as quick.
    page.wait_for_timeout(100)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    until(lambda: Voice.objects.get().sentiment == 0)
    # The focus stays where the hand is.
    until(lambda: page.evaluate("document.activeElement.value === '0'"))


def test_marks_move_no_message(open_page: PageOpener, cast: Cast) -> None:
    chat(cast.organization, "angry", "배송이 너무 늦어요.", ago=1)
    says(cast, "언제 오나요?")
    page = opened(open_page, cast, Ticket.objects.get(thread="angry"))
    last = page.locator("[data-hers]").last
    before = last.bounding_box()
    hear(cast)
    page.locator("[data-voice-mark]").first.wait_for()
    assert last.bounding_box() == before


def test_on_a_telephone_all_of_it_can_be_touched(open_page: PageOpener, cast: Cast) -> None:
    chat(cast.organization, "angry", "배송이 너무 늦어요.")
    hear(cast)
    page = opened(open_page, cast, Ticket.objects.get(thread="angry"), width=390, height=844)
    page.locator("[data-voice-mark]").click()
    page.locator("dialog[open] [name=mood]").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
