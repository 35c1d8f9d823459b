"""Who can be told “we heard you” about an improvement, in which conversation, and who is not, and why.

What is told answers what she has said herself, in the conversation in which she can be written to already. So it needs no
consent of its own; but who has asked not to be written to, or whose words are of a kind that a person should answer herself,
is left out. A text that advertises goes only to those who allow that in the conversation's medium.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import Organization, Person
from channels_app.hub.actions import REPLY_TYPES, service_of
from customers.models import Customer
from customers.policies import sight_of
from customers.queries.consents import advertised_by
from customers.queries.profiles import Profile, profiles_of
from tickets.models import Ticket
from tickets.policies import tickets_reached
from voc.models import HeardReply, Improvement, Severity, Voice, VoiceTopic
from voc.queries.callers import callers_of
from voc.queries.slices import reached

# A conversation of longer ago she has forgotten, and the goods are worn.
TALKED_WITHIN = timedelta(days=180)
# However many things were mended, nobody is written to more often.
TOLD_AGAIN_AFTER = timedelta(days=7)
# Whoever has spoken of court, the press or a danger hears from a person, not from a list.
DELICATE_WITHIN = timedelta(days=90)
DELICATE = (Severity.LAW, Severity.SAFETY, Severity.PRESS, Severity.ABUSE)
# The topic of those who want no messages, or want to be forgotten; an organization may have parts of it.
OPTED_OUT = "privacy"


class Why(StrEnum):
    """Why somebody is not told."""

    NOBODY = "nobody"
    NO_CONVERSATION = "no_conversation"
    OPTED_OUT = "opted_out"
    DELICATE = "delicate"
    TOLD = "told"
    TOLD_LATELY = "told_lately"
    NO_CONSENT = "no_consent"
    # To be told of something else is no answer to what she asked, and would count as one.
    WAITING = "waiting"


_WORDS = {
    Why.NOBODY: gettext_noop("It is not known who said it."),
    Why.NO_CONVERSATION: gettext_noop("She has no written conversation of the last six months that you reach."),
    Why.OPTED_OUT: gettext_noop("She has asked not to be written to, or to be forgotten."),
    Why.DELICATE: gettext_noop("Her words were of law, safety, press or abuse: speak with her yourself."),
    Why.TOLD: gettext_noop("She was told already."),
    Why.NO_CONSENT: gettext_noop(
        "The text advertises, and she has not agreed to advertising in this conversation's medium."
    ),
    Why.WAITING: gettext_noop("She waits for an answer in that conversation: answer her there, and tell her yourself."),
    Why.TOLD_LATELY: gettext_noop("She was written to about another improvement less than a week ago."),
}


def why_words(why: Why) -> str:
    return _(_WORDS[why])


@dataclass(frozen=True, slots=True)
class Recipient:
    """A customer who will be told, in the ticket's conversation. `said` is what she had said."""

    customer: Customer
    profile: Profile
    ticket: Ticket
    said: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """`profile` is None for sentences of nobody known; `count` of them."""

    why: Why
    profile: Profile | None = None
    count: int = 1

    @property
    def words(self) -> str:
        return why_words(self.why)

    @property
    def customer_id(self) -> UUID | None:
        return self.profile.root.public_id if self.profile else None


@dataclass(frozen=True, slots=True)
class HeardPlan:
    recipients: list[Recipient]
    left_out: list[LeftOut]

    @property
    def customer_ids(self) -> list[UUID]:
        """Whose names are shown: for the audit trail."""
        known = [one.profile for one in self.left_out if one.profile is not None]
        return [profile.public_id for profile in [*(one.profile for one in self.recipients), *known]]


