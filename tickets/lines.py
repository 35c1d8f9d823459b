"""How an event reads in a conversation: a bubble, a note, a transcript, or a sentence.

Pure: events and names in, lines out; words in the running language. A room of its own because the page, the live
fragment and the earlier tickets of a thread all draw from it, and a template should not know event types.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.utils import formats, timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from customers.models import Event
from customers.queries import Wording, sentence_of
from customers.queries.wording import rule_of, rule_words
from tickets.callbacks import Reason, reason_told
from tickets.file_types import NAME_LENGTH, PICTURES
from tickets.file_words import problem_words
from tickets.line import Attached, Day, Kind, Line, Piece, Quoted, Segment, Version

EDIT = "note.edited"
# As many as a message may have.
FILES_SHOWN = 50
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def days_of(lines: Iterable[Line]) -> list[Day]:
    """Parts lines that are in order into days of the running time zone."""
    days: list[Day] = []
    for line in lines:
        local = timezone.localtime(line.at)
        if not days or days[-1].day != local.date():
            midnight = datetime.combine(local.date(), time.min, tzinfo=local.tzinfo)
            days.append(Day(local.date(), f"{_microseconds(midnight):017d}", []))
        days[-1].lines.append(line)
    return days


def lines_of(events: Iterable[Event], words: Wording, *, edits: Iterable[Event] = ()) -> list[Line]:
    """Returns a line for each event, in their order; notes as the last of their `edits` puts them.

    Edits have no lines of their own. Only who wrote a note can have edited it.
    """
    by_note: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for edit in sorted(edits, key=lambda edit: edit.order):
        by_note[plain_id(edit.data.get("note")), edit.agent_email].append(edit)
    lines = []
    for event in events:
        if event.type == EDIT:
            continue
        line = _line(event, words)
        if line.is_note:
            mine = [by_note.get((plain_id(told), event.agent_email), []) for told in (event.event_id, line.id)]
            line = _edited(line, sorted((edit for some in mine for edit in some), key=lambda edit: edit.order), words)
        lines.append(line)
    return lines


def plain_id(told: object) -> str:
    """An event's id as it is compared: a public one without its dashes."""
    return _text(told).replace("-", "").lower()


def _edited(line: Line, edits: Sequence[Event], words: Wording) -> Line:
    if not edits:
        return line
    texts = [line.text, *(words.words(edit.text) for edit in edits)]
    times = [line.at, *(edit.time for edit in edits)]
    earlier = tuple(Version(at, text) for at, text in zip(times[:-1], texts[:-1], strict=True))
    return replace(line, text=texts[-1], earlier=earlier)


def clock(seconds: float) -> str:
    """“3:07”: a place in a recording."""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def _line(event: Event, words: Wording) -> Line:
    base: dict[str, Any] = {
        "id": event.public_id.hex,
        "seq": event.thread_seq or 0,
        "order": _order_key(event),
        "at": event.time,
        "rule": rule_of(event)[0],
        "rule_words": rule_words(event),
    }
    if event.type == "call.transcript":
        return Line(**base, kind=Kind.TRANSCRIPT, text=words.words(event.text), segments=_segments(event, words))
    if event.type == "call.recording":
        sentence, seconds = sentence_of(event, words), event.data.get("seconds")
        return Line(**base, kind=Kind.RECORDING, text=sentence.text, icon=sentence.icon, seconds=float(seconds or 0))
    if event.type == "note.added":
        return Line(
            **base,
            kind=Kind.NOTE,
            text=words.words(event.text),
            author="agent",
            author_name="" if base["rule_words"] else words.agent(event),
            title=_note_title(event),
            tone="success" if event.data.get("promise_kept") else "",
            agent_email=event.agent_email,
            quoted=_quoted(event, words),
            whispered_to=words.agents.get(_text(event.data.get("whisper")), _text(event.data.get("whisper"))),
            whispered_to_email=_text(event.data.get("whisper")),
            is_promise=bool(event.data.get("promise") or event.data.get("promise_kept")),
        )
    if event.type.endswith(".message") or event.type == "store.inquiry":
        return _message(event, words, base)
    sentence = sentence_of(event, words)
    text = " · ".join(part for part in (sentence.text, _detail(event, words)) if part)
    return Line(
        **base,
        kind=Kind.SYSTEM,
        text=f"{text} · “{sentence.quote}”" if sentence.quote else text,
        icon=sentence.icon,
        is_call_end=event.type == "call.ended",
        tone=sentence.tone,
    )


def _order_key(event: Event) -> str:
    return f"{_microseconds(event.time):017d}.{event.rank:03d}.{event.source}.{event.event_id}"


def _microseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


