"""The live board in a browser: it moves by itself and leaves alone what is being used; a lead re-routes, whispers, takes over,
and says something to everybody."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.browser.desk import opened, until
from tests.browsers import PageOpener
from tests.cast import Cast, make_organization, make_person
from tests.tickets.conversations import chat, happens, ring
from tests.tickets.teams import online
from tickets.actions.availability import choose_state
from tickets.actions.broadcasts import send_broadcast
from tickets.models import Availability, Broadcast, BroadcastReading, Ticket

# Hints are answered at most every four seconds.
SOON_MS = 12_000


def given_to_the_agent(cast: Cast) -> Ticket:
    chat(cast.organization, "a", "소매가 뜯어졌어요")
    ticket = happens(cast.organization, "ticket.assigned", "a", agent=cast.agent.email)
    assert ticket is not None
    return ticket


def overflows(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def test_who_waits_appears_and_is_given_to_a_colleague(open_page: PageOpener, transactional_db: None) -> None:
    cast = make_organization()
    chat(cast.organization, "a", name="김서연", ago=3)
    board = open_page("/team/", person=cast.lead)
    board.locator("#board-queue [data-row]", has_text="김서연").locator("[data-select]").check()
    chat(cast.organization, "b", name="이하늘", phone="010-0000-9999")
    ring(cast.organization, "c", name="한소리", phone="010-0000-7777")
    fresh = board.locator("#board-queue [data-row]", has_text="이하늘")
    fresh.wait_for(timeout=SOON_MS)
    board.locator("#board-calls li", has_text="한소리").wait_for(timeout=SOON_MS)
    # What was ticked stays so while the board moves.
    assert board.locator("[data-select]:checked").count() == 1
    fresh.locator("[data-reroute]").click()
    assert board.locator("[data-select]:checked").count() == 1
    board.locator("dialog[open] button", has_text=cast.agent.name).click()
    until(lambda: Ticket.objects.get(thread="b").agent_email == cast.agent.email)
    assert Ticket.objects.get(thread="a").agent_email == ""
    board.locator("#board-queue [data-row]", has_text="이하늘").get_by_text(cast.agent.name).wait_for(timeout=SOON_MS)


def test_by_keyboard_a_cell_narrows_the_queue(open_page: PageOpener, transactional_db: None) -> None:
    cast = make_organization()
    chat(cast.organization, "a", name="김서연")
    ring(cast.organization, "c", name="한소리", phone="010-0000-7777")
    board = open_page("/team/", person=cast.lead)
    board.locator("[data-keep=cell-seoul-call]").focus()
    board.keyboard.press("Enter")
    board.locator("#board-queue [data-row]", has_text="김서연").wait_for(state="detached")
    assert "channel=call" in board.url
    assert board.locator("#board-queue [data-row]", has_text="한소리").count() == 1
    until(lambda: board.evaluate("document.activeElement.dataset.keep") == "cell-seoul-call")


def test_when_the_hub_is_away_the_board_says_of_when_it_is(open_page: PageOpener, transactional_db: None) -> None:
    cast = make_organization()
    board = open_page("/team/", person=cast.lead)
    board.route(re.compile("/team/"), lambda route: route.fulfill(status=500))
    board.locator("select[name=state]").select_option("online")
    board.get_by_text("새로 가져오지 못했어요").wait_for()
    open_page.errors.clear()  # the browser's own word about the answer
    board.unroute(re.compile("/team/"))
    board.get_by_role("button", name="다시 시도").click()
    board.get_by_text("새로 가져오지 못했어요").wait_for(state="hidden")


def test_a_lead_sets_a_colleagues_state(open_page: PageOpener, transactional_db: None) -> None:
    cast = make_organization()
    online(cast.agent)
    board = open_page("/team/", person=cast.lead)
    row = board.locator("#board-team li", has_text=cast.agent.name)
    row.locator("summary").click()
    row.get_by_role("button", name="오프라인").click()
    until(lambda: Availability.objects.get(person=cast.agent).cause == "lead")
    row.get_by_text("팀장이 바꿈").wait_for(timeout=SOON_MS)


def test_reading_along_whispering_and_taking_over(open_page: PageOpener, transactional_db: None) -> None:
    cast = make_organization()
    ticket = given_to_the_agent(cast)
    agent = opened(open_page, cast, ticket)
    elsewhere = open_page("/inbox/", person=cast.agent)
    lead = open_page(f"/inbox/{ticket.public_id}/", person=cast.lead)
    lead.locator("[data-reading-along]").wait_for()
    agent.locator("[data-along]", has_text=cast.lead.name).wait_for()
    lead.keyboard.press("w")
    lead.locator("dialog[open] textarea").fill("영수증 먼저 여쭤보세요")
    agent.evaluate("Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })")
    lead.locator("dialog[open] button[type=submit]").click()
    agent.locator("[data-whisper]", has_text="영수증 먼저").wait_for()
    # On another page of hers it waits until she has read it.
    card = elsewhere.locator("[data-notices] form", has_text="영수증 먼저")
    card.wait_for()
    card.get_by_role("button", name="확인").click()
    card.wait_for(state="detached")
    lead.locator("#ticket-head [data-key=t]", has_text="넘겨받기").click()
    until(lambda: Ticket.objects.get().agent_email == cast.lead.email)
    agent.get_by_text("동료가 이 상담을 넘겨받았어요.").wait_for()
    elsewhere.locator("[data-notices] form", has_text="넘겨받았어요").wait_for()


def test_a_broadcast_reaches_open_pages_and_later_ones(open_page: PageOpener, transactional_db: None) -> None:
    cast = make_organization()
    page = open_page("/inbox/", person=cast.agent)
    lead = open_page("/team/broadcasts/", person=cast.lead)
    lead.locator("textarea[name=text]").fill("배송 지연 문의는 오늘까지 사과 쿠폰을 드려요")
    lead.get_by_role("button", name="모두에게 보내기").click()
    banner = page.locator("[data-notice=broadcast]", has_text="사과 쿠폰")
    banner.wait_for()
    later = open_page("/my-day/", person=cast.agent)
    later.locator("[data-notice=broadcast]", has_text="사과 쿠폰").wait_for()
    banner.get_by_role("button", name="확인").click()
    banner.wait_for(state="detached")
    later.locator("[data-notice=broadcast]").wait_for(state="detached")
    assert BroadcastReading.objects.get().person == cast.agent
    lead.get_by_text("1명 중 1명 읽음").wait_for()


def said_to(cast: Cast, *texts: str) -> None:
    for number, text in enumerate(texts):
        at = timezone.now() - timedelta(minutes=len(texts) - number)
        send_broadcast(text, to=[cast.seoul], ends_at=at + timedelta(hours=1), by=cast.lead, at=at)


def test_what_is_said_covers_nothing_and_waits_for_a_hand_that_is_about_to_press(
    open_page: PageOpener, transactional_db: None
) -> None:
    cast = make_organization()
    ticket = given_to_the_agent(cast)
    for number in range(12):
        chat(cast.organization, "a", f"{number + 2}번째 말이에요")
    for width in (1440, 1024, 390):
        BroadcastReading.objects.all().delete()
        page = opened(open_page, cast, ticket, width=width)
        button = page.locator("[data-send]")
        button.hover()
        before = button.bounding_box()
        last = page.locator("[data-lines] [data-said]").last
        last_stood = last.bounding_box()
        said_to(cast, f"배송 지연은 사과 쿠폰 {width}")
        sign = page.locator("[data-notices-sign]:visible")
        sign.wait_for()
        # Longer than a hand has to rest: it still lies on a button.
        page.wait_for_timeout(1500)
        line = page.locator("[data-notices] form:visible")
        assert line.count() == 0
        assert button.bounding_box() == before
        # Away from all buttons it comes, and moves what is below it instead of lying upon it.
        last.hover()
        line.wait_for()
        box = line.bounding_box()
        assert page.locator("#ticket-head").bounding_box()["y"] >= box["y"] + box["height"] - 1
        assert button.bounding_box() == before
        assert last.bounding_box() == last_stood
        assert not overflows(page)
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
        line.get_by_role("button", name="확인").click()
        sign.wait_for(state="hidden")
        # What stood below must not come under a second press: the line stays a moment, as read.
        assert line.get_by_text("읽음").is_visible()
        line.wait_for(state="detached")
        Broadcast.objects.all().delete()
        page.close()


def test_by_keyboard_one_line_after_the_other_is_read(open_page: PageOpener, transactional_db: None) -> None:
    cast = make_organization()
    said_to(cast, "첫째 공지", "둘째 공지")
    page = open_page("/my-day/", person=cast.agent)
    line = page.locator("[data-notices] form:visible")
    line.get_by_text("외 1건").wait_for()
    page.locator("[data-notices-sign]:visible").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert line.get_by_text("첫째 공지").is_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.locator("[data-notices] form:visible", has_text="둘째 공지").wait_for()
    # The second press came too fast to have been meant for it.
    assert BroadcastReading.objects.count() == 1
    until(lambda: bool(page.evaluate("document.activeElement.matches('[data-notices] form')")))
    page.wait_for_timeout(700)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    until(lambda: BroadcastReading.objects.count() == 2)
    line.wait_for(state="detached")


def test_it_fits_every_width(open_page: PageOpener, transactional_db: None) -> None:
    cast = make_organization()
    for number in range(8):
        name = f"이름이아주긴상담원{number}"
        person = make_person(cast.organization, f"a{number}", name=name, centers=[cast.seoul, cast.busan])
        online(person)
        choose_state(person, ("online", "away", "busy", "offline")[number % 4], at=timezone.now())
        chat(cast.organization, f"t{number}", name=f"이름이아주아주긴고객{number}", phone=f"010-0000-10{number}0")
    at = timezone.now()
    send_broadcast("가" * 300, to=[cast.seoul], ends_at=at + timedelta(hours=1), by=cast.owner, at=at)
    for width in (1440, 1024, 390):
        page = open_page("/team/", person=cast.lead, width=width)
        for path in ("/team/", "/team/broadcasts/", "/my-day/"):
            page.goto(open_page.hub.url + path)
            page.locator("[data-notice=broadcast]").wait_for()
            assert not overflows(page), (width, path)
