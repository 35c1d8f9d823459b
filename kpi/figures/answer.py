"""The figures of every group in the form of METRICS.md: which facts each needs, and what stands where nothing was counted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kpi.facts.fact import Name
from kpi.figures import arithmetic
from kpi.figures.arithmetic import NOBODY, Figure, Figures
from kpi.figures.parts import PARTS

if TYPE_CHECKING:
    from kpi.figures.table import Facts

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
    """Figures that are counted from the same facts; `count` takes the tables and the instant asked of (microseconds)."""

    names: tuple[Name, ...]
    count: Callable[[Facts, int], dict[str, Figures]]
    figures: tuple[str, ...]


def _calls(facts: Facts, now_us: int) -> dict[str, Figures]:
    return {name: arithmetic.ratios(name, facts, now_us) for name in ("service_level", "abandonment")}


def _resolutions(facts: Facts, now_us: int) -> dict[str, Figures]:
    return {
        "resolution_first": arithmetic.durations_and_bot("resolution_first", facts, now_us),
        "resolution_full": arithmetic.durations_and_bot("resolution_full", facts, now_us),
        "reopen_rate": arithmetic.ratios_and_bot("reopen_rate", facts, now_us),
        "one_touch": arithmetic.ratios("one_touch", facts, now_us),
    }


def _surveys(facts: Facts, _now_us: int) -> dict[str, Figures]:
    return {"csat": arithmetic.csat(facts), "nps": arithmetic.nps(facts), "ces": arithmetic.ces(facts)}


def _family(figures: Sequence[str], how: Callable[[Facts, int], dict[str, Figures]]) -> Family:
    names = dict.fromkeys(name for figure in figures for name, _ in PARTS[figure])
    return Family(tuple(names), how, tuple(figures))


def _one(figure: str, how: Callable[[str, Facts, int], Figures]) -> Family:
    return _family([figure], lambda facts, now_us: {figure: how(figure, facts, now_us)})


FAMILIES = (
    _one("first_response", arithmetic.durations),
    _family(["waiting"], lambda facts, now_us: {"waiting": arithmetic.waiting(facts, now_us)}),
    _one("first_response_within_target", arithmetic.ratios),
    _family(["service_level", "abandonment"], _calls),
    _one("reply", arithmetic.durations),
    _family(["resolution_first", "resolution_full", "reopen_rate", "one_touch"], _resolutions),
    _one("fcr", arithmetic.ratios_and_pending),
    _family(["csat", "nps", "ces"], _surveys),
    _one("channel_switch_dropout", arithmetic.ratios_and_pending),
    _one("return_rate", arithmetic.ratios_and_pending),
    _family(["volume"], lambda facts, now_us: {"volume": arithmetic.volume(facts, now_us)}),
)


def families_for(figures: Collection[str]) -> list[Family]:
    return [family for family in FAMILIES if any(name in figures for name in family.figures)]


def names_of(families: Collection[Family]) -> set[Name]:
    """The facts that they are counted from."""
    return {name for family in families for name in family.names}


def count(families: Collection[Family], facts: Facts, *, now_us: int) -> dict[str, Figures]:
    """The figures of some families, each by the places of groups, as known at `now_us`."""
    counted: dict[str, Figures] = {}
    for family in families:
        counted |= family.count(facts, now_us)
    return counted
