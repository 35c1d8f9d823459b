"""The figures of METRICS.md from a table of facts, for each group at once: counts, ratios, percentiles. Pure.

Nothing counted gives no entry for that group; `kpi.figures.answer` says what stands there then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kpi.facts.fact import Name
from kpi.figures.parts import PARTS, SECOND_US

if TYPE_CHECKING:
    from kpi.figures.columns import Column, Table
    from kpi.figures.table import Facts

Figure = dict[str, Any]
Figures = dict[int, Figure]


def ratio(numerator: int, denominator: int) -> Figure:
    return {
        "numerator": numerator,
        "denominator": denominator,
        "ratio": numerator / denominator if denominator else None,
    }


def parted(figure: str, facts: Facts, now_us: int) -> tuple[Table, dict[str, Column]]:
    """The facts of a figure's first name, and which of them each of its parts has."""
    name, parts = PARTS[figure][0]
    some = facts[name]
    return some, parts(some, now_us)


def _counts(facts: Table, **masks: Column) -> dict[int, tuple[int, ...]]:
    """How many facts each mask has, for each group of which any has one."""
    import numpy as np

    group = facts["group"]
    most = int(group.max()) + 1 if len(group) else 0
    counted = [np.bincount(group[mask], minlength=most) for mask in masks.values()]
    return {place: told for place in range(most) if any(told := tuple(int(some[place]) for some in counted))}


def ratios(figure: str, facts: Facts, now_us: int, prefix: str = "") -> Figures:
    some, parts = parted(figure, facts, now_us)
    told = _counts(some, hits=parts[f"{prefix}numerator"], all=parts[f"{prefix}denominator"])
    return {group: ratio(hits, count) for group, (hits, count) in told.items()}


def ratios_and_pending(figure: str, facts: Facts, now_us: int) -> Figures:
    some, parts = parted(figure, facts, now_us)
    told = _counts(some, hits=parts["numerator"], all=parts["denominator"], pending=parts["pending"])
    return {group: {**ratio(hits, count), "pending": pending} for group, (hits, count, pending) in told.items()}


NO_SECONDS: Figure = {"n": 0, "median_seconds": None, "p90_seconds": None, "mean_seconds": None}
NO_DURATION: Figure = {**NO_SECONDS, "business": NO_SECONDS}


def durations(figure: str, facts: Facts, now_us: int, part: str = "n") -> Figures:
    """Both clocks of what a part's facts measured: `n`, median, p90 and mean; percentiles interpolate linearly."""
    some, parts = parted(figure, facts, now_us)
    measured = some.where(parts[part])
    business = seconds(measured["group"], measured["business_us"])
    return {
        group: {**told, "business": business[group]}
        for group, told in seconds(measured["group"], measured["calendar_us"]).items()
    }


SHARES = (0.5, 0.9)


def seconds(group: Column, lengths_us: Column) -> Figures:
    """`n`, median, p90 and mean in seconds of the lengths of each group, which are microseconds. As pandas' `groupby` with
    `quantile` and `mean` says it, without its two milliseconds."""
    import numpy as np

    n = np.bincount(group)
    places = np.flatnonzero(n)
    counted = n[places]
    ordered_us = _in_order(group, lengths_us)
    first = np.cumsum(counted) - counted
    found = []
    for share in SHARES:
        at = share * (counted - 1)
        below = np.floor(at).astype(np.int64)
        low = ordered_us[first + below] / SECOND_US
        high = ordered_us[first + np.minimum(below + 1, counted - 1)] / SECOND_US
        found.append((low + (high - low) * (at - below)).tolist())
    means = np.bincount(group, weights=lengths_us)[places] / counted / SECOND_US
    return {
        place: {"n": count, "median_seconds": middle, "p90_seconds": high, "mean_seconds": mean}
        for place, count, middle, high, mean in zip(
            places.tolist(), counted.tolist(), *found, means.tolist(), strict=True
        )
    }


