"""What was found, as sentences: on the dashboard and in mails."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kpi import shown
from kpi.queries.findings import Finding
from kpi.queries.wanted import Wanted

# Name → worse, better. A sentence of its own for each: no language puts names into one frame.
CHANGED = {
    "first_response_within_target": (
        gettext_lazy("Fewer first answers came within target: %(before)s → %(now)s."),
        gettext_lazy("More first answers came within target: %(before)s → %(now)s."),
    ),
    "fcr": (
        gettext_lazy(
            "More customers had to come back about the same thing: first contact resolution %(before)s → %(now)s."
        ),
        gettext_lazy("More was solved at the first contact: %(before)s → %(now)s."),
    ),
    "csat": (
        gettext_lazy("Customers were less satisfied: %(before)s → %(now)s gave 4 or 5."),
        gettext_lazy("Customers were more satisfied: %(before)s → %(now)s gave 4 or 5."),
    ),
    "nps": (
        gettext_lazy("Customers would recommend us less: NPS %(before)s → %(now)s."),
        gettext_lazy("Customers would recommend us more: NPS %(before)s → %(now)s."),
    ),
    "abandonment": (
        gettext_lazy("More callers gave up before anybody answered: %(before)s → %(now)s."),
        gettext_lazy("Fewer callers gave up before anybody answered: %(before)s → %(now)s."),
    ),
    "first_response": (
        gettext_lazy("First answers took longer: median %(before)s → %(now)s."),
        gettext_lazy("First answers came sooner: median %(before)s → %(now)s."),
    ),
}
BELOW = {
    "fcr": gettext_lazy("First contact resolution did not reach its goal: %(now)s, goal %(goal)s."),
    "csat": gettext_lazy("Satisfaction did not reach its goal: %(now)s gave 4 or 5, goal %(goal)s."),
    "nps": gettext_lazy("Recommendation did not reach its goal: NPS %(now)s, goal %(goal)s."),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """`query` is that of the tickets behind it, "" where there are none; `tone` is bad, good, short (of a goal) or plain."""

    tone: str
    text: str
    where: str = ""
    note: str = ""
    query: str = ""


def sentences_of(findings: list[Finding], wanted: Wanted) -> list[Sentence]:
    return [_sentence(finding, wanted) for finding in findings]


def _sentence(finding: Finding, wanted: Wanted) -> Sentence:
    if finding.kind == "none":
        return Sentence("plain", _("Nothing was counted in this period yet."))
    if finding.kind == "same":
        return Sentence("plain", _("No figure is clearly worse than in the period before."))
    if finding.kind == "missed":
        return _of_misses(finding, wanted)
    if finding.kind == "below":
        text = str(BELOW[finding.name]) % _beside_goal(finding)
        return Sentence("short", text, _where(finding, wanted), _note(finding), _query(finding, wanted))
    assert finding.change is not None
    worse, better = CHANGED[finding.name]
    said = {
        "before": shown.words_of(finding.name, finding.change.before),
        "now": shown.words_of(finding.name, finding.change.now),
    }
    if finding.kind == "better":
        return Sentence("good", str(better) % said, "", _note(finding), _query(finding, wanted))
    return Sentence("bad", str(worse) % said, _where(finding, wanted), _note(finding), _query(finding, wanted))


def _of_misses(finding: Finding, wanted: Wanted) -> Sentence:
    text = ngettext(
        "%(wrong)s of %(n)s first answers missed its target.",
        "%(wrong)s of %(n)s first answers missed their target.",
        finding.wrong,
    ) % {"wrong": f"{finding.wrong:,}", "n": f"{finding.n:,}"}
    tone = "plain"
    if finding.goal is not None:
        tone = "short"
        text += " " + _("Within target were %(now)s, the goal is %(goal)s.") % _beside_goal(finding)
    return Sentence(tone, text, _where(finding, wanted), _note(finding), _query(finding, wanted))


def _beside_goal(finding: Finding) -> dict[str, str]:
    goal = f"{finding.goal}" if finding.name == "nps" else f"{finding.goal}%"
    return {"now": shown.words_of(finding.name, finding.value), "goal": goal}


def _where(finding: Finding, wanted: Wanted) -> str:
    parts = []
    if finding.place:
        place = finding.place
        label = wanted.choices.label(place.by, place.key)
        said = {"place": label, "wrong": f"{place.wrong:,}", "n": f"{place.n:,}"}
        if finding.name == "first_response":
            parts.append(_("Most at %(place)s.") % said)
        else:
            parts.append(_("Most at %(place)s: %(wrong)s of %(n)s.") % said)
    if finding.hour:
        told = {
            "weekday": shown.weekday(finding.hour.weekday),
            "hour": finding.hour.hour,
            "missed": finding.hour.missed,
        }
        parts.append(_("Busiest with misses: %(weekday)s from %(hour)d h, %(missed)d.") % told)
    return " ".join(parts)


def _note(finding: Finding) -> str:
    return _("Only %(n)d were counted: take it as a hint.") % {"n": finding.n} if finding.is_few else ""


def _query(finding: Finding, wanted: Wanted) -> str:
    """Leads to the tickets that went wrong, at the worst place where there is one."""
    place = {finding.place.by: finding.place.key or "null"} if finding.place else {}
    return wanted.with_(**place, figure=finding.name, part=finding.part)
