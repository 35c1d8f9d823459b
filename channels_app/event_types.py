"""Every type of event the hub takes: its shape, its channel, its place among events of one instant, what it tells.

A type is one entry of EVENT_TYPES. Its `take` reads the checked shape into the columns of an `IncomingEvent`, and
refuses what form alone cannot tell (a score beyond its survey's scale).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from msgspec import Struct

from channels_app import consent_shapes as consents
from channels_app import event_shapes as shapes
from channels_app import ticket_shapes as acts
from channels_app.instants import check_day_or_instant, read_instant
from channels_app.named_customer import agent_email, identities_of, take_claimed
from channels_app.problems import Problem, Refused, shorten
from customers.incoming import DEFAULT_CURRENCY, IncomingEvent
from tickets.fold import FROM, INTO
from tickets.tag_keys import tag_key

QUEUED = "queued"
SCALES = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7)}

# Order among events of one thread and instant (EVENTS.md).
CUSTOMER, BOT, HANDOFF, ASSIGNMENT, AGENT, ANSWERED, ABANDONED, BESIDE, RESOLVED, REOPENED, SENT, SURVEYED, OTHER = (
    range(13)
)
_MESSAGE_RANKS = {"customer": CUSTOMER, "bot": BOT, "agent": AGENT}


class ThreadUse(StrEnum):
    REQUIRED = "required"
    OPTIONAL = "optional"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class EventType:
    """`take` gets the shape and the event whose columns it sets; thread, agent and customer are set before."""

    name: str
    shape: type[Struct]
    rank: int
    channel: str = ""
    thread: ThreadUse = ThreadUse.REQUIRED
    take: Callable[[Any, IncomingEvent], None] | None = None


def _take_sale(data: shapes.Sale, event: IncomingEvent) -> None:
    event.store = _slug(data.store, "data.store")
    event.currency = data.currency.upper() if data.currency else DEFAULT_CURRENCY
    event.amount_hundredths = _hundredths(data.total, "data.total")
    for place, item in enumerate(data.items):
        if type(item.amount) is float:
            _hundredths(item.amount, f"data.items[{place}].amount")


def _take_refund(data: shapes.Refund, event: IncomingEvent) -> None:
    _take_sale(data, event)
    event.amount_hundredths = -(event.amount_hundredths or 0)


def _hundredths(amount: float, path: str) -> int:
    if type(amount) is int:
        return amount * 100
    # Sums made in floating point (15.299999999999999) are meant as what they round to.
    if abs(amount - round(amount, 2)) > 1e-6 * max(1.0, abs(amount) * 1e-6):
        raise Refused(Problem("invalid-field", path, "amount", received=shorten(amount)))
    return round(amount * 100)


def _take_visit(data: shapes.Visit, event: IncomingEvent) -> None:
    event.store = _slug(data.store, "data.store")
    event.text = data.note or ""


def _take_inquiry(data: shapes.Inquiry, event: IncomingEvent) -> None:
    event.store = _slug(data.store, "data.store")
    event.author, event.text = "customer", data.text
    event.thread = event.thread or f"{event.source}#{event.event_id}"


def _take_queued(data: shapes.CallQueued, event: IncomingEvent) -> None:
    # Whether it waits in a queue or rings at once is told by the same word: the rules need no other of an incoming call.
    event.direction = QUEUED if data.direction == "inbound" and data.queue else data.direction


def _take_message(data: shapes.ChatMessage, event: IncomingEvent) -> None:
    event.author, event.text = data.from_, data.text
    event.rank = _MESSAGE_RANKS[data.from_]
    if data.from_ != "agent":
        event.agent_email = ""  # named beside somebody else's message: not who speaks
    if data.rule is not None and data.from_ == "bot":
        event.decided_by = "rule"


def _take_note(data: acts.Note, event: IncomingEvent) -> None:
    if not event.agent_email and data.rule is None:
        raise Refused(Problem("missing-field", "data.agent", "agent_or_rule"))
    event.text = data.text
    if data.promise is not None:
        _check_keeping(data.promise, "data.promise")


def _check_keeping(told: acts.Promise | acts.PromiseChanged, path: str) -> None:
    """When a promise falls due and who keeps it."""
    if told.due:
        check_day_or_instant(told.due, f"{path}.due")
    if told.owner:
        agent_email(told.owner, f"{path}.owner")


def _take_promise_changed(data: acts.PromiseChanged, event: IncomingEvent) -> None:
    _check_keeping(data, "data")
    if not (data.due or data.owner or data.center):
        raise Refused(Problem("missing-field", "data.due", "day_or_time"))
    event.text = data.reason or ""


def _take_promise_settled(data: acts.PromiseSettled, event: IncomingEvent) -> None:
    event.text, event.detail = data.reason or "", data.outcome


def _take_assigned(data: acts.Assigned, event: IncomingEvent) -> None:
    event.decided_by = "rule" if data.rule is not None else data.by or ""


def _take_outcome(data: shapes.CallBackTried, event: IncomingEvent) -> None:
    event.detail = data.outcome


def _take_closed(data: shapes.CallBackClosed, event: IncomingEvent) -> None:
    event.detail, event.text = data.reason, data.text or ""


def _take_wrapped_up(data: shapes.CallWrappedUp, event: IncomingEvent) -> None:
    event.detail = data.result or ""


def _take_note_edited(data: acts.NoteEdited, event: IncomingEvent) -> None:
    event.text = data.text


def _take_resolved(data: acts.Resolved, event: IncomingEvent) -> None:
    event.topic = (data.topic or "").strip()
    is_by_rule = data.rule is not None
    event.decided_by = "rule" if is_by_rule else data.by or ("agent" if event.agent_email else "rule")


def _take_topic(data: acts.TopicNamed, event: IncomingEvent) -> None:
    event.topic = _slug(data.topic, "data.topic")


def _take_moved(data: acts.Moved, event: IncomingEvent) -> None:
    event.center = _slug(data.center, "data.center")


def _take_snoozed(data: acts.Snoozed, event: IncomingEvent) -> None:
    event.detail = read_instant(data.until, "data.until").isoformat()


def _take_prioritized(data: acts.Prioritized, event: IncomingEvent) -> None:
    event.detail = data.priority


def _take_tagged(data: acts.Tagged, event: IncomingEvent) -> None:
    """One line a tag, told by its sign: what is taken off counts after what is put on."""
    told = [(sign, tags or []) for sign, tags in (("+", data.add), ("-", data.remove))]
    lines = [sign + _tag(tag, f"data.{'add' if sign == '+' else 'remove'}") for sign, tags in told for tag in tags]
    if not lines:
        raise Refused(Problem("missing-field", "data.add", "text_between", {"min": 1, "max": 50}))
    event.text = "\n".join(lines)


def _tag(value: str, path: str) -> str:
    key = tag_key(value)
    if not key:
        raise Refused(Problem("invalid-field", path, "text_between", {"min": 1, "max": 50}, shorten(value)))
    return key


def _take_linked(data: acts.Linked, event: IncomingEvent) -> None:
    event.text = data.to


def _take_merged(data: acts.Merged, event: IncomingEvent) -> None:
    if bool(data.into) == bool(data.from_):
        raise Refused(Problem("missing-field", "data.into", "text_between", {"min": 1, "max": 300}))
    event.text = data.into or data.from_ or ""
    if event.text == event.thread:
        raise Refused(
            Problem("invalid-field", "data.into", "text_between", {"min": 1, "max": 300}, shorten(event.text))
        )
    event.detail = INTO if data.into else FROM
    if data.waiting_since and data.from_:
        event.detail += f" {read_instant(data.waiting_since, 'data.waiting_since').isoformat()}"


def _take_survey_sent(data: shapes.SurveySent, event: IncomingEvent) -> None:
    event.survey, event.store = data.survey, (data.store or "").strip()


def _take_followed_up(data: shapes.SurveyFollowedUp, event: IncomingEvent) -> None:
    event.detail, event.text = data.outcome, data.text or ""


def _take_consent(data: consents.ConsentGiven | consents.ConsentWithdrawn, event: IncomingEvent) -> None:
    _take_agreed(data, event)
    event.text, event.store = data.text or "", (data.store or "").strip()
    if isinstance(data, consents.ConsentWithdrawn):
        return
    if not (event.text.strip() or (data.version or "").strip()):
        raise Refused(Problem("missing-field", "data.text", "consent_words"))
    if data.purpose == "marketing" and not data.media:
        raise Refused(Problem("missing-field", "data.media", "choice", {"choices": "sms, mail, kakao, call"}))


def _take_agreed(
    data: consents.ConsentGiven | consents.ConsentWithdrawn | consents.ConsentTold, event: IncomingEvent
) -> None:
    """A consent of nobody allows nothing, and a withdrawal of nobody stops nothing: she has to be named."""
    if not (event.identities or event.claims):
        raise Refused(Problem("no-identity", "data.customer", "identity"))
    if data.media and data.purpose != "marketing":
        raise Refused(Problem("invalid-field", "data.media", "no_media", received=shorten(data.media)))
    event.detail = data.purpose


def _take_opened(data: acts.Opened, event: IncomingEvent) -> None:
    event.text, event.center = data.text, (data.center or "").strip()


def _take_survey_answer(data: shapes.SurveyAnswered, event: IncomingEvent) -> None:
    lowest, highest = SCALES[data.survey]
    if not lowest <= data.score <= highest:
        params = {"min": lowest, "max": highest}
        raise Refused(Problem("invalid-field", "data.score", "integer_between", params, shorten(data.score)))
    event.survey, event.text, event.store = data.survey, data.comment or "", (data.store or "").strip()


def _take_review(data: shapes.Review, event: IncomingEvent) -> None:
    event.store = (data.store or "").strip()
    event.text = data.text


def _take_merge(data: shapes.MergeDecision, event: IncomingEvent) -> None:
    event.into = identities_of(data.into, "data.into")
    event.merged_from = identities_of(data.from_, "data.from")
    for path, found in (("data.into", event.into), ("data.from", event.merged_from)):
        if not found:
            raise Refused(Problem("no-identity", path, "identity"))


def _take_confirmed(data: shapes.IdentityConfirmed, event: IncomingEvent) -> None:
    """What is confirmed identifies, whatever `verified` says."""
    if not event.agent_email and not (data.method or "").strip():
        raise Refused(Problem("missing-field", "data.agent", "agent_or_method"))
    claimed = take_claimed(data, "data")
    if data.customer is not None:
        claimed += take_claimed(data.customer, "data.customer")
    if not claimed:
        raise Refused(Problem("no-identity", "data.customer", "claim"))
    by_channel = (*identities_of(data, "data"), *(key for key in event.identities if key.kind == "external"))
    event.identities, event.claims, event.verified = tuple(dict.fromkeys((*claimed, *by_channel))), (), True


def _slug(value: str, path: str) -> str:
    slug = value.strip()
    if not slug:
        raise Refused(Problem("invalid-field", path, "text_between", {"min": 1, "max": 100}, shorten(value)))
    return slug


EVENT_TYPES = {
    kind.name: kind
    for kind in [
        EventType("pos.sale", shapes.Sale, OTHER, "pos", ThreadUse.NONE, _take_sale),
        EventType("pos.refund", shapes.Refund, OTHER, "pos", ThreadUse.NONE, _take_refund),
        EventType("store.visit", shapes.Visit, OTHER, "store", ThreadUse.NONE, _take_visit),
        EventType("store.inquiry", shapes.Inquiry, CUSTOMER, "store", ThreadUse.OPTIONAL, _take_inquiry),
        EventType("call.queued", shapes.CallQueued, CUSTOMER, "call", take=_take_queued),
        EventType("call.ringing", shapes.CallAtAgent, AGENT, "call"),
        EventType("call.answered", shapes.ByAgent, ANSWERED, "call"),
        EventType("call.abandoned", shapes.CallAbandoned, ABANDONED, "call"),
        EventType("call.held", shapes.CallAtAgent, BESIDE, "call"),
        EventType("call.resumed", shapes.CallAtAgent, BESIDE, "call"),
        EventType("call.ended", shapes.CallEnded, BESIDE, "call"),
        EventType("call.recording", shapes.CallRecording, BESIDE, "call"),
        EventType("call.transcript", shapes.CallTranscript, BESIDE, "call"),
        EventType("call.wrapped_up", shapes.CallWrappedUp, BESIDE, take=_take_wrapped_up),
        EventType("callback.tried", shapes.CallBackTried, BESIDE, take=_take_outcome),
        EventType("callback.closed", shapes.CallBackClosed, BESIDE, take=_take_closed),
        EventType("chat.message", shapes.ChatMessage, OTHER, "chat", take=_take_message),
        EventType("chat.handoff", shapes.InThread, HANDOFF, "chat"),
        EventType("mail.message", shapes.MailMessage, OTHER, "mail", take=_take_message),
        EventType("message.message", shapes.MessengerMessage, OTHER, "message", take=_take_message),
        EventType("delivery.failed", shapes.DeliveryFailed, BESIDE),
        EventType("note.added", acts.Note, BESIDE, take=_take_note),
        EventType("promise.changed", acts.PromiseChanged, BESIDE, take=_take_promise_changed),
        EventType("promise.settled", acts.PromiseSettled, BESIDE, take=_take_promise_settled),
        EventType("ticket.opened", acts.Opened, CUSTOMER, take=_take_opened),
        EventType("ticket.assigned", acts.Assigned, ASSIGNMENT, take=_take_assigned),
        EventType("ticket.unassigned", acts.Unassigned, ASSIGNMENT),
        EventType("note.edited", acts.NoteEdited, BESIDE, take=_take_note_edited),
        EventType("ticket.resolved", acts.Resolved, RESOLVED, take=_take_resolved),
        EventType("ticket.topic", acts.TopicNamed, BESIDE, take=_take_topic),
        EventType("ticket.moved", acts.Moved, BESIDE, take=_take_moved),
        EventType("ticket.priority", acts.Prioritized, BESIDE, take=_take_prioritized),
        EventType("ticket.tagged", acts.Tagged, BESIDE, take=_take_tagged),
        EventType("ticket.snoozed", acts.Snoozed, BESIDE, take=_take_snoozed),
        EventType("ticket.woken", acts.Woken, BESIDE),
        EventType("ticket.linked", acts.Linked, BESIDE, take=_take_linked),
        EventType("ticket.unlinked", acts.Linked, BESIDE, take=_take_linked),
        EventType("ticket.merged", acts.Merged, BESIDE, take=_take_merged),
        EventType("ticket.unmerged", acts.Merged, BESIDE, take=_take_merged),
        EventType("ticket.reopened", acts.Reopened, REOPENED),
        EventType("survey.sent", shapes.SurveySent, SENT, thread=ThreadUse.OPTIONAL, take=_take_survey_sent),
        EventType(
            "survey.answered", shapes.SurveyAnswered, SURVEYED, thread=ThreadUse.OPTIONAL, take=_take_survey_answer
        ),
        EventType("review.posted", shapes.Review, OTHER, "review", ThreadUse.NONE, _take_review),
        EventType(
            "survey.changed", shapes.SurveyChanged, SURVEYED, thread=ThreadUse.OPTIONAL, take=_take_survey_answer
        ),
        EventType(
            "survey.followed_up", shapes.SurveyFollowedUp, OTHER, thread=ThreadUse.OPTIONAL, take=_take_followed_up
        ),
        EventType("survey.opted_out", shapes.SurveyWish, OTHER, thread=ThreadUse.OPTIONAL),
        EventType("survey.opted_in", shapes.SurveyWish, OTHER, thread=ThreadUse.OPTIONAL),
        EventType("consent.given", consents.ConsentGiven, OTHER, thread=ThreadUse.OPTIONAL, take=_take_consent),
        EventType("consent.withdrawn", consents.ConsentWithdrawn, OTHER, thread=ThreadUse.OPTIONAL, take=_take_consent),
        EventType("consent.told", consents.ConsentTold, OTHER, thread=ThreadUse.OPTIONAL, take=_take_agreed),
        EventType("customer.merged", shapes.MergeDecision, OTHER, thread=ThreadUse.NONE, take=_take_merge),
        EventType("customer.unmerged", shapes.MergeDecision, OTHER, thread=ThreadUse.NONE, take=_take_merge),
        EventType(
            "identity.confirmed", shapes.IdentityConfirmed, OTHER, thread=ThreadUse.OPTIONAL, take=_take_confirmed
        ),
    ]
}
