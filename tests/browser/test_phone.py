"""Telephones in a real browser: who was missed and is called back, how a call stands, what is left after it, what was said."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from channels_app.models import CallRequest, TelephonySettings
from channels_app.telephony.settings_actions import set_telephony
from customers.models import Event
from tests import cast as casts
from tests.browser.desk import opened, until
from tests.browsers import PageOpener
from tests.cast import Cast, make_organization
from tests.tickets.conversations import happens, ring
from tests.tickets.test_callbacks import missed
from tickets.actions import set_topics
from tickets.models import Ticket


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    cast = make_organization()
    set_topics(cast.organization, {"delivery": "배송", "size": "사이즈"}, by=cast.owner, at=timezone.now())
    simulator = TelephonySettings.Adapter.SIMULATOR
    set_telephony(cast.organization, adapter=simulator, sends_recordings=True, by=cast.owner, at=timezone.now())
    return cast


def entries(page: Any) -> Any:
    return page.locator("[data-call-back]")


def test_a_missed_call_appears_is_taken_by_one_and_leaves_when_she_is_reached(open_page: PageOpener, cast: Cast):
    colleague = casts.make_person(cast.organization, "second", name="나동료", centers=[cast.seoul])
    page, other = open_page("/call-backs/", person=cast.agent), open_page("/call-backs/", person=colleague)
    badge = page.locator("nav").first.locator("[data-count-of='/call-backs/']")
    for one in (page, other):
        one.get_by_text("다시 걸 전화가 없어요").wait_for()
        one.wait_for_timeout(400)
    missed(cast, "a", reason="no_answer")
    for one in (page, other):
        entries(one).first.wait_for()
    until(lambda: badge.inner_text() == "1")
    page.get_by_role("button", name="맡기").click()
    page.get_by_text("내가 맡음").wait_for()
    other.get_by_text("박상담").wait_for()
    assert other.get_by_role("button", name="통화함").count() == 0
    page.get_by_role("button", name="받지 않음").click()
    page.locator("[aria-label='다시 건 기록']", has_text="받지 않음").wait_for()
    page.get_by_role("button", name="통화함").click()
    for one in (page, other):
        one.get_by_text("다시 걸 전화가 없어요").wait_for()
    until(lambda: badge.is_hidden())
    assert Ticket.objects.get().status == "resolved"


def test_how_a_call_stands_is_the_same_live_and_after_a_reload(open_page: PageOpener, cast: Cast):
    begun = timezone.now()

    def happened(kind: str, seconds_ago: float, **data: Any) -> Any:
        told = {"agent": cast.agent.email} if kind != "call.queued" else {}
        return happens(
            cast.organization, kind, "c", source="/seoul/call", at=begun, ago=seconds_ago / 60, **told, **data
        )

    page = opened(open_page, cast, happened("call.queued", 120, queue="main"))
    state = page.locator("#ticket-head [data-call-state]")

    def seconds_shown() -> int:
        until(lambda: ":" in state.inner_text())
        minutes, seconds = state.inner_text().split()[-1].split(":")
        return int(minutes) * 60 + int(seconds)

    def stands(what: str, seconds: int) -> None:
        """The clock counts from what the events tell, not from when the page was loaded."""
        place = page.locator(f"#ticket-head [data-call-state={what}]")
        for _live_and_anew in range(2):
            place.wait_for()
            counted = seconds_shown()
            passed = (timezone.now() - begun).total_seconds()
            assert seconds - 2 <= counted - passed <= seconds + 2
            page.reload()

    stands("queued", 120)
    happened("call.ringing", 110)
    stands("ringing", 120)
    happened("call.answered", 90)
    stands("talking", 90)
    happened("call.held", 60)
    stands("held", 60)
    happened("call.resumed", 50)
    stands("talking", 90)
    happened("call.ended", 30)
    page.locator("#ticket-head [data-call-state=ended]", has_text="1:00").wait_for()


def test_after_a_call_the_form_opens_by_itself_survives_a_reload_and_is_saved_once(open_page: PageOpener, cast: Cast):
    ticket = ring(cast.organization, "c", ago=3)
    happens(cast.organization, "call.answered", "c", source="/seoul/call", agent=cast.agent.email, ago=2)
    page = opened(open_page, cast, ticket)
    happens(cast.organization, "call.ended", "c", source="/seoul/call", ago=1)
    form = page.locator("[data-wrap-up-form]")
    form.wait_for()
    until(lambda: bool(page.evaluate("document.activeElement.matches('[data-text]')")))
    page.keyboard.type("내일까지 송장 보내기로 함")
    form.get_by_text("배송", exact=True).click()
    form.locator("[name=result]").select_option("promised")
    form.locator("[name=next]").select_option("stays_open")
    page.locator("[data-draft-state]", has_text="임시 저장").wait_for()
    page.reload()
    until(lambda: page.locator("[data-composer] [data-text]").input_value() == "내일까지 송장 보내기로 함")
    until(lambda: form.locator("[name=result]").input_value() == "promised")
    assert form.locator("[name=topic][value=delivery]").is_checked()
    form.get_by_role("button", name="저장").click()
    page.locator("[data-lines]", has_text="약속함").wait_for()
    told = Event.objects.filter(thread="c", source="/hub").values_list("type", flat=True)
    assert sorted(told) == ["call.wrapped_up", "note.added", "ticket.topic"]
    assert Ticket.objects.get().is_open
    form.wait_for(state="detached")
    kept = "Object.keys(localStorage).filter((key) => key.includes('wrap-up')).length"
    until(lambda: page.evaluate(kept) == 0)


def test_a_recording_and_its_words_come_later_and_one_plays_the_other(open_page: PageOpener, cast: Cast):
    ticket = ring(cast.organization, "c", ago=300)
    happens(cast.organization, "call.answered", "c", source="/seoul/call", agent=cast.agent.email, ago=299)
    happens(cast.organization, "call.ended", "c", source="/seoul/call", ago=298)
    page = opened(open_page, cast, ticket)
    page.get_by_text("녹음을 기다리는 중").wait_for()
    segments = [
        {
            "speaker": "agent" if number % 2 else "customer",
            "text": f"{number}번째 말, 코트",
            "offset_seconds": number * 2,
        }
        for number in range(5)
    ]
    happens(cast.organization, "call.transcript", "c", source="/seoul/call", segments=segments)
    page.locator("[data-transcript]").wait_for()
    url = "/simulated-recordings/c.wav"
    happens(cast.organization, "call.recording", "c", source="/seoul/call", url=url, seconds=12)
    page.locator("[data-audio]").wait_for()
    assert page.get_by_text("녹음을 기다리는 중").is_hidden()
    assert url not in page.content()
    page.locator("[data-seek]").nth(3).click()
    until(lambda: page.evaluate("document.querySelector('[data-audio]').currentTime") >= 6)
    page.locator("[data-segment][data-is-heard]", has_text="3번째").wait_for()
    page.locator("[data-transcript-search]").fill("4번째")
    until(lambda: page.locator("[data-segment]:visible").count() == 1)
    page.get_by_text("1곳").wait_for()


def test_a_call_from_the_pane_stays_in_sight_on_every_page(open_page: PageOpener, cast: Cast):
    ring(cast.organization, "before", ago=90)
    happens(cast.organization, "call.abandoned", "before", source="/seoul/call", ago=89)
    ticket = ring(cast.organization, "c", ago=60)
    page = opened(open_page, cast, ticket)
    other = page.locator("[data-customers-call]", has_text="부재중")
    other.locator("summary").click()
    other.get_by_text("연결되기 전에 끊음").wait_for()
    page.locator("#history [data-call-form] button").click()
    page.locator("[data-outgoing]", has_text="거는 중").wait_for()
    page.goto(page.url.split("/inbox/")[0] + "/call-backs/")
    page.locator("[data-outgoing]", has_text="거는 중").wait_for()
    asked = CallRequest.objects.get()
    assert (asked.number, asked.person) == ("+821000005678", cast.agent)
