"""Tells customers that they were heard: written as intentions by a person's press, sent by the worker, each customer once.

The message is an agent's answer in a conversation of hers, by the one way in; it carries the intention's id as its key, so
that a worker which died after sending sends nothing twice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Organization, Person
from channels_app.consents.queries import settings_of
from channels_app.hub.actions import reply_to_ticket
from channels_app.hub.writing import HubRefusal
from customers import consenting
from customers.policies import sight_of
from customers.queries.profiles import profiles_of
from tickets.models import Ticket
from tickets.variables import fill, unknown_in, used_in
from voc.models import HeardReply, Improvement
from voc.policies import require_may_edit_improvements
from voc.queries.heard import Why, conversations_of, may_advertise, plan_for, reasons_against, why_words

LONGEST = 1_000
VARIABLES = frozenset(("customer_name", "agent_name", "organization_name"))
# What is told is an answer. With one of these it is advertising, and that needs a consent of its own for each medium.
ADVERTISING = re.compile(
    r"할인|쿠폰|세일|특가|이벤트|프로모션|적립금|사은품|무료\s*(?:증정|배송)|신상|구매하(?:러|세요)|\(광고\)|"
    r"\b(?:sale|coupon|discount|promotion|offer)s?\b",
    re.IGNORECASE,
)
SENT_AT_ONCE = 50


class CannotTell(Exception):
    """The text cannot go out as it is; `str()` is fit for the person's screen. Nothing was written."""


def check_text(text: str) -> str:
    """The text as it is kept. Raises CannotTell: empty, too long, unknown places."""
    text = unicodedata.normalize("NFC", text).strip()
    if not text:
        raise CannotTell(_("Write what you want to tell them."))
    if len(text) > LONGEST:
        raise CannotTell(_("Write at most %(count)d letters.") % {"count": LONGEST})
    unknown = unknown_in(text)
    if unknown or used_in(text) - VARIABLES:
        raise CannotTell(_("Use no other places than customer name, agent name and company name."))
    return text


def advertises(text: str) -> str:
    """The word that makes it advertising; "" where none does."""
    found = ADVERTISING.search(unicodedata.normalize("NFC", text))
    return found[0] if found else ""


def tell_heard(improvement: Improvement, text: str, customers: Collection[UUID], *, by: Person, at: datetime) -> int:
    """Puts the message on its way to these of the customers whom `plan_for` names; returns to how many.

    Whoever was told, or may not be told by now, is passed over. Raises NotAllowed, CannotTell: also where the text
    advertises and no sender's contact is known, or some of those chosen do not allow it.
    """
    require_may_edit_improvements(by, improvement.organization_id)
    if improvement.state != Improvement.State.DONE:
        raise CannotTell(_("Tell customers when it is done: mark it as done first."))
    text = check_text(text)
    organization = improvement.organization
    due = by_day(organization, at)
    word = advertises(text)
    if word and not settings_of(organization).contact:
        raise CannotTell(
            _(
                "“%(word)s” makes it advertising, which names a contact of the sender. Write it under Settings, Consents first."
            )
            % {"word": word}
        )
    with transaction.atomic():
        # One press at a time for an improvement; and nobody is in the plan who was told meanwhile.
        Improvement.objects.select_for_update().get(pk=improvement.pk)
        plan = plan_for(by, improvement, at=at, is_advertising=bool(word))
        without = sum(one.why == Why.NO_CONSENT and one.customer_id in customers for one in plan.left_out)
        if without:
            raise CannotTell(
                _(
                    "“%(word)s” makes it advertising: %(count)d of them have not agreed to that. Look below, and tell the others or leave it out."
                )
                % {"word": word, "count": without}
            )
        chosen = [one for one in plan.recipients if one.customer.public_id in customers]
        # One that could not be sent may be tried anew.
        again = HeardReply.objects.filter(improvement=improvement, customer__in=[one.customer for one in chosen])
        again.filter(state=HeardReply.State.NOT_SENT).delete()
        HeardReply.objects.bulk_create(
            [
                HeardReply(
                    organization=organization,
                    improvement=improvement,
                    customer=one.customer,
                    thread=one.ticket.thread,
                    text=text,
                    by=by,
                    created_at=at,
                    due_at=due,
                )
                for one in chosen
            ]
        )
        if chosen:
            audit.record_for_customers(
                organization,
                [one.customer.public_id for one in chosen],
                by=by,
                at=at,
                action="voc.improvement.tell",
                obj=f"improvement:{improvement.public_id}",
            )
    return len(chosen)