def _in_order(group: Column, lengths_us: Column) -> Column:
    """The lengths of one group after the other, each group's in order."""
    import numpy as np

    if not len(group):
        return lengths_us
    span, top = int(lengths_us.max()) + 1, int(group.max()) + 1
    if int(lengths_us.min()) < 0 or span * top >= 2**62:
        return lengths_us[np.lexsort((lengths_us, group))]
    # Both in one number are sorted several times as fast.
    ordered: Column = np.sort(group * span + lengths_us) % span
    return ordered


def _with_bot(people: Figures, bots: Figures, nothing: Figure) -> Figures:
    return {group: {**people.get(group, nothing), "bot": bots.get(group)} for group in people.keys() | bots.keys()}


def durations_and_bot(figure: str, facts: Facts, now_us: int) -> Figures:
    people, bots = (durations(figure, facts, now_us, part) for part in ("n", "bot"))
    return _with_bot(people, bots, NO_DURATION)


def ratios_and_bot(figure: str, facts: Facts, now_us: int) -> Figures:
    return _with_bot(ratios(figure, facts, now_us), ratios(figure, facts, now_us, "bot_"), ratio(0, 0))


def waiting(facts: Facts, now_us: int) -> Figures:
    import numpy as np

    group, at_us = facts[Name.WAITING]["group"], facts[Name.WAITING]["at_us"]
    n = np.bincount(group)
    oldest_us = np.full(len(n), now_us, dtype=np.int64)
    np.minimum.at(oldest_us, group, at_us)
    return {
        int(place): {"n": int(n[place]), "oldest_seconds": (now_us - int(oldest_us[place])) / SECOND_US}
        for place in np.flatnonzero(n)
    }


def csat(facts: Facts) -> Figures:
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


def _every(facts: Table) -> Column:
    every: Column = facts["group"] >= 0
    return every


def nps(facts: Facts) -> Figures:
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


def ces(facts: Facts) -> Figures:
    told: Figures = {}
    for group, scores in _scores(facts[Name.CES], range(1, 8)).items():
        answered = sum(scores.values())
        mean = sum(score * count for score, count in scores.items()) / answered
        told[group] = {"answered": answered, "mean": mean, **ratio(scores[5] + scores[6] + scores[7], answered)}
    return told


def _scores(answers: Table, scale: range) -> dict[int, dict[int, int]]:
    score = answers["outcome"]
    told = _counts(answers, **{str(one): score == one for one in scale})
    return {group: dict(zip(scale, counts, strict=True)) for group, counts in told.items()}


NOBODY: Figure = {"n": 0, "customers": 0}
# These facts stand for as many messages as they say.
MANY = (Name.MESSAGES_IN, Name.MESSAGES_OUT, Name.MESSAGES_BOT)


def volume(facts: Facts, now_us: int) -> Figures:
    import numpy as np

    found: dict[str, list[tuple[Column, Column, Column]]] = {}
    for name, parts in PARTS["volume"]:
        some = facts[name]
        group, customer, outcome = (some[column] for column in ("group", "customer", "outcome"))
        for part, mask in parts(some, now_us).items():
            n = outcome[mask] if name in MANY else np.ones(int(mask.sum()), dtype=np.int64)
            found.setdefault(part, []).append((group[mask], customer[mask], n))
    counts = {
        part: _counted(*(np.concatenate(columns) for columns in zip(*tables, strict=True)))
        for part, tables in found.items()
    }
    groups = {group for part in counts.values() for group in part}
    return {group: {part: counts[part].get(group, NOBODY) for part in counts} for group in groups}


def _counted(group: Column, customer: Column, n: Column) -> Figures:
    """How many, and of how many known customers, for each group."""
    import numpy as np

    if not len(group):
        return {}
    known = customer != 0
    people = customer[known]
    # Of somebody as known in the past the number is below zero.
    least, span = (int(people.min()), int(people.max()) - int(people.min()) + 1) if len(people) else (0, 1)
    pairs = np.sort(group[known] * span + (people - least))
    each = pairs[np.append(True, pairs[1:] != pairs[:-1])] if len(pairs) else pairs
    customers = np.bincount(each // span, minlength=int(group.max()) + 1)
    counted = np.bincount(group, weights=n)
    return {
        place: {"n": int(counted[place]), "customers": int(customers[place])}
        for place in range(len(counted))
        if counted[place]
    }
