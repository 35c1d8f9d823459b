"""What is done about what customers say: the matrix, the lists, one of them with its sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, QuerySet

from accounts.models import Person
from accounts.queries import NotFound, organization_for, people_for
from voc.models import Improvement, Size, Voice
from voc.queries.sentences import ShownVoice, shown
from voc.queries.slices import reached

LISTED_AT_MOST = 200
SENTENCES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class ListedImprovement:
    """`answers` is how many sentences it answers."""

    improvement: Improvement
    answers: int
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of the matrix: one impact, one effort."""

    impact: Size
    effort: Size
    listed: tuple[ListedImprovement, ...]

    @property
    def is_quick_win(self) -> bool:
        return self.impact == Size.LARGE and self.effort == Size.SMALL


def improvements_for(person: Person, *, states: Collection[str], today: date) -> list[ListedImprovement]:
    """Quick wins first, then by what they are worth, when they are due, and the newest. One statement."""
    rows = _all(person).filter(state__in=states).annotate(answers=Count("answered"))
    listed = [
        ListedImprovement(one, one.answers, bool(one.is_open and one.due_on and one.due_on < today))
        for one in rows.order_by("-created_at", "-pk")[:LISTED_AT_MOST]
    ]
    return sorted(listed, key=lambda one: _order(one.improvement))


def matrix_of(listed: Sequence[ListedImprovement]) -> list[list[Cell]]:
    """Rows from large impact to small, in each from small effort to large."""
    sizes = [Size.SMALL, Size.MIDDLE, Size.LARGE]
    return [
        [
            Cell(
                impact,
                effort,
                tuple(one for one in listed if (one.improvement.impact, one.improvement.effort) == (impact, effort)),
            )
            for effort in sizes
        ]
        for impact in reversed(sizes)
    ]


def state_counts_for(person: Person) -> dict[str, int]:
    """One statement."""
    rows = _all(person).order_by().values_list("state").annotate(count=Count("pk"))
    return Counter(dict(rows))


def improvement_for(person: Person, public_id: UUID) -> Improvement:
    """Raises NotFound."""
    improvement = _all(person).filter(public_id=public_id).first()
    if improvement is None:
        raise NotFound
    return improvement


def sentences_answered(person: Person, improvement: Improvement) -> tuple[list[ShownVoice], int]:
    """The newest within her reach, and how many these are in all."""
    rows = Voice.objects.filter(
        reached(person), organization=organization_for(person), pk__in=improvement.answered.values("voice")
    )
    return shown(person, list(rows.order_by("-time", "-pk")[:SENTENCES_SHOWN])), rows.count()


def voices_named(person: Person, ids: Collection[UUID]) -> list[Voice]:
    """Those of these that she reaches; others are passed over."""
    rows = Voice.objects.filter(reached(person), organization=organization_for(person), public_id__in=ids)
    return list(rows.order_by("-time", "-pk"))


def owners_for(person: Person) -> QuerySet[Person]:
    """Who can be given one: the people she sees that are active."""
    return people_for(person).filter(is_active=True).order_by("name", "pk")


def _all(person: Person) -> QuerySet[Improvement]:
    rows = Improvement.objects.filter(organization=organization_for(person))
    return rows.select_related("organization", "topic", "store", "owner")


def _order(improvement: Improvement) -> tuple[bool, int, int, date, float]:
    return (
        not improvement.is_quick_win,
        -improvement.worth,
        -improvement.impact,
        improvement.due_on or date.max,
        -improvement.created_at.timestamp(),
    )
