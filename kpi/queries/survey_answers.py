"""The screen of answers: who sees which, and what she sees of them. Views fetch through these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from accounts import policies
from accounts.models import Organization, Person, Role
from accounts.queries import NotFound, organization_for
from customers.models import Customer
from customers.policies import sight_of
from customers.queries.survey_sentences import HIGHEST, kind_words, outcome_words
from kpi.models import Survey, SurveyAnswer
from kpi.surveys.occasions import SCALES
from tickets.models import Ticket
from tickets.policies import tickets_reached
from tickets.queries.cursors import read_cursor, write_cursor

PAGE_LENGTH = 40
LOW_SHOWN = 20
PERIODS = (7, 30, 90)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What part of the list: a kind, only low ones (`low`) or those nobody has settled (`open`), the last so many days."""

    kind: str = ""
    only: str = ""
    days: int = 30

    @property
    def is_narrowed(self) -> bool:
        return bool(self.kind or self.only)


@dataclass(frozen=True, slots=True)
class Row:
    """An answer as this person may read it."""

    answer: SurveyAnswer
    customer_name: str
    customer_id: UUID | None
    comment: str
    agent_name: str

    @property
    def highest(self) -> int:
        return HIGHEST[self.answer.kind]

    @property
    def kind_words(self) -> str:
        return kind_words(self.answer.kind)

    @property
    def outcome_words(self) -> str:
        return outcome_words(self.answer.outcome)

    @property
    def is_to_be_settled(self) -> bool:
        return self.answer.is_low and not self.answer.outcome


@dataclass(frozen=True, slots=True)
class KindSum:
    kind: str
    label: str
    n: int
    mean: float
    low: int


def answers_for(person: Person, wanted: Wanted) -> QuerySet[SurveyAnswer]:
    rows = _reached(person)
    rows = rows.filter(answered_at__gt=timezone.now() - timedelta(days=wanted.days))
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.only:
        rows = rows.filter(is_low=True)
    if wanted.only == "open":
        rows = rows.filter(outcome="")
    return rows.select_related("organization", "event", "store", "customer", "customer__merged_into")


def answers_of_events(person: Person, event_ids: Sequence[int]) -> list[SurveyAnswer]:
    """Those of these events that she may see, the newest first. One statement."""
    rows = _reached(person).filter(event__in=event_ids).order_by("-answered_at", "-pk")
    return list(rows.select_related("organization", "event", "store", "customer", "customer__merged_into"))


def page_of(rows: QuerySet[SurveyAnswer], cursor: str) -> tuple[list[SurveyAnswer], str]:
    """The page behind a cursor, newest first, and the next one's cursor, "" at the end."""
    _letter, end = read_cursor(cursor)
    if end is not None:
        at, pk = end
        rows = rows.filter(Q(answered_at__lt=at) | Q(answered_at=at, pk__lt=pk))
    found = list(rows.order_by("-answered_at", "-pk")[: PAGE_LENGTH + 1])
    page = found[:PAGE_LENGTH]
    more = len(found) > PAGE_LENGTH
    return page, write_cursor("a", page[-1].answered_at, page[-1].pk) if more else ""


def to_be_settled(rows: QuerySet[SurveyAnswer]) -> list[SurveyAnswer]:
    """The low ones that nobody has said anything of, the newest first."""
    return list(rows.filter(is_low=True, outcome="").order_by("-answered_at", "-pk")[:LOW_SHOWN])


def answer_for(person: Person, public_id: UUID) -> SurveyAnswer:
    """One of those she may see. Raises NotFound."""
    rows = _reached(person).select_related("organization", "event", "store", "customer", "customer__merged_into")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def rows_of(person: Person, answers: Iterable[SurveyAnswer]) -> list[Row]:
    """As this person may read them: store staff masked. One statement."""
    answers, sight = list(answers), sight_of(person)
    emails = {answer.agent_email for answer in answers} | {answer.outcome_by for answer in answers}
    people = Person.objects.filter(organization=person.organization_id, email__in=emails - {""})
    names = dict(people.values_list("email", "name"))
    rows = []
    for answer in answers:
        customer = _root(answer.customer)
        name = customer.name if customer else ""
        rows.append(
            Row(
                answer,
                sight.name(name),
                customer.public_id if customer else None,
                sight.text(answer.comment, [name] if name else []),
                names.get(answer.agent_email, answer.agent_email),
            )
        )
    return rows


def sums_of(rows: QuerySet[SurveyAnswer]) -> list[KindSum]:
    """How many of each kind, their mean, how many low. No figures: those are METRICS.md's. One statement."""
    told = rows.order_by().values("kind").annotate(n=Count("pk"), total=Sum("score"), low=Count("pk", Q(is_low=True)))
    by_kind = {one["kind"]: one for one in told}
    return [
        KindSum(kind, kind_words(kind), one["n"], one["total"] / one["n"], one["low"])
        for kind in SCALES
        if (one := by_kind.get(kind))
    ]


def outcomes_of(rows: QuerySet[SurveyAnswer]) -> list[tuple[str, int]]:
    """What came of the low ones, in words, and how many; those without an outcome last. One statement."""
    low = rows.filter(is_low=True).order_by().values_list("outcome").annotate(n=Count("pk"))
    told = sorted(low, key=lambda one: (one[0] == "", -one[1]))
    return [(outcome, n) for outcome, n in told]


def not_asked(organization: Organization, *, since: datetime) -> list[tuple[str, int]]:
    """Why how many were not asked, by code. One statement."""
    rows = Survey.objects.filter(organization=organization, planned_at__gt=since).exclude(reason="")
    return list(rows.order_by().values_list("reason").annotate(n=Count("pk")).order_by("-n", "reason"))


def open_count(person: Person) -> int:
    """For a badge: low answers of the last month that nobody has settled."""
    return answers_for(person, Wanted(only="open")).count()


def tickets_of(person: Person, answer: SurveyAnswer) -> list[tuple[str, Ticket]]:
    """The tickets that she reaches: the one asked about, and the one in which it is looked after."""
    found = []
    for role, thread in (("about", answer.thread), ("follow", answer.follow_thread)):
        rows = tickets_reached(person).standing().filter(thread=thread) if thread else None
        ticket = rows.order_by("-opened_at", "-pk").first() if rows is not None else None
        if ticket is not None:
            found.append((role, ticket))
    return found


def _reached(person: Person) -> QuerySet[SurveyAnswer]:
    """An owner sees all, a lead those of her centers and of none, an agent her own, store staff those of their stores."""
    rows = SurveyAnswer.objects.filter(organization=organization_for(person))
    if person.role == Role.AGENT:
        return rows.filter(agent_email=person.email)
    if person.role == Role.STORE_STAFF:
        return rows.filter(store__in=policies.stores_reached(person).values("pk"))
    centers = policies.center_ids_reached(person)
    return rows if centers is None else rows.filter(Q(center__in=centers) | Q(center=None))


def _root(customer: Customer | None) -> Customer | None:
    return (customer.merged_into or customer) if customer else None
