"""Which facts each part of a figure is made of: what is counted, and what stands behind a number, is the same. Pure.

A part is named as in the answer (`numerator`, `pending`, `promoters` …); `n` are all facts of a figure without parts.
Numerators of misses have a part of their own, `missed`.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntFlag
from typing import TYPE_CHECKING, Any

from kpi.facts.customer import DROPOUT_WINDOW, FCR_WINDOW, RETURN_WINDOW
from kpi.facts.fact import Issue, Name, Opened, Resolved, microseconds
from kpi.figures.columns import NEVER_US, Table

if TYPE_CHECKING:
    from kpi.figures.columns import Column

    Masks = dict[str, Column]
    # Facts of one name, and the instant asked of (microseconds), to which of them each part has.
    Parted = Callable[[Table, int], Masks]

SECOND_US = 1_000_000
SERVICE_LEVEL_US = 20 * SECOND_US
SHORT_ABANDON_US = 5 * SECOND_US


def _flag(facts: Table, flag: IntFlag) -> Column:
    flags: Column = (facts["outcome"] & int(flag)) > 0
    return flags


def _all(facts: Table) -> Column:
    import numpy as np

    return np.ones(len(facts), dtype=bool)


def every(facts: Table, _now_us: int) -> Masks:
    return {"n": _all(facts)}


def within_target(facts: Table, _now_us: int) -> Masks:
    is_met = facts["outcome"] == 1
    return {"numerator": is_met, "denominator": _all(facts), "missed": ~is_met}


def _is_counted_call(facts: Table) -> Column:
    """Without those abandoned within 5 s."""
    counted: Column = (facts["outcome"] == 1) | (facts["calendar_us"] > SHORT_ABANDON_US)
    return counted


def service_level(facts: Table, _now_us: int) -> Masks:
    counted = _is_counted_call(facts)
    in_time = (facts["outcome"] == 1) & (facts["calendar_us"] <= SERVICE_LEVEL_US)
    return {"numerator": in_time, "denominator": counted, "missed": counted & ~in_time}


def abandonment(facts: Table, _now_us: int) -> Masks:
    counted = _is_counted_call(facts)
    return {"numerator": counted & (facts["outcome"] == 0), "denominator": counted}


def _by_person(facts: Table, which: Column, **hits: Column) -> Masks:
    by_person = _flag(facts, Resolved.BY_PERSON)
    parts = {"n": which & by_person, "bot": which & ~by_person}
    for name, hit in hits.items():
        parts |= {name: parts["n"] & hit, f"bot_{name}": parts["bot"] & hit}
    return parts


def resolution_first(facts: Table, _now_us: int) -> Masks:
    return _by_person(facts, facts["ordinal"] == 1)


def resolution_full(facts: Table, _now_us: int) -> Masks:
    return _by_person(facts, _flag(facts, Resolved.IS_LAST))


def reopen_rate(facts: Table, _now_us: int) -> Masks:
    parts = _by_person(facts, _all(facts), numerator=_flag(facts, Resolved.REOPENED))
    return {**parts, "denominator": parts["n"], "bot_denominator": parts["bot"]}


def one_touch(facts: Table, _now_us: int) -> Masks:
    first = (facts["ordinal"] == 1) & _flag(facts, Resolved.BY_PERSON)
    in_one = first & _flag(facts, Resolved.ONE_TOUCH)
    return {"numerator": in_one, "denominator": first, "missed": first & ~in_one}


def _when_passed(is_hit: Column, is_pending: Column, which: Column | None = None) -> Masks:
    passed = ~is_pending if which is None else which & ~is_pending
    return {
        "numerator": passed & is_hit,
        "denominator": passed,
        "missed": passed & ~is_hit,
        "pending": is_pending if which is None else which & is_pending,
    }


def fcr(facts: Table, now_us: int) -> Masks:
    is_pending = facts["at_us"] + microseconds(FCR_WINDOW) > now_us
    return _when_passed(facts["until_us"] == NEVER_US, is_pending)


def channel_switch_dropout(facts: Table, now_us: int) -> Masks:
    is_open = ~_flag(facts, Issue.RESOLVED)
    last_event_us = facts["until_us"]
    return _when_passed(is_open, is_open & (last_event_us + microseconds(DROPOUT_WINDOW) > now_us))


def return_rate(facts: Table, now_us: int) -> Masks:
    """Of each customer her last resolution in the group counts."""
    import numpy as np

    at_us, customer = facts["at_us"], facts["customer"]
    order = np.lexsort((at_us, customer, facts["group"]))
    whose = np.column_stack((facts["group"], customer))[order]
    is_last = np.zeros(len(facts), dtype=bool)
    is_last[order] = np.append((whose[1:] != whose[:-1]).any(axis=1), True) if len(order) else False
    is_pending = at_us + microseconds(RETURN_WINDOW) > now_us
    return _when_passed(facts["until_us"] < NEVER_US, is_pending, is_last & (customer != 0))


def csat(facts: Table, _now_us: int) -> Masks:
    return _scores(facts, 4, 5, range(1, 6))


def ces(facts: Table, _now_us: int) -> Masks:
    return _scores(facts, 5, 7, range(1, 8))


def _scores(facts: Table, lowest: int, highest: int, scale: range) -> Masks:
    score = facts["outcome"]
    is_good = (score >= lowest) & (score <= highest)
    each = {str(one): score == one for one in scale}
    return {"answered": _all(facts), "denominator": _all(facts), "numerator": is_good, "missed": ~is_good, **each}


def nps(facts: Table, _now_us: int) -> Masks:
    score = facts["outcome"]
    is_promoter, is_detractor = score >= 9, score <= 6
    return {
        "answered": _all(facts),
        "promoters": is_promoter,
        "passives": ~is_promoter & ~is_detractor,
        "detractors": is_detractor,
        **{str(one): score == one for one in range(11)},
    }


def sent(facts: Table, _now_us: int) -> Masks:
    return {"sent": _all(facts)}


def tickets(facts: Table, _now_us: int) -> Masks:
    return {"tickets": _all(facts), "contacts": _flag(facts, Opened.BY_CUSTOMER)}


def resolutions(facts: Table, _now_us: int) -> Masks:
    return {"resolutions": _flag(facts, Resolved.BY_PERSON)}


def _as(part: str) -> Parted:
    def parted(facts: Table, _now_us: int) -> Any:
        return {part: _all(facts)}

    return parted


# Each figure's parts, from the facts of one name or of several.
PARTS: dict[str, tuple[tuple[Name, Parted], ...]] = {
    "first_response": ((Name.RESPONSE, every),),
    "waiting": ((Name.WAITING, every),),
    "first_response_within_target": ((Name.TARGET, within_target),),
    "service_level": ((Name.CALL, service_level),),
    "abandonment": ((Name.CALL, abandonment),),
    "reply": ((Name.REPLY, every),),
    "resolution_first": ((Name.RESOLUTION, resolution_first),),
    "resolution_full": ((Name.RESOLUTION, resolution_full),),
    "reopen_rate": ((Name.RESOLUTION, reopen_rate),),
    "fcr": ((Name.FCR, fcr),),
    "one_touch": ((Name.RESOLUTION, one_touch),),
    "csat": ((Name.CSAT, csat), (Name.CSAT_SENT, sent)),
    "nps": ((Name.NPS, nps),),
    "ces": ((Name.CES, ces),),
    "channel_switch_dropout": ((Name.ISSUE, channel_switch_dropout),),
    "return_rate": ((Name.RETURN, return_rate),),
    "volume": (
        (Name.TICKET, tickets),
        (Name.COMEBACK, _as("contacts")),
        (Name.MESSAGES_IN, _as("messages_in")),
        (Name.MESSAGES_OUT, _as("messages_out")),
        (Name.MESSAGES_BOT, _as("messages_bot")),
        (Name.RESOLUTION, resolutions),
        (Name.RESOLVED_BOT, _as("resolutions_bot")),
    ),
}
# Names of facts whose customers are counted.
OF_PEOPLE = tuple(dict.fromkeys(name for figure in ("volume", "return_rate") for name, _ in PARTS[figure]))
