"""The figures of METRICS.md from a table of facts, for each group at once: counts, ratios, percentiles. Pure, with pandas.

Nothing counted gives no entry for that group; `kpi.figures.answer` says what stands there then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kpi.facts.fact import Name
from kpi.figures.parts import PARTS, SECOND_US

if TYPE_CHECKING:
    import pandas as pd

    from kpi.figures.packing import Column
    from kpi.figures.table import Tables

Figure = dict[str, Any]
Figures = dict[int, Figure]


def ratio(numerator: int, denominator: int) -> Figure:
    return {
        "numerator": numerator,
        "denominator": denominator,
        "ratio": numerator / denominator if denominator else None,
    }


def parted(figure: str, facts: Tables, now_us: int) -> tuple[pd.DataFrame, dict[str, Column]]:
    """The facts of a figure's first name, and which of them each of its parts has."""
    name, parts = PARTS[figure][0]
    some = facts[name]
    return some, parts(some, now_us)


def _counts(facts: pd.DataFrame, **masks: Column) -> dict[int, tuple[int, ...]]:
    """How many facts each mask has, for each group of which any has one."""
    import numpy as np

    group = facts["group"].to_numpy()
    most = int(group.max()) + 1 if len(group) else 0
    counted = [np.bincount(group[mask], minlength=most) for mask in masks.values()]
    return {place: told for place in range(most) if any(told := tuple(int(some[place]) for some in counted))}


def ratios(figure: str, facts: Tables, now_us: int, prefix: str = "") -> Figures:
    some, parts = parted(figure, facts, now_us)
    told = _counts(some, hits=parts[f"{prefix}numerator"], all=parts[f"{prefix}denominator"])
    return {group: ratio(hits, count) for group, (hits, count) in told.items()}


def ratios_and_pending(figure: str, facts: Tables, now_us: int) -> Figures:
    some, parts = parted(figure, facts, now_us)
    told = _counts(some, hits=parts["numerator"], all=parts["denominator"], pending=parts["pending"])
    return {group: {**ratio(hits, count), "pending": pending} for group, (hits, count, pending) in told.items()}


NO_SECONDS: Figure = {"n": 0, "median_seconds": None, "p90_seconds": None, "mean_seconds": None}
NO_DURATION: Figure = {**NO_SECONDS, "business": NO_SECONDS}


def durations(figure: str, facts: Tables, now_us: int, part: str = "n") -> Figures:
    """Both clocks of what a part's facts measured: `n`, median, p90 and mean; percentiles interpolate linearly."""
    import pandas as pd

    some, parts = parted(figure, facts, now_us)
    measured = some.loc[parts[part], ["group", "calendar_us", "business_us"]]
    if measured.empty:
        return {}
    told = {
        "group": measured["group"].to_numpy(),
        "calendar": measured["calendar_us"].to_numpy() / SECOND_US,
        "business": measured["business_us"].to_numpy() / SECOND_US,
    }
    seconds = pd.DataFrame(told, copy=False).groupby("group")
    shares, mean, n = seconds.quantile([0.5, 0.9]), seconds.mean(), seconds.size()
    middle, high = shares.xs(0.5, level=1), shares.xs(0.9, level=1)
    clocks = {
        clock: [
            {"n": int(count), "median_seconds": a, "p90_seconds": b, "mean_seconds": c}
            for count, a, b, c in zip(
                n, middle[clock].tolist(), high[clock].tolist(), mean[clock].tolist(), strict=True
            )
        ]
        for clock in ("calendar", "business")
    }
    each = zip(n.index, clocks["calendar"], clocks["business"], strict=True)
    return {int(group): {**calendar, "business": business} for group, calendar, business in each}


def _with_bot(people: Figures, bots: Figures, nothing: Figure) -> Figures:
    return {group: {**people.get(group, nothing), "bot": bots.get(group)} for group in people.keys() | bots.keys()}


def durations_and_bot(figure: str, facts: Tables, now_us: int) -> Figures:
    people, bots = (durations(figure, facts, now_us, part) for part in ("n", "bot"))
    return _with_bot(people, bots, NO_DURATION)


def ratios_and_bot(figure: str, facts: Tables, now_us: int) -> Figures:
    return _with_bot(ratios(figure, facts, now_us), ratios(figure, facts, now_us, "bot_"), ratio(0, 0))


def waiting(facts: Tables, now_us: int) -> Figures:
    oldest = facts[Name.WAITING].groupby("group")["at_us"].agg(["count", "min"])
    return {
        int(group): {"n": int(n), "oldest_seconds": (now_us - int(at_us)) / SECOND_US}
        for group, n, at_us in oldest.itertuples()
    }


def csat(facts: Tables) -> Figures:
    sent_n = {group: n for group, (n,) in _counts(facts[Name.CSAT_SENT], all=_every(facts[Name.CSAT_SENT])).items()}
    counts = _scores(facts[Name.CSAT], range(1, 6))
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


def _every(facts: pd.DataFrame) -> Column:
    every: Column = facts["group"].to_numpy() >= 0
    return every


def nps(facts: Tables) -> Figures:
    told: Figures = {}
    for group, scores in _scores(facts[Name.NPS], range(11)).items():
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


def ces(facts: Tables) -> Figures:
    told: Figures = {}
    for group, scores in _scores(facts[Name.CES], range(1, 8)).items():
        answered = sum(scores.values())
        mean = sum(score * count for score, count in scores.items()) / answered
        told[group] = {"answered": answered, "mean": mean, **ratio(scores[5] + scores[6] + scores[7], answered)}
    return told


def _scores(answers: pd.DataFrame, scale: range) -> dict[int, dict[int, int]]:
    score = answers["outcome"].to_numpy()
    told = _counts(answers, **{str(one): score == one for one in scale})
    return {group: dict(zip(scale, counts, strict=True)) for group, counts in told.items()}


NOBODY: Figure = {"n": 0, "customers": 0}
# These facts stand for as many messages as they say.
MANY = (Name.MESSAGES_IN, Name.MESSAGES_OUT, Name.MESSAGES_BOT)


def volume(facts: Tables, now_us: int) -> Figures:
    import numpy as np

    found: dict[str, list[tuple[Column, Column, Column]]] = {}
    for name, parts in PARTS["volume"]:
        some = facts[name]
        group, who, outcome = (some[column].to_numpy() for column in ("group", "who", "outcome"))
        for part, mask in parts(some, now_us).items():
            n = outcome[mask] if name in MANY else np.ones(int(mask.sum()), dtype=np.int64)
            found.setdefault(part, []).append((group[mask], who[mask], n))
    counts = {
        part: _counted(*(np.concatenate(columns) for columns in zip(*tables, strict=True)))
        for part, tables in found.items()
    }
    groups = {group for part in counts.values() for group in part}
    return {group: {part: counts[part].get(group, NOBODY) for part in counts} for group in groups}


def _counted(group: Column, who: Column, n: Column) -> Figures:
    """How many, and of how many known customers, for each group."""
    import numpy as np

    if not len(group):
        return {}
    most = int(who.max()) + 1
    known = who > 0
    customers = np.bincount(np.unique(group[known] * most + who[known]) // most, minlength=int(group.max()) + 1)
    counted = np.bincount(group, weights=n)
    return {
        place: {"n": int(counted[place]), "customers": int(customers[place])}
        for place in range(len(counted))
        if counted[place]
    }
