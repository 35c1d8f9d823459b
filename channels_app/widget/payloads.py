"""What goes over the wire between the widget and the hub: shapes, sizes and error codes, nothing that acts.

Protocol 1, the same over both transports (a WebSocket frame, or a POST whose body has the same fields):

    browser → hub   hello {visitor, secret, conversation, after}   first frame of a socket
                    send  {id, text, attachments?}   `id` is a UUID made by the browser: a resend of it has no second effect
                    about {name?, phone?, email?, topic?, agreed?, language?}   what she says of herself, unproven
                    fetch {after}           everything after that number
                    typing {}               she is typing: at most every 3 s
                    seen  {upto}            the messages up to that number were before her eyes
                    ping  {}                every 25 s
    hub → browser   messages {items, upto, more}  each item {seq, id, from, name, text, at, quote?, attachments?}, growing by seq
                    ack   {id, seq, event}  sent only after the message is stored
                    state {status, agent, place, closed, opens, seen, survey, score, comment, rated}   waiting | assigned | resolved | none;
                                            `seen`: a person has had the messages up to that number before her eyes;
                                            `survey`: the ticket she may be asked about now; `score`: what she said of it
                    typing {}               a person is typing: counts for 6 s, or until her message comes
                    elsewhere {unread}      something was said in another of her conversations
                    ready {upto}            end of the answer to hello
                    error {code, detail, id?, retry_after?}
                    pong  {}

`seq` grows by arrival within the conversation and has gaps (internal notes take numbers too), so the hub says how far
it has looked: `upto`. Whoever lost anything asks again `after` the last `upto` it has. Hints may be lost, doubled or
late without harm. Unknown fields are ignored, unknown kinds are answered with an error: both sides may be extended.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypeVar
from uuid import UUID

import msgspec

T = TypeVar("T")
# A number in a conversation; what is beyond a database's integer is nobody's.
Seq = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]

# A message of 4,000 characters, escaped as \uXXXX by a careful client, is 24 KB.
MAX_TEXT_CHARACTERS = 4_000
MAX_FRAME_BYTES = 32 * 1024
MAX_COMMENT_CHARACTERS = 1_000

CLOSE_UNKNOWN_VISITOR = 4401
CLOSE_FORBIDDEN_ORIGIN = 4403


class Hello(msgspec.Struct, tag_field="kind", tag="hello", frozen=True):
    visitor: UUID
    secret: str
    conversation: UUID
    after: int = 0


class Send(msgspec.Struct, tag_field="kind", tag="send", frozen=True):
    id: UUID
    text: str
    # Ids of files that were uploaded before (POST …/files/).
    attachments: tuple[UUID, ...] = ()


class About(msgspec.Struct, tag_field="kind", tag="about", frozen=True):
    """What she typed into a form, what she says it is about, and that she agreed to its being kept."""

    name: str = ""
    phone: str = ""
    email: str = ""
    topic: str = ""
    agreed: bool = False
    language: str = ""


class Fetch(msgspec.Struct, tag_field="kind", tag="fetch", frozen=True):
    after: int


class Typing(msgspec.Struct, tag_field="kind", tag="typing", frozen=True):
    """Both ways: that somebody is typing, never what."""


class Seen(msgspec.Struct, tag_field="kind", tag="seen", frozen=True):
    upto: Seq


class Ping(msgspec.Struct, tag_field="kind", tag="ping", frozen=True):
    pass


Frame = Hello | Send | About | Fetch | Typing | Seen | Ping


class OpenSession(msgspec.Struct, frozen=True):
    visitor: UUID | None = None
    secret: str = ""
    conversation: UUID | None = None
    token: str = ""
    after: int = 0
    # That of the page (ko, en); what is sent to her later is in it.
    language: str = ""


class Credentials(msgspec.Struct, frozen=True):
    """The common part of every POST after the session was opened."""

    visitor: UUID
    secret: str
    conversation: UUID
    after: int = 0
    seen: Seq = 0


class PostedMessage(Credentials, frozen=True, kw_only=True):
    id: UUID
    text: str
    attachments: tuple[UUID, ...] = ()


class UploadedFile(Credentials, frozen=True, kw_only=True):
    """Beside a file: `key` is the page's own id of the upload, the same where it is tried again."""

    key: UUID | None = None


