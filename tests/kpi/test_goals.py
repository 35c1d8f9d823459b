"""Goals hold from their day on; who sees whose figures is the owner's to decide."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now

from accounts.models import AuditEntry, Role
from kpi.actions.goals import GoalIsInThePast, set_goal
from kpi.queries.goals import goal_steps, goals_on
from tests.cast import make_person
from tests.kpi.mornings import Shop, chat, make_shop, make_weeks

pytestmark = pytest.mark.django_db


def _set(shop: Shop, figure: str, value: str, days: int = 0, who: str = "owner"):
    today = now().astimezone(shop.cast.organization.zone).date()
    return shop.logged_in(who).post(
        "/settings/goals/",
        {"figure": figure, "value": value, "effective_from": (today + timedelta(days=days)).isoformat()},
    )


def test_a_day_keeps_the_goal_of_its_time() -> None:
    shop = make_shop()
    organization, at = shop.cast.organization, now()
    long_ago, lately = at - timedelta(days=60), at - timedelta(days=10)
    for then, value in ((long_ago, 75), (lately, 85)):
        set_goal(
            organization,
            figure="csat",
            value=value,
            effective_from=then.astimezone(organization.zone).date(),
            by=shop.cast.owner,
            at=then,
        )
    today = at.astimezone(organization.zone).date()
    days = [today - timedelta(days=number) for number in (70, 60, 11, 10, 0)]
    assert goal_steps(organization, "csat", days) == [None, 75, 75, 85, 85]
    assert _set(shop, "csat", "").status_code == 302
    assert goals_on(organization, today) == {}
    assert goals_on(organization, today - timedelta(days=1)) == {"csat": 85}


def test_a_goal_is_set_on_the_screen_shown_and_written_down() -> None:
    shop = make_weeks()
    for figure, value in (("csat", "90"), ("nps", "-20")):
        assert _set(shop, figure, value).status_code == 302
    page = shop.logged_in("owner").get("/settings/goals/").content.decode()
    assert "90%" in page
    assert AuditEntry.objects.filter(action="kpi.goal.set").count() == 2
    # Last week was before the goal.
    assert "목표 90%" not in shop.logged_in("owner").get("/kpi/").content.decode()
    today = shop.logged_in("owner").get("/kpi/", {"period": "thismonth"}).content.decode()
    assert "목표 90%" in " ".join(today.split())


@pytest.mark.parametrize(("answers", "is_red"), [(1, False), (30, True)])
def test_a_goal_missed_by_a_few_answers_is_told_and_not_red(answers: int, is_red: bool) -> None:
    shop = make_shop()
    then = now() - timedelta(days=60)
    first = then.astimezone(shop.cast.organization.zone).date()
    set_goal(shop.cast.organization, figure="csat", value=90, effective_from=first, by=shop.cast.owner, at=then)
    for number in range(answers):
        chat(shop, f"b{number}", number % 5, "seoul", 20, score=2)
    shop.tell()
    page = shop.logged_in("owner").get("/kpi/", shop.whole_week).content.decode()
    tile = page[page.index('data-tile="csat"') :].split("data-tile=", 2)[1]
    assert "목표 90% · 미달" in " ".join(tile.split())
    assert ("text-error" in tile) == is_red


def test_what_cannot_be_a_goal_is_refused_with_what_was_typed() -> None:
    shop = make_shop()
    for figure, value, days, words in (
        ("csat", "101", 0, "0에서 100 사이"),
        ("fcr", "-1", 0, "0에서 100 사이"),
        ("nps", "-101", 0, "-100에서 100 사이"),
        ("csat", "80", -1, "오늘이나 그 뒤"),
        ("csat", "80", 99999, "10년 안"),
    ):
        answer = _set(shop, figure, value, days)
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert f'value="{value}"' in answer.content.decode()
    with pytest.raises(GoalIsInThePast):
        set_goal(
            shop.cast.organization,
            figure="csat",
            value=1,
            effective_from=now().date() - timedelta(days=3),
            by=shop.cast.owner,
            at=now(),
        )


def test_targets_of_centers_stand_beside_with_a_way_to_change_them() -> None:
    shop = make_shop()
    page = shop.logged_in("owner").get("/settings/goals/").content.decode()
    assert f"/settings/centers/{shop.cast.seoul.public_id}/" in page
    assert "1분 0초" in page


def test_everybody_sees_her_own_day_beside_the_middle_and_nobody_by_name() -> None:
    shop = make_shop()
    others = [
        make_person(shop.cast.organization, f"other{number}", name=f"동료{number}", centers=[shop.cast.seoul])
        for number in range(3)
    ]
    for number, (person, seconds) in enumerate(zip([shop.cast.agent, *others], (10, 20, 40, 60), strict=True)):
        chat(shop, f"t{number}", number, "seoul", seconds, weeks_ago=1, score=5, agent=person.email)
    shop.tell()
    page = shop.logged_in("agent").get("/kpi/my-day/compared/").content.decode()
    assert "100.0%" in page
    assert "중앙값" in page
    assert "동료" not in page.replace("동료는 내 지표를", "")
    # Two others would tell of one another.
    others[0].centers.clear()
    assert shop.logged_in("owner").post("/settings/goals/openness/", {"shows": "on"}).status_code == 302
    opened = shop.logged_in("agent").get("/kpi/my-day/").content.decode()
    assert "동료1" in opened
    assert AuditEntry.objects.filter(action="kpi.openness.set").count() == 1
    assert shop.logged_in("lead").post("/settings/goals/openness/", {"shows": "off"}).status_code == 404
    shop.logged_in("owner").post("/settings/goals/openness/", {"shows": "off"})
    assert "동료1" not in shop.logged_in("agent").get("/kpi/my-day/").content.decode()


def test_in_a_small_circle_nothing_is_compared() -> None:
    shop = make_shop()
    other = make_person(shop.cast.organization, "other", name="동료", centers=[shop.cast.seoul], role=Role.AGENT)
    chat(shop, "a", 1, "seoul", 10, score=5)
    chat(shop, "b", 1, "seoul", 10, score=1, agent=other.email)
    shop.tell()
    page = shop.logged_in("agent").get("/kpi/my-day/compared/").content.decode()
    assert "비교할 만큼 많지 않아요" in page
    assert ">중앙값" not in page


def test_store_staff_see_their_store() -> None:
    shop = make_shop()
    say = shop.story("seoul")
    day = shop.day(2)
    staff = shop.cast.store_staff.email
    say(
        "store.inquiry", "11:00:00", day, source="/seoul/pos", store="gangnam", staff=staff, thread="q1",
        text="교환되나요", customer={"phone": "01022223333"},
    )  # fmt: skip
    say("ticket.resolved", "11:10:00", day, thread="q1", agent=staff, topic="exchange")
    shop.tell()
    page = shop.logged_in("store_staff").get("/kpi/my-day/").content.decode()
    assert "다른 매장들의 중앙값" in page
    assert "10분 0초" in page
