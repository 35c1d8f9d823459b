"""One event of history in one short sentence, in the reader's language.

Pure: an event with its store loaded, and a few names, in; words out. Masks what the reader may not see. Knows every
type of EVENTS.md; a type that comes later shows its name rather than nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from customers.models import Event
from customers.money import currency_of, shown_amount
from customers.queries.call_sentences import CALL_SENTENCES
from customers.queries.consent_sentences import CONSENT_SENTENCES
from customers.queries.survey_sentences import SURVEY_SENTENCES
from customers.queries.wording import CUSTOMER, STAFF, Sentence, Wording, joined, rule_of
from customers.resolve_reasons import words_of_reason
from customers.undelivered import words_of_cause, words_of_own_tag


def sentence_of(event: Event, wording: Wording) -> Sentence:
    """Says what happened. Reads `event.store` where there is one: load it with the event."""
    say = SENTENCES.get(event.type)
    return say(event, wording) if say else Sentence(event.type, wording.words(event.text))


def shown_items(data: Mapping[str, Any]) -> str:
    """“Wool coat and 2 more”: what a receipt was about."""
    names = [
        str(item.get("name") or item.get("sku") or "") for item in data.get("items") or () if isinstance(item, dict)
    ]
    names = [name for name in names if name]
    if len(names) > 1:
        return _("%(first)s and %(count)d more") % {"first": names[0], "count": len(names) - 1}
    return names[0] if names else ""


def _place(event: Event) -> str:
    return event.store.name if event.store_id and event.store else ""


def _receipt(event: Event, wording: Wording) -> tuple[str, str, str]:
    amount = abs(event.amount_hundredths or 0)
    return _place(event), shown_items(event.data), shown_amount(amount, currency_of(event.data))


def _sale(event: Event, wording: Wording) -> Sentence:
    place, items, amount = _receipt(event, wording)
    return Sentence(joined(_("Purchase"), place, items, amount), icon="receipt", speaker=CUSTOMER)


def _refund(event: Event, wording: Wording) -> Sentence:
    place, items, amount = _receipt(event, wording)
    return Sentence(joined(_("Refund"), place, items, amount), icon="refresh", speaker=CUSTOMER, tone="warning")


def _visit(event: Event, wording: Wording) -> Sentence:
    note = wording.words(event.data.get("note"))
    told = _("Note at the counter") if note else _("Store visit")
    return Sentence(joined(told, _place(event)), note, icon="store", speaker=STAFF if note else CUSTOMER)


def _inquiry(event: Event, wording: Wording) -> Sentence:
    told = joined(_("Inquiry at the counter"), _place(event))
    return Sentence(told, wording.words(event.text), icon="store", speaker=CUSTOMER, tone="warning")


def _message(by_customer: Callable[[], str], icon: str) -> Callable[[Event, Wording], Sentence]:
    def say(event: Event, wording: Wording) -> Sentence:
        quote = wording.words(event.text)
        if subject := wording.words(event.data.get("subject")):
            quote = f"[{subject}] {quote}"
        if not quote and event.data.get("attachments"):
            quote = _("(attachment)")
        if event.author == "customer":
            return Sentence(by_customer(), quote, icon=icon, speaker=CUSTOMER)
        if event.author == "agent":
            return Sentence(_("%(agent)s replied") % {"agent": wording.agent(event)}, quote, icon=icon, speaker=STAFF)
        return Sentence(_("Automatic reply"), quote, icon=icon)

    return say


def _handoff(event: Event, wording: Wording) -> Sentence:
    return Sentence(_("Asked for a person"), icon="chat", speaker=CUSTOMER)


def _note(event: Event, wording: Wording) -> Sentence:
    promise = event.data.get("promise")
    agent = wording.agent(event)
    if isinstance(promise, dict):
        quote = wording.words(promise.get("text") or event.text)
        return Sentence(joined(_("Promise"), agent), quote, icon="clock", speaker=STAFF, tone="warning")
    if event.data.get("promise_kept"):
        return Sentence(
            joined(_("Promise kept"), agent), wording.words(event.text), icon="check", speaker=STAFF, tone="success"
        )
    return Sentence(joined(_("Note"), agent), wording.words(event.text), icon="note", speaker=STAFF)


def _promise_changed(event: Event, wording: Wording) -> Sentence:
    is_handed_over = event.data.get("owner") or event.data.get("center")
    told = _("Promise handed over") if is_handed_over and not event.data.get("due") else _("New time for a promise")
    return Sentence(
        joined(told, wording.agent(event)), wording.words(event.text), icon="clock", speaker=STAFF, tone="warning"
    )


def _promise_settled(event: Event, wording: Wording) -> Sentence:
    told, icon, tone = {
        "kept": (_("Promise kept"), "check", "success"),
        "broken": (_("Promise not kept"), "alert", "warning"),
        "withdrawn": (_("Promise withdrawn"), "close", ""),
    }.get(event.qualifier, (_("Promise open again"), "clock", "warning"))
    return Sentence(joined(told, wording.agent(event)), wording.words(event.text), icon=icon, speaker=STAFF, tone=tone)


def _note_edited(event: Event, wording: Wording) -> Sentence:
    told = joined(_("Note edited"), wording.agent(event))
    return Sentence(told, wording.words(event.text), icon="edit", speaker=STAFF)


def _assigned(event: Event, wording: Wording) -> Sentence:
    if rule_of(event)[1]:
        told = _("Given to %(agent)s by a rule")
    else:
        told = _("Given to %(agent)s by routing") if event.qualifier == "rule" else _("%(agent)s took over")
    return Sentence(told % {"agent": wording.agent(event)}, icon="user", speaker=STAFF)


def _resolved(event: Event, wording: Wording) -> Sentence:
    topic = wording.topics.get(event.topic, event.topic)
    why = words_of_reason(event.data.get("reason"))
    return Sentence(joined(_("Resolved"), topic, why), icon="check-circle", speaker=STAFF, tone="success")


def _topic(event: Event, wording: Wording) -> Sentence:
    return Sentence(joined(_("Topic"), wording.topics.get(event.topic, event.topic)), icon="tag", speaker=STAFF)


def _moved(event: Event, wording: Wording) -> Sentence:
    if event.data.get("escalated"):
        return Sentence(_("Escalated"), icon="headset", speaker=STAFF, tone="warning")
    return Sentence(_("Handed to another center"), icon="headset", speaker=STAFF)


def _unassigned(event: Event, wording: Wording) -> Sentence:
    return Sentence(_("Back in the queue"), icon="inbox", speaker=STAFF)


def _priority(event: Event, wording: Wording) -> Sentence:
    named = {"low": _("Low"), "normal": _("Normal"), "high": _("High"), "urgent": _("Urgent")}
    told = joined(_("Priority"), named.get(event.qualifier, event.qualifier))
    return Sentence(told, icon="alert", speaker=STAFF, tone="warning" if event.qualifier == "urgent" else "")


def _tagged(event: Event, wording: Wording) -> Sentence:
    """What was put on and taken off, each tag by the name it goes by now."""
    lines = [(line[:1], line[1:]) for line in event.text.splitlines()]
    names = [(sign, wording.words(wording.tags.get(key) or words_of_own_tag(key))) for sign, key in lines]
    added = ", ".join(name for sign, name in names if sign == "+")
    removed = ", ".join(name for sign, name in names if sign == "-")
    told = [_("Tagged: %(tags)s") % {"tags": added} if added else ""]
    told.append(_("Tags taken off: %(tags)s") % {"tags": removed} if removed else "")
    return Sentence(joined(*told) or _("Tags"), icon="tag", speaker=STAFF)


def _snoozed(event: Event, wording: Wording) -> Sentence:
    if not event.qualifier:
        return Sentence(_("Snoozed"), icon="clock", speaker=STAFF)
    until = formats.date_format(timezone.localtime(datetime.fromisoformat(event.qualifier)), "SHORT_DATETIME_FORMAT")
    return Sentence(_("Snoozed until %(until)s") % {"until": until}, icon="clock", speaker=STAFF)


def _woken(event: Event, wording: Wording) -> Sentence:
    return Sentence(_("Snooze ended"), icon="clock", speaker=STAFF)


def _linked(event: Event, wording: Wording) -> Sentence:
    return Sentence(_("Linked with another ticket"), icon="link", speaker=STAFF)


def _unlinked(event: Event, wording: Wording) -> Sentence:
    return Sentence(_("Link with another ticket removed"), icon="link", speaker=STAFF)


def _ticket_merged(event: Event, wording: Wording) -> Sentence:
    told = _("Goes on in another ticket") if event.qualifier == "into" else _("Another ticket was merged into this one")
    return Sentence(joined(told, wording.agent(event)), icon="merge", speaker=STAFF)


def _ticket_unmerged(event: Event, wording: Wording) -> Sentence:
    return Sentence(joined(_("The merge was undone"), wording.agent(event)), icon="merge", speaker=STAFF)


def _reopened(event: Event, wording: Wording) -> Sentence:
    return Sentence(_("Opened again"), icon="refresh", tone="warning")


def _opened(event: Event, wording: Wording) -> Sentence:
    return Sentence(_("Opened by us"), wording.words(event.text), icon="note", speaker=STAFF)


def _undelivered(event: Event, wording: Wording) -> Sentence:
    told = {"transcript": _("The transcript did not reach the customer"), "carry_on": _("The mail did not reach her")}
    what = told.get(str(event.data.get("kind")), _("The answer did not reach the customer"))
    return Sentence(joined(what, words_of_cause(str(event.data.get("cause") or ""))), icon="alert", tone="warning")


def _review(event: Event, wording: Wording) -> Sentence:
    score = event.data.get("score")
    stars = _("Review: %(score)s of 5") % {"score": score} if isinstance(score, int) else _("Review")
    product = wording.words(event.data.get("product"))
    return Sentence(joined(stars, product), wording.words(event.text), icon="chart", speaker=CUSTOMER)


def _merged(event: Event, wording: Wording) -> Sentence:
    return Sentence(_("Merged with another profile"), icon="merge", speaker=STAFF)


def _unmerged(event: Event, wording: Wording) -> Sentence:
    return Sentence(_("Merge undone"), icon="merge", speaker=STAFF)


def _confirmed(event: Event, wording: Wording) -> Sentence:
    return Sentence(_("Identity confirmed"), icon="shield", speaker=STAFF, tone="success")


SENTENCES: dict[str, Callable[[Event, Wording], Sentence]] = {
    **CALL_SENTENCES,
    "pos.sale": _sale,
    "pos.refund": _refund,
    "store.visit": _visit,
    "store.inquiry": _inquiry,
    "chat.message": _message(lambda: _("Wrote in chat"), "chat"),
    "chat.handoff": _handoff,
    "mail.message": _message(lambda: _("Sent a mail"), "mail"),
    "message.message": _message(lambda: _("Wrote in messenger"), "send"),
    "delivery.failed": _undelivered,
    "note.added": _note,
    "note.edited": _note_edited,
    "promise.changed": _promise_changed,
    "promise.settled": _promise_settled,
    "ticket.opened": _opened,
    "ticket.assigned": _assigned,
    "ticket.resolved": _resolved,
    "ticket.topic": _topic,
    "ticket.moved": _moved,
    "ticket.unassigned": _unassigned,
    "ticket.priority": _priority,
    "ticket.tagged": _tagged,
    "ticket.snoozed": _snoozed,
    "ticket.woken": _woken,
    "ticket.linked": _linked,
    "ticket.unlinked": _unlinked,
    "ticket.merged": _ticket_merged,
    "ticket.unmerged": _ticket_unmerged,
    "ticket.reopened": _reopened,
    "review.posted": _review,
    **SURVEY_SENTENCES,
    **CONSENT_SENTENCES,
    "customer.merged": _merged,
    "customer.unmerged": _unmerged,
    "identity.confirmed": _confirmed,
}


def agent_emails(events: Iterable[Event]) -> set[str]:
    return {event.agent_email for event in events if event.agent_email}
