"""The inbox in a real browser: a day at the desk, and what must not happen to what somebody typed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone

from customers.models import Event
from tests.browser.desk import opened, until
from tests.browsers import PageOpener
from tests.cast import Cast, make_organization
from tests.tickets.conversations import answer, chat, happens, ring
from tickets.actions import set_topics
from tickets.models import Ticket


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    cast = make_organization()
    set_topics(cast.organization, {"delivery": "배송", "size": "사이즈"}, by=cast.owner, at=timezone.now())
    return cast


def field(page: Any) -> Any:
    return page.locator("[data-composer] [data-text]")


def lines(page: Any) -> list[str]:
    found: list[str] = page.locator("[data-lines] > [id^=line-] p.whitespace-pre-wrap").all_inner_texts()
    return found


def said(ticket: Ticket) -> list[str]:
    rows = Event.objects.filter(thread=ticket.thread, author="agent").order_by("time")
    return list(rows.values_list("text", flat=True))


def forgive(open_page: PageOpener, word: str) -> None:
    """The browser itself tells of requests that a test has made fail."""
    open_page.errors[:] = [error for error in open_page.errors if word not in error]


def test_a_contact_from_first_word_to_resolved(open_page: PageOpener, cast: Cast):
    page = open_page("/inbox/", person=cast.agent)
    page.get_by_text(re.compile("No open tickets|진행 중인 상담이 없습니다")).wait_for()
    page.wait_for_timeout(400)
    ticket = chat(cast.organization, "a", "코트 소매 올이 풀렸어요")
    row = page.locator(f"#row-{ticket.public_id.hex}")
    row.wait_for(timeout=6000)
    row.click()
    page.locator("[data-lines]", has_text="코트 소매 올이 풀렸어요").wait_for()
    assert page.url.endswith(f"/inbox/{ticket.public_id}/")
    page.locator("[data-history]", has_text="010-0000-5678").wait_for()
    page.keyboard.press("t")
    until(lambda: Ticket.objects.get().agent_email == cast.agent.email)
    page.keyboard.press("r")
    page.keyboard.type("교환해 드릴게요")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("잠시만요")
    page.keyboard.press("Enter")
    page.locator("[data-lines]", has_text="교환해 드릴게요").wait_for()
    until(lambda: field(page).input_value() == "")
    assert said(ticket) == ["교환해 드릴게요\n잠시만요"]
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.type("재고 확인함")
    page.keyboard.press("Enter")
    page.locator("[data-lines]", has_text="재고 확인함").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    page.get_by_text("배송", exact=True).click()
    page.locator("#ticket-head form .btn-success").click()
    until(lambda: Ticket.objects.get().status == "resolved")
    assert Ticket.objects.get().topic == "delivery"
    page.locator("#ticket-head .badge-success").wait_for()
    row.wait_for(state="detached", timeout=6000)


def test_what_comes_in_appears_once_and_in_its_place(open_page: PageOpener, cast: Cast):
    ticket = chat(cast.organization, "a", "하나", ago=30)
    page = opened(open_page, cast, ticket)
    for number in range(12):
        chat(cast.organization, "a", f"말 {number}", ago=10 - number / 10)
    chat(cast.organization, "a", "늦게 온 말", ago=20)
    page.locator("[data-lines]", has_text="늦게 온 말").wait_for()
    page.locator("[data-lines]", has_text="말 11").wait_for()
    shown = lines(page)
    assert shown == ["하나", "늦게 온 말", *(f"말 {number}" for number in range(12))]
    page.reload()
    page.locator("[data-lines]", has_text="말 11").wait_for()
    assert lines(page) == shown


def test_what_was_missed_while_the_line_was_cut_comes_after(open_page: PageOpener, cast: Cast):
    ticket = chat(cast.organization, "a", "하나", ago=30)
    page = opened(open_page, cast, ticket)
    page.context.set_offline(True)
    page.wait_for_timeout(100)
    chat(cast.organization, "a", "둘")
    answer(cast.organization, "a", cast.lead, "셋")
    page.wait_for_timeout(300)
    assert lines(page) == ["하나"]
    page.context.set_offline(False)
    page.locator("[data-lines]", has_text="셋").wait_for(timeout=10_000)
    assert lines(page) == ["하나", "둘", "셋"]
    forgive(open_page, "ERR_INTERNET_DISCONNECTED")


def test_a_failed_send_keeps_the_text_and_the_second_try_is_one(open_page: PageOpener, cast: Cast):
    ticket = chat(cast.organization, "a")
    page = opened(open_page, cast, ticket)
    lost: list[str] = []

    def lose_the_answer(route: Any) -> None:
        """The hub takes it, and its answer never arrives."""
        if not lost:
            lost.append(route.request.post_data)
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/reply/", lose_the_answer)
    field(page).fill("꼭 가야 하는 말")
    field(page).press("Enter")
    page.locator("[data-failed]").wait_for(state="visible")
    assert field(page).input_value() == "꼭 가야 하는 말"
    page.locator("[data-failed] button").click()
    until(lambda: field(page).input_value() == "")
    page.locator("[data-failed]").wait_for(state="hidden")
    assert said(ticket) == ["꼭 가야 하는 말"]
    forgive(open_page, "ERR_FAILED")


def test_a_refused_text_says_why_and_stays(open_page: PageOpener, cast: Cast):
    ticket = chat(cast.organization, "a")
    page = opened(open_page, cast, ticket)
    page.route("**/reply/", lambda route: route.fulfill(status=500, body="x"))
    field(page).fill("남아 있어야 할 말")
    field(page).press("Enter")
    page.locator("[data-failed]").wait_for(state="visible")
    page.reload()
    assert field(page).input_value() == "남아 있어야 할 말"
    assert said(ticket) == []
    forgive(open_page, "500")


def test_two_clicks_send_once(open_page: PageOpener, cast: Cast):
    ticket = chat(cast.organization, "a")
    page = opened(open_page, cast, ticket)
    field(page).fill("한 번만")
    page.locator("[data-send]").dblclick()
    page.locator("[data-lines]", has_text="한 번만").wait_for()
    page.wait_for_timeout(300)
    assert said(ticket) == ["한 번만"]


def test_drafts_survive_reload_and_belong_to_ticket_and_kind(open_page: PageOpener, cast: Cast):
    ticket = chat(cast.organization, "a")
    other = chat(cast.organization, "b", phone="010-0000-0002")
    page = opened(open_page, cast, ticket)
    field(page).fill("답장 초안")
    page.locator("[data-mode-button=note]").click()
    assert field(page).input_value() == ""
    field(page).fill("메모 초안")
    page.reload()
    assert field(page).input_value() == "답장 초안"
    page.locator("[data-mode-button=note]").click()
    assert field(page).input_value() == "메모 초안"
    page.goto(page.url.replace(str(ticket.public_id), str(other.public_id)))
    assert field(page).input_value() == ""


def test_enter_in_the_middle_of_a_syllable_sends_it_whole_and_once(open_page: PageOpener, cast: Cast):
    ticket = chat(cast.organization, "a")
    page = opened(open_page, cast, ticket)
    field(page).click()
    ime = page.context.new_cdp_session(page)
    for step in ("ㅎ", "하", "한"):
        ime.send("Input.imeSetComposition", {"text": step, "selectionStart": 1, "selectionEnd": 1})
    key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    ime.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
    assert said(ticket) == []
    ime.send("Input.insertText", {"text": "한"})
    page.locator("[data-lines]", has_text="한").wait_for()
    page.wait_for_timeout(300)
    assert said(ticket) == ["한"]
    until(lambda: field(page).input_value() == "")


def test_a_ringing_call_shows_its_card_anywhere_and_opens_when_answered(open_page: PageOpener, cast: Cast):
    page = open_page("/counter/", person=cast.agent)
    page.wait_for_timeout(500)
    chat(cast.organization, "before", ago=60)
    call = ring(cast.organization, "c")
    card = page.locator("[data-caller-card]")
    card.wait_for(timeout=6000)
    assert "김서연" in card.inner_text()
    happens(cast.organization, "call.answered", "c", agent=cast.agent.email)
    page.wait_for_url(f"**/inbox/{call.public_id}/", timeout=6000)
    page.locator("[data-history]", has_text="010-0000-5678").wait_for()
    page.locator("#ticket-head [data-running-since]").wait_for()
    happens(cast.organization, "call.ended", "c", talk_seconds=61)
    page.locator("[data-wrap-up]").wait_for(timeout=6000)
    field(page).fill("사이즈 안내함")
    page.locator("#wrap-up").get_by_text("사이즈", exact=True).click()
    page.locator("[data-wrap-up]").click()
    until(lambda: Ticket.objects.get(pk=call.pk).status == "resolved")
    assert Ticket.objects.get(pk=call.pk).topic == "size"


def test_a_call_answered_by_another_or_missed_takes_its_card_away(open_page: PageOpener, cast: Cast):
    page = open_page("/inbox/", person=cast.agent)
    page.wait_for_timeout(500)
    card = page.locator("[data-caller-card]")
    ring(cast.organization, "c")
    card.wait_for(timeout=6000)
    happens(cast.organization, "call.answered", "c", agent=cast.lead.email)
    card.wait_for(state="detached", timeout=6000)
    ring(cast.organization, "d", phone="")
    card.wait_for(timeout=6000)
    happens(cast.organization, "call.abandoned", "d")
    card.wait_for(state="detached", timeout=6000)


def test_a_ringing_call_comes_along_to_the_next_page_until_it_is_put_away(open_page: PageOpener, cast: Cast):
    page = open_page("/inbox/", person=cast.agent)
    page.wait_for_timeout(500)
    card = page.locator("[data-caller-card]")
    ring(cast.organization, "c")
    card.wait_for(timeout=6000)
    for path in ("/promises/", "/customers/"):
        page.goto(f"{open_page.hub.url}{path}")
        card.wait_for(timeout=6000)
    card.locator("[data-caller-dismiss]").click()
    page.goto(f"{open_page.hub.url}/promises/")
    page.wait_for_timeout(800)
    assert card.count() == 0
    ring(cast.organization, "d", phone="010-0000-0002")
    card.wait_for(timeout=6000)
    with page.expect_response("**/caller/") as answered:
        page.goto(f"{open_page.hub.url}/inbox/")
    assert answered.value.status == 200
    happens(cast.organization, "call.abandoned", "d")
    card.wait_for(state="detached", timeout=6000)


SLOW_TEXT = """
  const fetched = window.fetch;
  window.fetch = async (...asked) => {
    const answer = await fetched(...asked);
    const text = answer.text.bind(answer);
    answer.text = () => new Promise((go) => { setTimeout(() => go(text()), 600); });
    return answer;
  };
