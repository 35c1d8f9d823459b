"""Somebody's own figures, and how they compare: with the middle of her center's people, or of all stores; nobody by name.

Only where an owner has decided so, colleagues are named as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from accounts.models import Center, Person, Role, Store
from accounts.policies import centers_reached, people_reached
from accounts.queries import organization_for
from kpi.figures.arithmetic import Figure
from kpi.queries.figures import Asked, ask
from kpi.queries.goals import shows_people
from kpi.queries.morning import by_key
from kpi.queries.question import Period
from kpi.shown import n_of, value_of

# Scores and returns of one day are too few to say anything.
LONG_DAYS = 28
# In a smaller circle the middle would tell of one person.
FEWEST_OTHERS = 3
OF_TODAY = ("first_response", "reply", "volume")
OF_STORE_TODAY = ("volume", "first_response")
OF_LATELY = ("fcr", "csat", "resolution_first", "reopen_rate")


@dataclass(frozen=True, slots=True)
class Compared:
    """`middle` is the median of the others' values, None where they are too few; `n` counts her own."""

    name: str
    value: float | None
    n: int
    middle: float | None = None
    others: int = 0


@dataclass(frozen=True, slots=True)
class Colleague:
    name: str
    is_self: bool
    answered: int
    median_seconds: float | None
    resolved: int
    csat: float | None


@dataclass(frozen=True, slots=True)
class OwnDay:
    today: list[Compared]
    lately: list[Compared]
    is_store: bool
    colleagues: list[Colleague] = field(default_factory=list)


def own_day(person: Person, *, at: datetime) -> OwnDay:
    """Today until now, and the last 28 days."""
    organization = organization_for(person)
    today = at.astimezone(organization.zone).date()
    day = timedelta(days=1)
    is_store = person.role == Role.STORE_STAFF
    short, long = Period(today, today + day), Period(today - (LONG_DAYS - 1) * day, today + day)
    now, lately = ask(organization, short, at), ask(organization, long, at, OF_LATELY)
    by = "store" if is_store else "agent"
    own, circle = _own_keys(person, is_store), _circle(person, is_store)
    names = OF_STORE_TODAY if is_store else OF_TODAY
    compared = OwnDay(
        _compared(now, by, own, circle, names),
        _compared(lately, by, own, circle, OF_LATELY),
        is_store,
    )
    if is_store or not shows_people(organization):
        return compared
    return OwnDay(compared.today, compared.lately, is_store, _colleagues(person, now, lately))


def _own_keys(person: Person, is_store: bool) -> list[str]:
    if not is_store:
        return [person.email]
    stores = Store.objects.filter(organization=person.organization, people=person)
    return list(stores.order_by("slug").values_list("slug", flat=True)) or ["-"]


def _circle(person: Person, is_store: bool) -> dict[str, tuple[str, ...]]:
    """Among whom the middle is looked for: the people of her own centers, or all stores."""
    if is_store:
        return {}
    centers = Center.objects.filter(organization=person.organization, people=person)
    slugs = tuple(centers.order_by("slug").values_list("slug", flat=True))
    return {"center": slugs} if slugs else {}


def _compared(
    asked: Asked, by: str, own: Sequence[str], circle: dict[str, tuple[str, ...]], names: Sequence[str]
) -> list[Compared]:
    (mine,) = asked.groups(filters={by: tuple(own)}, figures=names)
    groups = [
        group
        for group in asked.groups(by=by, filters=circle, figures=names)
        if group["key"] and group["key"] not in own
    ]
    found = []
    for name in names:
        values = [
            value for group in groups if (value := _value(name, group[name])) is not None and _n(name, group[name])
        ]
        middle = float(median(values)) if len(values) >= FEWEST_OTHERS else None
        found.append(Compared(name, _value(name, mine[name]), _n(name, mine[name]), middle, len(values)))
    return found


def _value(name: str, figure: Figure | None) -> float | None:
    """Of volume what people have done: resolutions, not tickets that came."""
    if name == "volume":
        return float(figure["resolutions"]["n"]) if figure else 0.0
    return value_of(name, figure)


def _n(name: str, figure: Figure | None) -> int:
    if name == "volume":
        return int(figure["resolutions"]["n"]) if figure else 0
    return n_of(name, figure)


def _colleagues(person: Person, now: Asked, lately: Asked) -> list[Colleague]:
    """The people of her centers with what they did today, by name: no rank."""
    filters: Any = {"center": tuple(centers_reached(person).order_by("slug").values_list("slug", flat=True))}
    today = by_key(now.groups(by="agent", filters=filters, figures=("first_response", "volume")))
    scores = by_key(lately.groups(by="agent", filters=filters, figures=("csat",)))
    people = people_reached(person).filter(is_active=True).exclude(role__in=[Role.OWNER, Role.STORE_STAFF])
    found = []
    for one in people.order_by("name", "pk"):
        told = today.get(one.email, {})
        first, volume = told.get("first_response"), told.get("volume")
        found.append(
            Colleague(
                one.name,
                one.pk == person.pk,
                n_of("first_response", first),
                value_of("first_response", first),
                _n("volume", volume),
                value_of("csat", scores.get(one.email, {}).get("csat")),
            )
        )
    return found
