"""What is done in the invented shop about what its customers say: one thing that helped, one under way, two proposed.

The history is in the hub by then, and was listened to, so that each answers sentences that were really said.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q

from accounts.models import Organization, Person
from tickets.models import Topic
from voc.actions.improvements import Content, make_improvement, move_improvement
from voc.models import Improvement, Size, Term, Voice

ANSWERED = 24


@dataclass(frozen=True, slots=True)
class Plan:
    """`words`: sentences with one of these are those it answers. `topics`: slugs, the first that the shop has counts."""

    title: str
    note: str
    topics: tuple[str, ...]
    words: tuple[str, ...]
    owner: str
    effort: Size
    impact: Size
    term: Term
    due_days: int
    done_days_ago: int = 0
    is_begun: bool = field(default=False)


PLANS = (
    Plan(
        "택배를 두꺼운 상자에 완충재 넣어 보내기",
        "얇은 종이 봉투에 담겨 찌그러지거나 젖어서 왔다는 말이 많았다. 물류 포장을 상자로 바꾸고 깨지는 물건은 두 겹으로 싼다.",
        ("delivery",),
        ("봉투", "포장", "비닐"),
        "lead",
        Size.MIDDLE,
        Size.LARGE,
        Term.SHORT,
        due_days=-38,
        done_days_ago=35,
    ),
    Plan(
        "숏패딩 지퍼 전량 검수",
        "지난주 입고분부터 지퍼가 걸리거나 이가 빠진다. 출고 전에 열 번 올렸다 내려 보고, 나간 것은 먼저 연락해 바꿔 드린다.",
        ("quality", "product"),
        ("지퍼",),
        "lead",
        Size.SMALL,
        Size.LARGE,
        Term.SHORT,
        due_days=3,
        is_begun=True,
    ),
    Plan(
        "상세 페이지에 실측 치수와 모델 착용 사이즈 넣기",
        "사이즈가 생각보다 작다는 말이 꾸준하다. 상위 30개 상품부터 실측표를 넣는다.",
        ("quality", "product"),
        ("사이즈", "작게", "치수"),
        "owner",
        Size.MIDDLE,
        Size.MIDDLE,
        Term.MIDDLE,
        due_days=45,
    ),
    Plan(
        "강남점 주차 안내문과 제휴 주차장",
        "주차할 곳을 못 찾았다는 말이 강남점에 모인다.",
        ("store",),
        ("주차",),
        "owner",
        Size.LARGE,
        Size.MIDDLE,
        Term.LONG,
        due_days=120,
    ),
)


def lay_improvements(organization: Organization, *, at: datetime) -> int:
    """Makes the improvements; nothing where there are any. Returns how many it made. What was said is heard by then."""
    if Improvement.objects.filter(organization=organization).exists():
        return 0
    for plan in PLANS:
        _lay(organization, plan, at=at)
    return len(PLANS)


def _lay(organization: Organization, plan: Plan, *, at: datetime) -> None:
    by = Person.objects.filter(organization=organization, role="owner").earliest("pk")
    owner = Person.objects.filter(organization=organization, role=plan.owner).earliest("pk")
    topics = {one.slug: one for one in Topic.objects.filter(organization=organization, merged_into=None)}
    topic = next((topics[slug] for slug in plan.topics if slug in topics), None)
    made_at = at - timedelta(days=plan.done_days_ago + 5 if plan.done_days_ago else 2)
    today = at.astimezone(organization.zone).date()
    content = Content(
        title=plan.title,
        note=plan.note,
        topic=topic,
        store=None,
        owner=owner,
        due_on=today + timedelta(days=plan.due_days),
        effort=plan.effort,
        impact=plan.impact,
        term=plan.term,
    )
    improvement = make_improvement(
        organization,
        content,
        voices=_voices(organization, plan, made_at if plan.done_days_ago else at),
        by=by,
        at=made_at,
    )
    if plan.done_days_ago:
        done_on = today - timedelta(days=plan.done_days_ago)
        move_improvement(improvement, Improvement.State.DONE, done_on=done_on, by=by, at=at)
    elif plan.is_begun:
        move_improvement(improvement, Improvement.State.DOING, by=by, at=at)


def _voices(organization: Organization, plan: Plan, until: datetime) -> list[Voice]:
    holds = Q()
    for word in plan.words:
        holds |= Q(text__contains=word)
    rows = Voice.objects.filter(holds, organization=organization, sentiment__lte=0, time__lt=until)
    return list(rows.order_by("sentiment", "-time", "-pk")[:ANSWERED])