"""


def test_a_call_has_one_card_however_often_it_is_asked_for(open_page: PageOpener, cast: Cast):
    page = open_page("/promises/", person=cast.agent)
    page.wait_for_timeout(500)
    ring(cast.organization, "c")
    page.locator("[data-caller-card]").wait_for(timeout=6000)
    page.add_init_script(SLOW_TEXT)
    page.reload()
    page.locator("[data-caller-card]").first.wait_for(timeout=6000)
    page.wait_for_timeout(1200)
    assert page.locator("[data-caller-card]").count() == 1


def test_who_is_in_a_dialog_is_not_taken_away_by_a_call_and_keeps_her_list(open_page: PageOpener, cast: Cast):
    ticket = chat(cast.organization, "a")
    page = open_page(f"/inbox/{ticket.public_id}/?view=unassigned", person=cast.agent)
    page.locator("[data-history]").first.wait_for(state="attached")
    page.wait_for_timeout(500)
    page.keyboard.press("p")
    page.locator("dialog[open]").wait_for()
    ring(cast.organization, "c", phone="010-0000-0002")
    page.locator("[data-caller-card]").wait_for(timeout=6000)
    happens(cast.organization, "call.answered", "c", agent=cast.agent.email)
    page.locator("[data-caller-card][data-is-mine]").wait_for(timeout=6000)
    page.wait_for_timeout(300)
    assert page.locator("dialog[open]").count() == 1
    happens(cast.organization, "call.ended", "c")
    page.keyboard.press("Escape")
    ring(cast.organization, "d", phone="010-0000-0003")
    page.locator("[data-caller-card]").wait_for(timeout=6000)
    call = happens(cast.organization, "call.answered", "d", agent=cast.agent.email)
    assert call is not None
    page.wait_for_url(f"**/inbox/{call.public_id}/?view=unassigned")


def test_who_is_writing_is_not_taken_away_by_a_call(open_page: PageOpener, cast: Cast):
    ticket = chat(cast.organization, "a")
    page = opened(open_page, cast, ticket)
    field(page).fill("쓰던 말")
    ring(cast.organization, "c", phone="010-0000-0002")
    page.locator("[data-caller-card]").wait_for(timeout=6000)
    happens(cast.organization, "call.answered", "c", agent=cast.agent.email)
    page.locator("[data-caller-card][data-is-mine]").wait_for(timeout=6000)
    page.wait_for_timeout(300)
    assert page.url.endswith(f"/inbox/{ticket.public_id}/")
    assert field(page).input_value() == "쓰던 말"


def test_searching_while_a_conversation_stays_open(open_page: PageOpener, cast: Cast):
    ticket = chat(cast.organization, "a", "하나")
    chat(cast.organization, "b", "둘", name="남궁민수", phone="010-0000-0002")
    page = opened(open_page, cast, ticket)
    field(page).fill("초안")
    page.locator("[data-list-search]").fill("남궁")
    until(lambda: page.locator("[data-row]").count() == 1)
    assert "남궁민수" in page.locator("[data-row]").inner_text()
    assert field(page).input_value() == "초안"
    page.locator("[data-list-search]").fill("없는사람")
    until(lambda: page.locator("[data-row]").count() == 0)


def test_a_phone_shows_one_pane_with_tabs(open_page: PageOpener, cast: Cast):
    ticket = chat(cast.organization, "a", "하나")
    page = open_page("/inbox/", person=cast.agent, width=390, height=844)
    page.locator("[data-row] a").click()
    page.locator("[data-lines]", has_text="하나").wait_for()
    assert page.locator("[data-list-pane]").is_hidden()
    page.locator("[data-tab=history]").click()
    page.locator("[data-history]", has_text="010-0000-5678").wait_for()
    assert page.locator("[data-lines]").is_hidden()
    page.locator("[data-tab=conversation]").click()
    page.locator("details[data-key=e] summary").click()
    button = page.locator("#ticket-head form .btn-success")
    button.wait_for()
    box = button.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert Ticket.objects.get(pk=ticket.pk).is_open


def test_what_a_stranger_writes_runs_nowhere(open_page: PageOpener, cast: Cast):
    name = "<img src=x onerror=window.hacked=1>"
    ticket = chat(
        cast.organization, "a", "<script>window.hacked=1</script><img src=x onerror=window.hacked=1>", name=name
    )
    page = opened(open_page, cast, ticket)
    chat(cast.organization, "a", "<svg onload=window.hacked=1>", name=name)
    page.locator("[data-lines]", has_text="<svg onload").wait_for()
    page.wait_for_timeout(1300)
    assert page.evaluate("window.hacked") is None
