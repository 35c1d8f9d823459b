"""The customer's survey page on a telephone and the tablet at the counter, in a real browser, with and without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.timezone import now

from customers.models import Event
from kpi.actions.surveys_settings import make_point
from kpi.models import Survey
from kpi.surveys.links import ANSWER, POINT, token_of
from tests.browsers import PageOpener
from tests.cast import SETUP, Cast, make_organization

pytestmark = pytest.mark.browser


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_organization()


@pytest.fixture
def link(cast: Cast) -> str:
    survey = Survey.objects.create(
        organization=cast.organization,
        occasion="resolved",
        cause="a" * 32,
        state=Survey.State.SENT,
        thread="chat:1",
        agent_email=cast.agent.email,
        planned_at=now(),
        due_at=now(),
        sent_at=now(),
    )
    return f"/s/{token_of(survey.key, ANSWER)}/"


def scores() -> list[Any]:
    events = Event.objects.filter(type__in=["survey.answered", "survey.changed"]).order_by("time")
    return [(event.data["score"], event.text) for event in events]


def fits(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_answered_with_a_thumb_and_changed(open_page: PageOpener, link: str):
    page = open_page(link, width=390, height=844)
    assert fits(page)
    sizes = page.eval_on_selector_all(
        ".score, button, footer a", "all => all.map(one => one.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 44
    page.locator("label.score").nth(3).click()
    page.get_by_label("하고 싶은 말씀이 있으신가요?").fill("친절해요")
    page.get_by_role("button", name="보내기").click()
    page.get_by_role("heading", name="고맙습니다").wait_for()
    page.reload()
    assert scores() == [(4, "친절해요")]
    page.get_by_text("답변 바꾸기").first.click()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="답변 바꾸기").click()
    page.get_by_role("heading", name="고맙습니다").wait_for()
    assert scores()[-1] == (5, "친절해요")


def test_without_scripts(open_page: PageOpener, link: str):
    context = open_page.browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    try:
        page = context.new_page()
        page.goto(open_page.hub.url + link + "?lang=en")
        page.locator("label.score").nth(4).click()
        page.get_by_role("button", name="Send").click()
        page.get_by_role("heading", name="Thank you").wait_for()
    finally:
        context.close()
    assert scores() == [(5, "")]


def test_a_tablet_goes_on_by_itself(open_page: PageOpener, cast: Cast):
    place = make_point(cast.organization, store=cast.gangnam, by=SETUP, at=now())
    page = open_page(f"/s/t/{token_of(place.key, POINT)}/", width=1024, height=768)
    assert fits(page)
    faces = page.get_by_role("button")
    assert faces.count() == 5
    assert all(face.bounding_box()["height"] >= 150 for face in faces.all())
    faces.nth(4).click()
    page.get_by_role("heading", name="고맙습니다").wait_for()
    page.get_by_role("button", name="불만족", exact=True).wait_for(timeout=10_000)
    page.get_by_role("button", name="불만족", exact=True).click()
    page.get_by_role("heading", name="고맙습니다").wait_for()
    assert [score for score, _ in scores()] == [5, 2]
