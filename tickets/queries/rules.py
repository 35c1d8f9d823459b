"""Rules as their screens show them: the list, one of them in words, and what it has done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Center, Person
from accounts.policies import center_ids_reached, reaches_all_centers
from accounts.queries import NotFound, centers_for
from tickets.models import Rule, RuleRun
from tickets.policies import reach_of
from tickets.queries.cursors import read_cursor, write_cursor
from tickets.queries.rule_choices import Choices
from tickets.rules.content import Content, Part
from tickets.rules.vocabulary import ACTS, TESTS, TRIGGERS, Word

RUNS_SHOWN = 30
# Of a long text, the beginning.
SHOWN_LENGTH = 120


@dataclass(frozen=True, slots=True)
class InWords:
    """A rule as a person reads it: when, if all of these, then these."""

    when: str
    conditions: list[str]
    acts: list[str]


@dataclass(frozen=True, slots=True)
class ActDone:
    """One act in words; `why` says why it was not done, "" where it was."""

    text: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class ShownRun:
    run: RuleRun
    acts: list[ActDone]


@dataclass(frozen=True, slots=True)
class RunPage:
    runs: list[ShownRun]
    next_cursor: str = ""


def rules_for(person: Person) -> list[Rule]:
    """The rules that concern tickets of her centers, in the order in which they act."""
    return list(_reached(person).filter(removed_at=None).select_related("center").order_by("position", "pk"))


def rule_for(person: Person, public_id: UUID) -> Rule:
    """One of these, or one that was removed: what it did leads to it. Raises NotFound."""
    rule = _reached(person).filter(public_id=public_id).select_related("center", "organization").first()
    if rule is None:
        raise NotFound
    return rule


def editable_centers(person: Person) -> tuple[list[Center], bool]:
    """The centers for which she may make rules, and whether she may for all of them at once."""
    return list(centers_for(person)), reaches_all_centers(person)


def may_change(person: Person, rule: Rule) -> bool:
    return rule.removed_at is None and (rule.center_id is not None or reaches_all_centers(person))


def runs_for(person: Person, rule: Rule, choices: Choices, *, cursor: str = "") -> RunPage:
    """What the rule did in tickets that she reaches, the newest first."""
    reach = reach_of(person)
    if reach is None:
        raise NotFound
    rows = RuleRun.objects.filter(organization=rule.organization_id, rule=rule).select_related("ticket")
    if reach.centers is not None:
        rows = rows.filter(Q(ticket__center__in=reach.centers) | Q(ticket__center=None))
    _letter, after = read_cursor(cursor)
    if after is not None:
        at, pk = after
        rows = rows.filter(Q(ran_at__lt=at) | Q(ran_at=at, pk__lt=pk))
    found = list(rows.order_by("-ran_at", "-pk")[: RUNS_SHOWN + 1])
    shown = found[:RUNS_SHOWN]
    last = shown[-1] if len(found) > RUNS_SHOWN else None
    return RunPage(
        [ShownRun(run, acts_done(run, choices)) for run in shown],
        write_cursor("r", last.ran_at, last.pk) if last else "",
    )


def in_words(content: Content, choices: Choices) -> InWords:
    return InWords(
        when_words(content),
        [part_words(part, TESTS, choices) for part in content.conditions],
        [part_words(part, ACTS, choices) for part in content.acts],
    )


def when_words(content: Content) -> str:
    word = TRIGGERS.get(content.trigger)
    label = str(word.label) if word else content.trigger
    if not content.is_timed:
        return label
    told = {"when": label, "minutes": content.minutes}
    if content.in_business_time:
        return _("%(when)s: %(minutes)d, counted in the center's business time") % told
    return _("%(when)s: %(minutes)d, counted around the clock") % told


def part_words(part: Part, words: Mapping[str, Word], choices: Choices) -> str:
    """“The channel is: Chat, Mail”; what is not offered any more goes by what was kept."""
    word = words.get(part.word)
    if word is None:
        return part.word
    names = choices[word.listed] if word.listed else {}
    told = ", ".join(names.get(value, value if word.listed is None else _("(gone)")) for value in part.values if value)
    if len(told) > SHOWN_LENGTH:
        told = f"{told[: SHOWN_LENGTH - 1]}…"
    return f"{word.label}: {told}" if told else str(word.label)


def acts_done(run: RuleRun, choices: Choices) -> list[ActDone]:
    whys = [str(act.get("why", "")) for act in run.acts]
    return [
        ActDone(part_words(part, ACTS, choices), why_words(why) if why else "")
        for part, why in zip(run.parts, whys, strict=True)
    ]


def why_words(why: str) -> str:
    """Why an act was not done."""
    return {
        "no_way": _("this channel has no way to write to the customer"),
        "too_late": _("more than an hour had passed: no answer any more"),
        "replied": _("it had written in this ticket within the day"),
        "so_already": _("it was so already"),
        "taken": _("somebody had it already"),
        "closed": _("the ticket was resolved"),
    }.get(why, _("whom or what it names is not there any more"))


def _reached(person: Person) -> QuerySet[Rule]:
    rows = Rule.objects.filter(organization=person.organization_id)
    centers = center_ids_reached(person)
    return rows if centers is None else rows.filter(Q(center=None) | Q(center__in=centers))
