"""One ticket: its page, and the fragments that keep the page current. Opening the page is logged, the fragments are not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID
from zlib import crc32

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import audit, policies
from accounts.access import open_to, organization_of, person_of
from accounts.models import Person
from accounts.policies import Permission
from channels_app.hub.actions import can_reply
from channels_app.hub.attaching import most_bytes_of
from channels_app.telephony.queries import may_dial, telephony_of
from customers.models import MergeSuggestion
from customers.policies import sight_of
from customers.queries import Profile, claims_for, history_for, promises_for, purchases_for
from customers.queries.contacts import contacts_for
from customers.queries.profiles import profiles_of
from cxhub.identifiers import is_uuid, uuid7
from cxhub.live import thread_mark
from tickets.file_types import ACCEPTED
from tickets.lines import days_of
from tickets.models import Ticket
from tickets.policies import may_answer, reach_of, reads_along
from tickets.queries import (
    agent_names,
    arrived_after,
    conversation_of,
    short_ticket_for,
    ticket_for,
    tickets_beside,
    topic_names,
)
from tickets.queries.attachments import uploads_told
from tickets.queries.calls import calls_of
from tickets.queries.claims import open_claims
from tickets.queries.clocks import clocks_of
from tickets.queries.conversation import LINES_AT_FIRST, lines_back_to
from tickets.queries.lists import COMING
from tickets.queries.merges import last_written_on, merged_into
from tickets.queries.past import other_tickets, scores_of
from tickets.queries.tags import tag_names
from tickets.templatetags.inbox import channel_label
from tickets.views.asking import query_string
from tickets.views.drafts import drafts_shown
from tickets.views.replying import Way, way_and_seen

PURCHASES_SHOWN = 5
HISTORY_SHOWN = 20


@require_GET
@open_to(Permission.USE_COUNTER)
def detail(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
    """The whole page, or what htmx puts beside a list that stays. Leads on from a ticket that was joined to another."""
    person = person_of(request)
    ticket = ticket_for(person, ticket_id)
    if ticket.public_id != ticket_id:
        told = f"?{request.GET.urlencode()}" if request.GET else ""
        return redirect(reverse("tickets:detail", args=[ticket.public_id]) + told)
    profile = _profile(request, person, ticket)
    names = profile.raw_names if profile and profile.sight.is_masked else ()
    wanted = request.GET.get("message", "")
    size = lines_back_to(ticket, UUID(wanted)) if is_uuid(wanted) else LINES_AT_FIRST
    conversation = conversation_of(ticket, sight=sight_of(person), names=names, size=size)
    drafts = drafts_shown(person, ticket)
    merged = merged_into(ticket)
    carriers = [one for one in (ticket, *merged) if can_reply(one)]
    carrier = last_written_on(ticket, merged) if merged else ticket
    if carriers and carrier not in carriers:
        carrier = carriers[0]
    way, customer_seen = way_and_seen(carrier)
    may_attach = may_answer(person) and way is Way.REACHES and carrier.channel in ("chat", "mail")
    context = {
        **head_context(person, ticket, profile, names=conversation.names, topics=conversation.topics),
        "conversation": conversation,
        "found_message": UUID(wanted).hex if is_uuid(wanted) else "",
        "thread_mark": thread_mark(ticket.organization_id, ticket.thread),
        "days": days_of(conversation.lines),
        "beside": tickets_beside(ticket),
        "carriers": [(one, one is carrier) for one in carriers] if merged else [],
        "way": way,
        "may_reply": may_answer(person) and way is not Way.NONE,
        "is_only_recorded": way in (Way.RECORDED, Way.UNADDRESSED),
        "is_unaddressed": way is Way.UNADDRESSED,
        "may_attach": may_attach,
        "uploads_json": json.dumps(
            uploads_told(ticket.organization_id, ticket.thread, by=person) if may_attach else [], ensure_ascii=False
        ),
        "accepted": ACCEPTED,
        "most_bytes": settings.ATTACHMENT_MAX_BYTES,
        "most_together": most_bytes_of(carrier.channel),
        "most_files": settings.ATTACHMENTS_AT_ONCE,
        "customer_seen": customer_seen,
        "drafts": drafts,
        "drafts_json": json.dumps(drafts, ensure_ascii=False),
        "new_key": uuid7(),
        "today": timezone.localdate(),
        "list_query": query_string(request),
        "telephony": telephony_of(ticket.organization_id) if ticket.is_call else None,
    }
    if profile is not None:
        audit.record_for(
            request, action="customers.view", obj=f"ticket {ticket.public_id}", customer_id=profile.public_id
        )
    is_beside_list = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    return render(request, "tickets/partials/panes.html" if is_beside_list else "tickets/ticket.html", context)


@require_GET
@open_to(Permission.USE_COUNTER)
def messages(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
    """Lines of the conversation: `?after=` a sequence number (live), `?before=` a cursor, or all of an earlier ticket."""
    person = person_of(request)
    after = request.GET.get("after", "")
    if after.isascii() and after.isdigit() and len(after) <= 9:
        return _arrived(request, short_ticket_for(person, ticket_id), int(after))
    ticket = ticket_for(person, ticket_id)
    sight = sight_of(person)
    names = _hidden_names(request, person, ticket)
    conversation = conversation_of(ticket, sight=sight, names=names, before=request.GET.get("before", ""))
    context = {"days": days_of(conversation.lines), "conversation": conversation, "ticket": ticket}
    return render(request, "tickets/partials/older_lines.html", context)


def _arrived(request: HttpRequest, ticket: Ticket, after: int) -> HttpResponse:
    person = person_of(request)
    arrived = arrived_after(ticket, after, sight=sight_of(person), names=_hidden_names(request, person, ticket))
    response = render(request, "tickets/partials/lines.html", {"days": days_of(arrived.lines), "ticket": ticket})
    response["X-Last-Seq"] = str(arrived.last_seq)
    response["X-Has-More"] = "yes" if arrived.has_more else ""
    response["X-Ticket-State"] = state_of(ticket)
    return response


def _hidden_names(request: HttpRequest, person: Person, ticket: Ticket) -> tuple[str, ...]:
    """What the customer is called, where texts must not tell this person; nothing where she sees all."""
    profile = _profile(request, person, ticket) if sight_of(person).is_masked else None
    return profile.raw_names if profile else ()


@require_GET
@open_to(Permission.USE_COUNTER)
def head(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
    """Who it is, how it stands, what can be done with it now."""
    person = person_of(request)
    ticket = ticket_for(person, ticket_id)
    return render(
        request,
        "tickets/partials/head_and_wrap_up.html",
        head_context(person, ticket, _profile(request, person, ticket)),
    )


@require_GET
@open_to(Permission.USE_INBOX)
def history(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
    """The pane beside the conversation: who she is and what happened before, fetched anew whenever it grew."""
    person = person_of(request)
    ticket = ticket_for(person, ticket_id)
    profile = _profile(request, person, ticket)
    if profile is None:
        return render(request, "tickets/partials/nobody.html", {"ticket": ticket})
    topics = topic_names(ticket.organization_id)
    channel = request.GET.get("channel", "")
    promises = promises_for(profile)
    now = timezone.now()
    suggestions = MergeSuggestion.objects.filter(
        Q(first__in=profile.ids) | Q(second__in=profile.ids),
        organization_id=ticket.organization_id,
        status=MergeSuggestion.Status.OPEN,
    )
    reach = reach_of(person)
    open_tickets, resolved_tickets = other_tickets(person, ticket, profile)
    calls, has_more_calls = calls_of(reach, ticket, profile.ids, topics=topics)
    context = {
        "ticket": ticket,
        "profile": profile,
        "calls": calls,
        "has_more_calls": has_more_calls,
        "may_dial": may_dial(person),
        "contacts": contacts_for(profile, now),
        "promises": [(promise, promise.is_overdue(now)) for promise in promises if promise.is_open],
        "purchases": purchases_for(profile, limit=PURCHASES_SHOWN),
        "scores": scores_of(profile),
        "open_tickets": open_tickets,
        "resolved_tickets": resolved_tickets,
        "page": history_for(profile, channels=[channel] if channel else (), limit=HISTORY_SHOWN, topics=topics),
        "claims": open_claims(ticket, profile),
        "possibilities": claims_for(profile),
        "suggestion_count": suggestions.count(),
        "channel": channel,
        "history_channels": [("", _("All")), ("pos", _("Till")), *((name, channel_label(name)) for name in COMING)],
    }
    return render(request, "tickets/partials/history.html", context)


def head_context(
    person: Person,
    ticket: Ticket,
    profile: Profile | None,
    *,
    names: Mapping[str, str] | None = None,
    topics: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What the head of a conversation needs, with names of agents and topics where they are known. Three statements at most."""
    tags = tag_names(ticket.organization_id) if ticket.tags else {}
    if names is None:
        names = agent_names(ticket.organization_id, [ticket.agent_email])
    if topics is None:
        topics = topic_names(ticket.organization_id) if ticket.topic else {}
    return {
        "ticket": ticket,
        "profile": profile,
        "state": state_of(ticket),
        "agent_name": names.get(ticket.agent_email, ticket.agent_email),
        "topic_name": topics.get(ticket.topic, ticket.topic),
        "clocks": clocks_of(ticket),
        "tag_names": [tags.get(key, key) for key in ticket.tag_keys],
        "is_snoozed": ticket.is_snoozed(timezone.now()),
        "is_mine": ticket.agent_email == person.email,
        "may_answer": may_answer(person),
        "is_along": reads_along(person, ticket),
        "is_masked": policies.masks_customers(person),
        "is_wrap_up": ticket.is_open and ticket.is_call and ticket.call_state in ("ended", "abandoned"),
        "is_my_wrap_up": ticket.agent_email == person.email,
    }


def state_of(ticket: Ticket) -> str:
    """A short word that differs when what the head shows differs."""
    shown = (
        ticket.public_id,
        ticket.status,
        ticket.agent_email,
        ticket.topic,
        ticket.call_state,
        ticket.center_id,
        ticket.customer and ticket.customer.root_id,
        ticket.waiting_since,
        ticket.due_at,
        ticket.priority,
        ticket.tags,
        ticket.snoozed_until,
        ticket.absorbed,
        ticket.is_snoozed(timezone.now()),
    )
    return f"{crc32(repr(shown).encode()):08x}"


def _profile(request: HttpRequest, person: Person, ticket: Ticket) -> Profile | None:
    if ticket.customer is None:
        return None
    root_id = ticket.customer.root_id
    return profiles_of(organization_of(request), [root_id], sight=sight_of(person))[root_id]
