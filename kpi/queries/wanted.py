"""What somebody wants to see of the figures, read from an address: a period, filters, a cut. What cannot be is said.

The same words stand in every address of the dashboard, so that a view can be sent, exported and opened again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organization, Person
from accounts.policies import centers_reached, people_reached, stores_reached
from accounts.queries import organization_for
from kpi.figures.table import NONE
from kpi.policies import Reach, reach_of
from kpi.queries.question import BadQuestion, Period, Question
from tickets.queries.lists import CHANNELS
from tickets.queries.names import topic_names
from tickets.templatetags.inbox import channel_label

OWN = "own"
PRESETS = {
    "today": gettext_lazy("Today"),
    "yesterday": gettext_lazy("Yesterday"),
    "last7": gettext_lazy("Last 7 days"),
    "lastweek": gettext_lazy("Last week"),
    "thismonth": gettext_lazy("This month"),
    "lastmonth": gettext_lazy("Last month"),
    OWN: gettext_lazy("Own period"),
}
USUAL = "lastweek"
# What a screen compares; a longer one is asked for through the API.
LONGEST_SHOWN_DAYS = 1100
FILTERS = ("channel", "center", "store", "agent", "topic")
CUTS = ("channel", "center", "store", "agent", "topic")
TIMES = ("day", "week", "month")


# An address as Django reads it.
Params = QueryDict


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be filtered by, value → what it is called on screen."""

    channel: Mapping[str, str]
    center: Mapping[str, str]
    store: Mapping[str, str]
    agent: Mapping[str, str]
    topic: Mapping[str, str]

    def of(self, name: str) -> Mapping[str, str]:
        found: Mapping[str, str] = getattr(self, name)
        return found

    def label(self, by: str, key: str | None) -> str:
        """What a group is called; one that has no name any more goes by its key."""
        if key is None:
            return {
                "center": _("No center"),
                "store": _("No store"),
                "agent": _("Nobody"),
                "topic": _("No topic"),
            }.get(by, _("None"))
        return self.of(by).get(key, key) if by in CUTS else key


@dataclass(frozen=True, slots=True)
class Wanted:
    """`chosen` are the filters as they stand in the address, `problems` sentences about what was put right."""

    person: Person
    organization: Organization
    reach: Reach
    choices: Choices
    period: Period
    preset: str
    now: datetime
    chosen: Mapping[str, str] = field(default_factory=dict)
    by: str = "channel"
    trend: str = "day"
    problems: tuple[str, ...] = ()

    @property
    def filters(self) -> dict[str, tuple[str, ...]]:
        """What to count: what she chose, within what she reaches."""
        found: dict[str, tuple[str, ...]] = {name: (value,) for name, value in self.chosen.items() if name != "center"}
        centers = self.reach.narrowed((self.chosen["center"],) if "center" in self.chosen else ())
        return found if centers is None else found | {"center": centers}

    @property
    def last(self) -> date:
        """The last day of the period, as people say it."""
        return self.period.end - timedelta(days=1)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.organization.zone).date()

    @property
    def is_running(self) -> bool:
        """Whether the period reaches into today, so that its figures still move."""
        return self.period.end > self.today

    def question(self, *, by: str = "none", period: Period | None = None, **more: Any) -> Question:
        return Question(period=period or self.period, now=self.now, by=by, filters=self.filters, **more)

    @property
    def said(self) -> dict[str, str]:
        """The address's words. A period that goes with the calendar keeps its name."""
        when = (
            {"period": OWN, "first": self.period.first.isoformat(), "last": self.last.isoformat()}
            if self.preset == OWN
            else {"period": self.preset}
        )
        return {**when, **self.chosen, "by": self.by, "trend": self.trend}

    @property
    def fixed(self) -> dict[str, str]:
        """The same with its days named: what it shows does not move on."""
        days = {"period": OWN, "first": self.period.first.isoformat(), "last": self.last.isoformat()}
        return self.said | days

    @property
    def query(self) -> str:
        return urlencode(self.said)

    def with_(self, **changes: str) -> str:
        """The address's query with other words in it; an empty one goes."""
        return urlencode({name: value for name, value in (self.fixed | changes).items() if value})


