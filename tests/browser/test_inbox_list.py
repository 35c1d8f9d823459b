"""The inbox's list in a real browser: how it stays right while things happen, and how little it fetches for that."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone

from channels_app.hub.actions import resolve_ticket
from cxhub import live
from tests.browser.desk import opened, until
from tests.browsers import PageOpener
from tests.cast import Cast, make_organization
from tests.tickets.conversations import answer, chat, happens
from tickets.actions import set_topics
from tickets.models import Ticket


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    cast = make_organization()
    set_topics(cast.organization, {"delivery": "배송", "size": "사이즈"}, by=cast.owner, at=timezone.now())
    return cast


def test_the_list_moves_and_keeps_its_rows(open_page: PageOpener, cast: Cast):
    for number in range(40):
        chat(cast.organization, f"m-{number}", f"문의 {number}", phone=f"010-0000-1{number:03d}", ago=100 - number)
    page = open_page("/inbox/", person=cast.agent, width=1440)
    rows = page.locator("[data-row]")
    assert rows.count() == 30
    page.locator("[data-load-more] a").click()
    until(lambda: rows.count() == 40)
    page.evaluate("document.querySelector('[data-row]').dataset.kept = 'yes'")
    second = Ticket.objects.get(thread="m-1")
    resolve_ticket(second, topic="", by=cast.lead, at=timezone.now())
    until(lambda: rows.count() == 39)
    assert page.evaluate("document.querySelector('[data-row]').dataset.kept") == "yes"
    ids = page.evaluate("[...document.querySelectorAll('[data-row]')].map((row) => row.dataset.row)")
    assert len(ids) == len(set(ids))
    page.keyboard.press("j")
    page.locator("[data-lines]", has_text="문의 0").wait_for()
    page.keyboard.press("j")
    page.locator("[data-lines]", has_text="문의 2").wait_for()
    page.keyboard.press("k")
    page.locator("[data-lines]", has_text="문의 0").wait_for()
    page.go_back()
    page.locator("[data-lines]", has_text="문의 2").wait_for()
    page.keyboard.press("?")
    page.locator("#shortcuts[open]").wait_for()
    page.keyboard.press("Escape")


def fetched(page: Any) -> list[str]:
    """What the list asks for from now on: "only" or "size"."""
    asked: list[str] = []

    def note(request: Any) -> None:
        if "/inbox/rows/" in request.url:
            asked.append("only" if "only=" in request.url else "size" if "size=" in request.url else "other")

    page.on("request", note)
    return asked


def until_fetched(page: Any, asked: list[str], count: int) -> None:
    """Requests are told of while Playwright waits, and not while Python sleeps."""

    def has_been() -> bool:
        page.wait_for_timeout(20)
        return len(asked) == count

    until(has_been)


def order_of(page: Any) -> list[str]:
    ids: list[str] = page.evaluate("[...document.querySelectorAll('[data-row]')].map((row) => row.dataset.row)")
    threads = {str(ticket.public_id): ticket.thread for ticket in Ticket.objects.all()}
    return [threads[public_id] for public_id in ids]


def counts(page: Any) -> list[str]:
    """What stands above the views but "past target": that hangs on whether the center is open while the tests run."""
    shown = page.locator("[data-list-tabs] a:not([href*=breached]) .tabular")
    found: list[str] = shown.all_inner_texts()
    return found


def test_single_rows_find_their_places(open_page: PageOpener, cast: Cast):
    """What is fetched row by row looks as the whole list does: order, counts, words, comings and goings."""
    for number in range(6):
        chat(cast.organization, f"m-{number}", f"문의 {number}", phone=f"010-0000-1{number:03d}", ago=100 - number)
    page = open_page("/inbox/", person=cast.agent, width=1440)
    page.wait_for_timeout(800)
    asked = fetched(page)
    assert order_of(page) == [f"m-{number}" for number in range(6)]
    answer(cast.organization, "m-1", cast.lead, "답변", ago=50)
    until(lambda: order_of(page) == ["m-0", "m-2", "m-3", "m-4", "m-5", "m-1"])
    assert counts(page) == ["6", "5", "0", "0", "5", "0", "0", "6", "0"]
    answer(cast.organization, "m-0", cast.agent, "네", ago=60)
    chat(cast.organization, "m-3", "아직인가요", phone="010-0000-1003", ago=1)
    late = chat(cast.organization, "early", "먼저 왔어요", phone="010-0000-2000", ago=98.5)
    until(lambda: order_of(page) == ["early", "m-2", "m-3", "m-4", "m-5", "m-0", "m-1"])
    until(lambda: "아직인가요" in page.locator("[data-rows]").inner_text())
    resolve_ticket(late, topic="", by=cast.lead, at=timezone.now())
    until(lambda: order_of(page) == ["m-2", "m-3", "m-4", "m-5", "m-0", "m-1"])
    assert counts(page) == ["6", "4", "0", "1", "4", "0", "1", "7", "0"]
    assert set(asked) == {"only"}
    shown = page.locator("[data-rows]").inner_text()
    page.reload()
    assert page.locator("[data-rows]").inner_text() == shown


def test_rows_beyond_the_loaded_ones_stay_there(open_page: PageOpener, cast: Cast):
    for number in range(35):
        chat(cast.organization, f"m-{number}", f"문의 {number}", phone=f"010-0000-1{number:03d}", ago=100 - number)
    page = open_page("/inbox/", person=cast.agent, width=1440)
    page.wait_for_timeout(800)
    asked = fetched(page)
    first = [f"m-{number}" for number in range(30)]
    assert order_of(page) == first
    # The first word that is told of it: nobody knows yet whether it stands in the list.
    chat(cast.organization, "m-33", "hello", phone="010-0000-1033")
    until_fetched(page, asked, 1)
    page.wait_for_load_state("networkidle")  # asked is not yet answered
    chat(cast.organization, "m-33", "또 왔어요", phone="010-0000-1033")
    page.wait_for_timeout(3600)
    assert asked == ["only"]
    answer(cast.organization, "m-4", cast.lead, "답변", ago=1)
    until_fetched(page, asked, 2)
    until(lambda: order_of(page) == [name for name in first if name != "m-4"])
    assert counts(page)[:2] == ["35", "34"]
    page.locator("[data-load-more] a").click()
    until(lambda: len(order_of(page)) == 35)
    assert order_of(page) == [f"m-{number}" for number in range(35) if number != 4] + ["m-4"]


def test_what_is_told_while_rows_are_on_their_way(open_page: PageOpener, cast: Cast):
    """Of a ticket that they do not bring, nothing more is fetched; of one that they bring as it was, its row."""
    for number in range(32):
        chat(cast.organization, f"m-{number}", f"문의 {number}", phone=f"010-0000-1{number:03d}", ago=100 - number)
    page = open_page("/inbox/", person=cast.agent, width=1440)
    page.wait_for_timeout(800)
    asked = fetched(page)
    told: list[str] = []

    def answer_late(route: Any) -> None:
        answered = route.fetch()
        for name in told:
            chat(cast.organization, name, f"{name} 또 왔어요", phone=f"010-0000-1{name[2:]:0>3}")
        told.clear()
        page.wait_for_timeout(400)
        route.fulfill(response=answered)

    page.route("**/inbox/rows/*", answer_late)
    told.append("m-31")
    chat(cast.organization, "m-31", "hello", phone="010-0000-1031")
    chat(cast.organization, "m-30", "hello", phone="010-0000-1030")
    until_fetched(page, asked, 1)
    page.wait_for_timeout(3600)
    assert asked == ["only"]
    told.append("m-30")
    resolve_ticket(Ticket.objects.get(thread="m-0"), topic="", by=cast.lead, at=timezone.now())
    live.publish(f"desk.{cast.organization.pk}.{cast.seoul.pk}", {"type": "hub.event", "kind": "desk.changed"})
    until_fetched(page, asked, 2)
    assert asked == ["only", "size"]
    until(lambda: "m-30 또 왔어요" in page.locator("[data-rows]").inner_text())
    assert order_of(page) == [f"m-{number}" for number in range(1, 31)]
    assert asked == ["only", "size", "only"]


def test_an_emptied_list_says_so_and_fills_again(open_page: PageOpener, cast: Cast):
    ticket = chat(cast.organization, "a", "하나")
    page = open_page("/inbox/?view=waiting", person=cast.agent, width=1440)
    page.wait_for_timeout(800)
    answer(cast.organization, "a", cast.lead, "답변")
    page.get_by_text(re.compile("Nobody is waiting|기다리는 고객이 없습니다")).wait_for(timeout=8000)
    chat(cast.organization, "a", "다시요")
    page.locator(f"#row-{ticket.public_id.hex}").wait_for(timeout=8000)


def test_a_list_is_fetched_however_fast_hints_come(open_page: PageOpener, cast: Cast):
    """A hint must not put off the fetch that the one before it has asked for."""
    chat(cast.organization, "a", "하나")
    page = open_page("/inbox/", person=cast.agent, width=1440)
    page.wait_for_timeout(800)
    asked = fetched(page)
    for _ in range(50):
        live.publish(f"desk.{cast.organization.pk}.{cast.seoul.pk}", {"type": "hub.event", "kind": "desk.changed"})
        page.wait_for_timeout(100)
    assert 1 <= len(asked) <= 4


def test_views_are_saved_in_a_dialog_also_after_the_list_has_moved(open_page: PageOpener, cast: Cast):
    chat(cast.organization, "a", "하나", ago=5)
    page = open_page("/inbox/?channel=chat", person=cast.agent)
    page.locator("[data-row]").wait_for()
    chat(cast.organization, "b", "둘", phone="010-0000-0002")
    until(lambda: page.locator("[data-row]").count() == 2)
    page.get_by_role("link", name="보기 목록").click()
    page.locator("#dialog-root [name=name]").fill("채팅만")
    page.locator("#dialog-root").get_by_role("button", name="저장").first.click()
    page.locator("[data-list-tabs]", has_text="채팅만").wait_for()
    assert "/inbox/views/" not in page.url


def test_what_is_unfolded_in_the_history_stays_when_it_grows(open_page: PageOpener, cast: Cast):
    buyer = {"phone": "010-0000-5678", "name": "김서연"}
    happens(
        cast.organization, "pos.sale", source="/seoul/pos", customer=buyer, store="gangnam", receipt_no="R-77",
        items=[{"name": "울 코트", "quantity": 1, "unit_price": 9000, "amount": 9000}], total=9000, ago=60,
    )  # fmt: skip
    chat(cast.organization, "b", "컵도 있나요", ago=50)
    ticket = chat(cast.organization, "a", ago=1)
    page = opened(open_page, cast, ticket)
    pane = page.locator("[data-history]")
    pane.locator("details[data-unfolds^=receipt] summary").click()
    pane.get_by_text("영수증 R-77").wait_for()
    pane.locator("details[data-unfolds^=ticket] summary").click()
    pane.locator("[data-beside]", has_text="컵도 있나요").wait_for()
    happens(
        cast.organization, "pos.sale", source="/seoul/pos", customer=buyer, store="gangnam", receipt_no="R-78",
        items=[{"name": "양말", "quantity": 1, "unit_price": 900, "amount": 900}], total=900,
    )  # fmt: skip
    page.evaluate("htmx.trigger('[data-history]', 'refresh')")
    pane.locator("details[data-unfolds^=receipt]", has_text="양말").wait_for()
    assert pane.get_by_text("영수증 R-77").is_visible()
    assert pane.locator("details[open]").count() == 2


def test_talk_leaves_the_history_beside_it_alone(open_page: PageOpener, cast: Cast):
    """The conversation shows what is said in it. What else happens to the customer is fetched soon."""
    account = {"widget:1": "visitor-1"}

    def say(text: str) -> None:
        happens(cast.organization, "chat.message", "a", from_="customer", text=text, customer={"external": account})

    say("하나")
    page = opened(open_page, cast, Ticket.objects.get())
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/history/" in request.url else None)
    # The first ten seconds belong to the fetch that opened the page.
    page.wait_for_timeout(10_500)
    asked.clear()
    say("둘")
    page.locator("[data-lines]", has_text="둘").wait_for()
    page.wait_for_timeout(1500)
    assert asked == []
    happens(
        cast.organization,
        "pos.sale",
        source="/seoul/pos",
        customer={"external": account},
        store="gangnam",
        receipt_no="r-1",
        total=1000,
        currency="KRW",
        items=[],
    )
    until_fetched(page, asked, 1)