class WantedFile(Credentials, frozen=True, kw_only=True):
    id: UUID


class PostedAbout(Credentials, frozen=True, kw_only=True):
    """As About."""

    name: str = ""
    phone: str = ""
    email: str = ""
    topic: str = ""
    agreed: bool = False
    language: str = ""


class PostedSurvey(Credentials, frozen=True, kw_only=True):
    """Without a score: the question was put before her eyes."""

    ticket: UUID
    score: Annotated[int, msgspec.Meta(ge=1, le=5)] | None = None
    comment: str = ""


class Message(msgspec.Struct, frozen=True, omit_defaults=True):
    """One utterance as the visitor sees it."""

    seq: int
    id: str
    author: str = msgspec.field(name="from")
    name: str
    text: str
    at: str
    quote: str = ""
    attachments: list[File] = []


class File(msgspec.Struct, frozen=True):
    """A file beside a message; its content by POST …/files/read/."""

    id: str
    name: str
    media_type: str
    bytes: int


class Page(msgspec.Struct, frozen=True, tag_field="kind", tag="messages"):
    items: list[Message]
    upto: int
    more: bool


class State(msgspec.Struct, frozen=True, tag_field="kind", tag="state"):
    status: str
    agent: str = ""
    # Waiting: 1 is next. 0 where nobody waits in a queue.
    place: int = 0
    # Nobody answers now; `opens` is when they are back, "" where that is not known.
    closed: bool = False
    opens: str = ""
    seen: int = 0
    # The ticket whose end she may be asked about, "" where there is none; what she said of the latest one, 0 if nothing.
    survey: str = ""
    score: int = 0
    # The words beside the score; and the ticket whose answer she may still change, "" where it is too late.
    comment: str = ""
    rated: str = ""


class Earlier(msgspec.Struct, frozen=True):
    """One of her conversations in the list: its last words, and how many answers she has not seen."""

    id: UUID
    status: str
    text: str
    author: str = msgspec.field(name="from")
    at: str
    unread: int


class Ack(msgspec.Struct, frozen=True, tag_field="kind", tag="ack"):
    id: UUID
    seq: int
    event: UUID


class Elsewhere(msgspec.Struct, frozen=True, tag_field="kind", tag="elsewhere"):
    unread: int


class Ready(msgspec.Struct, frozen=True, tag_field="kind", tag="ready"):
    upto: int


class Pong(msgspec.Struct, frozen=True, tag_field="kind", tag="pong"):
    pass


class Error(msgspec.Struct, frozen=True, tag_field="kind", tag="error", omit_defaults=True):
    code: str
    detail: str
    id: UUID | None = None
    retry_after: float = 0


@dataclass
class WidgetRefusal(Exception):
    """What the hub declines to do for a visitor. `code` is what the widget's own words go by; `status` is for HTTP."""

    code: str
    detail: str
    status: int = 400
    retry_after: float = 0

    def as_error(self, message_id: UUID | None = None) -> Error:
        return Error(self.code, self.detail, message_id, round(self.retry_after, 1))


class BadFrame(WidgetRefusal):
    """The bytes are no frame of this protocol."""


_frames: msgspec.json.Decoder[Frame] = msgspec.json.Decoder(Frame)
_encoder = msgspec.json.Encoder()


def decode_frame(raw: str) -> Frame:
    """Returns the frame. Raises BadFrame naming what is wrong with it."""
    if len(raw) > MAX_FRAME_BYTES or len(raw.encode(errors="replace")) > MAX_FRAME_BYTES:
        raise BadFrame("too_big", f"A frame may have {MAX_FRAME_BYTES} bytes.", status=413)
    return decode_as(_frames, raw)


def decode_as(decoder: msgspec.json.Decoder[T], raw: str | bytes) -> T:
    """Returns what the decoder makes of the bytes. Raises BadFrame."""
    try:
        return decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise BadFrame("bad_frame", str(error)[:200]) from error


def encode(frame: msgspec.Struct) -> bytes:
    return _encoder.encode(frame)
