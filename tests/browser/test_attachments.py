"""Files both ways in real browsers: the agent's composer and the visitor's widget on a page with a strict policy."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any

import pytest

from customers.models import Event
from tests.browser.desk import opened, until
from tests.browser.shop_page import ShopPage, shop_of
from tests.browsers import PageOpener
from tests.cast import Cast, make_organization
from tests.hubs import Hub
from tests.tickets.files import png
from tickets.models import Attachment, Ticket

PASTE = """(target, name) => {
  const bytes = Uint8Array.from(atob(name.bytes), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name.name, { type: "image/png" }));
  target.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true, composed: true }));
}"""
DROP = """(target, name) => {
  const data = new DataTransfer();
  data.items.add(new File([name.text], name.name, { type: "text/plain" }));
  for (const kind of ["dragover", "drop"]) target.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_organization()


@pytest.fixture
def shop(live_hub: Hub, cast: Cast) -> Iterator[ShopPage]:
    yield from shop_of(cast, live_hub.url)


def picture(name: str = "소매.png") -> Any:
    return {"name": name, "mimeType": "image/png", "buffer": png(300, 200)}


def visitor(open_page: PageOpener, shop: ShopPage) -> Any:
    page = open_page(shop.url)
    page.get_by_role("button", name="채팅 상담 열기").click()
    return page


def is_drawn(page: Any) -> bool:
    """Whether the middle of the first picture in the widget is red."""
    draw = "(canvas) => [...canvas.getContext('2d').getImageData(240, 160, 1, 1).data].join()"
    canvas = page.locator(".said canvas").first
    return bool(canvas.count() and canvas.evaluate(draw) == "255,0,0,255")


def test_files_go_both_ways(open_page: PageOpener, shop: ShopPage, cast: Cast):
    hers = visitor(open_page, shop)
    hers.locator(".composer input[type=file]").set_input_files([picture()])
    hers.locator(".tray .name", has_text="소매.png").wait_for()
    until(lambda: Attachment.objects.filter(is_from_customer=True).count() == 1)
    hers.get_by_role("textbox", name="메시지 입력").fill("이렇게 뜯어졌어요")
    hers.get_by_role("textbox", name="메시지 입력").press("Enter")
    until(lambda: is_drawn(hers))
    ticket = Ticket.objects.get()
    page = opened(open_page, cast, ticket)
    image = page.locator("[data-lines] img[alt='소매.png']")
    until(lambda: bool(image.evaluate("(image) => image.complete && image.naturalWidth === 300")))
    # A pasted picture and a dropped text; one of them is thought better of.
    field = page.locator("[data-composer] [data-text]")

    field.evaluate(PASTE, {"name": "안내.png", "bytes": base64.b64encode(png(40, 40)).decode()})
    page.locator("[data-scroll]").evaluate(DROP, {"name": "주소.txt", "text": "서울 강남구"})
    page.locator("[data-file=ready]").nth(1).wait_for()
    page.locator("[data-file]", has_text="주소.txt").locator("[data-file-remove]").click()
    until(lambda: Attachment.objects.filter(is_from_customer=False).count() == 1)
    field.press("Enter")
    hers.locator(".said.agent .name", has_text="안내.png").wait_for()
    until(lambda: page.locator("[data-file]").count() == 0)
    assert Event.objects.get(author="agent").text == ""
    with hers.expect_download() as download:
        hers.locator(".said.agent .link").click()
    assert download.value.suggested_filename == "안내.png"
    with page.expect_download() as download:
        page.locator("[data-lines] a[download]").first.click()
    assert download.value.suggested_filename == "소매.png"


def test_what_is_not_taken_is_said_and_nothing_is_sent_without_it(open_page: PageOpener, shop: ShopPage, cast: Cast):
    hers = visitor(open_page, shop)
    hers.get_by_role("textbox", name="메시지 입력").fill("안녕하세요")
    hers.get_by_role("textbox", name="메시지 입력").press("Enter")
    until(lambda: Ticket.objects.exists())
    svg = {"name": "그림.png", "mimeType": "image/png", "buffer": b"<svg onload='alert(1)'></svg>"}
    hers.locator(".composer input[type=file]").set_input_files([svg])
    hers.locator(".tray .is-failed", has_text="보낼 수 없는 형식").wait_for()
    hers.get_by_role("button", name="그림.png 빼기").click()
    until(lambda: hers.locator(".tray li").count() == 0)
    page = opened(open_page, cast, Ticket.objects.get())
    page.locator("[data-file-choice]").set_input_files([svg])
    page.locator("[data-file=failed]", has_text="받을 수 없는 형식").wait_for()
    field = page.locator("[data-composer] [data-text]")
    field.fill("보내 드려요")
    field.press("Enter")
    page.locator("[data-failed-text]", has_text="올리지 못한 파일").wait_for()
    assert not Event.objects.filter(author="agent").exists()
    # An upload that was cut off is tried again; the answer waits for it.
    page.locator("[data-file-remove]").click()
    page.route("**/attachments/", lambda route: route.abort())
    page.locator("[data-file-choice]").set_input_files([picture()])
    page.locator("[data-file=failed] [data-file-retry]").wait_for()
    page.unroute("**/attachments/")
    page.locator("[data-file-retry]").click()
    field.press("Enter")
    until(lambda: Event.objects.filter(author="agent").exists())
    open_page.errors[:] = [one for one in open_page.errors if "422" not in one and "ERR_FAILED" not in one]


def test_a_reload_costs_no_file(open_page: PageOpener, shop: ShopPage, cast: Cast):
    hers = visitor(open_page, shop)
    hers.get_by_role("textbox", name="메시지 입력").fill("안녕하세요")
    hers.get_by_role("textbox", name="메시지 입력").press("Enter")
    until(lambda: Ticket.objects.exists())
    ticket = Ticket.objects.get()
    page = opened(open_page, cast, ticket)
    page.locator("[data-file-choice]").set_input_files([picture("온 파일.png")])
    page.locator("[data-file=ready]", has_text="온 파일.png").wait_for()
    other = opened(open_page, cast, ticket)
    other.locator("[data-file=ready]", has_text="온 파일.png").wait_for()
    # One is still on its way when the page goes.
    page.route("**/attachments/", lambda route: None if route.request.method == "POST" else route.continue_())
    page.locator("[data-file-choice]").set_input_files([picture("끊긴 파일.png")])
    page.locator("[data-file=uploading]", has_text="끊긴 파일.png").wait_for()
    until(
        lambda: (
            len(
                page.evaluate(
                    "uploadsKept.of(document.querySelector('[data-composer]').dataset.uploader + ' ' + document.querySelector('[data-composer]').dataset.draftKey)"
                )
            )
            == 1
        )
    )
    page.reload()
    page.unroute("**/attachments/")
    page.locator("[data-file=ready]", has_text="끊긴 파일.png").wait_for()
    assert page.locator("[data-file=ready]").count() == 2
    other.locator("[data-file=ready]", has_text="끊긴 파일.png").wait_for()
    page.locator("[data-composer] [data-text]").press("Enter")
    until(lambda: Event.objects.filter(author="agent").exists())
    event = Event.objects.get(author="agent")
    assert [one["name"] for one in event.data["attachments"]] == ["온 파일.png", "끊긴 파일.png"]
    # The other page knows that they have gone, and so does this one when it is loaded anew.
    until(lambda: other.locator("[data-file]").count() == 0)
    page.reload()
    page.locator("[data-history] h2, [data-history] .font-semibold").first.wait_for(state="attached")
    assert page.locator("[data-file]").count() == 0
    assert Attachment.objects.count() == 2
    assert not page.evaluate(
        "uploadsKept.of(document.querySelector('[data-composer]').dataset.uploader + ' ' + document.querySelector('[data-composer]').dataset.draftKey)"
    )


def test_a_visitors_reload_costs_no_file_and_says_what_was_cut_off(open_page: PageOpener, shop: ShopPage, cast: Cast):
    hers = visitor(open_page, shop)
    box = hers.get_by_role("textbox", name="메시지 입력")
    box.fill("안녕하세요")
    box.press("Enter")
    until(lambda: Ticket.objects.exists())
    hers.locator(".composer input[type=file]").set_input_files([picture("온 파일.png")])
    hers.locator(".tray li", has_text=re.compile(r"온 파일\.png.*\d KB")).wait_for()
    assert Attachment.objects.count() == 1
    hers.route("**/files/", lambda route: None)
    hers.locator(".composer input[type=file]").set_input_files([picture("끊긴 파일.png")])
    hers.locator(".tray li", has_text=re.compile("끊긴 파일.*올리는 중")).wait_for()
    # Not let through before: what is held back would go on its way.
    hers.reload()
    hers.unroute("**/files/")
    hers.get_by_role("button", name="채팅 상담 열기").click()
    hers.locator(".tray li", has_text="온 파일.png").wait_for()
    hers.locator(".tray .is-failed", has_text="끊겼어요").wait_for()
    hers.get_by_role("button", name="끊긴 파일.png 빼기").click()
    box.press("Enter")
    until(lambda: Event.objects.filter(author="customer").count() == 2)
    until(lambda: hers.locator(".tray li").count() == 0)
    hers.reload()
    hers.get_by_role("button", name="채팅 상담 열기").click()
    hers.locator(".said canvas").first.wait_for()
    assert hers.locator(".tray li").count() == 0
