"""Merging, its undoing, and the search over what was said, in a real browser."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.browser.desk import opened, until
from tests.browsers import PageOpener
from tests.cast import Cast, make_organization
from tests.tickets.conversations import chat, happens
from tickets.actions.message_texts import copy_messages
from tickets.models import Ticket


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_organization()


def test_two_become_one_and_two_again(open_page: PageOpener, cast: Cast):
    one = chat(cast.organization, "one", "소매가 뜯어졌어요", ago=20)
    chat(cast.organization, "two", "사진 보내요", ago=10)
    page = opened(open_page, cast, one)
    assert page.locator("[data-row]").count() == 2
    page.keyboard.press("g")
    dialog = page.locator("[data-act-dialog][open]")
    dialog.locator("button[name=ticket]").click()
    page.locator("[data-lines]", has_text="사진 보내요").wait_for()
    until(lambda: page.locator("[data-row]").count() == 1)
    # What is said in either comes in live.
    page.locator("[data-history] h2").first.wait_for()
    chat(cast.organization, "two", "아직인가요")
    page.locator("[data-lines]", has_text="아직인가요").wait_for()
    page.keyboard.press("g")
    dialog.get_by_role("button", name="되돌리기").click()
    until(lambda: Ticket.objects.get(thread="two").merged_thread == "")
    until(lambda: page.locator("[data-row]").count() == 2)
    assert not open_page.errors


def test_a_hit_opens_at_its_place(open_page: PageOpener, cast: Cast):
    ticket = chat(cast.organization, "one", "울 코트 소매가 뜯어졌어요", ago=60 * 24)
    for number in range(130):
        happens(cast.organization, "chat.message", "one", from_="customer", text=f"다음 말 {number}", ago=600 - number)
    copy_messages(cast.organization, at=timezone.now())
    page = open_page("/inbox/", person=cast.agent)
    page.keyboard.press("/")
    page.keyboard.type("소매")
    page.get_by_role("link", name="전체 메시지에서").click()
    page.locator("mark", has_text="소매").click()
    found = page.locator("[data-lines] [aria-current=true]")
    found.wait_for()
    assert f"/inbox/{ticket.public_id}/" in page.url
    assert "소매가 뜯어졌어요" in found.inner_text()
    box = found.bounding_box()
    assert box is not None
    assert 0 < box["y"] < 900
    assert not open_page.errors
