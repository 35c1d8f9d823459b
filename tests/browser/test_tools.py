"""“/” in the composer: saved replies found by initials and filled in, Hangul left whole, macros told before they run."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from customers.models import Event
from tests.browser.desk import opened, until
from tests.browsers import PageOpener
from tests.cast import Cast, make_organization
from tests.tickets.conversations import chat
from tickets.actions.tools import Audience, save_canned_reply, save_macro
from tickets.macros import Steps
from tickets.models import CannedReply, Ticket


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    cast = make_organization()
    told: dict[str, Any] = {"audience": Audience(), "by": cast.owner, "at": timezone.now()}
    texts = [
        ("교환 안내", "교환", "{{고객 이름}}님, 교환해 드릴게요."),
        ("반품 안내", "반품", "{{최근 구매}} 반품은 7일 안에 돼요."),
    ]
    for title, shortcut, text in texts:
        save_canned_reply(cast.organization, title=title, shortcut=shortcut, text=text, **told)
    steps = Steps(text="접수했어요", reply="send", priority="high", resolves=True)
    save_macro(cast.organization, title="접수 마무리", shortcut="접수", steps=steps, **told)
    return cast


def field(page: Any) -> Any:
    return page.locator("[data-composer] [data-text]")


def shown(page: Any) -> list[str]:
    return page.locator("[data-tool-list] [role=option]:visible").evaluate_all(
        "all => all.map((one) => one.dataset.title)"
    )


def test_a_saved_reply_is_found_and_filled_in(open_page: PageOpener, cast: Cast):
    ticket = chat(cast.organization, "a", name="김서연")
    page = opened(open_page, cast, ticket)
    field(page).press_sequentially("안녕하세요. /ㄱㅎ")
    page.locator("[data-tool-list] [role=option]:visible").first.wait_for()
    assert shown(page) == ["교환 안내"]
    field(page).press("Enter")
    until(lambda: field(page).input_value() == "안녕하세요. 김서연님, 교환해 드릴게요.")
    assert page.locator("[data-filled]").inner_text() == ""
    assert Event.objects.filter(author="agent").count() == 0
    # Escape closes the list and leaves what was typed; a slash within a word opens none.
    field(page).fill("")
    field(page).press_sequentially("/")
    until(lambda: len(shown(page)) == 3)
    field(page).press("Escape")
    assert shown(page) == []
    assert field(page).input_value() == "/"
    field(page).fill("")
    field(page).press_sequentially("and/")
    assert shown(page) == []
    # What is not known is filled in otherwise, and said.
    field(page).fill("")
    field(page).press_sequentially("/")
    field(page).press("ArrowDown")
    field(page).press("Tab")
    until(lambda: "구매하신 상품 반품은" in field(page).input_value())
    assert "최근 구매" in page.locator("[data-filled]").inner_text()
    assert sorted(CannedReply.objects.values_list("uses", flat=True)) == [1, 1]
    field(page).press("Enter")
    until(lambda: Event.objects.filter(author="agent").exists())
    until(lambda: page.locator("[data-filled]").inner_text() == "")


def test_enter_that_ends_a_syllable_chooses_and_sends_nothing(open_page: PageOpener, cast: Cast):
    page = opened(open_page, cast, chat(cast.organization, "a", name="김서연"))
    field(page).press_sequentially("/교")
    page.locator("[data-tool-list] [role=option]:visible").first.wait_for()
    cdp = page.context.new_cdp_session(page)
    cdp.send("Input.imeSetComposition", {"text": "환", "selectionStart": 1, "selectionEnd": 1})
    enter = {"type": "rawKeyDown", "key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229}
    cdp.send("Input.dispatchKeyEvent", enter)
    # Not yet: the syllable is still open.
    assert "환" in field(page).input_value()
    cdp.send("Input.insertText", {"text": "환"})
    until(lambda: field(page).input_value() == "김서연님, 교환해 드릴게요.")
    assert not Event.objects.filter(author="agent").exists()


def test_a_macro_is_told_and_then_done(open_page: PageOpener, cast: Cast):
    ticket = chat(cast.organization, "a", name="김서연")
    page = opened(open_page, cast, ticket)
    field(page).press_sequentially("/접수")
    page.locator("[data-tool-list] [role=option]:visible", has_text="접수 마무리").wait_for()
    field(page).press("Enter")
    dialog = page.locator("[data-act-dialog][open]")
    dialog.get_by_text("접수했어요").wait_for()
    assert field(page).input_value() == ""
    page.keyboard.press("Enter")
    dialog.wait_for(state="detached")
    page.locator("#ticket-head .badge", has_text="해결됨").wait_for()
    now = Ticket.objects.get(pk=ticket.pk)
    assert (now.is_open, now.priority) == (False, "high")
    page.locator("[data-lines]", has_text="접수했어요").wait_for()


def test_the_palette_finds_macros(open_page: PageOpener, cast: Cast):
    page = opened(open_page, cast, chat(cast.organization, "a"))
    page.keyboard.press("Control+k")
    page.locator("[data-palette-box]").fill("접수 마")
    page.locator("#palette [role=option]", has_text="매크로: 접수 마무리").wait_for()
    page.keyboard.press("Enter")
    page.locator("[data-act-dialog][open]").get_by_text("접수했어요").wait_for()
