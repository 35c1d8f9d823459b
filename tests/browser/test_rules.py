"""A rule is put together by keyboard and without a word of JSON, tried, switched on, and seen at work."""

from __future__ import annotations

import pytest
from django.utils import timezone

from channels_app.hub.rules import follow_rules
from tests.browser.desk import opened, until
from tests.browsers import PageOpener
from tests.cast import make_organization
from tests.tickets.conversations import chat
from tickets.models import Rule

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_an_empty_list_to_a_conversation(open_page: PageOpener):
    cast = make_organization()
    chat(cast.organization, "past", "당장 바꿔 주세요", ago=60)
    page = open_page("/settings/rules/", person=cast.owner)
    page.get_by_role("link", name="새 규칙").click()
    page.wait_for_url("**/settings/rules/new/")
    page.locator("[name=name]").fill("급한 말")
    page.locator("[name=trigger]").focus()
    page.locator("[name=trigger]").select_option("unanswered")
    page.locator("[name=minutes]").wait_for()
    # Drawn anew, the form goes on where the hands are.
    assert page.evaluate("document.activeElement.name") == "trigger"
    page.locator("[name=trigger]").select_option("customer_message")
    page.locator("[name=minutes]").wait_for(state="detached")
    page.locator("#add-condition").press("Enter")
    words = page.locator("[name=condition-0-word]")
    words.wait_for()
    words.select_option("says")
    page.locator("[name=condition-0-values]").fill("당장, 급해요")
    page.locator("[name=act-0-word]").select_option("priority")
    page.locator("[name=act-0-values]").select_option("urgent")
    page.locator("#add-act").press("Enter")
    page.locator("[name=act-1-word]").select_option("reply")
    page.locator("[name=act-1-values]").fill("바로 확인할게요")
    # What was typed has come through every redrawing.
    assert page.locator("[name=condition-0-values]").input_value() == "당장, 급해요"
    assert page.locator("[name=name]").input_value() == "급한 말"
    page.get_by_role("button", name="저장", exact=True).last.click()
    page.get_by_role("heading", name="급한 말").wait_for()
    assert page.get_by_role("button", name="켜기").count() == 0
    page.get_by_role("button", name="지난 7일").click()
    page.get_by_text("지난 7일 동안 상담 1건에서 1번 실행됐을 거예요.").wait_for()
    assert "당장 바꿔 주세요" in page.locator("#trial").inner_text()
    page.get_by_role("button", name="켜기").click()
    page.get_by_text("켜짐", exact=True).wait_for()
    assert Rule.objects.get().is_on

    ticket = chat(cast.organization, "now", "급해요", phone="010-0000-1111")
    desk = opened(open_page, cast, ticket)
    follow_rules(cast.organization, at=timezone.now())
    desk.get_by_text("바로 확인할게요").wait_for()
    until(lambda: desk.get_by_text("규칙 '급한 말'").count() == 2)
    # Nobody has answered: she waits still.
    ticket.refresh_from_db()
    assert ticket.is_waiting

    page.goto(page.url)
    assert page.get_by_role("link", name="상담 보기").count() == 1


def test_rows_are_taken_away_at_390_pixels(open_page: PageOpener):
    cast = make_organization()
    page = open_page("/settings/rules/new/", person=cast.owner, width=390)
    for _number in range(2):
        page.locator("#add-condition").click()
    page.locator("[data-row=condition-1]").wait_for()
    page.get_by_role("button", name="조건 1 빼기").click()
    page.locator("[data-row=condition-0]").wait_for(state="detached")
    assert page.locator("[data-row=condition-1]").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
