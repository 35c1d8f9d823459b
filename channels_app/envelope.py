"""From an envelope as it arrived to a checked `IncomingEvent`, or to the problem for which it is refused.

Pure: no database, and the clock is handed in. CloudEvents' optional and extension attributes are let through and not
kept; only `data` becomes history.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

import msgspec

from channels_app.event_shapes import THREAD_LENGTH
from channels_app.event_types import EVENT_TYPES, EventType, ThreadUse
from channels_app.instants import event_time
from channels_app.named_customer import agent_email, take_customer
from channels_app.plain_json import canonical, canonical_of_cleaned, clean
from channels_app.problems import Problem, Refused, shorten
from channels_app.shape_problems import problem_of
from customers.incoming import IncomingEvent

__all__ = ["EVENT_BYTES", "ID_LENGTH", "SOURCE_LENGTH", "Refused", "parse"]

SOURCE_LENGTH = 100  # characters
ID_LENGTH = 199  # characters; `<source>#<id>` is a thread's key, so both together fit into one
EVENT_BYTES = 1024 * 1024  # a three-hour call's transcript takes a fifth of it

_SOURCE_PARTS = re.compile(r"(?:/[^\s/?#]+)+")
_JSON_MEDIA_TYPE = re.compile(r"application/(?:[\w.+-]+\+)?json\s*(?:;.*)?", re.IGNORECASE)


def parse(obj: object, *, now: datetime, may_write: Callable[[str], bool]) -> IncomingEvent:
    """Checks one decoded envelope; `may_write` says whether the sender may write events of a source.

    The event's `data` is the envelope's own where nothing had to be cleaned: hand in what nobody else will change.
    Raises `Refused`, and nothing else, for anything JSON can hold.
    """
    if not isinstance(obj, dict):
        raise Refused(Problem("not-an-event", received=shorten(obj)))
    event_type = _attributes(obj)
    event_id = _key(obj.get("id"), "id", ID_LENGTH)
    source = _source(obj.get("source"))
    if not may_write(source):
        raise Refused(Problem("source-not-allowed", "source", received=shorten(source)))
    time = event_time(obj["time"], now=now)
    data, content_hash = _content(obj, event_id, source, event_type.name, time)
    try:
        shape = msgspec.convert(data, event_type.shape)
    except msgspec.ValidationError as error:
        raise Refused(problem_of(error, event_type.shape, data)) from error

    event = IncomingEvent(
        source=source,
        event_id=event_id,
        type=event_type.name,
        time=time,
        data=data,
        content_hash=content_hash,
        rank=event_type.rank,
        channel=event_type.channel,
    )
    _take(shape, event, event_type)
    return event


def _attributes(obj: dict[Any, Any]) -> EventType:
    """Checks that CloudEvents' attributes are there and of their form; returns the event's type."""
    for name in ("specversion", "id", "source", "type", "time", "data"):
        if obj.get(name) is None:
            if name == "data" and obj.get("data_base64") is not None:
                raise Refused(Problem("invalid-field", "data_base64", "data_not_binary"))
            raise Refused(Problem("missing-field", name, _ATTRIBUTES[name][0], _ATTRIBUTES[name][1]))
    if obj["specversion"] != "1.0":
        expected = {"choices": "1.0"}
        raise Refused(Problem("invalid-field", "specversion", "choice", expected, shorten(obj["specversion"])))
    media_type = obj.get("datacontenttype")
    if media_type is not None and not (isinstance(media_type, str) and _JSON_MEDIA_TYPE.fullmatch(media_type.strip())):
        raise Refused(Problem("invalid-field", "datacontenttype", "json_media_type", received=shorten(media_type)))
    if not isinstance(obj["data"], dict):
        raise Refused(Problem("invalid-field", "data", "object", received=shorten(obj["data"])))
    name = obj["type"]
    event_type = EVENT_TYPES.get(name) if isinstance(name, str) else None
    if event_type is None:
        choices = {"choices": ", ".join(EVENT_TYPES)}
        raise Refused(Problem("unknown-type", "type", "choice", choices, shorten(name)))
    return event_type


_ATTRIBUTES: dict[str, tuple[str, dict[str, Any]]] = {
    "specversion": ("choice", {"choices": "1.0"}),
    "id": ("key", {"max": ID_LENGTH}),
    "source": ("source", {"max": SOURCE_LENGTH}),
    "type": ("choice", {"choices": ", ".join(EVENT_TYPES)}),
    "time": ("time", {}),
    "data": ("object", {}),
}


def _key(value: object, path: str, longest: int) -> str:
    """An id or a thread: exact, since it is compared, so nothing invisible may stand in it."""
    if not isinstance(value, str):
        raise Refused(Problem("invalid-field", path, "key", {"max": longest}, shorten(value)))
    if value.isascii():
        key = value
    else:
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise Refused(Problem("invalid-characters", path, "plain_characters", received=shorten(value)))
        key = unicodedata.normalize("NFC", value)
    if not 0 < len(key) <= longest or not key.isprintable() or key != key.strip():
        kind = "invalid-characters" if "\x00" in key else "invalid-field"
        raise Refused(Problem(kind, path, "key", {"max": longest}, shorten(value)))
    return key


def _source(value: object) -> str:
    return _checked_source(value) if isinstance(value, str) else _key(value, "source", SOURCE_LENGTH)


@lru_cache(maxsize=1024)
def _checked_source(value: str) -> str:
    """A path that a key's scope can be compared with: no part of it may be empty, `.` or `..`."""
    source = _key(value, "source", SOURCE_LENGTH)
    parts = source.split("/")
    if not _SOURCE_PARTS.fullmatch(source) or "." in parts or ".." in parts:
        raise Refused(Problem("invalid-field", "source", "source", {"max": SOURCE_LENGTH}, shorten(value)))
    return source


def _content(obj: dict[Any, Any], event_id: str, source: str, name: str, time: datetime) -> tuple[dict[str, Any], str]:
    """The plain `data`, and the hash by which a repeat that says something else is known."""
    content = {"data": obj["data"], "id": event_id, "source": source, "time": time.isoformat(), "type": name}
    written = canonical(content)
    if written is None:
        content["data"] = clean(obj["data"], "data")
        written = canonical_of_cleaned(content)
    if len(written) > EVENT_BYTES:
        raise Refused(Problem("event-too-large", "data", params={"limit": EVENT_BYTES}))
    return content["data"], sha256(written).hexdigest()


def _take(shape: Any, event: IncomingEvent, event_type: EventType) -> None:
    if event_type.thread is not ThreadUse.NONE and shape.thread:
        event.thread = _key(shape.thread, "data.thread", THREAD_LENGTH)
    agent = getattr(shape, "agent", None)
    if agent:
        event.agent_email = agent_email(agent, "data.agent")
    if shape.customer is not None:
        take_customer(shape.customer, event)
    if event_type.take is not None:
        event_type.take(shape, event)