def by_day(organization: Organization, at: datetime) -> datetime:
    """The instant itself by day; the next morning where it is night in the organization's zone."""
    return consenting.by_day(at, organization.zone)


def send_heard(organization: Organization, *, at: datetime) -> int:
    """Writes what is due into its conversations, at most SENT_AT_ONCE; returns how many. Not inside a transaction."""
    waiting = HeardReply.objects.filter(organization=organization, state=HeardReply.State.WAITING, due_at__lte=at)
    waiting = waiting.select_related("by", "customer", "improvement__organization")
    return sum(_send(reply, at=at) for reply in waiting.order_by("due_at", "pk")[:SENT_AT_ONCE])


def _send(reply: HeardReply, *, at: datetime) -> bool:
    due = by_day(reply.improvement.organization, at)
    if due > at:  # a worker that was away in the evening makes up for nothing at night
        HeardReply.objects.filter(pk=reply.pk, state=HeardReply.State.WAITING).update(due_at=due)
        return False
    ticket, reason = _where(reply, at=at)
    if ticket is None:
        _done(reply, HeardReply.State.NOT_SENT, reason, at=at)
        return False
    try:
        # The same key for each attempt: a second one is a repeat of the first event.
        reply_to_ticket(ticket, _filled(reply), by=reply.by, at=at, key=f"heard-{reply.public_id.hex}")
    except HubRefusal as refusal:
        _done(reply, HeardReply.State.NOT_SENT, str(refusal)[:200], at=at)
        return False
    _done(reply, HeardReply.State.SENT, "", at=at)
    return True


def _where(reply: HeardReply, *, at: datetime) -> tuple[Ticket | None, str]:
    """Her conversation as it is now; None with the reason where she must not be told by now."""
    root = reply.customer.root_id
    reasons = reasons_against(reply.improvement.organization, [root], reply.improvement, at=at, besides=reply)
    if root in reasons:
        return None, why_words(reasons[root])
    ticket = conversations_of(reply.by, [root], at=at).get(root)
    if ticket is None:
        return None, _("Her conversation is not within reach any more.")
    if ticket.is_waiting:
        return None, why_words(Why.WAITING)
    if advertises(reply.text) and not may_advertise(ticket, root, at=at):
        return None, why_words(Why.NO_CONSENT)
    return ticket, ""


def _filled(reply: HeardReply) -> str:
    organization = reply.improvement.organization
    profile = profiles_of(organization, [reply.customer.root_id], sight=sight_of(reply.by)).get(reply.customer.root_id)
    values = {
        "customer_name": profile.name if profile else "",
        "agent_name": reply.by.name,
        "organization_name": organization.name,
    }
    text = fill(reply.text, values).text
    if not advertises(reply.text):
        return text
    # As the law wants an advertisement: the mark and the sender in front, the way out behind.
    sender = f"{organization.name} {settings_of(organization).contact}".strip()
    with translation.override(organization.language):
        stop = _("To refuse, answer “stop” in this conversation, free of charge.")
        return _("(Ad) %(sender)s") % {"sender": sender} + f"\n{text}\n{stop}"


def _done(reply: HeardReply, state: str, reason: str, *, at: datetime) -> None:
    rows = HeardReply.objects.filter(pk=reply.pk, state=HeardReply.State.WAITING)
    rows.update(state=state, reason=reason, done_at=at)
