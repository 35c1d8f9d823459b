"""Her state in the shell: chosen by keyboard, away by idleness, seen by the lead at once; work that comes by itself."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from channels_app.hub.actions import reply_to_ticket
from tests.browser.desk import HeldAnswer, until
from tests.browsers import PageOpener
from tests.cast import Cast, make_organization, make_person
from tests.tickets.conversations import chat
from tests.tickets.teams import online, route, routes
from tickets.actions.availability import choose_state
from tickets.models import Availability, CenterRouting, Ticket

IDLE = """() => {
  localStorage.setItem("cxhub:active", "1");
  const then = Date.now() + 3_600_000;
  Date.now = () => then;
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def state(person: Any) -> str:
    row = Availability.objects.filter(person=person).first()
    return row.state if row else ""


def shown(page: Any, name: str) -> None:
    page.locator("[data-availability] summary:visible", has_text=name).wait_for()


def test_chosen_by_keyboard_and_seen_by_the_lead_at_once(open_page: PageOpener, transactional_db: None) -> None:
    cast = make_organization()
    team = open_page("/team/", person=cast.lead)
    page = open_page("/inbox/", person=cast.agent)
    shown(page, "온라인")
    row = team.locator("li", has_text="박상담")
    row.get_by_text("온라인").first.wait_for()
    page.locator("[data-availability] summary:visible").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    shown(page, "자리 비움")
    until(lambda: state(cast.agent) == "away")
    until(lambda: page.evaluate("document.activeElement.matches('[data-availability] summary')"))
    row.get_by_text("자리 비움").first.wait_for()


def test_idle_is_away_until_a_key(open_page: PageOpener, transactional_db: None) -> None:
    cast = make_organization()
    page = open_page("/inbox/", person=cast.agent)
    shown(page, "온라인")
    page.evaluate(IDLE)
    shown(page, "자리 비움")
    page.keyboard.press("Shift")
    shown(page, "온라인")


def test_back_before_her_being_away_is_answered(open_page: PageOpener, transactional_db: None) -> None:
    """The hint is quicker than the answer: she sees that she is away, presses one key, and is back."""
    cast = make_organization()
    page = open_page("/inbox/", person=cast.agent)
    shown(page, "온라인")
    held = HeldAnswer(page, f"**{reverse('tickets:availability_idle')}")
    page.evaluate(IDLE)
    shown(page, "자리 비움")
    page.keyboard.press("Shift")
    held.release()
    shown(page, "온라인")
    until(lambda: state(cast.agent) == "online")


def test_what_is_told_while_it_is_fetched_is_fetched_again(open_page: PageOpener, transactional_db: None) -> None:
    cast = make_organization()
    page = open_page("/inbox/", person=cast.agent)
    shown(page, "온라인")
    page.wait_for_timeout(600)
    held = HeldAnswer(page, f"**{reverse('tickets:availability')}?place=rail")
    choose_state(cast.agent, "away", at=timezone.now())
    held.wait()
    choose_state(cast.agent, "busy", at=timezone.now())
    page.wait_for_timeout(300)
    held.release()
    shown(page, "다른 업무")


def test_an_open_menu_stays_open_whatever_is_told(open_page: PageOpener, transactional_db: None) -> None:
    cast = make_organization()
    page = open_page("/inbox/", person=cast.agent)
    shown(page, "온라인")
    page.locator("[data-availability] summary:visible").click()
    choose_state(cast.agent, "busy", at=timezone.now())
    page.wait_for_timeout(600)
    assert page.locator("[data-availability] form:visible").count() == 1
    page.keyboard.press("Escape")
    shown(page, "다른 업무")


def test_what_routing_gives_appears_by_itself(open_page: PageOpener, transactional_db: None) -> None:
    cast = make_organization()
    routes(cast.seoul)
    page = open_page("/inbox/?view=mine", person=cast.agent)
    shown(page, "온라인")
    chat(cast.organization, "a", "환불 문의드려요")
    route(cast.seoul)
    page.get_by_text("환불 문의드려요").wait_for()


def test_she_is_told_on_any_page_once_and_not_of_what_she_looks_at(
    open_page: PageOpener, transactional_db: None
) -> None:
    cast = make_organization()
    routes(cast.seoul)
    page = open_page("/promises/", person=cast.agent)
    shown(page, "온라인")
    page.wait_for_function("localStorage.getItem('cxhub-own-work') !== null")
    chat(cast.organization, "a", "환불 문의드려요")
    route(cast.seoul)
    toast = page.locator("[data-toast]", has_text="고객이 내 답을 기다려요 · 채팅")
    toast.get_by_role("link", name="열기").click()
    page.locator("[data-lines]", has_text="환불 문의드려요").wait_for()
    page.wait_for_timeout(500)
    assert page.locator("[data-toast]").count() == 0, "told once"
    ticket = Ticket.objects.get()
    page.bring_to_front()
    reply_to_ticket(ticket, "확인할게요", by=cast.agent, at=timezone.now())
    page.locator("[data-lines]", has_text="확인할게요").wait_for()
    chat(cast.organization, "a", "언제 되나요?")
    page.locator("[data-lines]", has_text="언제 되나요?").wait_for()
    page.wait_for_timeout(500)
    assert page.locator("[data-toast]").count() == 0, "it is before her eyes"


def test_the_sound_is_switched_off_on_this_device(open_page: PageOpener, transactional_db: None) -> None:
    cast = make_organization()
    page = open_page("/alarms/", person=cast.agent)
    row = page.locator("div", has=page.locator("> [data-sound]"))
    row.get_by_text("이 기기에서 켜져 있어요").wait_for()
    row.get_by_role("button", name="끄기").click()
    row.get_by_text("이 기기에서 꺼져 있어요").wait_for()
    page.reload()
    row.get_by_text("이 기기에서 꺼져 있어요").wait_for()


def test_routing_is_set_on_the_centers_screen(open_page: PageOpener, transactional_db: None) -> None:
    cast = make_organization()
    page = open_page(reverse("accounts:center_detail", args=[cast.seoul.public_id]), person=cast.lead)
    page.get_by_role("link", name="배정 설정").click()
    page.get_by_label("차례대로").check()
    page.get_by_label("한 사람이 동시에 맡는 상담 수").fill("0")
    page.get_by_role("button", name="저장").click()
    page.get_by_text("1 이상").wait_for()
    assert page.get_by_label("차례대로").is_checked()
    open_page.errors.clear()  # the browser's own word about the refused form
    page.get_by_label("한 사람이 동시에 맡는 상담 수").fill("3")
    page.locator(f"[name='limit-{cast.agent.public_id}']").fill("2")
    page.get_by_role("button", name="저장").click()
    page.wait_for_selector("[data-toast]")
    row = CenterRouting.objects.get(center=cast.seoul)
    assert (row.mode, row.chat_limit, cast.agent.routing.chat_limit) == ("round_robin", 3, 2)


def test_the_team_and_routing_fit_every_width(open_page: PageOpener, transactional_db: None) -> None:
    cast: Cast = make_organization()
    for number in range(12):
        person = make_person(
            cast.organization, f"a{number}", name=f"이름이아주긴상담원{number}", centers=[cast.seoul, cast.busan]
        )
        online(person)
        choose_state(person, ("online", "away", "busy", "offline")[number % 4], at=timezone.now())
    for width in (1440, 1024, 390):
        page = open_page("/team/", person=cast.owner, width=width)
        for path in ("/team/", reverse("tickets:center_routing", args=[cast.seoul.public_id])):
            page.goto(open_page.hub.url + path)
            assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
