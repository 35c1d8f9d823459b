"""The dashboard as an owner sees it: the same numbers as the API, what went wrong in words, and tickets behind each number."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.utils.timezone import now

from accounts.models import AuditEntry
from channels_app.desk.groups import groups_within_reach
from kpi.actions.goals import set_goal
from kpi.actions.surveys_following import follow_answers
from kpi.queries.journey import flows_of
from kpi.queries.waiting import waiting_now, waiting_period
from tests.kpi.mornings import BAD, GOOD, Shop, chat, make_shop, make_weeks

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return make_weeks()


def _page(shop: Shop, path: str = "/kpi/", who: str = "owner", **query: str) -> str:
    answer = shop.logged_in(who).get(path, query)
    assert answer.status_code == 200, answer.status_code
    return unescape(answer.content.decode())


def _words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def _tile(html: str, name: str) -> str:
    found = re.search(rf'data-tile="{name}">(.*?)(?=data-tile=|</main>)', html, re.DOTALL)
    assert found, name
    return _words(found[1])


def test_the_six_figures_are_those_of_the_api(shop: Shop) -> None:
    # Of two weeks, so that on any weekday some tickets have had their seven days.
    first = shop.day(0, weeks_ago=2)
    page = _page(shop, period="own", first=first, last=shop.day(6))
    (told,) = shop.house.ask(**shop.last_week | {"from": first})["groups"]
    for name, figure in (("fcr", told["fcr"]), ("csat", told["csat"])):
        assert f"{figure['ratio'] * 100:.1f}%" in _tile(page, name)
        assert f"n={figure['denominator']}" in _tile(page, name)
    assert f"n={told['first_response']['n']}" in _tile(page, "first_response")
    assert f"{told['first_response_within_target']['ratio'] * 100:.1f}%" in _tile(page, "first_response")
    assert "—" in _tile(page, "nps")
    for name in ("waiting", "sales"):
        assert f'data-tile="{name}"' in page
    assert page.count('data-tile="') == 6
    # What was sold comes after the page, and stands in the head that is fetched where it moves.
    assert "/kpi/part/sales/?" in page
    assert "이 기간에 매출 없음" in _words(_page(shop, "/kpi/part/sales/"))
    assert "/kpi/part/sales/?" not in _page(shop, "/kpi/now/", period="thismonth")


def test_turnover_is_summed_by_the_days_of_the_zone_with_its_course() -> None:
    shop = make_shop()
    say = shop.story("seoul")
    for number, (day, clock, kind, total) in enumerate(
        [
            (shop.day(6, weeks_ago=2), "23:59:59", "pos.sale", 175_000),
            (shop.day(0), "00:00:00", "pos.sale", 300_000),
            (shop.day(6), "23:59:59", "pos.sale", 100_000),
            (shop.day(6), "23:59:59", "pos.refund", 50_000),
            (shop.day(0, weeks_ago=0), "00:00:00", "pos.sale", 999_000),
        ]
    ):
        item = {"name": "코트", "quantity": 1, "unit_price": total, "amount": total}
        told = {"store": "gangnam", "receipt_no": f"R-{number}", "items": [item], "total": total, "currency": "KRW"}
        say(kind, clock, day, source="/seoul/pos", **told)
    shop.house.tell(say.events)
    tile = _page(shop, "/kpi/part/sales/")
    assert "350,000원 100.0% 늘어남" in _words(tile)
    assert "구매 2건" in _words(tile)
    assert tile.count('aria-hidden="true" focusable="false"><path') == 1, "a course of two days"
    assert "350,000원" in _words(_page(shop, "/kpi/part/sales/", center="seoul"))
    assert "이 기간에 매출 없음" in _words(_page(shop, "/kpi/part/sales/", center="busan"))
    # A sale has no channel: that the filter says nothing about it is said.
    by_chat = _words(_page(shop, "/kpi/part/sales/", channel="chat"))
    assert "350,000원" in by_chat
    assert "채널·상담원·주제 구분 없이 모두" in by_chat
    assert "구분 없이" not in _words(tile)


def test_what_went_wrong_stands_in_plain_words_with_a_way_to_the_tickets(shop: Shop) -> None:
    page = _page(shop)
    findings = page[page.index("data-findings") : page.index("data-tiles")]
    assert "목표 시간 안에 첫 응답을 한 비율이 나빠졌어요: 100.0% →" in findings
    assert f"부산 고객센터 {GOOD}건 중 {BAD}건" in findings
    assert "고객 만족도가 떨어졌어요" in findings
    query = re.search(r'/kpi/tickets/\?([^"]*figure=first_response_within_target[^"]*)', findings)
    assert query
    behind = shop.logged_in("owner").get(f"/kpi/tickets/?{query[1]}").content.decode()
    assert f"집계 {BAD}건, 상담 {BAD}건" in _words(behind)


def test_few_cases_are_a_hint_and_no_verdict() -> None:
    shop = make_shop()
    for weeks_ago, score in ((2, 5), (1, 1)):
        for number in range(4):
            chat(shop, f"f{weeks_ago}-{number}", number, "seoul", 20, weeks_ago=weeks_ago, score=score)
    shop.tell()
    page = _page(shop)
    assert "고객 만족도가 떨어졌어요" not in page
    assert "뚜렷하게 나빠진 지표는 없어요" in page
    assert "표본이 적어 참고만" in _tile(page, "csat")


def test_the_place_told_is_that_of_the_share_and_not_the_largest() -> None:
    """Seoul has more misses than Busan because it has more of everything."""
    shop = make_shop()
    for center, count, late in (("seoul", 40, 10), ("busan", 10, 8)):
        for number in range(count):
            chat(shop, f"{center}-{number}", number % 5, center, 900 if number < late else 20)
    shop.tell()
    findings = _words(_page(shop).partition("data-findings")[2].partition("data-tiles")[0])
    assert "첫 응답 50건 가운데 18건이 목표 시간을 넘겼어요" in findings
    assert "가장 두드러진 곳: 부산 고객센터 10건 중 8건" in findings
    # In a period in which all have their share nobody stands out.
    even = make_shop("other")
    for center in ("seoul", "busan"):
        for number in range(20):
            chat(even, f"{center}-{number}", number % 5, center, 900 if number < 5 + len(center) % 2 else 20)
    even.tell()
    findings = _words(_page(even).partition("data-findings")[2].partition("data-tiles")[0])
    assert "첫 응답 40건 가운데 12건이 목표 시간을 넘겼어요" in findings
    assert "가장 두드러진 곳" not in findings


def test_a_goal_that_was_not_reached_is_told_though_nothing_changed() -> None:
    shop = make_shop()
    organization, then = shop.cast.organization, now() - timedelta(days=30)
    for figure, value in (("csat", 80), ("first_response_within_target", 90)):
        day = then.astimezone(organization.zone).date()
        set_goal(organization, figure=figure, value=value, effective_from=day, by=shop.cast.owner, at=then)
    for weeks_ago in (2, 1):
        for number in range(40):
            center, score = ("seoul", 5) if number % 2 else ("busan", 2 if number < 30 else 5)
            chat(shop, f"g{weeks_ago}-{number}", number % 5, center, 120, weeks_ago=weeks_ago, score=score)
    shop.tell()
    page = _page(shop)
    findings = page[page.index("data-findings") : page.index("data-tiles")]
    told = _words(findings)
    assert "직전 기간보다 뚜렷하게 나빠진 지표는 없어요" in told
    assert "만족도가 목표에 못 미쳤어요: 4~5점 62.5%, 목표 80%. 가장 두드러진 곳: 부산 고객센터 20건 중 15건" in told
    assert "목표 내 응답률은 0.0%로 목표 90%에 못 미쳤어요" in told
    query = re.search(r'/kpi/tickets/\?([^"]*figure=csat[^"]*)', findings)
    assert query
    behind = shop.logged_in("owner").get(f"/kpi/tickets/?{query[1]}").content.decode()
    assert "집계 15건, 상담 15건" in _words(behind)


def test_nothing_is_compared_with_a_period_that_was_not_whole() -> None:
    """The first day there is anything of lies within the period before."""
    shop = make_shop()
    for weeks_ago, late in ((2, 20), (1, 900)):
        for number in range(24):
            chat(shop, f"w{weeks_ago}-{number}", 2, "seoul" if number % 2 else "busan", late, weeks_ago=weeks_ago)
    shop.tell()
    assert "직전 기간과 비교하지 않았어요" in _page(shop)
    cut = _page(shop, "/kpi/part/cut/", by="center")
    assert cut.count("data-cut") == 1
    assert not any(mark in cut for mark in ("text-success", "text-error", "빨라짐", "느려짐"))
    assert "직전 기간" not in _words(_page(shop, "/kpi/part/journey/"))


def test_each_figure_of_the_table_and_of_the_course_is_explained_without_hovering(shop: Shop) -> None:
    cut = _page(shop, "/kpi/part/cut/", by="center")
    meanings = _words(cut[cut.index("data-meanings") :])
    for words in ("받기까지 기다린 시간의 중앙값", "7일 안에 같은 주제로", "5점 만점에 4~5점"):
        assert words in meanings
    assert "5점 만점에 4~5점" in _words(_page(shop, "/kpi/part/trend/", figure="csat"))


def test_sums_and_what_is_pending_open_their_tickets_too(shop: Shop) -> None:
    cut = _page(shop, "/kpi/part/cut/", by="center")
    together = cut[cut.index("<tfoot>") : cut.index("</tfoot>")]
    query = re.search(r'/kpi/tickets/\?([^"]*figure=csat[^"]*)', together)
    assert query
    assert f"집계 {2 * GOOD}건" in _words(shop.logged_in("owner").get(f"/kpi/tickets/?{query[1]}").content.decode())
    yesterday = now().astimezone(shop.cast.organization.zone).date() - timedelta(days=1)
    chat(shop, "p1", (yesterday - shop.monday).days, "seoul", 20, weeks_ago=0)
    shop.tell()
    day = {"period": "own", "first": yesterday.isoformat(), "last": yesterday.isoformat()}
    assert "figure=fcr&part=pending" in _page(shop, **day)


def test_any_number_opens_its_tickets(shop: Shop) -> None:
    for figure, part, count in (
        ("first_response_within_target", "missed", BAD),
        ("csat", "2", BAD),
        ("csat", "5", GOOD),
        ("first_response", "n", 2 * GOOD + 2),
        ("channel_switch_dropout", "denominator", 1),
        ("volume", "tickets", 2 * GOOD + 2),
    ):
        page = _page(shop, "/kpi/tickets/", figure=figure, part=part)
        assert f"집계 {count}건, 상담 {count}건" in _words(page), figure
        assert page.count('href="/inbox/') >= min(count, 50)


def test_answers_that_belong_to_no_ticket_stand_behind_their_number_themselves() -> None:
    """Who is asked after a purchase has no ticket: a score of hers led nowhere."""
    shop = make_shop()
    say, day = shop.story("seoul"), shop.day(2)
    customer = {"phone": "01077778888", "name": "김서연"}
    for clock, kind, more in (
        ("11:00:00", "survey.sent", {}),
        ("11:30:00", "survey.answered", {"score": 3, "comment": "줄이 너무 길었어요"}),
    ):
        say(kind, clock, day, source="/seoul/survey", customer=customer, survey="nps", **more)
    shop.tell()
    follow_answers(shop.cast.organization, at=now())
    page = _page(shop, "/kpi/tickets/", figure="nps", part="answered")
    assert "집계 1건, 상담 0건. 1건은 상담에 속하지 않아요." in _words(page)
    answers = _words(page[page.index("data-behind-answers") :])
    for words in ("김서연", "3 /10", "줄이 너무 길었어요"):
        assert words in answers
    assert re.search(r'href="/surveys/[0-9a-f-]{36}/"', page)
    assert "data-behind-answers" not in _page(shop, "/kpi/tickets/", figure="nps", part="promoters")
    assert AuditEntry.objects.filter(action="customers.view", obj="survey answers").exists()


def test_what_customers_said_stands_beside_the_tickets_of_a_survey(shop: Shop) -> None:
    follow_answers(shop.cast.organization, at=now())
    page = _page(shop, "/kpi/tickets/", figure="csat", part="missed")
    assert page.count("data-said") == BAD
    assert "2 /5 답변이 너무 늦어요" in _words(page)
    assert "data-said" not in _page(shop, "/kpi/tickets/", figure="first_response", part="n")


def test_a_group_an_hour_and_a_length_narrow_the_tickets(shop: Shop) -> None:
    told: dict[str, Any] = {"figure": "first_response_within_target", "part": "missed"}
    by_center = _words(_page(shop, "/kpi/tickets/", **told, cut="center", key="seoul"))
    assert "집계 0건" in by_center
    at_ten = _words(_page(shop, "/kpi/tickets/", **told, weekday="0", hour="10"))
    assert f"집계 {len([n for n in range(BAD) if n % 5 == 0])}건" in at_ten
    assert "집계 0건" in _words(_page(shop, "/kpi/tickets/", **told, weekday="0", hour="11"))
    slow = _words(_page(shop, "/kpi/tickets/", figure="first_response", part="n", over="600", upto="1800"))
    assert f"집계 {BAD}건" in slow


def test_who_looked_at_whose_tickets_is_written_down(shop: Shop) -> None:
    _page(shop, "/kpi/tickets/", figure="csat", part="2")
    entry = AuditEntry.objects.filter(action="kpi.tickets").latest("sequence")
    assert (entry.by, entry.after and len(entry.after["customers"])) == (shop.cast.owner, BAD)


BAD_INPUT: list[tuple[dict[str, str], str]] = [
    ({"first": "2026-11-20", "last": "2026-11-10", "period": "own"}, "종료일이 시작일보다 빨라요"),
    ({"first": "2006-11-20", "last": "2026-11-10", "period": "own"}, "3년까지"),
    ({"first": "", "last": "", "period": "own"}, "2026-11-01처럼"),
    ({"first": "2026-02-30", "last": "x", "period": "own"}, "2026-11-01처럼"),
    ({"first": "0001-01-01", "last": "0001-01-02", "period": "own"}, "1970년부터"),
    ({"first": "2190-01-01", "last": "2190-01-02", "period": "own"}, "앞으로 올 기간"),
    ({"period": "sometime"}, "“sometime” 기간이 없어서"),
    ({"center": "jeju"}, "“jeju”이(가) 없어서"),
    ({"channel": "pigeon"}, "“pigeon” 채널이 없어서"),
    ({"topic": "<b>"}, "“<b>” 주제가 없어서"),
]


def test_what_cannot_be_is_said_and_the_rest_stays_usable(shop: Shop) -> None:
    for query, sentence in BAD_INPUT:
        page = _page(shop, **query)
        assert sentence in page, query
        assert page.count('data-tile="') == 6


def test_a_period_without_anything_says_so(shop: Shop) -> None:
    page = _page(shop, period="own", first="2020-01-01", last="2020-01-31")
    assert "아직 집계된 것이 없어요" in page
    for name in ("cut", "trend", "heat", "spread", "misses", "journey"):
        part = _page(shop, f"/kpi/part/{name}/", period="own", first="2020-01-01", last="2020-01-31")
        assert "없어요" in part


def test_a_hub_without_figures_shows_the_first_step() -> None:
    shop = make_shop()
    assert "아직 지표가 없어요" in _page(shop)


def test_parts_show_what_the_api_says(shop: Shop) -> None:
    cut = _words(_page(shop, "/kpi/part/cut/", by="center"))
    for group in shop.house.ask(**shop.last_week, by="center")["groups"]:
        assert f"{group['csat']['ratio'] * 100:.1f}%" in cut
        assert f"{group['first_response_within_target']['ratio'] * 100:.1f}%" in cut
    heat = _page(shop, "/kpi/part/heat/")
    missed = [int(n) for n in re.findall(r'title="\d+건 중 (\d+)건 놓침"', heat)]
    assert sum(missed) == BAD
    assert re.search(r'>\d+<span class="sr-only"> / \d+</span>', heat), "of how many, for who hears it"
    misses = _words(_page(shop, "/kpi/part/misses/"))
    assert f"부산 고객센터 · 채팅 {BAD} / {GOOD}" in misses
    spread = _words(_page(shop, "/kpi/part/spread/"))
    assert f"30분 이하 {BAD}" in spread
    trend = _page(shop, "/kpi/part/trend/", figure="csat")
    for group in shop.house.ask(**shop.last_week, by="day")["groups"]:
        if group["csat"]:
            assert f"{group['csat']['ratio'] * 100:.1f}%" in trend
    journey = _words(_page(shop, "/kpi/part/journey/"))
    assert "채팅 → 전화 1" in journey


def test_the_flow_leads_to_the_call_that_followed(shop: Shop) -> None:
    page = _page(shop, "/kpi/tickets/", figure="flow", part="0.chat.call")
    assert "김서연" in page
    assert "집계 1건, 상담 1건" in _words(page)
    assert "집계 0건" in _words(_page(shop, "/kpi/tickets/", figure="flow", part="1.chat.call"))


def test_first_contacts_look_better_to_who_sees_one_channel(shop: Shop) -> None:
    """The customer who called after her chat fails across channels, and would not be seen within one."""
    journey = _words(_page(shop, "/kpi/part/journey/", center="seoul"))
    (told,) = shop.house.ask(**shop.last_week, center="seoul")["groups"]
    fcr = told["fcr"]
    if fcr["denominator"]:
        assert f"{fcr['ratio'] * 100:.1f}%" in journey
    within = re.search(r"한 채널만 봤을 때의 첫 상담 해결률 ([\d.]+)%", journey)
    assert within is None or float(within[1]) >= fcr["ratio"] * 100 - 0.05


def test_flows_count_each_change_by_its_place() -> None:
    paths = [[("store", 1), ("call", 2), ("chat", 3)], [("store", 4), ("call", 5)], [("chat", 6), ("call", 7)]]
    told = {(flow.step, flow.start, flow.end): (flow.n, flow.ticket_ids) for flow in flows_of(paths)}
    assert told == {
        (0, "store", "call"): (2, (2, 5)),
        (0, "chat", "call"): (1, (7,)),
        (1, "call", "chat"): (1, (3,)),
    }


def test_who_waits_now_is_the_same_as_in_the_api(shop: Shop) -> None:
    say = shop.story("seoul")
    for number in range(3):
        say("chat.message", f"10:0{number}:00", shop.day(0), thread=f"open{number}", from_="customer", text="계세요?")
    shop.tell()
    organization, at = shop.cast.organization, now()
    period = waiting_period(organization, at)
    (told,) = shop.house.ask(**{"from": period.first.isoformat(), "to": period.end.isoformat(), "now": at.isoformat()})[
        "groups"
    ]
    waiting = waiting_now(organization, {}, at)
    assert waiting.n == told["waiting"]["n"] == 3
    assert waiting.oldest_at
    assert (at - waiting.oldest_at).total_seconds() == pytest.approx(told["waiting"]["oldest_seconds"])
    assert waiting_now(organization, {"center": ("busan",)}, at).n == 0
    assert "3" in _tile(_page(shop, period="lastmonth"), "waiting")
    assert "집계 3건" in _words(_page(shop, "/kpi/tickets/", figure="waiting", part="n"))


def test_a_view_is_sent_by_its_address(shop: Shop) -> None:
    page = _page(shop, center="busan", channel="chat", period="lastweek")
    assert _tile(page, "csat") != _tile(_page(shop), "csat")
    assert 'value="busan" selected' in page
    assert 'value="lastweek" selected' in page


def test_a_number_that_there_is_not_is_no_error(shop: Shop) -> None:
    client = shop.logged_in("owner")
    for query in (
        "",
        "figure=fcr",
        "figure=x&part=n",
        "figure=fcr&part=x",
        "figure=flow&part=..",
        "figure=fcr&part=n&cut=x",
    ):
        answer = client.get(f"/kpi/tickets/?{query}")
        assert answer.status_code == 404
        assert "그런 지표가 없어요" in answer.content.decode()


def test_roles_see_what_is_theirs(shop: Shop) -> None:
    for who in ("agent", "store_staff"):
        client = shop.logged_in(who)
        assert client.get("/kpi/")["Location"] == "/kpi/my-day/"
        assert client.get("/kpi/tickets/?figure=csat&part=2")["Location"] == "/kpi/my-day/"
        for path in (
            "/kpi/now/",
            "/kpi/waiting/",
            "/kpi/part/cut/",
            "/kpi/export/",
            "/settings/goals/",
            "/settings/figure-mails/",
        ):
            assert client.get(path).status_code == 404
    lead = _page(shop, who="lead")
    (seoul,) = shop.house.ask(**shop.last_week, center="seoul")["groups"]
    assert f"n={seoul['csat']['denominator']}" in _tile(lead, "csat")
    assert "부산" not in lead
    assert "“busan”이(가) 없어서" in _page(shop, who="lead", center="busan")
    assert "집계 0건" in _words(_page(shop, "/kpi/tickets/", who="lead", figure="csat", part="2"))
    assert shop.logged_in("lead").get("/settings/goals/").status_code == 404


def test_a_lead_without_a_center_sees_nothing(shop: Shop) -> None:
    shop.cast.lead.centers.clear()
    assert "n=0" in _tile(_page(shop, who="lead"), "csat")


def test_longer_periods_answer_too(shop: Shop) -> None:
    last, end = shop.monday, shop.monday + timedelta(days=1)
    page = _page(shop, period="own", first="2025-01-01", last=last.isoformat())
    (told,) = shop.house.ask(**{"from": "2025-01-01", "to": end.isoformat()})["groups"]
    assert f"n={told['csat']['denominator']}" in _tile(page, "csat")


def test_a_whole_period_is_not_held_against_part_of_one(shop: Shop) -> None:
    """Of a month whose month before has hardly begun nothing is called better or worse."""
    first = shop.monday - timedelta(days=7)
    assert "직전 기간과 비교하지 않았어요" not in _page(shop)
    month = _page(shop, period="own", first=(first - timedelta(days=4)).isoformat(), last=shop.day(6))
    assert "직전 기간과 비교하지 않았어요" in month
    assert "나빠졌어요" not in month
    assert "목표 시간을 넘겼어요" in month


def test_hints_of_changed_figures_stay_within_the_organization() -> None:
    shop, other = make_shop(), make_shop("byeol")
    for person in shop.cast.people.values():
        assert f"figures.{shop.cast.organization.pk}" in groups_within_reach(person, ["figures"])
        assert f"figures.{other.cast.organization.pk}" not in groups_within_reach(person, ["figures"])
