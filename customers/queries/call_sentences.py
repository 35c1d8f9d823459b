"""What happened on the telephone, in one short sentence each. As `sentences`."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from customers.models import Event
from customers.queries.wording import CUSTOMER, STAFF, Sentence, Wording, by_agent, joined, shown_duration


def _queued(event: Event, wording: Wording) -> Sentence:
    if event.qualifier == "outbound":
        return Sentence(_("We called"), icon="phone", speaker=STAFF)
    return Sentence(_("Called us"), icon="phone", speaker=CUSTOMER)


def _answered(event: Event, wording: Wording) -> Sentence:
    # True of calls in both directions: of one that we made, the customer is who picks up.
    return Sentence(joined(_("Call connected"), wording.agent(event)), icon="phone", speaker=STAFF)


def _rings(event: Event, wording: Wording) -> Sentence:
    told = _("Rings at %(agent)s") % by_agent(event, wording) if event.agent_email else _("Rings")
    return Sentence(told, icon="phone")


def _held(event: Event, wording: Wording) -> Sentence:
    return Sentence(_("Put on hold"), icon="pause", speaker=STAFF)


def _resumed(event: Event, wording: Wording) -> Sentence:
    return Sentence(_("Back from hold"), icon="phone", speaker=STAFF)


def _wrapped_up(event: Event, wording: Wording) -> Sentence:
    results = {
        "solved": _("Solved"),
        "promised": _("Promised something"),
        "handed_on": _("Handed on"),
        "not_reached": _("Not reached"),
        "wrong_number": _("Wrong number"),
    }
    steps = {"stays_open": _("stays open"), "call_back": _("to be called again")}
    told = joined(_("After the call"), results.get(event.qualifier, ""), steps.get(str(event.data.get("next")), ""))
    return Sentence(told, icon="check", speaker=STAFF)


def _called_back(event: Event, wording: Wording) -> Sentence:
    told = {
        "no_answer": _("Called back, no answer"),
        "busy": _("Called back, line busy"),
        "reached": _("Called back and reached"),
    }.get(event.qualifier, _("Called back"))
    tone = "success" if event.qualifier == "reached" else "warning"
    return Sentence(joined(told, wording.agent(event)), icon="phone", speaker=STAFF, tone=tone)


def _call_back_closed(event: Event, wording: Wording) -> Sentence:
    reasons = {
        "settled": _("settled otherwise"),
        "wrong_number": _("wrong number"),
        "no_contact": _("cannot be reached"),
        "duplicate": _("called about it already"),
    }
    told = joined(_("No call back"), reasons.get(event.qualifier, ""), wording.agent(event))
    return Sentence(told, wording.words(event.text), icon="check", speaker=STAFF)


def _abandoned(event: Event, wording: Wording) -> Sentence:
    return Sentence(_("Hung up before anybody answered"), icon="phone", speaker=CUSTOMER, tone="warning")


def _ended(event: Event, wording: Wording) -> Sentence:
    return Sentence(joined(_("Call ended"), shown_duration(event.data.get("talk_seconds"))), icon="phone")


def _recording(event: Event, wording: Wording) -> Sentence:
    return Sentence(joined(_("Call recording"), shown_duration(event.data.get("seconds"))), icon="phone")


def _transcript(event: Event, wording: Wording) -> Sentence:
    said = [segment for segment in event.data.get("segments") or () if isinstance(segment, dict)]
    hers = [str(segment.get("text", "")) for segment in said if segment.get("speaker") == "customer"]
    quote = " ".join(hers or [str(segment.get("text", "")) for segment in said]) or event.text
    return Sentence(_("On the phone"), wording.words(quote), icon="phone", speaker=CUSTOMER)


CALL_SENTENCES: dict[str, Callable[[Event, Wording], Sentence]] = {
    "call.queued": _queued,
    "call.ringing": _rings,
    "call.answered": _answered,
    "call.held": _held,
    "call.resumed": _resumed,
    "call.wrapped_up": _wrapped_up,
    "callback.tried": _called_back,
    "callback.closed": _call_back_closed,
    "call.abandoned": _abandoned,
    "call.ended": _ended,
    "call.recording": _recording,
    "call.transcript": _transcript,
}
