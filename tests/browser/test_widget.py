"""The widget in a real browser, on a page of another site with a strict policy and hostile styles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from accounts.actions import set_center_schedule
from channels_app.hub.actions import add_note, assign_ticket, reply_to_ticket
from customers.models import Event, Identity
from tests.browser.shop_page import ShopPage, box, opened, shop_of, texts, until_shown, widget_of
from tests.browsers import PageOpener
from tests.cast import SETUP, Cast, make_organization
from tests.channels_app.widget.visitors import said_in, signed
from tests.hubs import Hub
from tests.tickets.conversations import chat
from tests.tickets.teams import routes
from tickets.models import Ticket
from tickets.routing import Mode


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_organization()


@pytest.fixture
def shop(live_hub: Hub, cast: Cast) -> Iterator[ShopPage]:
    yield from shop_of(cast, live_hub.url)


def test_visitor_and_agent_talk(open_page: PageOpener, shop: ShopPage, cast: Cast):
    routes(cast.seoul, Mode.MANUAL)
    page = opened(open_page, shop)
    page.get_by_text("안녕하세요, 하늘상회입니다.").wait_for()
    box(page).press_sequentially("코트 소매 올이 풀렸어요")
    box(page).press("Enter")
    until_shown(page, "코트 소매 올이 풀렸어요")
    assert box(page).input_value() == ""
    page.get_by_text("다음 차례예요. 곧 상담원이 답해 드려요.").wait_for()
    ticket = Ticket.objects.get()
    assign_ticket(ticket, cast.agent, by=cast.agent, at=timezone.now())
    add_note(ticket, "속으로만", by=cast.agent, at=timezone.now())
    reply_to_ticket(ticket, "교환해 드릴게요 <b>오늘</b>", by=cast.agent, at=timezone.now())
    until_shown(page, "교환해 드릴게요 <b>오늘</b>")
    page.get_by_text("박상담 상담원이 함께하고 있어요").wait_for()
    assert page.locator(".said b").count() == 0
    assert page.get_by_text("속으로만").count() == 0
    assert said_in(widget_of(shop)) == ["코트 소매 올이 풀렸어요", "교환해 드릴게요 <b>오늘</b>"]


def test_reload_and_second_tab_show_the_same(open_page: PageOpener, shop: ShopPage, cast: Cast):
    page = opened(open_page, shop)
    for text in ("하나", "둘"):
        box(page).fill(text)
        box(page).press("Enter")
    until_shown(page, "둘")
    other = page.context.new_page()
    other.goto(shop.url)
    other.get_by_role("button", name="채팅 상담 열기").click()
    until_shown(other, "둘")
    box(other).fill("셋")
    box(other).press("Enter")
    until_shown(page, "셋")
    assert texts(page) == texts(other)
    page.reload()
    page.get_by_role("button", name="채팅 상담 열기").click()
    until_shown(page, "셋")
    assert texts(page) == texts(other)


def test_her_place_in_the_queue_and_out_of_hours_when_people_are_back(
    open_page: PageOpener, shop: ShopPage, cast: Cast
):
    routes(cast.seoul, Mode.MANUAL)
    before = chat(cast.organization, "before", phone="")
    page = opened(open_page, shop)
    box(page).fill("저도 문의드려요")
    box(page).press("Enter")
    page.get_by_text("앞에 1명이 기다리고 있어요. 순서대로 답해 드려요.").wait_for()
    assign_ticket(before, cast.agent, by=cast.agent, at=timezone.now())
    page.get_by_text("다음 차례예요. 곧 상담원이 답해 드려요.").wait_for()
    today = timezone.now().astimezone(cast.organization.zone).date()
    week = {day: [["10:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    set_center_schedule(cast.seoul, hours=week, holidays=[today.isoformat()], targets={}, by=SETUP, at=timezone.now())
    page.reload()
    page.get_by_role("button", name="채팅 상담 열기").click()
    page.get_by_text("남겨 주신 메시지에는 내일 오전 10:00부터 순서대로 답해 드려요.").wait_for()


def test_unread_badge_counts_answers(open_page: PageOpener, shop: ShopPage, cast: Cast):
    page = opened(open_page, shop)
    box(page).fill("계세요?")
    box(page).press("Enter")
    until_shown(page, "계세요?")
    box(page).press("Escape")
    assert page.get_by_role("dialog").count() == 0
    for text in ("네", "무엇을 도와드릴까요?"):
        reply_to_ticket(Ticket.objects.get(), text, by=cast.agent, at=timezone.now())
    page.get_by_role("button", name="채팅 상담 열기, 읽지 않은 메시지 2개").click()
    assert page.locator(".badge").is_hidden()
    page.reload()
    page.locator(".launcher").wait_for()
    assert page.locator(".badge").is_hidden()


def test_written_without_network_is_sent_when_it_is_back(open_page: PageOpener, shop: ShopPage):
    page = opened(open_page, shop)
    box(page).fill("첫 마디")
    box(page).press("Enter")
    until_shown(page, "첫 마디")
    page.context.set_offline(True)
    page.get_by_text("연결이 끊겼어요").wait_for()
    for text in ("끊긴 동안 하나", "끊긴 동안 둘"):
        box(page).fill(text)
        box(page).press("Enter")
    assert page.locator(".is-pending").count() == 2
    open_page.errors.clear()
    page.context.set_offline(False)
    until_shown(page, "끊긴 동안 둘")
    assert page.locator(".is-pending").count() == 0
    assert said_in(widget_of(shop)) == ["첫 마디", "끊긴 동안 하나", "끊긴 동안 둘"]
    open_page.errors.clear()


def test_written_without_network_survives_a_reload(open_page: PageOpener, shop: ShopPage):
    page = opened(open_page, shop)
    box(page).fill("첫 마디")
    box(page).press("Enter")
    until_shown(page, "첫 마디")
    page.context.set_offline(True)
    box(page).fill("꺼져도 남는 말")
    box(page).press("Enter")
    page.context.set_offline(False)
    page.goto("about:blank")
    page.goto(shop.url)
    page.get_by_role("button", name="채팅 상담 열기").click()
    until_shown(page, "꺼져도 남는 말")
    assert said_in(widget_of(shop)) == ["첫 마디", "꺼져도 남는 말"]
    open_page.errors.clear()


def test_where_sockets_are_blocked_post_carries_it(open_page: PageOpener, shop: ShopPage, cast: Cast):
    page = open_page("/healthz")
    page.route_web_socket("**/ws/widget/**", lambda socket: socket.close())
    page.goto(shop.url)
    page.get_by_role("button", name="채팅 상담 열기").click()
    box(page).fill("프록시 뒤예요")
    box(page).press("Enter")
    until_shown(page, "프록시 뒤예요")
    reply_to_ticket(Ticket.objects.get(), "그래도 들려요", by=cast.agent, at=timezone.now())
    page.locator(".said .text", has_text="그래도 들려요").wait_for(timeout=8000)
    assert said_in(widget_of(shop)) == ["프록시 뒤예요", "그래도 들려요"]
    open_page.errors.clear()


def test_too_long_stays_in_the_box(open_page: PageOpener, shop: ShopPage):
    page = opened(open_page, shop)
    box(page).fill("가" * 4003)
    box(page).press("Enter")
    page.get_by_text("3자를 줄여 주세요").wait_for()
    assert len(box(page).input_value()) == 4003
    assert said_in(widget_of(shop)) == []


def test_refused_message_comes_back_to_be_rewritten(open_page: PageOpener, shop: ShopPage):
    page = open_page("/healthz")

    def middle(socket: Any) -> None:
        server = socket.connect_to_server()

        def on_message(message: str) -> None:
            if '"send"' in message and "거절" in message:
                id = message.split('"id":"')[1][:36]
                socket.send(f'{{"kind":"error","code":"refused","detail":"no","id":"{id}"}}')
            else:
                server.send(message)

        socket.on_message(on_message)

    page.route_web_socket("**/ws/widget/**", middle)
    page.goto(shop.url)
    page.get_by_role("button", name="채팅 상담 열기").click()
    for text in ("거절될 말", "다음 말"):
        box(page).fill(text)
        box(page).press("Enter")
    until_shown(page, "다음 말")
    page.get_by_role("button", name="다시 쓰기").click()
    assert box(page).input_value() == "거절될 말"
    assert said_in(widget_of(shop)) == ["다음 말"]
    open_page.errors.clear()  # the first page's missing icon


def test_page_that_is_not_allowed_is_told(open_page: PageOpener, shop: ShopPage):
    from channels_app.models.widget import WidgetSettings

    WidgetSettings.objects.update(allowed_origins=[])
    page = opened(open_page, shop)
    page.get_by_text("이 페이지에서는 채팅 상담을 사용할 수 없어요.").wait_for()
    open_page.errors.clear()


# Proof, language, people who do not use a mouse -----------------------------------------------------------------------


def test_logging_in_at_the_shop_proves_her(open_page: PageOpener, shop: ShopPage):
    page = opened(open_page, shop)
    box(page).fill("로그인 전")
    box(page).press("Enter")
    until_shown(page, "로그인 전")
    shop.token = signed(widget_of(shop), member_no="M-1001", name="홍길동")
    page.reload()
    page.get_by_role("button", name="채팅 상담 열기").click()
    until_shown(page, "로그인 전")
    box(page).fill("로그인 뒤")
    box(page).press("Enter")
    until_shown(page, "로그인 뒤")
    assert Identity.objects.filter(kind="member_no", value="M-1001").exists()
    assert Event.objects.filter(type="chat.message").values("thread").distinct().count() == 1
    # Logged out on a shared computer: nothing of it is left on the page.
    shop.token = ""
    page.reload()
    page.get_by_role("button", name="채팅 상담 열기").click()
    page.get_by_text("메시지를 남겨 주시면").wait_for()
    assert page.get_by_text("로그인 전").count() == 0


def test_english_page_gets_english(open_page: PageOpener, shop: ShopPage):
    shop.lang = "en-GB"
    page = open_page(shop.url)
    page.get_by_role("button", name="Open chat").click()
    page.get_by_text("Hello!").wait_for()
    assert page.get_by_role("textbox", name="Your message").get_attribute("placeholder") == "Write a message"


def test_keyboard_alone(open_page: PageOpener, shop: ShopPage):
    page = open_page(shop.url)
    page.locator(".launcher").wait_for()
    focused = (
        "() => { const host = document.activeElement; return (host.shadowRoot?.activeElement || host).ariaLabel; }"
    )
    page.get_by_role("button", name="채팅 상담 열기").focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for()
    assert page.evaluate(focused) == "메시지 입력"
    page.keyboard.press("Escape")
    assert page.get_by_role("dialog").count() == 0
    assert page.evaluate(focused) == "채팅 상담 열기"


def test_phone_fills_the_screen_and_tab_stays(open_page: PageOpener, shop: ShopPage):
    page = opened(open_page, shop, width=390, height=844)
    page.wait_for_timeout(300)  # it slides in
    size = page.locator(".panel").bounding_box()
    assert (size["x"], size["y"], size["width"], size["height"]) == (0, 0, 390, 844)
    assert page.get_by_role("dialog").get_attribute("aria-modal") == "true"
    stops = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        stops.add(page.evaluate("() => document.activeElement.shadowRoot?.activeElement?.ariaLabel || 'the page'"))
    assert stops == {"채팅 상담 닫기", "대화 목록", "알림음", "대화 내용", "파일 첨부", "메시지 입력", "보내기"}


def test_everything_has_a_name_for_readers(open_page: PageOpener, shop: ShopPage):
    page = opened(open_page, shop)
    nameless = page.locator("cxhub-chat").evaluate(
        """(host) => [...host.shadowRoot.querySelectorAll("button, textarea, input, [role=dialog], [role=log]")]
          .filter((e) => !(e.ariaLabel || e.textContent.trim() || e.labels?.length)).map((e) => e.outerHTML)"""
    )
    assert nameless == []
    assert page.get_by_role("log", name="대화 내용").get_attribute("aria-live") == "polite"
    page.get_by_role("dialog", name="하늘상회 채팅 상담").wait_for()  # the name comes with the session
    ids = page.locator("cxhub-chat").evaluate("(h) => [...h.shadowRoot.querySelectorAll('[id]')].map((e) => e.id)")
    assert len(ids) == len(set(ids))
