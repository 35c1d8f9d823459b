"""The dashboard in a browser: the same six figures first on a phone, live where it is now, and a number leads to its tickets."""

from __future__ import annotations

from typing import Any

from django.utils.timezone import localtime, now

from kpi.tasks import follow
from tests.browsers import PageOpener
from tests.kpi.mornings import BAD, make_shop, make_weeks

# From an event to its figure, with a worker that looks every two seconds.
SOON_MS = 5_000


def overflows(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def test_an_owner_finds_what_went_wrong(open_page: PageOpener, transactional_db: None) -> None:
    shop = make_weeks()
    page = open_page("/kpi/", person=shop.cast.owner)
    assert "부산 고객센터" in page.locator("[data-findings]").inner_text()
    page.locator("[data-heat]").wait_for()
    page.locator("[data-journey]").wait_for()
    page.locator("[data-chart] svg:visible").wait_for()
    # A cut by the keyboard, without the page being fetched anew.
    page.locator("#part-cut a", has_text="센터").first.focus()
    page.keyboard.press("Enter")
    page.locator("[data-cut] th", has_text="부산 고객센터").wait_for()
    # What is chosen within a part stands in the address, and stays when another period is.
    page.locator("#part-trend select[name=figure]").select_option("csat")
    page.wait_for_url("**/kpi/?*figure=csat*")
    assert "by=center" in page.url
    page.locator("[data-figures-period]").select_option("last7")
    page.wait_for_url("**/kpi/?*period=last7*")
    assert "by=center" in page.url
    assert "figure=csat" in page.url
    page.locator("[data-cut] th", has_text="부산 고객센터").wait_for()
    page.locator("[data-figures-period]").select_option("lastweek")
    page.locator("[data-journey]").wait_for()
    # What a figure means is one tap away.
    page.locator("[data-tile=fcr] summary").click()
    page.locator("[data-tile=fcr]").get_by_text("7일 안에 같은 주제로").wait_for()
    page.keyboard.press("Escape")
    assert not overflows(page)
    page.locator("[data-findings] a").first.click()
    page.locator("[data-behind]").wait_for()
    assert f"상담 {BAD}건" in page.locator("[data-behind]").inner_text()
    page.locator("[data-behind-rows] a").first.click()
    page.wait_for_url("**/inbox/**")


def test_a_phone_shows_the_six_first(open_page: PageOpener, transactional_db: None) -> None:
    shop = make_weeks()
    page = open_page("/kpi/", person=shop.cast.owner, width=390, height=844)
    page.locator("[data-journey]").wait_for()
    assert page.locator("[data-tile]").count() == 6
    assert not overflows(page)
    tops = [page.locator(f"[data-tile={name}]").bounding_box()["y"] for name in ("first_response", "sales")]
    assert max(tops) < page.locator("#part-trend").bounding_box()["y"]
    # Four of them at least on the first screen.
    assert page.locator("[data-tile=nps]").bounding_box()["y"] < 844
    period = page.locator("[data-figures-period]")
    period.select_option("own")
    page.locator("[data-figures-own] input[name=first]").fill(shop.day(4))
    page.locator("[data-figures-own] input[name=last]").fill(shop.day(0))
    page.get_by_role("button", name="보기", exact=True).click()
    page.get_by_text("종료일이 시작일보다 빨라요").wait_for()
    assert page.locator("[data-tile]").count() == 6


def test_who_waits_appears_by_herself(open_page: PageOpener, transactional_db: None) -> None:
    shop = make_shop()
    page = open_page("/kpi/?period=today", person=shop.cast.owner)
    assert page.locator("[data-waiting-count]").inner_text() == "0"
    say = shop.story("seoul")
    at = localtime(now(), shop.cast.organization.zone)
    say("chat.message", f"{at:%H:%M:%S}", f"{at:%Y-%m-%d}", thread="a", from_="customer", text="계세요?")
    shop.house.tell(say.events)
    follow()
    page.locator("[data-waiting-count]", has_text="1").wait_for(timeout=SOON_MS)
    say(
        "chat.message",
        f"{at:%H:%M:%S}",
        f"{at:%Y-%m-%d}",
        thread="a",
        from_="agent",
        text="네",
        agent=shop.cast.agent.email,
    )
    shop.house.tell(say.events[1:])
    follow()
    page.locator("[data-waiting-count]", has_text="0").wait_for(timeout=SOON_MS)
    page.locator("[data-tile=first_response]", has_text="n=1").wait_for(timeout=SOON_MS)


def test_a_part_that_cannot_be_fetched_says_so_and_is_asked_again(
    open_page: PageOpener, transactional_db: None
) -> None:
    shop = make_weeks()
    page = open_page("/inbox/", person=shop.cast.owner)
    page.route("**/kpi/part/heat/**", lambda route: route.fulfill(status=500))
    page.goto(open_page.hub.url + "/kpi/")
    page.locator("#part-heat").get_by_text("이 부분을 가져오지 못했어요").wait_for()
    page.locator("[data-cut]").wait_for()
    assert page.locator("[data-part-error]:visible").count() == 1
    open_page.errors.clear()  # the browser's own word about the answer
    page.unroute("**/kpi/part/heat/**")
    page.locator("#part-heat").get_by_role("button", name="다시 시도").click()
    page.locator("[data-heat]").wait_for()
