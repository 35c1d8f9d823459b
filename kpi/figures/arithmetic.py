"""The figures of METRICS.md from a table of facts, for each group at once: counts, ratios, percentiles.

Nothing counted gives no entry for that group; `kpi.figures.answer` says what stands there then.
"""

from __future__ import annotations

from enum import IntFlag
from typing import TYPE_CHECKING, Any

from kpi.facts.customer import DROPOUT_WINDOW, FCR_WINDOW, RETURN_WINDOW
from kpi.facts.fact import Issue, Name, Opened, Resolved, microseconds
from kpi.figures.packing import NEVER_US
from kpi.figures.table import Figure, Figures, of_name

if TYPE_CHECKING:
    import pandas as pd

    from kpi.figures.packing import Column

SECOND_US = 1_000_000
SERVICE_LEVEL_US = 20 * SECOND_US
SHORT_ABANDON_US = 5 * SECOND_US


def ratio(numerator: int, denominator: int) -> Figure:
    return {
        "numerator": numerator,
        "denominator": denominator,
        "ratio": numerator / denominator if denominator else None,
    }


def has_flag(facts: pd.DataFrame, flag: IntFlag) -> Column:
    flags: Column = (facts["outcome"].to_numpy() & int(flag)) > 0
    return flags


def _sums(facts: pd.DataFrame, **columns: Any) -> dict[int, tuple[int, ...]]:
    """The sum of each column (of truths or counts) for each group that there is."""
    told = facts[["group"]].assign(**columns)
    summed = told.groupby("group").sum()
    return {int(group): tuple(int(value) for value in row) for group, *row in summed.itertuples()}


def _ratios(facts: pd.DataFrame, is_hit: Any) -> Figures:
    return {group: ratio(hits, count) for group, (hits, count) in _sums(facts, hits=is_hit, count=1).items() if count}


def _durations(facts: pd.DataFrame, column_us: str) -> Figures:
    """`n`, median, p90 and mean in seconds; percentiles interpolate linearly."""
    seconds = (facts[column_us] / SECOND_US).groupby(facts["group"].to_numpy())
    at = seconds.quantile([0.5, 0.9]).unstack()
    told = zip(at.index, seconds.count(), at[0.5], at[0.9], seconds.mean(), strict=True)
    return {
        int(group): {
            "n": int(n),
            "median_seconds": float(median),
            "p90_seconds": float(p90),
            "mean_seconds": float(mean),
        }
        for group, n, median, p90, mean in told
    }


NO_SECONDS: Figure = {"n": 0, "median_seconds": None, "p90_seconds": None, "mean_seconds": None}
NO_DURATION: Figure = {**NO_SECONDS, "business": NO_SECONDS}


def durations(facts: pd.DataFrame) -> Figures:
    """Both clocks of what the facts measured."""
    if facts.empty:
        return {}
    calendar, business = _durations(facts, "calendar_us"), _durations(facts, "business_us")
    return {group: {**calendar[group], "business": business[group]} for group in calendar}


def waiting(facts: pd.DataFrame, now_us: int) -> Figures:
    some = of_name(facts, Name.WAITING)
    oldest = some.groupby("group")["at_us"].agg(["count", "min"])
    return {
        int(group): {"n": int(n), "oldest_seconds": (now_us - int(at_us)) / SECOND_US}
        for group, n, at_us in oldest.itertuples()
    }


def within_target(facts: pd.DataFrame) -> Figures:
    some = of_name(facts, Name.TARGET)
    return _ratios(some, some["outcome"])


def calls(facts: pd.DataFrame) -> tuple[Figures, Figures]:
    """Service level and abandonment, without those that left within 5 s."""
    some = of_name(facts, Name.CALL)
    counted = some[(some["outcome"] == 1) | (some["calendar_us"] > SHORT_ABANDON_US)]
    in_time = (counted["outcome"] == 1) & (counted["calendar_us"] <= SERVICE_LEVEL_US)
    return _ratios(counted, in_time), _ratios(counted, counted["outcome"] == 0)


def _with_bot(people: Figures, bots: Figures, nothing: Figure) -> Figures:
    return {group: {**people.get(group, nothing), "bot": bots.get(group)} for group in people.keys() | bots.keys()}


def resolutions(facts: pd.DataFrame) -> tuple[Figures, Figures, Figures]:
    """To the first resolve, to the last, and the share that was reopened; bots apart."""
    some = of_name(facts, Name.RESOLUTION)
    by_person = has_flag(some, Resolved.BY_PERSON)
    first, last = some["ordinal"].to_numpy() == 1, has_flag(some, Resolved.IS_LAST)
    reopened = has_flag(some, Resolved.REOPENED)
    return (
        _with_bot(durations(some[first & by_person]), durations(some[first & ~by_person]), NO_DURATION),
        _with_bot(durations(some[last & by_person]), durations(some[last & ~by_person]), NO_DURATION),
        _with_bot(
            _ratios(some[by_person], reopened[by_person]), _ratios(some[~by_person], reopened[~by_person]), ratio(0, 0)
        ),
    )


def one_touch(facts: pd.DataFrame) -> Figures:
    some = of_name(facts, Name.RESOLUTION)
    some = some[(some["ordinal"] == 1) & has_flag(some, Resolved.BY_PERSON)]
    return _ratios(some, has_flag(some, Resolved.ONE_TOUCH))


