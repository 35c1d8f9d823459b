"""Two agents' pages and a visitor's: who is there, who types, who has read, and what two people write at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from redis import Redis

from channels_app.hub.actions import add_note
from channels_app.models import WidgetConversation
from customers.models import Event
from tests.browser.desk import until
from tests.browser.shop_page import ShopPage
from tests.browsers import PageOpener
from tests.cast import Cast, make_organization
from tests.channels_app.widget.visitors import make_widget
from tests.hubs import Hub
from tests.tickets.conversations import answer, chat
from tickets.models import Draft, Mention, Ticket


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_organization()


@pytest.fixture
def shop(live_hub: Hub, cast: Cast) -> Iterator[ShopPage]:
    page = ShopPage(live_hub.url)
    content = {"asks_contact": False, "takes_closed_messages": False}
    page.widget = str(make_widget(cast, allowed_origins=[page.url], **content).public_id)
    yield page
    page.close()


def at(open_page: PageOpener, ticket: Ticket, person: Any, **options: Any) -> Any:
    """Returns a person's page of the ticket, listening."""
    page = open_page(f"/inbox/{ticket.public_id}/", person=person, **options)
    page.locator("[data-history] h2, [data-history] .font-semibold").first.wait_for(state="attached")
    return page


def field(page: Any) -> Any:
    return page.locator("[data-composer] [data-text]")


def sent() -> list[str]:
    return list(Event.objects.filter(author="agent").order_by("thread_seq").values_list("text", flat=True))


def forgive(open_page: PageOpener, word: str) -> None:
    open_page.errors[:] = [error for error in open_page.errors if word not in error]


def visitor(open_page: PageOpener, shop: ShopPage, text: str = "소매가 뜯어졌어요") -> Any:
    """Returns a visitor's page on which she has written."""
    page = open_page(shop.url)
    page.get_by_role("button", name="채팅 상담 열기").click()
    page.get_by_role("textbox", name="메시지 입력").fill(text)
    page.get_by_role("textbox", name="메시지 입력").press("Enter")
    page.locator(".said:not(.is-pending) .text", has_text=text).first.wait_for()
    return page


# Who is there ------------------------------------------------------------------------------------------------------


def test_colleagues_at_a_ticket_are_named_and_vanish_when_they_leave(open_page: PageOpener, cast: Cast):
    ticket = chat(cast.organization, "a")
    mine, hers = at(open_page, ticket, cast.agent), at(open_page, ticket, cast.lead)
    mine.locator("[data-looking]", has_text="이팀장").wait_for()
    hers.locator("[data-looking]", has_text="박상담").wait_for()
    field(hers).press_sequentially("확인해")
    mine.locator("[data-answering]", has_text="이팀장 님이 답변 중이에요").wait_for()
    field(hers).fill("")
    mine.locator("[data-answering]").wait_for(state="detached")
    mine.locator("[data-looking]", has_text="이팀장").wait_for()
    hers.locator("[data-mode-button=note]").click()
    field(hers).press_sequentially("메모는 답변이 아니에요")
    mine.wait_for_timeout(400)
    assert mine.locator("[data-answering]").count() == 0
    hers.close()
    mine.locator("[data-looking]").wait_for(state="detached")


def test_another_tab_of_hers_is_nobody_else_and_the_next_ticket_is_another_place(open_page: PageOpener, cast: Cast):
    ticket = chat(cast.organization, "a")
    other = chat(cast.organization, "b", phone="010-0000-0002")
    mine, hers = at(open_page, ticket, cast.agent), at(open_page, ticket, cast.lead)
    at(open_page, ticket, cast.agent)
    hers.locator("[data-looking]", has_text="박상담").wait_for()
    assert hers.locator("[data-looking]").inner_text().count("박상담") == 1
    assert mine.locator("[data-looking]", has_text="박상담").count() == 0
    hers.locator(f"#row-{other.public_id.hex} a").click()
    mine.locator("[data-looking]").wait_for(state="detached")


