"""What goes over the desk's socket.

    page → hub   subscribe {groups}    the whole list that the page wants now; what is left out is left
                 here {group, is_writing}   somebody looks at the ticket, or writes an answer there: every 10 s, and
                                       every 3 s while she writes
                 gone {group}          nobody looks at it any more; the same where the socket ends or leaves the group
                 seen {group, upto}    the messages up to that number of the ticket's thread were before her eyes
                 ping {}               every 25 s; the hub looks again whether this person may still be here
    hub → page   subscribed {groups, refused}
                 hint {group, what}    something changed there: ids and numbers, never content; the page fetches
                 missed {}             hints may have been lost on their way: the page asks for what it does not know
                 pong {}
                 error {code, detail, retry_after?}

Groups are named as a page knows them: "desk" (the lists of my centers), "calls" (calls there), "team" (who of
my centers is available), "person" (what concerns me alone), "work" (who waits for me), "figures" and "voices" (some are others now),
"ticket.<hex>", "customer.<hex>".
Of a person, hints of the kind "notice" tell that something was said to her: a broadcast, or in a `ticket` (`of` is the event's type).
Of a ticket, hints of the kinds "presence" (colleagues came or left), "typing" (the customer types) and "seen"
(`upto`: what the customer has seen) tell of no event. Hints may be lost, doubled or late: after connecting again a page refreshes everything.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

# A conversation page needs four; a hundred is somebody looking for the limit.
MAX_GROUPS = 100
MAX_FRAME_BYTES = 16 * 1024

CLOSE_NOT_LOGGED_IN = 4401


class Subscribe(msgspec.Struct, tag_field="kind", tag="subscribe", frozen=True):
    groups: list[str]


class Here(msgspec.Struct, tag_field="kind", tag="here", frozen=True):
    group: str
    is_writing: bool = False


class Gone(msgspec.Struct, tag_field="kind", tag="gone", frozen=True):
    group: str


class Seen(msgspec.Struct, tag_field="kind", tag="seen", frozen=True):
    group: str
    upto: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]


class Ping(msgspec.Struct, tag_field="kind", tag="ping", frozen=True):
    pass


Frame = Subscribe | Here | Gone | Seen | Ping


class BadFrame(Exception):
    """The bytes are no frame of this protocol; the text says why."""


_frames: msgspec.json.Decoder[Frame] = msgspec.json.Decoder(Frame)


def decode_frame(raw: str) -> Frame:
    """Returns the frame. Raises BadFrame."""
    if len(raw) > MAX_FRAME_BYTES:
        raise BadFrame(f"A frame may have {MAX_FRAME_BYTES} bytes.")
    try:
        frame = _frames.decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise BadFrame(str(error)[:200]) from error
    if isinstance(frame, Subscribe) and len(frame.groups) > MAX_GROUPS:
        raise BadFrame(f"A page may follow {MAX_GROUPS} groups.")
    return frame
