"""Around the conversation: the list of her conversations, the badge, the sound, the color, the settings' preview."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from channels_app.hub.actions import reply_to_ticket
from channels_app.models.widget import WidgetSettings
from customers.models import Event
from tests.browser.desk import until
from tests.browser.shop_page import ShopPage, box, opened, shop_of, texts, until_shown, widget_of
from tests.browsers import PageOpener
from tests.cast import Cast, make_organization
from tests.channels_app.widget.visitors import said_in
from tests.hubs import Hub
from tickets.models import Ticket

# Counts the notes instead of playing them.
EAR = """
window.notes = 0;
window.AudioContext = class {
  currentTime = 0; destination = {};
  createOscillator() { return { frequency: {}, connect: (next) => next, start: () => { window.notes += 1; }, stop: () => {} }; }
  createGain() { return { gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} }, connect: (next) => next }; }
  close() {}
};
"""


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_organization()


@pytest.fixture
def shop(live_hub: Hub, cast: Cast) -> Iterator[ShopPage]:
    yield from shop_of(cast, live_hub.url)


def say(page: Any, text: str) -> None:
    box(page).fill(text)
    box(page).press("Enter")
    until_shown(page, text)


def test_she_begins_another_and_comes_back_to_the_first(open_page: PageOpener, shop: ShopPage, cast: Cast):
    page = opened(open_page, shop)
    say(page, "첫 문의")
    first = Ticket.objects.get()
    page.get_by_role("button", name="대화 목록").click()
    page.get_by_role("button", name="새 대화 시작").click()
    page.locator(".said .text", has_text="첫 문의").wait_for(state="detached")
    say(page, "다른 문의")
    box(page).press("Escape")
    reply_to_ticket(first, "첫 문의 답이에요", by=cast.agent, at=timezone.now())
    page.get_by_role("button", name="읽지 않은 메시지 1개").click()
    page.get_by_role("button", name="대화 목록").click()
    rows = page.locator(".matter")
    rows.nth(1).wait_for()
    assert ["첫 문의 답이에요" in rows.nth(0).inner_text(), rows.nth(0).locator(".count").inner_text()] == [True, "1"]
    assert rows.nth(1).get_attribute("aria-current") == "true"
    rows.nth(0).click()
    until_shown(page, "첫 문의 답이에요")
    assert texts(page)[1:] == ["첫 문의", "첫 문의 답이에요"]
    say(page, "고마워요")
    assert sorted(said_in(widget_of(shop))) == ["고마워요", "다른 문의", "첫 문의", "첫 문의 답이에요"]
    assert Ticket.objects.count() == 2
    page.reload()
    page.get_by_role("button", name="채팅 상담 열기").click()
    until_shown(page, "고마워요")
    assert page.locator(".badge").is_hidden()


def test_a_chat_that_opens_with_her_list_has_the_focus_there(open_page: PageOpener, shop: ShopPage):
    page = opened(open_page, shop)
    say(page, "첫 문의")
    page.get_by_role("button", name="대화 목록").click()
    page.locator(".matter").wait_for()
    page.evaluate("cxhubWidget.close()")
    page.get_by_role("button", name="채팅 상담 열기").press("Enter")
    begin = page.get_by_role("button", name="새 대화 시작")
    assert begin.evaluate("button => button.getRootNode().activeElement === button")


def test_what_waits_goes_into_the_conversation_it_was_written_in(open_page: PageOpener, shop: ShopPage):
    page = opened(open_page, shop)
    say(page, "첫 문의")
    page.get_by_role("button", name="대화 목록").click()
    page.get_by_role("button", name="새 대화 시작").click()
    page.locator(".said .text", has_text="첫 문의").wait_for(state="detached")
    say(page, "다른 문의")
    page.context.set_offline(True)
    page.get_by_text("연결이 끊겼어요").wait_for()
    box(page).fill("두 번째 대화에 쓴 말")
    box(page).press("Enter")
    page.evaluate(
        """(first) => {
          const key = Object.keys(localStorage).find((name) => name.endsWith(":visitor"));
          localStorage.setItem(key, JSON.stringify({ ...JSON.parse(localStorage.getItem(key)), conversation: first }));
        }""",
        str(widget_of(shop).visitors.get().conversations.order_by("pk").first().public_id),
    )
    page.context.set_offline(False)
    page.goto("about:blank")
    page.goto(shop.url)
    page.get_by_role("button", name="채팅 상담 열기").click()
    until_shown(page, "첫 문의")
    until(lambda: len(said_in(widget_of(shop))) == 3)
    second = widget_of(shop).visitors.get().conversations.order_by("pk").last()
    found = Event.objects.filter(thread=second.thread_key, type="chat.message").order_by("thread_seq")
    assert list(found.values_list("text", flat=True)) == ["다른 문의", "두 번째 대화에 쓴 말"]
    assert "두 번째 대화에 쓴 말" not in texts(page)
    open_page.errors.clear()


def test_unread_survives_a_reload_and_goes_when_seen(open_page: PageOpener, shop: ShopPage, cast: Cast):
    page = opened(open_page, shop)
    say(page, "계세요?")
    box(page).press("Escape")
    reply_to_ticket(Ticket.objects.get(), "네", by=cast.agent, at=timezone.now())
    page.get_by_role("button", name="읽지 않은 메시지 1개").wait_for()
    page.get_by_role("status").filter(has_text="읽지 않은 메시지 1개").wait_for(state="attached")
    page.reload()
    page.get_by_role("button", name="읽지 않은 메시지 1개").click()
    page.locator(".badge").wait_for(state="hidden")
    assert page.title() == "가게"
    page.reload()
    page.locator(".launcher").wait_for()
    assert page.locator(".badge").is_hidden()


def test_an_answer_she_does_not_see_come_is_heard_unless_she_does_not_want(
    open_page: PageOpener, shop: ShopPage, cast: Cast
):
    page = open_page(shop.url)
    page.context.add_init_script(EAR)
    page.reload()
    page.get_by_role("button", name="채팅 상담 열기").click()
    say(page, "계세요?")
    ticket = Ticket.objects.get()
    reply_to_ticket(ticket, "보고 있는 답", by=cast.agent, at=timezone.now())
    until_shown(page, "보고 있는 답")
    assert page.evaluate("window.notes") == 0
    box(page).press("Escape")
    reply_to_ticket(ticket, "닫힌 동안 온 답", by=cast.agent, at=timezone.now())
    until(lambda: page.evaluate("window.notes") == 2)
    page.get_by_role("button", name="읽지 않은 메시지 1개").click()
    page.get_by_role("button", name="알림음").click()
    assert page.get_by_role("button", name="알림음").get_attribute("aria-pressed") == "false"
    page.reload()
    page.get_by_role("button", name="채팅 상담 열기").click()
    until_shown(page, "닫힌 동안 온 답")
    assert page.get_by_role("button", name="알림음").get_attribute("aria-pressed") == "false"
    page.keyboard.press("Escape")
    reply_to_ticket(ticket, "조용히 온 답", by=cast.agent, at=timezone.now())
    page.get_by_role("button", name="읽지 않은 메시지 1개").wait_for()
    assert page.evaluate("window.notes") == 0
    assert not [
        url for url in page.evaluate("performance.getEntriesByType('resource').map((e) => e.name)") if "audio" in url
    ]


def test_the_shops_color_with_letters_that_can_be_read(open_page: PageOpener, shop: ShopPage):
    WidgetSettings.objects.update(brand_color="#f2b632")
    page = opened(open_page, shop)
    page.get_by_text("안녕하세요, 하늘상회입니다.").wait_for()
    style = "(e) => { const s = getComputedStyle(e); return [s.backgroundColor, s.color]; }"
    assert page.locator("header").evaluate(style) == ["rgb(242, 182, 50)", "rgb(0, 0, 0)"]
    page.reload()
    # The button has it before anything is asked of the hub.
    assert page.locator(".launcher").evaluate(style)[0] == "rgb(242, 182, 50)"


def test_what_a_reader_reads(open_page: PageOpener, shop: ShopPage):
    page = opened(open_page, shop)
    page.get_by_text("안녕하세요, 하늘상회입니다.").wait_for()
    tree = page.get_by_role("dialog").aria_snapshot()
    for line in (
        '- dialog "하늘상회 채팅 상담"',
        '- heading "하늘상회" [level=2]',
        "- status",
        '- button "대화 목록"',
        '- button "알림음" [pressed]',
        '- button "채팅 상담 닫기"',
        '- log "대화 내용"',
        '- textbox "메시지 입력"',
        '- button "보내기"',
    ):
        assert line in tree, tree
    page.get_by_role("button", name="대화 목록").click()
    page.get_by_text("아직 나눈 대화가 없어요.").wait_for()
    tree = page.get_by_role("dialog").aria_snapshot()
    assert '- region "대화 목록"' in tree
    assert "- log" not in tree
    assert "- textbox" not in tree
    page.keyboard.press("Escape")
    assert box(page).evaluate("(e) => e.getRootNode().activeElement === e")
    page.keyboard.press("Escape")
    assert page.get_by_role("dialog").count() == 0


def test_the_settings_preview_shows_what_is_being_set(open_page: PageOpener, shop: ShopPage, cast: Cast):
    page = open_page(f"/settings/widget/{shop.widget}/", person=cast.owner)
    preview = page.locator("[data-widget-preview]")
    preview.get_by_text("안녕하세요, 하늘상회입니다.").wait_for()
    page.get_by_label("상담 전 양식").check()
    page.locator("#id_asks_email").select_option("required")
    preview.get_by_text("메일 (필수)").wait_for()
    page.locator("#id_contact_kept_months").fill("12")
    preview.get_by_text("보유 기간: 1년").wait_for()
    page.get_by_role("button", name="시간 외").click()
    assert preview.get_by_text("남길 메시지").count() == 0
    page.get_by_label("상담 시간 외 양식").check()
    preview.get_by_text("남길 메시지").wait_for()
    page.get_by_role("button", name="끝난 뒤").click()
    preview.get_by_text("상담은 어떠셨나요?").wait_for()
    page.get_by_role("button", name="English").click()
    preview.get_by_text("How was it?").wait_for()
    page.get_by_role("button", name="저장").click()
    page.get_by_text("저장했").first.wait_for()
    widget = widget_of(shop)
    assert (widget.asks["email"], widget.contact_kept_months, widget.takes_closed_messages) == ("required", 12, True)