def test_who_is_there_is_known_again_after_redis_has_forgotten(open_page: PageOpener, cast: Cast):
    ticket = chat(cast.organization, "a")
    mine, hers = at(open_page, ticket, cast.agent), at(open_page, ticket, cast.lead)
    mine.locator("[data-looking]", has_text="이팀장").wait_for()
    redis = Redis.from_url(settings.REDIS_URL)
    for key in redis.scan_iter(f"{settings.REDIS_PREFIX}:here:*"):
        redis.delete(key)
    mine.reload()
    field(hers).press_sequentially("네")
    mine.locator("[data-answering]", has_text="이팀장").wait_for()


# The second answer -------------------------------------------------------------------------------------------------


def test_the_second_answer_is_refused_kept_and_sent_all_the_same(open_page: PageOpener, cast: Cast):
    ticket = chat(cast.organization, "a")
    page = at(open_page, ticket, cast.agent)
    field(page).fill("제 답이에요")
    # Her page is cut off for as long as the colleague answers: it has not seen it.
    page.route("**/messages/**", lambda route: route.abort())
    answer(cast.organization, "a", cast.lead, "먼저 답했어요")
    field(page).press("Enter")
    bar = page.locator("[data-meanwhile]")
    bar.get_by_text("이팀장 님이 먼저 답했어요").wait_for()
    assert field(page).input_value() == "제 답이에요"
    assert sent() == ["먼저 답했어요"]
    page.unroute("**/messages/**")
    answer(cast.organization, "a", cast.lead, "하나 더")
    page.locator("[data-lines]", has_text="먼저 답했어요").wait_for()
    until(lambda: page.evaluate("document.querySelector('[data-conversation]').dataset.seenSeq") == "3")
    page.locator("[data-anyhow]").click()
    until(lambda: sent() == ["먼저 답했어요", "하나 더", "제 답이에요"])
    until(lambda: field(page).input_value() == "")
    assert bar.is_hidden()
    forgive(open_page, "409")
    forgive(open_page, "ERR_FAILED")


# Typing and seen ---------------------------------------------------------------------------------------------------


def test_typing_is_shown_both_ways_and_never_what(open_page: PageOpener, shop: ShopPage, cast: Cast):
    hers = visitor(open_page, shop)
    ticket = Ticket.objects.get()
    mine = at(open_page, ticket, cast.agent)
    mine.wait_for_timeout(300)
    hers.get_by_role("textbox", name="메시지 입력").press_sequentially("비밀 이야기")
    mine.locator("[data-customer-types]", has_text="고객이 입력하고 있어요").wait_for()
    assert "비밀" not in mine.content()
    hers.get_by_role("textbox", name="메시지 입력").press("Enter")
    mine.locator("[data-lines]", has_text="비밀 이야기").wait_for()
    until(lambda: mine.locator("[data-customer-types]").inner_text() == "")
    field(mine).press_sequentially("안녕하세요 고객님")
    hers.locator(".typing", has_text="상담원이 입력하고 있어요").wait_for()
    assert "고객님" not in hers.locator(".panel").inner_text()
    field(mine).press("Enter")
    hers.locator(".said.agent .text", has_text="안녕하세요 고객님").wait_for()
    until(lambda: hers.locator(".typing").inner_text() == "")
    assert Event.objects.exclude(type__in=["chat.message"]).count() == 0


def test_both_sides_see_what_was_read_also_after_a_reload(open_page: PageOpener, shop: ShopPage, cast: Cast):
    hers = visitor(open_page, shop)
    assert hers.get_by_text("읽음").count() == 0
    ticket = Ticket.objects.get()
    mine = at(open_page, ticket, cast.agent)
    hers.locator(".said.customer .when", has_text="읽음").wait_for()
    hers.get_by_role("textbox", name="메시지 입력").press("Escape")
    field(mine).fill("교환해 드릴게요")
    field(mine).press("Enter")
    mine.locator("[data-lines]", has_text="교환해 드릴게요").wait_for()
    mine.wait_for_timeout(300)
    assert mine.locator("[data-read-mark]:visible").count() == 0
    hers.locator(".launcher").click()
    mine.locator("[data-read-mark]:visible", has_text="고객이 읽음").wait_for()
    for page in (mine, hers):
        page.reload()
    mine.locator("[data-read-mark]:visible").wait_for()
    hers.locator(".launcher").click()
    hers.locator(".said.customer .when", has_text="읽음").wait_for()
    until(lambda: WidgetConversation.objects.filter(agents_seen_seq=2, visitor_seen_seq=2).exists())


