"""What goes out by mail as an agent sees it on her page, live; and a visitor who takes her conversation along."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone

from channels_app.deliveries import events
from channels_app.hub.actions import reply_to_ticket
from channels_app.models import Delivery
from tests.browser.desk import opened, until
from tests.browser.shop_page import ShopPage
from tests.browsers import PageOpener
from tests.cast import Cast, make_organization
from tests.channels_app.mail.conftest import sink as sink
from tests.channels_app.mail.shops import asked_by_mail, make_account, work
from tests.channels_app.mail.sink import Sink
from tests.channels_app.widget.visitors import make_widget
from tests.hubs import Hub


@pytest.fixture
def cast(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr(events, "_tell_worker", lambda _delivery: None)
    return make_organization()


@pytest.mark.parametrize("width", [1440, 390])
def test_an_answer_waits_fails_and_goes_before_her_eyes(open_page: PageOpener, cast: Cast, sink: Sink, width: int):
    ticket = asked_by_mail(make_account(cast))
    page = opened(open_page, cast, ticket, width=width)
    reply_to_ticket(ticket, "내일 도착해요", by=cast.agent, at=timezone.now())
    mark = page.locator("[data-ours] [data-delivery-state]")
    page.locator("[data-delivery-state=waiting]", has_text="기다리는 중").wait_for()
    sink.answers["RCPT"] = "550 5.1.1 no such user"
    work(cast)
    page.locator("[data-delivery-state=failed]", has_text="없는 메일 주소예요").wait_for()
    page.locator("[data-lines] li", has_text="답변이 고객에게 가지 못함").wait_for()
    page.locator("#ticket-head", has_text="보내지 못함").wait_for()
    sink.answers.clear()
    mark.get_by_role("button", name="다시 보내기").click()
    page.locator("[data-delivery-state=waiting]").wait_for()
    work(cast)
    page.locator("[data-delivery-state=sent]", has_text="메일로 보냄").wait_for()
    assert mark.count() == 1
    until(lambda: "보내지 못함" not in page.locator("#ticket-head").inner_text())
    shown = mark.inner_text()
    page.reload()
    page.locator("[data-delivery-state=sent]").wait_for()
    assert mark.inner_text() == shown, "as a fresh load shows it"


def test_wherever_she_is_she_is_told_that_her_answer_did_not_arrive(open_page: PageOpener, cast: Cast, sink: Sink):
    ticket = asked_by_mail(make_account(cast))
    page: Any = open_page("/promises/", person=cast.agent)
    page.locator("[data-availability] summary:visible", has_text="온라인").wait_for()
    reply_to_ticket(ticket, "내일 도착해요", by=cast.agent, at=timezone.now())
    sink.answers["RCPT"] = "550 5.1.1 no such user"
    work(cast)
    page.locator("[data-toast]", has_text="내 답변이 고객에게 가지 못했어요.").wait_for()


@pytest.fixture
def shop(hub_factory: Callable[..., Hub], cast: Cast, sink: Sink) -> Iterator[ShopPage]:
    hub = hub_factory(MAIL_URL=f"smtp://127.0.0.1:{sink.port}?tls=off")
    page = ShopPage(hub.url)
    content = {"asks_contact": False, "takes_closed_messages": False}
    page.widget = str(make_widget(cast, allowed_origins=[page.url], **content).public_id)
    yield page
    page.close()


def test_a_visitor_takes_her_conversation_along(shop: ShopPage, cast: Cast, sink: Sink, open_page: PageOpener):
    make_account(cast)
    page: Any = open_page(shop.url)
    page.get_by_role("button", name="채팅 상담 열기").click()
    page.get_by_role("textbox", name="메시지 입력").fill("소매가 뜯어졌어요")
    page.get_by_role("textbox", name="메시지 입력").press("Enter")
    page.locator(".said:not(.is-pending) .text", has_text="소매가").wait_for()
    page.get_by_role("button", name="대화 내용 메일로 받기").click()
    field = page.get_by_role("textbox", name="메일 주소")
    field.fill("hers")
    field.press("Enter")
    page.get_by_text("name@example.com처럼").wait_for()
    field.fill("hers@mail.example")
    field.press("Enter")
    page.get_by_text("메일로 보내 드렸어요").wait_for()
    assert Delivery.objects.get().recipient == "hers@mail.example"
    work(cast)
    assert len(sink.taken) == 1