def plan_for(person: Person, improvement: Improvement, *, at: datetime, is_advertising: bool = False) -> HeardPlan:
    """Everybody whose sentences the improvement answers, as far as the person reaches these. Ten statements at most;
    some for each recipient where the text advertises."""
    organization = improvement.organization
    voices = Voice.objects.filter(
        reached(person), organization=organization, pk__in=improvement.answered.values("voice")
    )
    said: dict[int, str] = {}
    unknown = 0
    rows = voices.annotate(root=Coalesce("customer__merged_into", "customer")).order_by("-time", "-pk")
    told = list(rows.values_list("root", "text", "thread"))
    callers = callers_of(organization, {thread for root, _text, thread in told if root is None and thread})
    for root, text, thread in told:
        who = root or callers.get(thread)
        if who is None:
            unknown += 1
        else:
            said.setdefault(who, text)
    reasons = reasons_against(organization, said, improvement, at=at)
    tickets = conversations_of(person, [root for root in said if root not in reasons], at=at)
    profiles = profiles_of(organization, list(said), sight=sight_of(person))
    recipients, left_out = [], []
    for root, text in said.items():
        profile = profiles.get(root)
        if profile is None:
            unknown += 1
        elif root in reasons:
            left_out.append(LeftOut(reasons[root], profile))
        elif root not in tickets:
            left_out.append(LeftOut(Why.NO_CONVERSATION, profile))
        elif tickets[root].is_waiting:
            left_out.append(LeftOut(Why.WAITING, profile))
        elif is_advertising and not may_advertise(tickets[root], root, at=at):
            left_out.append(LeftOut(Why.NO_CONSENT, profile))
        else:
            recipients.append(Recipient(profile.root, profile, tickets[root], text))
    if unknown:
        left_out.append(LeftOut(Why.NOBODY, None, unknown))
    return HeardPlan(recipients, left_out)


def reasons_against(
    organization: Organization,
    roots: Collection[int],
    improvement: Improvement,
    *,
    at: datetime,
    besides: HeardReply | None = None,
) -> dict[int, Why]:
    """Customer's root → why she is not to be told, the strongest reason of several; `besides` is the reply that is being
    sent. Five statements."""
    members = _members(organization, roots)
    found: dict[int, Why] = {}
    replies = HeardReply.objects.filter(organization=organization, customer__in=members)
    replies = replies.exclude(pk=besides.pk) if besides else replies
    replies = replies.exclude(state=HeardReply.State.NOT_SENT)
    lately = replies.filter(created_at__gt=at - TOLD_AGAIN_AFTER)
    _mark(found, members, lately.values_list("customer", flat=True), Why.TOLD_LATELY)
    _mark(found, members, replies.filter(improvement=improvement).values_list("customer", flat=True), Why.TOLD)
    spoken = Voice.objects.filter(organization=organization, customer__in=members)
    delicate = spoken.filter(severity__in=DELICATE, time__gt=at - DELICATE_WITHIN)
    _mark(found, members, delicate.values_list("customer", flat=True), Why.DELICATE)
    topics = VoiceTopic.objects.filter(organization=organization, voice__in=spoken.values("pk"))
    opted_out = topics.filter(Q(topic__slug=OPTED_OUT) | Q(topic__parent__slug=OPTED_OUT))
    _mark(found, members, opted_out.values_list("voice__customer", flat=True), Why.OPTED_OUT)
    return found


def conversations_of(person: Person, roots: Collection[int], *, at: datetime) -> dict[int, Ticket]:
    """Customer's root → her latest ticket that takes a written answer and that the person reaches. Two statements."""
    members = _members(person.organization, roots) if person.organization else {}
    rows = tickets_reached(person).shown().filter(customer__in=members, channel__in=REPLY_TYPES)
    rows = rows.filter(last_event_at__gt=at - TALKED_WITHIN).select_related("organization", "center", "customer")
    found: dict[int, Ticket] = {}
    for ticket in rows.order_by("-last_event_at", "-pk"):
        if ticket.customer_id is not None:
            found.setdefault(members[ticket.customer_id], ticket)
    return found


def may_advertise(ticket: Ticket, root: int, *, at: datetime) -> bool:
    """Whether she allows advertising in the medium of this conversation. Of a chat on the shop's own page nobody agrees to
    any. Three statements."""
    medium = "mail" if ticket.channel == "mail" else "" if ticket.channel == "chat" else "kakao"
    if medium == "kakao" and service_of(ticket) == "sms":
        medium = "sms"
    organization = ticket.organization
    members = list(_members(organization, [root]))
    return medium in advertised_by(organization, members, at=at)


def replies_of(improvement: Improvement) -> dict[str, int]:
    """How many replies wait, were sent, and were not."""
    counts: dict[str, int] = defaultdict(int)
    for state in HeardReply.objects.filter(
        organization=improvement.organization_id, improvement=improvement
    ).values_list("state", flat=True):
        counts[state] += 1
    return dict(counts)


def _members(organization: Organization, roots: Collection[int]) -> dict[int, int]:
    """Each row of these groups → its root."""
    rows = Customer.objects.filter(organization=organization).in_groups(roots)
    return {pk: merged_into or pk for pk, merged_into in rows.values_list("pk", "merged_into")}


def _mark(found: dict[int, Why], members: Mapping[int, int], customers: Iterable[int | None], why: Why) -> None:
    for customer in customers:
        if customer is not None:
            found[members[customer]] = why