# Drafts ------------------------------------------------------------------------------------------------------------


def test_a_draft_is_found_on_another_machine_and_gone_when_sent(open_page: PageOpener, cast: Cast):
    ticket = chat(cast.organization, "a")
    page = at(open_page, ticket, cast.agent)
    field(page).press_sequentially("내일 보내 드릴")
    page.locator("[data-draft-state]", has_text="임시 저장됨").wait_for()
    page.locator(f"#row-{ticket.public_id.hex} [data-mark=draft]").wait_for()
    other = at(open_page, ticket, cast.agent)
    assert field(other).input_value() == "내일 보내 드릴"
    field(other).press_sequentially("게요")
    until(lambda: Draft.objects.get().text == "내일 보내 드릴게요")
    # The first page had nothing unsaved: it follows.
    until(lambda: field(page).input_value() == "내일 보내 드릴게요")
    field(page).press("Enter")
    until(lambda: sent() == ["내일 보내 드릴게요"])
    until(lambda: field(other).input_value() == "")
    page.locator(f"#row-{ticket.public_id.hex} [data-mark=draft]").wait_for(state="detached")
    assert not Draft.objects.exists()


def test_two_tabs_that_write_at_once_keep_both_texts(open_page: PageOpener, cast: Cast):
    ticket = chat(cast.organization, "a")
    page, other = at(open_page, ticket, cast.agent), at(open_page, ticket, cast.agent)
    other.route("**/draft/", lambda route: route.abort())
    field(other).press_sequentially("둘째 탭")
    other.locator("[data-draft-state]", has_text="이 기기에만 저장됨").wait_for()
    field(page).press_sequentially("첫째 탭")
    until(lambda: Draft.objects.filter(text="첫째 탭").exists())
    other.unroute("**/draft/")
    field(other).press_sequentially("!")
    other.locator("[data-clash]", has_text="첫째 탭").wait_for()
    assert field(other).input_value() == "둘째 탭!"
    assert Draft.objects.get().text == "첫째 탭"
    other.locator("[data-clash-keep]").click()
    until(lambda: Draft.objects.get().text == "둘째 탭!")
    # The first had nothing unsaved: it shows what stands there now.
    until(lambda: field(page).input_value() == "둘째 탭!")
    forgive(open_page, "ERR_FAILED")
    forgive(open_page, "409")


def test_what_was_typed_right_before_a_crash_is_there_again(open_page: PageOpener, cast: Cast):
    ticket = chat(cast.organization, "a")
    page = at(open_page, ticket, cast.agent)
    page.route("**/draft/", lambda route: route.abort())
    field(page).press_sequentially("저장되기 전")
    context = page.context
    page.close()
    again = context.new_page()
    again.goto(open_page.hub.url + f"/inbox/{ticket.public_id}/")
    assert field(again).input_value() == "저장되기 전"
    again.locator("[data-draft-state]", has_text="임시 저장됨").wait_for()
    assert Draft.objects.get().text == "저장되기 전"
    forgive(open_page, "ERR_FAILED")


# Quotes, edits, mentions -------------------------------------------------------------------------------------------


def test_a_quotation_reaches_the_visitor(open_page: PageOpener, shop: ShopPage, cast: Cast):
    hers = visitor(open_page, shop, "빨간 코트도 있나요?")
    mine = at(open_page, Ticket.objects.get(), cast.agent)
    mine.locator("[data-hers]").hover()
    mine.locator("[data-hers] [data-quote]").click()
    mine.locator("[data-quoting]", has_text="빨간 코트도 있나요?").wait_for()
    mine.keyboard.type("네, 있어요")
    mine.keyboard.press("Enter")
    hers.locator(".said.agent .quote", has_text="빨간 코트도 있나요?").wait_for()
    mine.locator("[data-ours] [data-quoted]", has_text="빨간 코트도 있나요?").wait_for()
    assert mine.locator("[data-quoting]").is_hidden()


