"""How an event reads in a conversation: a bubble, a note, a transcript, or a sentence.

Pure: events and names in, lines out; words in the running language. A room of its own because the page, the live
fragment and the earlier tickets of a thread all draw from it, and a template should not know event types.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from django.utils import formats, timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from customers.models import Event
from customers.sight import IN_FULL, Sight

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Kind(StrEnum):
    MESSAGE = "message"
    NOTE = "note"
    TRANSCRIPT = "transcript"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Segment:
    """One utterance of a transcript; `offset` is from the call's beginning, "" where it was not told."""

    speaker: str
    speaker_name: str
    text: str
    offset: str

    @property
    def is_customer(self) -> bool:
        return self.speaker == "customer"


@dataclass(frozen=True, slots=True)
class Line:
    """What a conversation shows of one event. `order` sorts lines as strings, as time and the rules of a thread do."""

    id: str
    seq: int
    order: str
    at: datetime
    kind: Kind
    text: str
    author: str = ""
    author_name: str = ""
    title: str = ""
    icon: str = ""
    url: str = ""
    segments: tuple[Segment, ...] = ()
    attachments: tuple[str, ...] = ()
    tone: str = ""

    @property
    def is_message(self) -> bool:
        return self.kind is Kind.MESSAGE

    @property
    def is_note(self) -> bool:
        return self.kind is Kind.NOTE

    @property
    def is_transcript(self) -> bool:
        return self.kind is Kind.TRANSCRIPT

    @property
    def is_from_customer(self) -> bool:
        return self.author == "customer"

    @property
    def is_from_bot(self) -> bool:
        return self.author == "bot"


@dataclass(frozen=True, slots=True)
class Words:
    """Names of people by e-mail and of topics by slug; what is not among them is shown as it came."""

    people: Mapping[str, str] = field(default_factory=dict)
    topics: Mapping[str, str] = field(default_factory=dict)
    sight: Sight = IN_FULL
    customer_names: tuple[str, ...] = ()  # hidden in texts from eyes that see them masked

    def person(self, email: str) -> str:
        return self.people.get(email, email)

    def topic(self, slug: str) -> str:
        return self.topics.get(slug, slug)

    def number(self, told: object) -> str:
        return self.sight.phone(_text(told))

    def said(self, told: object) -> str:
        return self.sight.text(_text(told), self.customer_names)


@dataclass(frozen=True, slots=True)
class _Sentence:
    icon: str
    text: str
    url: str = ""
    tone: str = ""


def lines_of(events: Iterable[Event], words: Words) -> list[Line]:
    """Returns a line for each event, in their order."""
    return [_line(event, words) for event in events]


