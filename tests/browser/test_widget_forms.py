"""What the widget asks in a real browser: before the chat, out of hours, and how it was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from accounts.actions import set_center_schedule
from channels_app.hub.actions import assign_ticket, reply_to_ticket, resolve_ticket
from channels_app.models.widget import WidgetSettings, WidgetVisitor
from customers.models import Claim, Event
from tests.browser.desk import HeldAnswer, until
from tests.browser.shop_page import ShopPage, box, opened, shop_of, until_shown, widget_of
from tests.browsers import PageOpener
from tests.cast import SETUP, Cast, make_organization
from tests.channels_app.widget.visitors import said_in
from tests.hubs import Hub
from tickets.actions import set_topics
from tickets.models import Ticket


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_organization()


@pytest.fixture
def shop(live_hub: Hub, cast: Cast) -> Iterator[ShopPage]:
    yield from shop_of(cast, live_hub.url)


def leave(page: Any) -> None:
    page.get_by_role("button", name="남기기").click()


def leave_with_mail(page: Any) -> None:
    page.get_by_role("textbox", name="메일").fill("haneul@mail.example")
    page.get_by_role("checkbox").check()
    leave(page)


def surveys() -> list[tuple[str, Any, str]]:
    events = Event.objects.filter(type__startswith="survey.").order_by("thread_seq")
    return [(event.type, event.data.get("score"), event.text) for event in events]


def resolved_after_talk(page: Any, cast: Cast) -> Ticket:
    box(page).fill("소매가 터졌어요")
    box(page).press("Enter")
    until_shown(page, "소매가 터졌어요")
    ticket = Ticket.objects.get()
    assign_ticket(ticket, cast.agent, by=cast.agent, at=timezone.now())
    reply_to_ticket(ticket, "교환해 드릴게요", by=cast.agent, at=timezone.now())
    until_shown(page, "교환해 드릴게요")
    resolve_ticket(ticket, topic="", by=cast.agent, at=timezone.now())
    return ticket


def test_what_is_optional_may_be_skipped_and_is_asked_once(open_page: PageOpener, shop: ShopPage):
    WidgetSettings.objects.update(asks_contact=True)
    page = opened(open_page, shop)
    page.get_by_label("휴대전화").fill("1234")
    leave(page)
    page.get_by_text("동의해 주세요").wait_for()
    page.get_by_role("checkbox", name="개인정보 수집·이용에 동의해요").check()
    leave(page)
    page.get_by_text("전화번호를 끝까지 적어 주세요").wait_for()
    assert page.get_by_label("휴대전화").get_attribute("aria-invalid") == "true"
    open_page.errors.clear()  # the hub's refusal of that number
    page.get_by_label("이름").fill("김하늘")
    page.get_by_label("휴대전화").fill("010-0000-1234")
    leave(page)
    page.get_by_text("알려 주셔서 고마워요").wait_for()
    her = WidgetVisitor.objects.get()
    assert (her.about, her.consent["items"]) == ({"name": "김하늘", "phone": "010-0000-1234"}, ["name", "phone"])
    page.reload()
    page.get_by_role("button", name="채팅 상담 열기").click()
    page.get_by_text("안녕하세요, 하늘상회입니다.").wait_for()
    assert page.get_by_label("휴대전화").count() == 0
    # Words that the greeting does not have: it would be taken for them.
    box(page).fill("소매가 터졌어요")
    box(page).press("Enter")
    until_shown(page, "소매가 터졌어요")
    assert Claim.objects.get().value == "+821000001234"


def test_skipped_is_not_asked_again(open_page: PageOpener, shop: ShopPage):
    WidgetSettings.objects.update(asks_contact=True)
    page = opened(open_page, shop)
    page.get_by_role("button", name="괜찮아요").click()
    assert page.get_by_label("휴대전화").count() == 0
    assert box(page).evaluate("(e) => e.getRootNode().activeElement === e")
    page.reload()
    page.get_by_role("button", name="채팅 상담 열기").click()
    page.get_by_text("안녕하세요, 하늘상회입니다.").wait_for()
    assert page.get_by_label("휴대전화").count() == 0


def test_what_is_required_stands_in_the_place_of_the_box(open_page: PageOpener, shop: ShopPage, cast: Cast):
    set_topics(cast.organization, names={"exchange": "교환", "delivery": "배송"}, by=SETUP, at=timezone.now())
    WidgetSettings.objects.update(
        asks_contact=True, asks_name="off", asks_phone="off", asks_email="required", asks_topic="required"
    )
    page = opened(open_page, shop)
    page.get_by_role("textbox", name="메일").wait_for()
    assert box(page).count() == 0
    assert page.get_by_text("보유 기간: 3년").count() == 1
    page.get_by_role("textbox", name="메일").fill("haneul@mail.example")
    leave(page)
    page.get_by_text("문의 주제 칸을 채워 주세요").wait_for()
    page.get_by_label("문의 주제").select_option("배송")
    page.get_by_role("checkbox").check()
    leave(page)
    page.get_by_text("알려 주셔서 고마워요").wait_for()
    box(page).fill("언제 오나요?")
    box(page).press("Enter")
    until_shown(page, "언제 오나요?")
    assert Ticket.objects.get().topic == "delivery"
    assert Claim.objects.get().value == "haneul@mail.example"


def test_who_writes_before_the_form_has_come_keeps_her_words(open_page: PageOpener, shop: ShopPage):
    WidgetSettings.objects.update(asks_contact=True, asks_phone="required")
    page = open_page(shop.url)
    page.route("**/session/", lambda route: (page.locator("textarea").fill("급해요"), route.continue_()))
    page.get_by_role("button", name="채팅 상담 열기").click()
    page.get_by_label("휴대전화").wait_for()
    assert box(page).input_value() == "급해요"


def test_out_of_hours_a_form_becomes_a_ticket(open_page: PageOpener, shop: ShopPage, cast: Cast):
    today = timezone.now().astimezone(cast.organization.zone).date()
    week = {day: [["10:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    set_center_schedule(cast.seoul, hours=week, holidays=[today.isoformat()], targets={}, by=SETUP, at=timezone.now())
    WidgetSettings.objects.update(takes_closed_messages=True)
    page = opened(open_page, shop)
    page.get_by_text("내일 오전 10:00부터 다시 답해 드려요.").wait_for()
    leave(page)
    page.get_by_text("남길 메시지 칸을 채워 주세요").wait_for()
    page.get_by_label("남길 메시지").fill("코트 교환되나요?")
    leave(page)
    page.get_by_text("휴대전화나 메일 중 하나는 적어 주세요").wait_for()
    leave_with_mail(page)
    page.get_by_text("잘 받았어요. 이 창이나 남겨 주신 연락처(haneul@mail.example)로").wait_for()
    until_shown(page, "코트 교환되나요?")
    box(page).fill("사이즈는 55예요")
    box(page).press("Enter")
    until_shown(page, "사이즈는 55예요")
    assert said_in(widget_of(shop)) == ["코트 교환되나요?", "사이즈는 55예요"]
    ticket = Ticket.objects.get()
    assert (ticket.center, ticket.is_open, Claim.objects.get().value) == (cast.seoul, True, "haneul@mail.example")
    page.reload()
    page.get_by_role("button", name="채팅 상담 열기").click()
    until_shown(page, "사이즈는 55예요")
    assert page.get_by_label("남길 메시지").count() == 0


def test_when_people_are_back_is_told_no_more_once_somebody_is_there(open_page: PageOpener, shop: ShopPage, cast: Cast):
    today = timezone.now().astimezone(cast.organization.zone).date()
    closed = {"hours": {"mon": [["10:00", "18:00"]]}, "holidays": [today.isoformat()], "targets": {}}
    set_center_schedule(cast.seoul, **closed, by=SETUP, at=timezone.now())
    WidgetSettings.objects.update(takes_closed_messages=True)
    page = opened(open_page, shop)
    told = page.get_by_text(re.compile("^잘 받았어요"))
    page.get_by_label("남길 메시지").fill("코트 교환되나요?")
    leave_with_mail(page)
    told.wait_for()
    until_shown(page, "코트 교환되나요?")
    box(page).press("Escape")
    page.get_by_role("button", name="채팅 상담 열기").click()
    assign_ticket(Ticket.objects.get(), cast.agent, by=cast.agent, at=timezone.now())
    page.get_by_text("박상담 상담원이 함께하고 있어요").wait_for()
    told.wait_for(state="detached")


def test_what_is_told_while_the_chat_opens_again_is_not_put_back(open_page: PageOpener, shop: ShopPage, cast: Cast):
    page = opened(open_page, shop)
    box(page).fill("코트 교환되나요?")
    box(page).press("Enter")
    until_shown(page, "코트 교환되나요?")
    box(page).press("Escape")
    held = HeldAnswer(page, "**/session/")
    page.get_by_role("button", name="채팅 상담 열기").click()
    held.wait()
    assign_ticket(Ticket.objects.get(), cast.agent, by=cast.agent, at=timezone.now())
    page.get_by_text("박상담 상담원이 함께하고 있어요").wait_for()
    with page.expect_response("**/session/"):
        held.release()
    page.wait_for_timeout(300)
    page.get_by_text("박상담 상담원이 함께하고 있어요").wait_for(timeout=1_000)


def test_satisfaction_is_asked_in_place_and_seen_by_the_agent(open_page: PageOpener, shop: ShopPage, cast: Cast):
    page = opened(open_page, shop)
    ticket = resolved_after_talk(page, cast)
    page.get_by_role("radiogroup", name="상담은 어떠셨나요?").wait_for()
    until(lambda: len(surveys()) == 1)
    desk = open_page(f"/inbox/{ticket.public_id}/", person=cast.agent)
    desk.get_by_text("만족도를 물었어요").first.wait_for()
    other = page.context.new_page()
    other.goto(shop.url)
    other.get_by_role("button", name="채팅 상담 열기").click()
    other.get_by_role("radio", name="1점, 매우 불만족").wait_for()
    page.locator(".notice .primary").click()
    page.get_by_text("1점에서 5점 가운데 골라 주세요").wait_for()
    # By keyboard, as a group of radios goes.
    page.get_by_role("radio", name="1점, 매우 불만족").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.get_by_label("한마디 남기기").fill("친절해요")
    page.locator(".notice .primary").click()
    page.get_by_text("4점을 남겨 주셔서 고마워요").wait_for()
    desk.get_by_text("만족도 4점 (5점 만점)").first.wait_for()
    desk.get_by_text("친절해요").first.wait_for()
    other.get_by_role("radio").first.wait_for(state="hidden")
    assert surveys() == [("survey.sent", None, ""), ("survey.answered", 4, "친절해요")]
    page.reload()
    page.get_by_role("button", name="채팅 상담 열기").click()
    until_shown(page, "교환해 드릴게요")
    assert page.get_by_role("radio").count() == 0


def test_a_rating_is_changed_in_place(open_page: PageOpener, shop: ShopPage, cast: Cast):
    page = opened(open_page, shop)
    resolved_after_talk(page, cast)
    page.get_by_role("radio", name="2점, 불만족").check()
    page.locator(".notice .primary").click()
    page.get_by_text("2점을 남겨 주셔서 고마워요").wait_for()
    page.reload()
    page.get_by_role("button", name="채팅 상담 열기").click()
    page.get_by_text("2점을 남기셨어요").wait_for()
    page.get_by_role("button", name="바꾸기").click()
    assert page.get_by_role("radio", name="2점, 불만족").is_checked()
    page.get_by_role("radio", name="5점, 매우 만족").check()
    page.get_by_label("한마디 남기기").fill("해결됐어요")
    page.locator(".notice .primary").click()
    page.get_by_text("5점을 남겨 주셔서 고마워요").wait_for()
    assert surveys()[1:] == [("survey.answered", 2, ""), ("survey.changed", 5, "해결됐어요")]
    page.reload()
    page.get_by_role("button", name="채팅 상담 열기").click()
    page.get_by_text("5점을 남기셨어요").wait_for()
    page.locator(".notice").get_by_role("button", name="닫기").click()
    page.get_by_text("5점을 남기셨어요").wait_for(state="detached")


def test_writing_on_takes_the_question_away(open_page: PageOpener, shop: ShopPage, cast: Cast):
    page = opened(open_page, shop)
    resolved_after_talk(page, cast)
    page.get_by_role("radiogroup").wait_for()
    until(lambda: len(surveys()) == 1)
    box(page).fill("아직이요")
    box(page).press("Enter")
    until_shown(page, "아직이요")
    page.get_by_role("radiogroup").wait_for(state="detached")
    assert [kind for kind, _, _ in surveys()] == ["survey.sent"]


def test_an_answer_that_is_late_does_not_bring_the_question_back(open_page: PageOpener, shop: ShopPage, cast: Cast):
    page = opened(open_page, shop)
    held = HeldAnswer(page, "**/survey/")
    resolved_after_talk(page, cast)
    page.get_by_role("radiogroup").wait_for()
    held.wait()
    box(page).fill("아직이요")
    box(page).press("Enter")
    page.get_by_role("radiogroup").wait_for(state="detached")
    with page.expect_response("**/survey/"):
        held.release()
    box(page).fill("한 가지 더요")
    box(page).press("Enter")
    until_shown(page, "한 가지 더요")
    assert page.get_by_role("radiogroup").count() == 0


def test_a_question_nobody_saw_was_not_asked(open_page: PageOpener, shop: ShopPage, cast: Cast):
    page = opened(open_page, shop)
    page.route("**/survey/", lambda route: pytest.fail("A closed chat asks nobody."))
    box(page).fill("소매가 터졌어요")
    box(page).press("Enter")
    until_shown(page, "소매가 터졌어요")
    box(page).press("Escape")
    ticket = Ticket.objects.get()
    reply_to_ticket(ticket, "교환해 드릴게요", by=cast.agent, at=timezone.now())
    resolve_ticket(ticket, topic="", by=cast.agent, at=timezone.now())
    page.locator(".notice [role=radiogroup]").wait_for(state="attached")
    assert surveys() == []
    page.unroute("**/survey/")
    page.locator(".launcher").click()
    until(lambda: [kind for kind, _, _ in surveys()] == ["survey.sent"])