def _message(event: Event, words: Wording, base: dict[str, Any]) -> Line:
    author = event.author or "customer"
    name = ""
    if author == "agent":
        name = words.agent(event)
    elif author == "bot":
        name = "" if base["rule_words"] else _("Bot")
    title = ""
    if event.type == "mail.message":
        title = " · ".join(part for part in (words.words(event.data.get("subject")), _sent_from(event, words)) if part)
    elif event.type == "store.inquiry":
        author = "customer"
        store = event.store.name if event.store else ""
        title = _("Raised at the counter: %(store)s") % {"store": store} if store else _("Raised at the counter")
    text = words.words(event.text)
    attachments = _attachments(event.data.get("attachments"), words)
    return Line(
        **base,
        kind=Kind.MESSAGE,
        text=text,
        author=author,
        author_name=name,
        title=title,
        attachments=attachments,
        pieces=_pieces(text, attachments),
        agent_email=event.agent_email,
        quoted=_quoted(event, words),
    )


def _sent_from(event: Event, words: Wording) -> str:
    """By which address a mail came, where it is not the one that answers go to; and that a machine wrote it."""
    told, customer = _text(event.data.get("sent_from")), event.data.get("customer")
    known = _text(customer.get("email")) if isinstance(customer, dict) else ""
    sender = _("from %(address)s") % {"address": words.sight.email(told)} if told and told != known else ""
    return " · ".join(part for part in (sender, _("automatic mail") if event.data.get("automatic") else "") if part)


def _quoted(event: Event, words: Wording) -> Quoted | None:
    told = event.data.get("quote")
    if not isinstance(told, dict) or not (text := words.words(told.get("text"))):
        return None
    names = {"customer": _("Customer"), "agent": _("Agent"), "bot": _("Bot")}
    place = plain_id(told.get("event"))
    return Quoted(place if is_key(place) else "", names.get(_text(told.get("author")), ""), text)


def _attachments(told: object, words: Wording) -> tuple[Attached, ...]:
    """What lies elsewhere is a name only: fetching what a stranger sent is no business of a page.

    A file may show what a person without full sight must not see: for her it is a name as well.
    """
    items = told if isinstance(told, list) else []
    found = [_attached(item if isinstance(item, dict) else {"name": item}, words) for item in items[:FILES_SHOWN]]
    return tuple(one for one in found if one.name)


def _attached(told: dict[str, Any], words: Wording) -> Attached:
    name = words.words(told.get("name") or told.get("url"))[:NAME_LENGTH]
    key, size = plain_id(told.get("id")), told.get("bytes")
    if problem := _text(told.get("problem")):
        return Attached(name, bytes=size if isinstance(size, int) else 0, problem=problem_words(problem))
    if words.sight.is_masked or not is_key(key):
        return Attached(name)
    media_type = _text(told.get("media_type"))
    is_inline = told.get("inline") is True and media_type in PICTURES
    return Attached(name, key, media_type, size if isinstance(size, int) else 0, is_inline=is_inline)


def _pieces(text: str, attachments: Iterable[Attached]) -> tuple[Piece, ...]:
    """The text parted where `[name]` stands for a picture of the message, each at its first mention."""
    inline = {file.name: file for file in attachments if file.is_inline}
    if not inline:
        return ()
    pieces: list[Piece] = []
    for part in re.split("(" + "|".join(re.escape(f"[{name}]") for name in inline) + ")", text):
        file = inline.pop(part[1:-1], None) if part.startswith("[") and part.endswith("]") else None
        if file is not None:
            pieces.append(Piece("", file))
        elif part.strip():
            pieces.append(Piece(part.strip("\n")))
    return tuple(pieces) if any(piece.file for piece in pieces) else ()


def is_key(told: str) -> bool:
    """Whether it is a public id without dashes."""
    return len(told) == 32 and all(letter in "0123456789abcdef" for letter in told)


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


def _segments(event: Event, words: Wording) -> tuple[Segment, ...]:
    told = event.data.get("segments")
    names = {
        "customer": _("Customer"),
        "agent": words.agent(event) if event.agent_email else _("Agent"),
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
                text=words.words(item.get("text")),
                offset="" if offset is None else clock(offset),
                offset_seconds=offset,
            )
        )
    return tuple(segments)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _why_missed(event: Event, words: Wording) -> str:
    """What the exchange said, in our words where it is known; they are true of calls in both directions."""
    told = _text(event.data.get("reason"))
    known = {
        Reason.LEFT: "",  # the sentence says it already
        Reason.NO_ANSWER: _("No answer"),
        Reason.BUSY: pgettext("telephone line", "Busy"),
        Reason.CLOSED: _("Out of hours"),
    }
    reason = reason_told(told)
    return words.words(told) if reason is None else known[reason]


def _detail(event: Event, words: Wording) -> str:
    """What the desk wants to know of an act beyond the sentence of the history."""
    match event.type:
        case "call.queued":
            told = event.data.get("to" if event.qualifier == "outbound" else "from")
            return words.sight.phone(_text(told))
        case "ticket.resolved":
            if rule_words(event):
                return ""
            if event.data.get("later_call"):
                return _("spoken to in a later call")
            by = {"bot": _("by the bot"), "rule": _("by a rule")}
            return by.get(event.qualifier) or (words.agent(event) if event.agent_email else "")
        case "ticket.moved":
            return event.qualifier
        case "ticket.unassigned":
            return words.agent(event) if event.agent_email else ""
        case "call.abandoned":
            return _why_missed(event, words)
        case "identity.confirmed":
            return words.agent(event) if event.agent_email else ""
    return ""
