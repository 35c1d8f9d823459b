"""What a conversation is drawn from: its lines and their days, without a word of how events become them.

Pure, as `tickets.lines`, which makes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from cxhub.identifiers import is_uuid
from tickets.file_types import PICTURES


class Kind(StrEnum):
    MESSAGE = "message"
    NOTE = "note"
    RECORDING = "recording"
    TRANSCRIPT = "transcript"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Segment:
    """One utterance of a transcript; `offset` is from the call's beginning, "" where it was not told."""

    speaker: str
    speaker_name: str
    text: str
    offset: str
    offset_seconds: float | None = None

    @property
    def is_customer(self) -> bool:
        return self.speaker == "customer"


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a line answers to: `id` is that of its line, "" where only the words are known."""

    id: str
    author_name: str
    text: str


@dataclass(frozen=True, slots=True)
class Version:
    """What a note said before it was edited."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Attached:
    """A file beside a message. `id` names one that the hub keeps and this person may have, else "".

    `problem` says in words why it was not kept. `is_inline`: a picture that the words have a place for.
    """

    name: str
    id: str = ""
    media_type: str = ""
    bytes: int = 0
    problem: str = ""
    is_inline: bool = False

    @property
    def public_id(self) -> UUID:
        return UUID(hex=self.id)

    @property
    def is_picture(self) -> bool:
        return self.media_type in PICTURES


class Piece(NamedTuple):
    """A stretch of a message: words, or a picture in its place among them."""

    text: str
    file: Attached | None = None


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
    # How long a recording is; None for all that is none.
    seconds: float | None = None
    is_call_end: bool = False
    segments: tuple[Segment, ...] = ()
    attachments: tuple[Attached, ...] = ()
    # The text with pictures in their places; empty where there are none.
    pieces: tuple[Piece, ...] = ()
    tone: str = ""
    agent_email: str = ""
    quoted: Quoted | None = None
    # What it said before, oldest first; empty where it was never edited.
    earlier: tuple[Version, ...] = ()
    is_promise: bool = False
    # The rule that did it, by its public id and in words; "" where it was none.
    rule: str = ""
    rule_words: str = ""
    # To whom a note is whispered; "" where it is an ordinary one.
    whispered_to: str = ""
    whispered_to_email: str = ""

    @property
    def rule_id(self) -> UUID | None:
        return UUID(self.rule) if is_uuid(self.rule) else None

    @property
    def public_id(self) -> UUID:
        return UUID(hex=self.id)

    @property
    def files_below(self) -> list[Attached]:
        """The files that have no place among the words."""
        placed = {piece.file.id for piece in self.pieces if piece.file}
        return [file for file in self.attachments if not file.id or file.id not in placed]

    @property
    def is_quotable(self) -> bool:
        return self.kind in (Kind.MESSAGE, Kind.NOTE) and bool(self.text)

    @property
    def is_message(self) -> bool:
        return self.kind is Kind.MESSAGE

    @property
    def is_note(self) -> bool:
        return self.kind is Kind.NOTE

    @property
    def is_recording(self) -> bool:
        return self.kind is Kind.RECORDING

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
class Day:
    """The lines of one day. `order` sorts its heading before the first of them."""

    day: date
    order: str
    lines: list[Line]
