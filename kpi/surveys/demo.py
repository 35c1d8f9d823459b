"""What the invented shop does about its surveys: codes at its counters, and what came of low answers. The history is there by then.

Nothing is switched on that would send: the demo's customers are invented, their numbers are not.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from accounts.actors import System
from accounts.models import Organization, Store
from channels_app.hub.writing import envelope
from channels_app.intake import hub_sender, receive
from kpi.actions.surveys_following import follow_answers
from kpi.actions.surveys_low import open_follow_ups
from kpi.actions.surveys_settings import make_point
from kpi.models import SurveyAnswer, SurveyPoint, SurveySettings

_BY = System("demo")
# Of the newest low ones so many are looked after only now, and some days' stay to be done.
OPENED, DAYS_LEFT = 3, 4
_OUTCOMES = ("solved", "solved", "solved", "called_back", "called_back", "not_reached", "nothing_possible")
_WORDS = {
    "solved": ("교환해 드리고 사과드렸습니다.", "배송비를 돌려드렸습니다.", "원하시던 대로 처리했습니다."),
    "called_back": ("통화해 사과드렸습니다. 이해해 주셨습니다.", "말씀을 듣고 팀에 공유했습니다."),
    "not_reached": ("두 번 전화했으나 받지 않으셨습니다.",),
    "nothing_possible": ("단종된 상품이라 방법이 없어 사과드렸습니다.",),
}
_AT_ONCE = 200


def lay_surveys(organization: Organization, *, at: datetime) -> None:
    """Codes for two stores and the outcomes of low answers; nothing where they are there."""
    if SurveyPoint.objects.filter(organization=organization).exists():
        return
    for store in Store.objects.filter(organization=organization).order_by("pk")[:2]:
        make_point(organization, store=store, label="계산대", by=_BY, at=at)
    follow_answers(organization, at=at)
    low = SurveyAnswer.objects.filter(organization=organization, is_low=True, answered_at__lt=at)
    low = low.select_related("event", "center").order_by("-answered_at", "-pk")
    _look_after(organization, list(low.filter(answered_at__lt=at - timedelta(days=DAYS_LEFT))), at=at)
    follow_answers(organization, at=at)
    newest = [answer.answered_at for answer in low.exclude(customer=None)[:OPENED]]
    if newest:
        SurveySettings.objects.filter(organization=organization).update(follows_since=newest[-1])
        open_follow_ups(organization, at=at)
        SurveySettings.objects.filter(organization=organization).update(follows_since=at)


def _look_after(organization: Organization, answers: list[SurveyAnswer], *, at: datetime) -> None:
    """Each a day or so later, by the lead of its center."""
    chance = Random(len(answers))  # noqa: S311 - a demo, not a secret
    leads = organization.people.filter(role="lead").order_by("pk").values_list("centers", "email")
    by_center: dict[int | None, str] = dict(leads)
    anybody = next(iter(by_center.values()), "")
    acts = []
    for answer in answers:
        outcome = chance.choice(_OUTCOMES)
        lead = by_center.get(answer.center_id, anybody)
        when = min(answer.answered_at + timedelta(hours=chance.randint(2, 40)), at)
        told: dict[str, Any] = {
            "answer": answer.event.public_id.hex,
            "outcome": outcome,
            "text": chance.choice(_WORDS[outcome]),
        }
        told |= {"agent": lead} if lead else {}
        told |= {"thread": answer.thread} if answer.thread else {}
        if not answer.thread:
            told["customer"] = answer.event.data.get("customer") or {}
        acts.append(envelope("survey.followed_up", told, at=when, key=f"demo-{answer.event.public_id.hex}"))
    for start in range(0, len(acts), _AT_ONCE):
        receive(organization, acts[start : start + _AT_ONCE], sender=hub_sender(), at=at)
