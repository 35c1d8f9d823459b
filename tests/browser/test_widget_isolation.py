"""The widget and the page it stands on leave each other alone: styles, keys, names, requests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.shop_page import ShopPage, box, opened, shop_of, until_shown
from tests.browsers import PageOpener
from tests.cast import Cast, make_organization
from tests.hubs import Hub

# Every property of every element in the shadow tree, and of the host; what depends on the time of day is left out.
STYLES_INSIDE = """(host) => [host, ...host.shadowRoot.querySelectorAll("*")].map((element) => {
  const style = getComputedStyle(element);
  return [element.className || element.localName, Object.fromEntries([...style].map((name) => [name, style.getPropertyValue(name)]))];
})"""
STYLES_OUTSIDE = """() => [...document.querySelectorAll("html, body, h1, p, a")].map((element) => {
  const style = getComputedStyle(element);
  return [element.localName, element.attributes.length, [...style].map((name) => style.getPropertyValue(name)).join("|")];
})"""


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_organization()


@pytest.fixture
def shop(live_hub: Hub, cast: Cast) -> Iterator[ShopPage]:
    yield from shop_of(cast, live_hub.url)


def styles(open_page: PageOpener, shop: ShopPage) -> list[Any]:
    page = open_page(shop.url)
    # Past the page's own styles, which hide even the button from a mouse that is not ours.
    page.evaluate("cxhubWidget.open()")
    page.get_by_text("안녕하세요, 하늘상회입니다.").wait_for()
    page.evaluate("document.activeElement.blur()")
    page.locator("cxhub-chat").evaluate(
        "(host) => Promise.all(host.shadowRoot.getAnimations({ subtree: true }).map((one) => one.finished))"
    )
    found: list[Any] = page.locator("cxhub-chat").evaluate(STYLES_INSIDE)
    return found


def test_a_hostile_page_changes_nothing_inside(open_page: PageOpener, shop: ShopPage):
    hostile = styles(open_page, shop)
    shop.css = ""
    calm = styles(open_page, shop)
    assert [name for name, _ in hostile] == [name for name, _ in calm]
    differing = {
        (name, prop): (mine[prop], other[prop])
        for (name, mine), (_, other) in zip(hostile, calm, strict=True)
        for prop in mine
        # Variables of the page's own names stay the page's: nothing in the widget asks for them.
        if mine[prop] != other.get(prop)
    }
    assert differing == {}


def test_nothing_of_ours_changes_the_page(open_page: PageOpener, shop: ShopPage):
    page = open_page(shop.url)
    page.locator("cxhub-chat").wait_for(state="attached")
    with_widget = page.evaluate(STYLES_OUTSIDE)
    added = page.evaluate("Object.keys(window).filter((name) => /cxhub/i.test(name))")
    page.evaluate("cxhubWidget.open()")
    page.get_by_text("안녕하세요, 하늘상회입니다.").wait_for()
    assert page.evaluate(STYLES_OUTSIDE) == with_widget
    assert page.evaluate("document.querySelectorAll('style, [style]').length") == 0
    assert page.title() == "가게"
    page.route("**/widget.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.reload()
    assert page.evaluate(STYLES_OUTSIDE) == with_widget
    assert added == ["cxhubWidget"]


def test_shortcuts_of_the_page_do_not_hear_what_she_types(open_page: PageOpener, shop: ShopPage):
    page = opened(open_page, shop)
    page.evaluate("() => { window.heard = 0; document.addEventListener('keydown', () => { window.heard += 1; }); }")
    box(page).press_sequentially("s/검색")
    box(page).press("Enter")
    until_shown(page, "s/검색")
    assert page.evaluate("window.heard") == 0


def test_nothing_is_fetched_but_the_script_until_she_opens_it(open_page: PageOpener, shop: ShopPage):
    page = open_page(shop.url)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(shop.hub)))
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.reload()
    page.get_by_role("button", name="채팅 상담 열기").wait_for()
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if not url.startswith(shop.url)] == ["/widget.js"]
    page.get_by_role("button", name="채팅 상담 열기").click()
    page.get_by_text("안녕하세요, 하늘상회입니다.").wait_for()
    assert f"/widget/{shop.widget}/session/" in asked
