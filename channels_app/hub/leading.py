"""What a lead does in a colleague's conversation: whispers to her, and takes over. She is told of both, at once.

As everything in `hub.actions`: events with source `/hub`; none may be called inside a transaction.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import Person
from channels_app.hub import changes
from channels_app.hub.actions import assign_ticket
from channels_app.hub.writing import HubRefusal, require, write
from channels_app.outcomes import Outcome
from tickets import policies
from tickets.actions.mentions import call_people
from tickets.models import Ticket


class NobodyToWhisperTo(HubRefusal):
    """The ticket is nobody's, one's own, or that of somebody who has no account here."""


class WhisperedPast(HubRefusal):
    """Whom it was meant for has the ticket no longer: what is said to one is not for another."""


def whisper(ticket: Ticket, text: str, *, to: UUID | None = None, by: Person, at: datetime, key: str = "") -> Outcome:
    """A note to whoever has the ticket now: it stands in the conversation, and she is told. Raises `NobodyToWhisperTo`.

    With `to`, the public id of whom it is meant for, raises `WhisperedPast` where somebody else has it by now.
    A note like any other, so that the history holds it and no customer sees it; `whisper` names whom it is said to.
    """
    require(policies.may_whisper(by, ticket))
    agent = whispered_to(ticket, by=by)
    if to not in (None, agent.public_id):
        raise WhisperedPast(
            _("%(name)s has this ticket by now. Nothing was said; whisper anew.") % {"name": agent.name}
        )
    data = {"thread": ticket.thread, "agent": by.email, "text": text, "whisper": agent.email}
    outcome = write(ticket.organization, "note.added", data, by=by, at=at, key=key)
    # As for a note that calls somebody: if the process dies before this, the whisper was not acknowledged.
    if outcome.event is not None:
        call_people(ticket, [agent], event_id=outcome.event, at=at, is_notice=True)
    return outcome


def take_over(ticket: Ticket, *, by: Person, at: datetime) -> None:
    """The ticket is hers from now on; whoever had it is told. Nothing where it is hers already."""
    require(policies.may_assign(by, ticket))
    if not changes.assigning(ticket, by, by=by).steps:
        return
    before = agent_of(ticket)
    outcome = assign_ticket(ticket, by, by=by, at=at)
    if before is not None and outcome.event is not None:
        call_people(ticket, [before], event_id=outcome.event, at=at, is_notice=True)


def whispered_to(ticket: Ticket, *, by: Person) -> Person:
    """Whom a whisper in this ticket would reach now. Raises `NobodyToWhisperTo`."""
    agent = agent_of(ticket)
    if agent is None or agent.pk == by.pk:
        raise NobodyToWhisperTo(_("Nobody else has this ticket now. Write an internal note instead."))
    return agent


def agent_of(ticket: Ticket) -> Person | None:
    """Whoever has the ticket, if she has an account here that is open."""
    if not ticket.agent_email:
        return None
    people = Person.objects.filter(organization_id=ticket.organization_id, email=ticket.agent_email, is_active=True)
    return people.first()