def test_an_edited_note_changes_on_every_page(open_page: PageOpener, cast: Cast):
    ticket = chat(cast.organization, "a")
    add_note(ticket, "재고 3개", by=cast.agent, at=timezone.now())
    mine, hers = at(open_page, ticket, cast.agent), at(open_page, ticket, cast.lead)
    assert hers.locator("[data-edit-note]").count() == 0
    mine.locator("[data-note-line]").hover()
    mine.locator("[data-edit-note]").click()
    mine.locator("[data-edit-form] textarea").fill("재고 2개")
    mine.keyboard.press("Control+Enter")
    for page in (mine, hers):
        page.locator("[data-note-line]", has_text="수정됨").wait_for()
        assert page.locator("[data-note-line] [data-said]").inner_text() == "재고 2개"
        assert page.locator("[data-note-line]").count() == 1


def test_a_colleague_is_called_by_her_initials_in_the_middle_of_a_syllable(open_page: PageOpener, cast: Cast):
    ticket = chat(cast.organization, "a")
    hers = open_page("/counter/", person=cast.lead)
    mine = at(open_page, ticket, cast.agent)
    mine.locator("[data-mode-button=note]").click()
    field(mine).press_sequentially("@")
    mine.locator("[data-mention-list] [role=option]:visible").first.wait_for()
    ime = mine.context.new_cdp_session(mine)
    # 이ㅌ: the syllable is open, and its last consonant belongs to the next.
    for step in ("ㅇ", "이", "잍"):
        ime.send("Input.imeSetComposition", {"text": step, "selectionStart": 1, "selectionEnd": 1})
    until(lambda: mine.locator("[data-mention-list] [role=option]:visible").all_inner_texts()[0].find("이팀장") >= 0)
    key = {"key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229}
    ime.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
    ime.send("Input.insertText", {"text": "잍"})
    until(lambda: field(mine).input_value() == "@이팀장 ")
    # On Windows a plain Enter follows: it sends nothing.
    mine.keyboard.press("Enter")
    mine.wait_for_timeout(300)
    assert not Event.objects.filter(type="note.added").exists()
    mine.keyboard.type("봐 주세요")
    mine.keyboard.press("Enter")
    until(lambda: Mention.objects.count() == 1)
    hers.locator("[data-count-of='/inbox/']:visible", has_text="1").first.wait_for()
    hers.locator("[data-toast]", has_text="동료가 나를 언급했어요").wait_for()
    hers.goto(open_page.hub.url + "/inbox/?view=mentions")
    hers.locator("[data-row] [data-mark=mention]").wait_for()
    hers.locator("[data-row] a").click()
    hers.locator("[data-row] [data-mark=mention]").wait_for(state="detached")
    hers.locator("[data-count-of='/inbox/']").first.wait_for(state="hidden")
    assert Mention.objects.get().read_at is not None


@pytest.mark.parametrize(
    ("typed", "found"), [("ㅇㅌ", "이팀장"), ("팀", "이팀장"), ("하", "한대표"), ("한ㄷ", "한대표")]
)
def test_names_are_completed_by_part_and_initials(open_page: PageOpener, cast: Cast, typed: str, found: str):
    mine = at(open_page, chat(cast.organization, "a"), cast.agent)
    mine.locator("[data-mode-button=note]").click()
    field(mine).press_sequentially(f"확인 @{typed}")
    mine.locator("[data-mention-list] [role=option]:visible").first.wait_for()
    until(lambda: len(mine.locator("[data-mention-list] [role=option]:visible").all()) == 1)
    mine.keyboard.press("Tab")
    assert re.fullmatch(f"확인 @{found} ", field(mine).input_value())
