"""Closes the loop: a low answer becomes a ticket for the lead, or a promise in the one that is open; and what came of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Organization, Person, Role
from channels_app.hub.actions import CannotBeNamed, naming
from channels_app.hub.writing import HubRefusal, envelope, hand_in
from channels_app.intake import HUB, hub_sender, receive
from customers.models import Event
from customers.queries.history import member_ids
from customers.queries.survey_sentences import HIGHEST, kind_words
from kpi.actions.surveys_following import follow_answers
from kpi.models import SurveyAnswer, SurveySettings
from tickets.models import Ticket

OPENED_AT_ONCE = 50
# What nobody has looked at for so long is history.
LOOKED_BACK = timedelta(days=7)
SETTLING = ("solved", "called_back", "nothing_possible", "not_needed")
_RULE = "surveys"


class CannotRecord(HubRefusal):
    """The outcome was not written down; `str()` is fit for the screen."""


def open_follow_ups(organization: Organization, *, at: datetime) -> int:
    """For each low answer that nobody looks after yet. Call it outside of any transaction. Returns how many.

    Not for one that neither names anybody nor says anything: nobody could do anything about it.
    """
    settings = SurveySettings.objects.filter(organization=organization).select_related("looked_after_by").first()
    if settings is None or not settings.opens_tickets:
        return 0
    since = max(settings.follows_since, at - LOOKED_BACK)
    rows = SurveyAnswer.objects.filter(organization=organization, is_low=True, follow_thread="", outcome="")
    rows = rows.filter(answered_at__gte=since).filter(Q(customer__isnull=False) | ~Q(comment=""))
    wanted = rows.select_related("organization", "event", "customer", "center", "store").order_by("pk")
    answers = list(wanted[:OPENED_AT_ONCE])
    for answer in answers:
        thread = _standing_follow_up(answer) or _open(answer, settings, at=at)
        SurveyAnswer.objects.filter(pk=answer.pk).update(follow_thread=thread)
    return len(answers)


def record_outcome(answer: SurveyAnswer, outcome: str, *, text: str, by: Person, at: datetime) -> None:
    """Writes down what came of it; where that settles the matter, its ticket or its promise as well. Raises HubRefusal."""
    if not answer.is_low and not answer.follow_thread:
        raise CannotRecord(_("This answer is not low: there is nothing to look after."))
    key = answer.event.public_id.hex
    place = {"thread": answer.follow_thread or answer.thread} if answer.follow_thread or answer.thread else _who(answer)
    told = {**place, "answer": key, "outcome": outcome, "agent": by.email, **({"text": text} if text else {})}
    acts = [envelope("survey.followed_up", told, at=at, key=f"low-{key}-{int(at.timestamp() * 1000)}")]
    if outcome in SETTLING and answer.follow_thread:
        acts += _settling(answer, by=by, at=at)
    hand_in(answer.organization, acts, by=by, at=at)
    follow_answers(answer.organization, at=at)


def _settling(answer: SurveyAnswer, *, by: Person, at: datetime) -> list[dict[str, Any]]:
    key = answer.event.public_id.hex
    place = {"thread": answer.follow_thread, "agent": by.email}
    if answer.follow_thread != _own_thread(answer):
        told = {**place, "promise": f"low-{key}-note", "outcome": "kept"}
        return [envelope("promise.settled", told, at=at, key=f"low-{key}-kept")]
    tickets = Ticket.objects.open().filter(organization=answer.organization_id, thread=answer.follow_thread)
    if not tickets.exists():
        return []
    return [envelope("ticket.resolved", {**place, "by": "agent"}, at=at, key=f"low-{key}-done")]


def _own_thread(answer: SurveyAnswer) -> str:
    return f"survey:{answer.event.public_id.hex}"


def _standing_follow_up(answer: SurveyAnswer) -> str:
    """Where it was opened by a worker that was killed before it could say so."""
    key = answer.event.public_id.hex
    rows = Event.objects.filter(
        organization=answer.organization_id, source=HUB, event_id__in=[f"low-{key}", f"low-{key}-note"]
    )
    return rows.values_list("thread", flat=True).first() or ""


def _open(answer: SurveyAnswer, settings: SurveySettings, *, at: datetime) -> str:
    """Returns the conversation in which it is looked after."""
    organization = answer.organization
    lead = _lead_for(answer, settings)
    with translation.override(organization.language):
        ticket = _open_ticket(answer)
        acts = _promise(answer, ticket, lead, at=at) if ticket else _ticket(answer, lead, at=at)
    receive(organization, acts, sender=hub_sender(), at=at)
    return ticket.thread if ticket else _own_thread(answer)


def _open_ticket(answer: SurveyAnswer) -> Ticket | None:
    """Hers that is still open: the conversation itself before another."""
    mine = Q(thread=answer.thread) if answer.thread else Q(pk__in=[])
    if answer.customer is not None:
        mine |= Q(customer__in=member_ids(answer.customer))
    rows = Ticket.objects.open().filter(mine, organization=answer.organization_id).select_related("center")
    found = sorted(rows, key=lambda ticket: (ticket.thread != answer.thread, -ticket.last_event_at.timestamp()))
    return found[0] if found else None


def _promise(answer: SurveyAnswer, ticket: Ticket, lead: Person | None, *, at: datetime) -> list[dict[str, Any]]:
    key = answer.event.public_id.hex
    due = (at.astimezone(answer.organization.zone).date() + timedelta(days=1)).isoformat()
    promise = {"text": _("Look after a low answer"), "due": due}
    if ticket.agent_email or lead is not None:
        promise["owner"] = ticket.agent_email or (lead.email if lead else "")
    elif ticket.center is not None:
        promise["center"] = ticket.center.slug
    told = {"thread": ticket.thread, "text": _said(answer), "rule": _rule(), "promise": promise}
    raised = {"thread": ticket.thread, "priority": "high", "rule": _rule()}
    return [
        envelope("note.added", told, at=at, key=f"low-{key}-note"),
        envelope("ticket.priority", raised, at=at, key=f"low-{key}-priority"),
    ]


def _ticket(answer: SurveyAnswer, lead: Person | None, *, at: datetime) -> list[dict[str, Any]]:
    key, thread = answer.event.public_id.hex, _own_thread(answer)
    told: dict[str, Any] = {"thread": thread, "text": _said(answer), **_who(answer)}
    if answer.center is not None:
        told["center"] = answer.center.slug
    acts = [
        envelope("ticket.opened", told, at=at, key=f"low-{key}"),
        envelope(
            "ticket.priority", {"thread": thread, "priority": "high", "rule": _rule()}, at=at, key=f"low-{key}-priority"
        ),
    ]
    if lead is not None:
        given = {"thread": thread, "agent": lead.email, "by": "rule", "rule": _rule()}
        acts.append(envelope("ticket.assigned", given, at=at, key=f"low-{key}-lead"))
    about = Ticket.objects.standing().filter(organization=answer.organization_id, thread=answer.thread)
    if answer.thread and about.exists():
        for side, other in ((thread, answer.thread), (answer.thread, thread)):
            name = "link" if side == thread else "link-back"
            acts.append(envelope("ticket.linked", {"thread": side, "to": other}, at=at, key=f"low-{key}-{name}"))
    return acts


def _who(answer: SurveyAnswer) -> dict[str, Any]:
    if answer.customer is None:
        return {}
    try:
        return {"customer": naming(answer.customer)}
    except CannotBeNamed:
        return {}


def _rule() -> dict[str, str]:
    return {"id": _RULE, "name": _("Surveys")}


def _said(answer: SurveyAnswer) -> str:
    told = _("%(kind)s: %(score)s of %(highest)s") % {
        "kind": kind_words(answer.kind),
        "score": answer.score,
        "highest": HIGHEST[answer.kind],
    }
    place = answer.store.name if answer.store else ""
    people = Person.objects.filter(organization=answer.organization_id, email=answer.agent_email)
    agent = people.values_list("name", flat=True).first() or "" if answer.agent_email else ""
    parts = [" · ".join(one for one in (told, place, agent) if one), answer.comment]
    return "\n".join(part for part in parts if part)


def _lead_for(answer: SurveyAnswer, settings: SurveySettings) -> Person | None:
    """Whom the organization has named, else a lead of the center, else an owner."""
    named = settings.looked_after_by
    if named is not None and named.is_active:
        return named
    people = Person.objects.filter(organization=answer.organization_id, is_active=True).order_by("pk")
    leads = people.filter(role=Role.LEAD)
    of_center = leads.filter(centers=answer.center).first() if answer.center else leads.first()
    return of_center or people.filter(role=Role.OWNER).first()