def wanted_of(person: Person, params: Params, *, now: datetime, usual: str = USUAL) -> Wanted:
    """Reads an address. Nothing in it is refused: what is wrong is put right, and told in `problems`."""
    organization = organization_for(person)
    reach = reach_of(person)
    choices = choices_for(person)
    problems: list[str] = []
    today = now.astimezone(organization.zone).date()
    preset, period = _period(params, today, usual, problems)
    chosen = {}
    for name in FILTERS:
        value = (params.get(name) or "").strip()
        if not value:
            continue
        if value == NONE or value in choices.of(name):
            chosen[name] = value
        else:
            problems.append(_unknown(name, value[:60]))
    by, trend = params.get("by") or "channel", params.get("trend") or ""
    return Wanted(
        person=person,
        organization=organization,
        reach=reach,
        choices=choices,
        period=period,
        preset=preset,
        now=now,
        chosen=chosen,
        by=by if by in CUTS else "channel",
        trend=trend if trend in TIMES else usual_trend(period),
        problems=tuple(problems),
    )


def choices_for(person: Person) -> Choices:
    organization = organization_for(person)
    return Choices(
        channel=channel_names(),
        center=dict(centers_reached(person).order_by("name", "pk").values_list("slug", "name")),
        store=dict(stores_reached(person).order_by("name", "pk").values_list("slug", "name")),
        agent=dict(people_reached(person).order_by("name", "pk").values_list("email", "name")),
        topic=topic_names(organization.pk),
    )


def channel_names() -> dict[str, str]:
    return {channel: channel_label(channel) for channel in CHANNELS}


def usual_trend(period: Period) -> str:
    return "day" if period.days <= 45 else "week" if period.days <= 200 else "month"


def period_of(preset: str, today: date) -> Period:
    """The days of a preset. Weeks begin on Monday."""
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    day = timedelta(days=1)
    match preset:
        case "today":
            return Period(today, today + day)
        case "yesterday":
            return Period(today - day, today)
        case "last7":
            return Period(today - 7 * day, today)
        case "thismonth":
            return Period(first, today + day)
        case "lastmonth":
            return Period((first - day).replace(day=1), first)
        case _:
            return Period(monday - 7 * day, monday)


def _period(params: Params, today: date, usual: str, problems: list[str]) -> tuple[str, Period]:
    preset = params.get("period") or (OWN if params.get("first") or params.get("last") else usual)
    if preset in PRESETS and preset != OWN:
        return preset, period_of(preset, today)
    if preset != OWN:
        problems.append(_("There is no period “%(name)s”; last week is shown.") % {"name": preset[:40]})
        return usual, period_of(usual, today)
    try:
        first, last = (date.fromisoformat(params.get(name) or "") for name in ("first", "last"))
        period = Period(first, last + timedelta(days=1))
        if period.days > LONGEST_SHOWN_DAYS:
            raise BadQuestion("to", "too_long")
    except BadQuestion as bad:
        problems.append(_bad_period(bad.reason))
    except (ValueError, OverflowError):
        problems.append(_("Choose the first and the last day, such as 2026-11-01; last week is shown."))
    else:
        if first > today:
            problems.append(_("This period lies in the future: there is nothing in it yet."))
        return OWN, period
    return usual, period_of(usual, today)


def _bad_period(reason: str) -> str:
    return {
        "backwards": _("The last day lies before the first. Change one of them; last week is shown."),
        "empty": _("The last day lies before the first. Change one of them; last week is shown."),
        "too_long": _("A screen shows three years at most. Choose a shorter period; last week is shown."),
    }.get(reason, _("Choose days between 1970 and 2200; last week is shown."))


def _unknown(name: str, value: str) -> str:
    said = {"value": value}
    return {
        "channel": _("There is no channel “%(value)s”; all are shown."),
        "center": _("There is no center “%(value)s” that you see; all of yours are shown."),
        "store": _("There is no store “%(value)s” that you see; all are shown."),
        "agent": _("There is nobody with the address “%(value)s” whom you see; all are shown."),
        "topic": _("There is no topic “%(value)s”; all are shown."),
    }[name] % said
