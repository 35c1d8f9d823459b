"""Targets and alarms in a real browser: clocks that count down by themselves, and a lead who is told."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import actions
from tests.browser.desk import until
from tests.browsers import PageOpener
from tests.cast import Cast, make_organization
from tests.tickets.conversations import answer, chat
from tickets.actions.alarms import watch_clocks
from tickets.models import AlarmNotice

# What a page would show, kept where a test can look at it.
NOTIFICATIONS = """
  window.notified = [];
  window.Notification = class {
    static get permission() { return localStorage.getItem("permission") ?? "default"; }
    static async requestPermission() { localStorage.setItem("permission", "granted"); return "granted"; }
    constructor(title, options) { window.notified.push(`${title}: ${options.body}`); }
    close() {}
  };
"""


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    cast = make_organization()
    actions.set_center_schedule(
        cast.seoul,
        hours={},
        holidays=[],
        targets={},
        resolution_targets={"chat": 3600},
        by=cast.lead,
        at=timezone.now() - timedelta(days=1),
    )
    return cast


def test_a_clock_counts_down_and_runs_out_without_asking_the_hub(open_page: PageOpener, cast: Cast):
    ticket = chat(cast.organization, "t", ago=57 / 60)
    page = open_page(f"/inbox/{ticket.public_id}/", person=cast.agent)
    asked: list[str] = []
    page.locator("[data-row]").first.wait_for()
    page.on("request", lambda request: asked.append(request.url))
    clock = page.locator("#ticket-head [data-due-seconds][data-kind=first_response]")
    for place in (clock, page.locator("[data-row] [data-due-seconds]")):
        place.locator("[data-due-words]", has_text=re.compile("첫 응답 .*초 지남")).wait_for(timeout=8_000)
        assert place.get_attribute("data-level") == "past"
    assert not [url for url in asked if "/head/" in url]
    assert page.locator("#ticket-head [data-kind=resolution]").inner_text().startswith("해결까지 5")
    # Answered: the clock is gone, and what is left to the resolution stands still.
    answer(cast.organization, "t", cast.agent)
    page.locator("#ticket-head", has_text="멈춤").wait_for()
    assert clock.count() == 0


def test_the_lead_is_told_on_the_page_and_by_the_browser_once(open_page: PageOpener, cast: Cast):
    page = open_page("/alarms/", person=cast.lead)
    page.context.add_init_script(NOTIFICATIONS)
    page.reload()
    page.locator("[data-notify]").click()
    page.locator("[data-notify-state]", has_text="켜져 있어요").wait_for()
    page.goto(page.url.replace("/alarms/", "/inbox/?view=breached"))
    until(lambda: page.evaluate("localStorage.getItem('cxhub-alarm-told') !== null"))
    assert page.locator("[data-rows]", has_text="목표를 넘긴 상담이 없어요").count() == 1
    chat(cast.organization, "t", ago=5)
    assert watch_clocks(cast.organization, at=timezone.now()) == 1
    until(lambda: page.locator("nav [data-bell-count]").inner_text() == "1")
    page.locator("[data-toast]", has_text="첫 응답이 늦었어요").wait_for()
    page.locator("[data-row]").wait_for()
    assert page.evaluate("window.notified") == ["하늘상회: 첫 응답이 늦었어요 · 채팅 · 서울 고객센터"]
    # Another page, another time: told is told.
    page.reload()
    page.locator("nav [data-bell-count]:visible").wait_for()
    until(lambda: page.evaluate("document.querySelector('[data-alarms]') !== null"))
    page.locator("nav [href='/alarms/']").click()
    page.locator("#alarm-list button", has_text="김서연").click()
    page.wait_for_url("**/inbox/*/")
    until(lambda: AlarmNotice.objects.filter(read_at=None).count() == 0)
    until(lambda: page.locator("nav [data-bell-count]").is_hidden())
    assert page.evaluate("window.notified") == []
