"""The figures of every group in the form of METRICS.md: which facts each needs, and what stands where nothing was counted."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kpi.facts.fact import Name
from kpi.figures import arithmetic
from kpi.figures.arithmetic import NOBODY
from kpi.figures.table import Figure, Figures, of_name

if TYPE_CHECKING:
    import pandas as pd

NO_VOLUME: Figure = dict.fromkeys(
    (*("tickets", "contacts", "messages_in", "messages_out", "messages_bot"), *("resolutions", "resolutions_bot")),
    NOBODY,
)
# What stands where nothing was counted; counts are 0, the rest is unknown.
NOTHING: Figure = {
    "first_response": None,
    "waiting": {"n": 0, "oldest_seconds": None},
    **dict.fromkeys(
        (
            *("first_response_within_target", "service_level", "abandonment", "reply"),
            *("resolution_first", "resolution_full", "reopen_rate", "fcr", "one_touch", "csat", "nps", "ces"),
            *("channel_switch_dropout", "return_rate"),
        )
    ),
    "volume": NO_VOLUME,
}
FIGURES = tuple(NOTHING)


@dataclass(frozen=True, slots=True)
class Family:
    """Figures that are counted from the same facts; `count` takes a table and the instant asked of (microseconds)."""

    names: tuple[Name, ...]
    count: Callable[[pd.DataFrame, int], dict[str, Figures]]
    figures: tuple[str, ...]


def _calls(facts: pd.DataFrame, _now_us: int) -> dict[str, Figures]:
    service_level, abandonment = arithmetic.calls(facts)
    return {"service_level": service_level, "abandonment": abandonment}


def _resolutions(facts: pd.DataFrame, _now_us: int) -> dict[str, Figures]:
    first, full, reopened = arithmetic.resolutions(facts)
    return {
        "resolution_first": first,
        "resolution_full": full,
        "reopen_rate": reopened,
        "one_touch": arithmetic.one_touch(facts),
    }


def _surveys(facts: pd.DataFrame, _now_us: int) -> dict[str, Figures]:
    return {"csat": arithmetic.csat(facts), "nps": arithmetic.nps(facts), "ces": arithmetic.ces(facts)}


VOLUME = (
    *(Name.TICKET, Name.COMEBACK, Name.MESSAGES_IN, Name.MESSAGES_OUT, Name.MESSAGES_BOT),
    *(Name.RESOLUTION, Name.RESOLVED_BOT),
)
FAMILIES = (
    Family(
        (Name.RESPONSE,),
        lambda facts, _: {"first_response": arithmetic.durations(of_name(facts, Name.RESPONSE))},
        ("first_response",),
    ),
    Family((Name.WAITING,), lambda facts, now_us: {"waiting": arithmetic.waiting(facts, now_us)}, ("waiting",)),
    Family(
        (Name.TARGET,),
        lambda facts, _: {"first_response_within_target": arithmetic.within_target(facts)},
        ("first_response_within_target",),
    ),
    Family((Name.CALL,), _calls, ("service_level", "abandonment")),
    Family((Name.REPLY,), lambda facts, _: {"reply": arithmetic.durations(of_name(facts, Name.REPLY))}, ("reply",)),
    Family((Name.RESOLUTION,), _resolutions, ("resolution_first", "resolution_full", "reopen_rate", "one_touch")),
    Family((Name.FCR,), lambda facts, now_us: {"fcr": arithmetic.first_contact(facts, now_us)}, ("fcr",)),
    Family((Name.CSAT_SENT, Name.CSAT, Name.NPS, Name.CES), _surveys, ("csat", "nps", "ces")),
    Family(
        (Name.ISSUE,),
        lambda facts, now_us: {"channel_switch_dropout": arithmetic.dropout(facts, now_us)},
        ("channel_switch_dropout",),
    ),
    Family((Name.RETURN,), lambda facts, now_us: {"return_rate": arithmetic.returns(facts, now_us)}, ("return_rate",)),
    Family(VOLUME, lambda facts, _: {"volume": arithmetic.volume(facts)}, ("volume",)),
)


def families_for(figures: Collection[str]) -> list[Family]:
    return [family for family in FAMILIES if any(name in figures for name in family.figures)]


def count(families: Collection[Family], facts: pd.DataFrame, *, now_us: int) -> dict[str, Figures]:
    """The figures of some families, each by the places of groups, as known at `now_us`."""
    counted: dict[str, Figures] = {}
    for family in families:
        counted |= family.count(facts, now_us)
    return counted