def _ratios_and_pending(facts: pd.DataFrame, is_hit: Any, is_pending: Any) -> Figures:
    told = _sums(facts, hits=is_hit & ~is_pending, count=~is_pending, pending=is_pending)
    return {group: {**ratio(hits, count), "pending": pending} for group, (hits, count, pending) in told.items()}


def first_contact(facts: pd.DataFrame, now_us: int) -> Figures:
    some = of_name(facts, Name.FCR)
    is_pending = some["at_us"] + microseconds(FCR_WINDOW) > now_us
    return _ratios_and_pending(some, some["until_us"] == NEVER_US, is_pending)


def dropout(facts: pd.DataFrame, now_us: int) -> Figures:
    some = of_name(facts, Name.ISSUE)
    is_open = ~has_flag(some, Issue.RESOLVED)
    is_pending = is_open & (some["until_us"] + microseconds(DROPOUT_WINDOW) > now_us)
    return _ratios_and_pending(some, is_open, is_pending)


def returns(facts: pd.DataFrame, now_us: int) -> Figures:
    """Of each customer her last resolution in the group counts."""
    some = of_name(facts, Name.RETURN)
    some = some[some["customer"] != 0].sort_values("at_us", kind="stable")
    some = some.drop_duplicates(["group", "customer"], keep="last")
    is_pending = some["at_us"] + microseconds(RETURN_WINDOW) > now_us
    return _ratios_and_pending(some, some["until_us"] < NEVER_US, is_pending)


def csat(facts: pd.DataFrame) -> Figures:
    answers, sent = of_name(facts, Name.CSAT), of_name(facts, Name.CSAT_SENT)
    sent_n = {int(group): int(n) for group, n in sent.groupby("group").size().items()}
    counts = _scores(answers, range(1, 6))
    told: Figures = {}
    for group in sent_n.keys() | counts.keys():
        scores = counts.get(group, dict.fromkeys(range(1, 6), 0))
        answered = sum(scores.values())
        n = sent_n.get(group, 0)
        told[group] = {
            "sent": n,
            "answered": answered,
            "response_rate": answered / n if n else None,
            **ratio(scores[4] + scores[5], answered),
            "mean": sum(score * count for score, count in scores.items()) / answered if answered else None,
            "scores": {str(score): count for score, count in scores.items()},
        }
    return told


def nps(facts: pd.DataFrame) -> Figures:
    told: Figures = {}
    for group, scores in _scores(of_name(facts, Name.NPS), range(11)).items():
        promoters, detractors = scores[9] + scores[10], sum(scores[score] for score in range(7))
        answered = sum(scores.values())
        told[group] = {
            "promoters": promoters,
            "passives": answered - promoters - detractors,
            "detractors": detractors,
            "answered": answered,
            "score": (promoters - detractors) / answered * 100,
        }
    return told


def ces(facts: pd.DataFrame) -> Figures:
    told: Figures = {}
    for group, scores in _scores(of_name(facts, Name.CES), range(1, 8)).items():
        answered = sum(scores.values())
        mean = sum(score * count for score, count in scores.items()) / answered
        told[group] = {"answered": answered, "mean": mean, **ratio(scores[5] + scores[6] + scores[7], answered)}
    return told


def _scores(answers: pd.DataFrame, scale: range) -> dict[int, dict[int, int]]:
    counts: dict[int, dict[int, int]] = {}
    for (group, score), n in answers.groupby(["group", "outcome"]).size().items():
        counts.setdefault(int(group), dict.fromkeys(scale, 0))[int(score)] = int(n)
    return counts


def volume(facts: pd.DataFrame) -> dict[int, Figure]:
    tickets, comebacks = of_name(facts, Name.TICKET), of_name(facts, Name.COMEBACK)
    some = of_name(facts, Name.RESOLUTION)
    by_person = has_flag(some, Resolved.BY_PERSON)
    by_customer = tickets[has_flag(tickets, Opened.BY_CUSTOMER)]
    parts = {
        "tickets": _counted([tickets]),
        "contacts": _counted([by_customer, comebacks]),
        "messages_in": _counted([of_name(facts, Name.MESSAGES_IN)], "outcome"),
        "messages_out": _counted([of_name(facts, Name.MESSAGES_OUT)], "outcome"),
        "messages_bot": _counted([of_name(facts, Name.MESSAGES_BOT)], "outcome"),
        "resolutions": _counted([some[by_person]]),
        "resolutions_bot": _counted([of_name(facts, Name.RESOLVED_BOT)]),
    }
    groups = {group for part in parts.values() for group in part}
    return {group: {name: part.get(group, NOBODY) for name, part in parts.items()} for group in groups}


NOBODY: Figure = {"n": 0, "customers": 0}


def _counted(tables: list[pd.DataFrame], column: str = "") -> Figures:
    import pandas as pd

    some = pd.concat([table[["group", "customer", "outcome"]] for table in tables])
    n = some.groupby("group")[column].sum() if column else some.groupby("group").size()
    known = some[some["customer"] != 0].drop_duplicates(["group", "customer"]).groupby("group").size()
    return {int(group): {"n": int(count), "customers": int(known.get(group, 0))} for group, count in n.items()}