def duration_words(seconds: float) -> str:
    """“3 min 12 s”; whole seconds, at least one unit."""
    whole = max(0, round(seconds))
    if whole < 60:
        return _("%(seconds)d s") % {"seconds": whole}
    if whole < 3600:
        return _("%(minutes)d min %(seconds)d s") % {"minutes": whole // 60, "seconds": whole % 60}
    return _("%(hours)d h %(minutes)d min") % {"hours": whole // 3600, "minutes": whole % 3600 // 60}


def clock(seconds: float) -> str:
    """“3:07”: a place in a recording."""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def safe_link(url: object) -> str:
    """The address if it is plainly one of the web, else "": a `javascript:` sent by a telephone system is no link."""
    text = url if isinstance(url, str) else ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in ("http", "https") and parts.hostname else ""


def _line(event: Event, words: Words) -> Line:
    base: dict[str, Any] = {
        "id": event.public_id.hex,
        "seq": event.thread_seq or 0,
        "order": _order_key(event),
        "at": event.time,
    }
    if event.type == "call.transcript":
        return Line(**base, kind=Kind.TRANSCRIPT, text=words.said(event.text), segments=_segments(event, words))
    if event.type == "note.added":
        return Line(
            **base,
            kind=Kind.NOTE,
            text=words.said(event.text),
            author="agent",
            author_name=words.person(event.agent_email),
            title=_note_title(event),
            tone="success" if event.data.get("promise_kept") else "",
        )
    if event.type.endswith(".message") or event.type == "store.inquiry":
        return _message(event, words, base)
    sentence = _SENTENCES.get(event.type, _unknown)(event, words)
    return Line(**base, kind=Kind.SYSTEM, text=sentence.text, icon=sentence.icon, url=sentence.url, tone=sentence.tone)


def _order_key(event: Event) -> str:
    microseconds = (event.time - _EPOCH) // timedelta(microseconds=1)
    return f"{microseconds:017d}.{event.rank:03d}.{event.source}.{event.event_id}"


def _message(event: Event, words: Words, base: dict[str, Any]) -> Line:
    author = event.author or "customer"
    name = ""
    if author == "agent":
        name = words.person(event.agent_email)
    elif author == "bot":
        name = _("Bot")
    title = ""
    if event.type == "mail.message":
        title = words.said(event.data.get("subject"))
    elif event.type == "store.inquiry":
        author = "customer"
        store = event.store.name if event.store else ""
        title = _("Raised at the counter: %(store)s") % {"store": store} if store else _("Raised at the counter")
    return Line(
        **base,
        kind=Kind.MESSAGE,
        text=words.said(event.text),
        author=author,
        author_name=name,
        title=title,
        attachments=_attachments(event.data.get("attachments")),
    )


def _attachments(told: object) -> tuple[str, ...]:
    """Names only: fetching what a stranger sent is no business of a page."""
    if not isinstance(told, list):
        return ()
    names = (_text(item.get("name") or item.get("url")) if isinstance(item, dict) else _text(item) for item in told)
    return tuple(name[:100] for name in names if name)[:20]


def _note_title(event: Event) -> str:
    if event.data.get("promise_kept"):
        return _("Promise kept")
    if not event.data.get("promise"):
        return ""
    due = _promise_due(event)
    return _("Promised by %(due)s") % {"due": due} if due else _("Promised")


def _promise_due(event: Event) -> str:
    """When a note's promise is due, as a day or as a moment in local time; "" where none was made or said."""
    promise = event.data.get("promise")
    if not isinstance(promise, dict):
        return ""
    told = _text(promise.get("due"))
    try:
        at, day = parse_datetime(told), parse_date(told)
    except ValueError:
        return ""
    if at is not None and at.tzinfo is not None:
        return formats.date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")
    return formats.date_format(day, "SHORT_DATE_FORMAT") if day else ""


def _segments(event: Event, words: Words) -> tuple[Segment, ...]:
    told = event.data.get("segments")
    names = {
        "customer": _("Customer"),
        "agent": words.person(event.agent_email) or _("Agent"),
        "bot": _("Bot"),
    }
    segments = []
    for item in told if isinstance(told, list) else []:
        speaker = _text(item.get("speaker"))
        offset = item.get("offset_seconds")
        segments.append(
            Segment(
                speaker=speaker,
                speaker_name=names.get(speaker, speaker),
                text=words.said(item.get("text")),
                offset="" if offset is None else clock(offset),
            )
        )
    return tuple(segments)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _queued(event: Event, words: Words) -> _Sentence:
    if event.qualifier == "outbound":
        number = words.number(event.data.get("to"))
        text = _("Called %(number)s") % {"number": number} if number else _("Outgoing call")
    else:
        number = words.number(event.data.get("from"))
        text = _("Incoming call from %(number)s") % {"number": number} if number else _("Incoming call")
    return _Sentence("phone", text)


def _answered(event: Event, words: Words) -> _Sentence:
    return _Sentence("phone", _("%(name)s answered the call") % {"name": words.person(event.agent_email)})


def _abandoned(event: Event, words: Words) -> _Sentence:
    reason = _text(event.data.get("reason"))
    text = _("Missed call: %(reason)s") % {"reason": reason} if reason else _("Missed call")
    return _Sentence("phone", text, tone="error")


def _ended(event: Event, words: Words) -> _Sentence:
    seconds = event.data.get("talk_seconds")
    if seconds is None:
        return _Sentence("phone", _("The call ended"))
    return _Sentence("phone", _("The call ended, %(duration)s of talk") % {"duration": duration_words(seconds)})


def _recording(event: Event, words: Words) -> _Sentence:
    seconds = event.data.get("seconds")
    length = clock(seconds) if isinstance(seconds, int | float) else ""
    text = _("Recording %(length)s") % {"length": length} if length else _("Recording")
    return _Sentence("link", text, url=safe_link(event.data.get("url")))


def _handoff(event: Event, words: Words) -> _Sentence:
    return _Sentence("users", _("The bot handed over to a person"))


def _assigned(event: Event, words: Words) -> _Sentence:
    return _Sentence("user", _("Assigned to %(name)s") % {"name": words.person(event.agent_email)})


def _resolved(event: Event, words: Words) -> _Sentence:
    match event.qualifier:
        case "bot":
            text = _("Resolved by the bot")
        case "rule":
            text = _("Resolved by a rule")
        case _:
            text = _("Resolved by %(name)s") % {"name": words.person(event.agent_email)}
    if event.topic:
        text = _("%(what)s · topic: %(topic)s") % {"what": text, "topic": words.topic(event.topic)}
    return _Sentence("check-circle", text, tone="success")


def _topic(event: Event, words: Words) -> _Sentence:
    return _Sentence("tag", _("Topic: %(topic)s") % {"topic": words.topic(event.topic)})


def _moved(event: Event, words: Words) -> _Sentence:
    return _Sentence("building", _("Moved to another center: %(center)s") % {"center": event.qualifier})


def _reopened(event: Event, words: Words) -> _Sentence:
    return _Sentence("refresh", _("Reopened"))


def _survey_sent(event: Event, words: Words) -> _Sentence:
    return _Sentence("chart", _("A survey was sent"))


def _survey_answered(event: Event, words: Words) -> _Sentence:
    score, comment = event.data.get("score"), words.said(event.data.get("comment"))
    text = _("Survey answered: %(score)s") % {"score": score}
    if comment:
        text = _("%(what)s · “%(comment)s”") % {"what": text, "comment": comment}
    return _Sentence("chart", text)


def _confirmed(event: Event, words: Words) -> _Sentence:
    by = words.person(event.agent_email)
    text = _("Identity confirmed by %(name)s") % {"name": by} if by else _("Identity confirmed")
    return _Sentence("shield", text, tone="success")


def _unknown(event: Event, words: Words) -> _Sentence:
    return _Sentence("info", words.said(event.text) or event.type)


_SENTENCES = {
    "call.queued": _queued,
    "call.answered": _answered,
    "call.abandoned": _abandoned,
    "call.ended": _ended,
    "call.recording": _recording,
    "chat.handoff": _handoff,
    "ticket.assigned": _assigned,
    "ticket.resolved": _resolved,
    "ticket.topic": _topic,
    "ticket.moved": _moved,
    "ticket.reopened": _reopened,
    "survey.sent": _survey_sent,
    "survey.answered": _survey_answered,
    "identity.confirmed": _confirmed,
}
