"""What was asked about satisfaction and what came of it, in one short sentence each. As `sentences`."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from customers.models import Event
from customers.queries.wording import CUSTOMER, STAFF, Sentence, Wording, by_agent, joined

HIGHEST = {"csat": 5, "nps": 10, "ces": 7}


def outcome_words(outcome: str) -> str:
    """What came of looking after a low answer."""
    return {
        "solved": _("Solved"),
        "called_back": _("Spoken to"),
        "not_reached": _("Not reached"),
        "nothing_possible": _("Nothing could be done"),
        "not_needed": _("Nothing to be done"),
    }.get(outcome, outcome)


def kind_words(kind: str) -> str:
    return {"csat": _("Satisfaction"), "nps": _("Recommendation"), "ces": _("Ease")}.get(kind, kind)


def _sent(event: Event, wording: Wording) -> Sentence:
    told = {
        "csat": _("Asked for satisfaction"),
        "nps": _("Asked whether she would recommend us"),
        "ces": _("Asked how easy it was"),
    }
    return Sentence(told.get(event.qualifier, _("Survey sent")), icon="chart")


def _scored(event: Event) -> str:
    kind, score = event.qualifier, event.data.get("score")
    if score is None or kind not in HIGHEST:
        return _("Survey answered")
    return _("%(kind)s: %(score)s of %(highest)s") % {
        "kind": kind_words(kind),
        "score": score,
        "highest": HIGHEST[kind],
    }


def _answered(event: Event, wording: Wording) -> Sentence:
    return Sentence(_scored(event), wording.words(event.text), icon="chart", speaker=CUSTOMER)


def _changed(event: Event, wording: Wording) -> Sentence:
    told = joined(_("Changed her answer"), _scored(event))
    return Sentence(told, wording.words(event.text), icon="chart", speaker=CUSTOMER)


def _followed_up(event: Event, wording: Wording) -> Sentence:
    by = wording.agent(event) if event.agent_email else ""
    told = joined(_("Looked after a low answer"), outcome_words(event.qualifier), by)
    return Sentence(told, wording.words(event.text), icon="check-circle", speaker=STAFF)


def _opted_out(event: Event, wording: Wording) -> Sentence:
    told = _("Wants no more surveys")
    if event.agent_email:
        told = joined(told, _("told to %(agent)s") % by_agent(event, wording))
    return Sentence(told, icon="alert", speaker=CUSTOMER, tone="warning")


def _opted_in(event: Event, wording: Wording) -> Sentence:
    return Sentence(_("May be asked again"), icon="check", speaker=CUSTOMER)


SURVEY_SENTENCES: dict[str, Callable[[Event, Wording], Sentence]] = {
    "survey.sent": _sent,
    "survey.answered": _answered,
    "survey.changed": _changed,
    "survey.followed_up": _followed_up,
    "survey.opted_out": _opted_out,
    "survey.opted_in": _opted_in,
}
