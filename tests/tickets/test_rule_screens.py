"""The screens of rules: put together in rows, tried on past tickets, switched on, and led to from what they did."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEntry
from customers.models import Event
from tests.cast import Cast, make_organization
from tests.tickets.conversations import FRAGMENT, answer, chat, happens, logged_in
from tests.tickets.ruling import follow, part, rule
from tickets.actions.rules import note_trial, switch_rule
from tickets.models import Alarm, Rule, RuleRun

pytestmark = pytest.mark.django_db

RULES = "/settings/rules/"
FILLED = {
    "name": "급한 말",
    "center": "",
    "trigger": "customer_message",
    "condition-0-word": "says",
    "condition-0-values": "급해요, 당장 ,급해요",
    "condition-3-word": "channel_is",
    "condition-3-values": ["chat", "mail"],
    "act-0-word": "priority",
    "act-0-values": "urgent",
    "act-1-word": "notify",
    "act-1-values": "leads",
}


@pytest.fixture
def cast() -> Cast:
    return make_organization()


def made_by(cast: Cast, **changes: Any) -> Rule:
    response = logged_in(cast.owner).post(f"{RULES}new/", FILLED | changes)
    assert response.status_code == 302, response.content.decode()
    return Rule.objects.latest("pk")


def test_rows_become_a_rule_that_is_off(cast: Cast):
    made = made_by(cast)
    assert not made.is_on
    assert [one.plain for one in made.content.conditions] == [
        {"word": "says", "values": ["급해요", "당장"]},
        {"word": "channel_is", "values": ["chat", "mail"]},
    ]
    assert [(one.word, one.value) for one in made.content.acts] == [("priority", "urgent"), ("notify", "leads")]
    page = logged_in(cast.owner).get(f"{RULES}{made.public_id}/").content.decode()
    assert "고객의 글에 다음 말 중 하나가 있음: 급해요, 당장" in page
    assert "채널이 다음 중 하나: 채팅, 메일" in page
    assert "알림 보내기: 상담이 속한 센터의 팀장" in page
    assert AuditEntry.objects.filter(action="tickets.rules.make", obj=f"rule {made.public_id}").exists()
    # The editor shows the same rows again, and what is not changed is kept.
    client = logged_in(cast.owner)
    form = client.get(f"{RULES}{made.public_id}/edit/").context["form"]
    assert [row.word.value() for row in (*form.conditions, *form.acts)] == ["says", "channel_is", "priority", "notify"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"trigger": "never"}, "trigger"),
        ({"trigger": "unanswered", "minutes": "0", "counted": "clock"}, "minutes"),
        ({"trigger": "unanswered", "minutes": "5", "counted": "moon"}, "counted"),
        ({"condition-0-word": ""}, "condition-0-word"),
        ({"condition-0-values": " , "}, "condition-0-values"),
        ({"condition-3-values": ["telex"]}, "condition-3-values"),
        ({"act-0-values": "at once"}, "act-0-values"),
        ({"act-1-values": "0" * 32}, "act-1-values"),
    ],
)
def test_what_is_no_rule_is_refused_at_its_field_and_nothing_typed_is_lost(
    cast: Cast, changes: dict[str, Any], field: str
):
    response = logged_in(cast.owner).post(f"{RULES}new/", FILLED | changes)
    assert response.status_code == 422
    form = response.context["form"]
    assert list(form.errors) == [field]
    assert form["act-0-word"].value() == "priority"
    assert not Rule.objects.exists()


def test_a_new_rule_that_waits_counts_business_time_and_an_old_one_stays_as_it_is(cast: Cast):
    client = logged_in(cast.owner)
    drawn = client.post(f"{RULES}new/", FILLED | {"trigger": "unanswered", "do": "redraw"}, headers=FRAGMENT)
    choice = re.search(r'<select name="counted".*?</select>', drawn.content.decode(), re.DOTALL)
    assert choice is not None
    # The first is what a browser sends where nobody chooses.
    assert choice[0].index('value="business"') < choice[0].index('value="clock"')
    made = made_by(cast, trigger="unanswered", minutes="30", counted="business")
    assert made.in_business_time
    assert (
        "고객이 답을 기다린 시간(분): 30, 센터 운영 시간으로 셈"
        in client.get(f"{RULES}{made.public_id}/").content.decode()
    )
    old = rule(cast.organization, "unanswered", part("tag", "가"), minutes=30)
    assert "30, 24시간으로 셈" in client.get(f"{RULES}{old.public_id}/").content.decode()
    form = client.get(f"{RULES}{old.public_id}/edit/").context["form"]
    assert form["counted"].value() == "clock"
    # In other minutes it is another rule: off, and tried again.
    note_trial(made, by=cast.owner, at=timezone.now())
    switch_rule(made, is_on=True, by=cast.owner, at=timezone.now())
    changed = FILLED | {"trigger": "unanswered", "minutes": "30", "counted": "clock"}
    assert client.post(f"{RULES}{made.public_id}/edit/", changed).status_code == 302
    made.refresh_from_db()
    assert (made.is_on, made.in_business_time) == (False, False)


def test_a_rule_without_an_act_and_a_second_of_the_same_name_are_refused(cast: Cast):
    made_by(cast)
    client = logged_in(cast.owner)
    assert client.post(f"{RULES}new/", FILLED).status_code == 422
    without = {name: value for name, value in FILLED.items() if not name.startswith("act")}
    response = client.post(f"{RULES}new/", without | {"name": "다른 규칙"})
    assert "할 일을 하나 이상" in response.content.decode()
    assert Rule.objects.count() == 1


def test_buttons_draw_the_form_anew_and_save_nothing(cast: Cast):
    client = logged_in(cast.owner)

    def rows(do: str, **changes: Any) -> dict[str, Any]:
        response = client.post(f"{RULES}new/", FILLED | changes | {"do": do}, headers=FRAGMENT)
        assert response.status_code == 200
        form = response.context["form"]
        assert not form.errors
        return {row.name: row.values.value() if row.values else None for row in (*form.conditions, *form.acts)}

    kept = {"condition-0": "급해요, 당장 ,급해요", "condition-3": ["chat", "mail"], "act-0": "urgent", "act-1": "leads"}
    assert rows("add-condition") == kept | {"condition-4": None}
    assert rows("add-act") == kept | {"act-2": None}
    assert rows("drop-condition-0") == {name: value for name, value in kept.items() if name != "condition-0"}
    # Another word takes other values: those before are forgotten, and of this row only.
    changed = rows("redraw-condition-3", **{"condition-3-word": "priority_is"})
    assert changed == kept | {"condition-3": []} or changed == kept | {"condition-3": None}
    assert not Rule.objects.exists()


def test_a_rule_is_tried_before_it_is_switched_on(cast: Cast):
    chat(cast.organization, "t", "당장 바꿔 주세요", ago=120)
    answer(cast.organization, "t", cast.agent, ago=100)
    chat(cast.organization, "t", "급해요", ago=90)
    chat(cast.organization, "calm", "천천히요", phone="", ago=60)
    made = made_by(cast)
    client = logged_in(cast.owner)
    before = Event.objects.count()

    client.post(f"{RULES}{made.public_id}/switch/", {"is_on": "yes"})
    made.refresh_from_db()
    assert not made.is_on

    response = client.post(f"{RULES}{made.public_id}/trial/", {"days": "30"}, headers=FRAGMENT)
    trial = response.context["trial"]
    assert (trial.days, trial.read, trial.hit_count, trial.ticket_count, trial.is_cut) == (30, 2, 2, 1, False)
    assert [hit.text for hit in trial.hits] == ["급해요", "당장 바꿔 주세요"]
    assert [act.text for act in trial.hits[0].acts] == [
        "우선순위 정하기: 긴급",
        "알림 보내기: 상담이 속한 센터의 팀장",
    ]
    assert (Event.objects.count(), RuleRun.objects.count(), Alarm.objects.count()) == (before, 0, 0)

    client.post(f"{RULES}{made.public_id}/switch/", {"is_on": "yes"})
    made.refresh_from_db()
    assert made.is_on
    # What the trial has shown is past: it concerns what comes.
    assert follow(cast.organization) == 0
    # Another name changes nothing; other words do.
    client.post(f"{RULES}{made.public_id}/edit/", FILLED | {"name": "아주 급한 말"})
    made.refresh_from_db()
    assert (made.name, made.is_on) == ("아주 급한 말", True)
    client.post(f"{RULES}{made.public_id}/edit/", FILLED | {"condition-0-values": "불이야"})
    made.refresh_from_db()
    assert (made.is_on, made.is_tried) == (False, False)
    assert list(
        AuditEntry.objects.filter(action__startswith="tickets.rules.switch").values_list("action", flat=True)
    ) == ["tickets.rules.switch_on"]


def test_a_trial_and_a_run_come_to_the_same(cast: Cast):
    """All kinds of triggers over one history: tried afterwards, and run while it happened."""
    triggers = ("opened", "customer_message", "tagged", "prioritized", "assigned", "moved", "resolved", "reopened")
    made = {trigger: rule(cast.organization, trigger, part("note", trigger)) for trigger in triggers}
    for kind, data in (
        ("chat.message", {"from_": "customer", "text": "하나"}),
        ("ticket.assigned", {"agent": cast.agent.email}),
        ("chat.message", {"from_": "agent", "agent": cast.agent.email, "text": "네"}),
        ("ticket.tagged", {"add": ["가"]}),
        ("ticket.tagged", {"add": ["가"]}),
        ("ticket.priority", {"priority": "high"}),
        ("ticket.moved", {"center": "busan"}),
        ("ticket.resolved", {"agent": cast.agent.email}),
        ("ticket.resolved", {"agent": cast.agent.email, "topic": "delivery"}),
        ("chat.message", {"from_": "customer", "text": "둘"}),
        ("ticket.resolved", {"agent": cast.agent.email}),
        ("ticket.reopened", {"agent": cast.agent.email}),
    ):
        happens(cast.organization, kind, "t", **data)
        follow(cast.organization)
    client = logged_in(cast.owner)
    for trigger, one in made.items():
        trial = client.post(f"{RULES}{one.public_id}/trial/", {"days": "7"}, headers=FRAGMENT).context["trial"]
        assert trial.hit_count == RuleRun.objects.filter(rule=one).count() > 0, trigger
        assert sorted(hit.at for hit in trial.hits) == sorted(
            RuleRun.objects.filter(rule=one).values_list("happened_at", flat=True)
        )


def test_a_missed_target_and_a_wait_are_tried_too(cast: Cast):
    chat(cast.organization, "late", ago=200)
    answer(cast.organization, "late", cast.agent, ago=100)
    client = logged_in(cast.owner)
    waits = made_by(cast, trigger="unanswered", minutes="30", counted="clock", **{"condition-0-values": "안녕"})
    trial = client.post(f"{RULES}{waits.public_id}/trial/", {"days": "7"}, headers=FRAGMENT).context["trial"]
    assert trial.hit_count == 1
    longer = made_by(
        cast, name="더", trigger="unanswered", minutes="101", counted="clock", **{"condition-0-values": "안녕"}
    )
    trial = client.post(f"{RULES}{longer.public_id}/trial/", {"days": "7"}, headers=FRAGMENT).context["trial"]
    assert trial.hit_count == 0


def test_what_a_rule_did_leads_to_it_and_it_to_the_ticket(cast: Cast):
    made = rule(
        cast.organization,
        "opened",
        part("reply", "곧 답해 드릴게요"),
        part("note", "새 손님"),
        part("tag", "신규"),
        name="첫인사",
    )
    ticket = chat(cast.organization, "t")
    follow(cast.organization)
    path = f"{RULES}{made.public_id}/"
    for person, leads in ((cast.owner, True), (cast.lead, True), (cast.agent, False)):
        page = logged_in(person).get(f"/inbox/{ticket.public_id}/").content.decode()
        assert page.count("규칙 &#x27;첫인사&#x27;") == 3
        assert (path in page) is leads
    history = logged_in(cast.owner).get(path).content.decode()
    assert f"/inbox/{ticket.public_id}/" in history
    assert logged_in(cast.agent).get(path).status_code == 404
    # Removed it is out of the list, and what it did leads to it still.
    logged_in(cast.owner).post(f"{path}remove/")
    assert "첫인사" not in logged_in(cast.owner).get(RULES).context["rows"]
    assert logged_in(cast.owner).get(RULES).context["rows"] == []
    assert logged_in(cast.owner).get(path).status_code == 200
    assert logged_in(cast.owner).post(f"{path}switch/", {"is_on": "yes"}).status_code == 404
    chat(cast.organization, "other", phone="")
    assert follow(cast.organization) == 0


def test_a_lead_edits_the_rules_of_her_centers_and_reads_those_of_all(cast: Cast):
    of_all = rule(cast.organization, "opened", part("tag", "가"), name="모두")
    hers = rule(cast.organization, "opened", part("tag", "나"), name="서울", center=cast.seoul)
    others = rule(cast.organization, "opened", part("tag", "다"), name="부산", center=cast.busan)
    lead = logged_in(cast.lead)
    assert [row[0] for row in lead.get(RULES).context["rows"]] == [of_all, hers]
    assert lead.get(f"{RULES}{others.public_id}/").status_code == 404
    assert lead.get(f"{RULES}{of_all.public_id}/").status_code == 200
    for act in ("edit", "trial", "switch", "up", "remove"):
        assert lead.post(f"{RULES}{of_all.public_id}/{act}/").status_code == 404
        assert logged_in(cast.agent).post(f"{RULES}{hers.public_id}/{act}/").status_code == 404
    of_all.refresh_from_db()
    assert (of_all.is_on, of_all.removed_at) == (True, None)
    assert lead.post(f"{RULES}new/", FILLED).status_code == 422  # for all centers
    seoul, busan = cast.seoul.public_id.hex, cast.busan.public_id.hex
    assert lead.post(f"{RULES}new/", FILLED | {"center": busan}).status_code == 422
    assert lead.post(f"{RULES}new/", FILLED | {"center": seoul}).status_code == 302
    assert Rule.objects.latest("pk").center == cast.seoul
    lead.post(f"{RULES}{hers.public_id}/switch/", {"is_on": "no"})
    hers.refresh_from_db()
    assert not hers.is_on


def test_rules_are_put_in_another_order(cast: Cast):
    first, second, third = (
        rule(cast.organization, "opened", part("tag", name), name=name) for name in ("가", "나", "다")
    )
    client = logged_in(cast.owner)
    client.post(f"{RULES}{third.public_id}/up/")
    assert [row[0] for row in client.get(RULES).context["rows"]] == [first, third, second]


def test_three_rules_to_begin_with_are_off_and_come_once(cast: Cast):
    client = logged_in(cast.owner)
    client.post(f"{RULES}ready/")
    client.post(f"{RULES}ready/")
    assert [row[0].is_on for row in client.get(RULES).context["rows"]] == [False, False, False]
    assert logged_in(cast.lead).post(f"{RULES}ready/").status_code == 404


def test_lists_cost_a_fixed_number_of_statements(cast: Cast):
    def statements(path: str) -> int:
        client = logged_in(cast.owner)
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        return len(asked)

    made = rule(cast.organization, "opened", part("tag", "가"))
    paths = [RULES, f"{RULES}{made.public_id}/"]
    chat(cast.organization, "t")
    follow(cast.organization)
    few = [statements(path) for path in paths]
    for number in range(5):
        rule(cast.organization, "resolved", part("tag", "나"), center=cast.seoul)
        chat(cast.organization, f"t{number}", phone="")
    follow(cast.organization)
    assert RuleRun.objects.filter(rule=made).count() == 6
    assert [statements(path) for path in paths] == few
