"""Writing Hangul in the widget: what is being composed is never sent by half, nor twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.shop_page import ShopPage, box, opened, shop_of, until_shown, widget_of
from tests.browsers import PageOpener
from tests.cast import Cast, make_organization
from tests.channels_app.widget.visitors import said_in
from tests.hubs import Hub


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_organization()


@pytest.fixture
def shop(live_hub: Hub, cast: Cast) -> Iterator[ShopPage]:
    yield from shop_of(cast, live_hub.url)


def composing(page: Any) -> Any:
    """Returns Chromium's own input method door; what goes through it raises real composition events."""
    box(page).click()
    return page.context.new_cdp_session(page)


def test_enter_after_the_syllable_sends_it_once(open_page: PageOpener, shop: ShopPage):
    page = opened(open_page, shop)
    ime = composing(page)
    for step in ("ㅎ", "하", "한"):
        ime.send("Input.imeSetComposition", {"text": step, "selectionStart": 1, "selectionEnd": 1})
    # Enter while the syllable is open: the input method takes the key (229) …
    key = {"key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229}
    ime.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
    assert said_in(widget_of(shop)) == []
    # … ends the syllable …
    ime.send("Input.insertText", {"text": "한"})
    # … and on Windows a plain Enter follows.
    box(page).press("Enter")
    until_shown(page, "한")
    page.wait_for_timeout(200)
    assert said_in(widget_of(shop)) == ["한"]
    assert box(page).input_value() == ""


def test_enter_that_ended_the_syllable_is_enough(open_page: PageOpener, shop: ShopPage):
    """macOS: no second Enter comes."""
    page = opened(open_page, shop)
    ime = composing(page)
    ime.send("Input.insertText", {"text": "감사합니"})
    ime.send("Input.imeSetComposition", {"text": "다", "selectionStart": 1, "selectionEnd": 1})
    ime.send(
        "Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    )
    ime.send("Input.insertText", {"text": "다"})
    until_shown(page, "감사합니다")
    page.wait_for_timeout(200)
    assert said_in(widget_of(shop)) == ["감사합니다"]
    assert box(page).input_value() == ""


def test_typing_on_after_a_composition_keeps_the_text(open_page: PageOpener, shop: ShopPage):
    page = opened(open_page, shop)
    ime = composing(page)
    for syllable in ("가", "나", "다"):
        ime.send("Input.imeSetComposition", {"text": syllable, "selectionStart": 1, "selectionEnd": 1})
        ime.send("Input.insertText", {"text": syllable})
    assert said_in(widget_of(shop)) == []
    assert box(page).input_value() == "가나다"
    box(page).press("Shift+Enter")
    box(page).press_sequentially("라")
    box(page).press("Enter")
    until_shown(page, "가나다")
    assert said_in(widget_of(shop)) == ["가나다\n라"]


def test_safari_tells_enter_after_the_composition(open_page: PageOpener, shop: ShopPage):
    """Its keydown comes after compositionend, still as 229; the syllable is written into the box last."""
    page = opened(open_page, shop)
    box(page).fill("네")
    box(page).evaluate(
        """(box) => {
          box.dispatchEvent(new CompositionEvent("compositionstart"));
          box.dispatchEvent(new CompositionEvent("compositionend", { data: "에" }));
          box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", code: "Enter", keyCode: 229, bubbles: true, cancelable: true }));
        }"""
    )
    until_shown(page, "네")
    box(page).press_sequentially("다음")
    page.wait_for_timeout(100)
    assert box(page).input_value() == "다음"
    assert said_in(widget_of(shop)) == ["네"]


def test_send_button_during_composition(open_page: PageOpener, shop: ShopPage):
    page = opened(open_page, shop)
    ime = composing(page)
    ime.send("Input.imeSetComposition", {"text": "넵", "selectionStart": 1, "selectionEnd": 1})
    page.get_by_role("button", name="보내기").click()
    until_shown(page, "넵")
    page.wait_for_timeout(200)
    assert said_in(widget_of(shop)) == ["넵"]


# Losses ---------------------------------------------------------------------------------------------------------------
