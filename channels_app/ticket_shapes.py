"""The shape of `data` for what is done with a ticket: notes, promises and the acts of the desk. As `event_shapes`."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from channels_app.event_shapes import (
    ByAgent,
    InThread,
    Key,
    MaybeAgent,
    Mentions,
    Quote,
    RuleNamed,
    Slug,
    SomeText,
    Tags,
    Word,
)
from customers.email_addresses import EMAIL_LENGTH

Due = Annotated[str, Meta(max_length=40, description="A day, or a time with offset.")]


class Promise(Struct, gc=False, kw_only=True):
    """What the customer was promised, and by when."""

    text: Annotated[str, Meta(min_length=1, max_length=1000)]
    due: Due | None = None
    owner: Annotated[str, Meta(max_length=EMAIL_LENGTH, description="Who keeps it: an e-mail.")] | None = None
    center: Annotated[Word, Meta(description="Or the center that keeps it. Without either: the author.")] | None = None


PromiseId = Annotated[
    str, Meta(min_length=1, max_length=200, description="Id of the note that promised, or the `event` it got.")
]


class PromiseChanged(ByAgent, gc=False, kw_only=True):
    """An open promise falls due at another time, or somebody else keeps it."""

    promise: PromiseId
    due: Due | None = None
    owner: Annotated[str, Meta(max_length=EMAIL_LENGTH, description="Who keeps it: an e-mail.")] | None = None
    center: Annotated[Word, Meta(description="Or the center that keeps it.")] | None = None
    reason: Annotated[str, Meta(max_length=1000)] | None = None


class PromiseSettled(ByAgent, gc=False, kw_only=True):
    """What became of a promise; `open` takes back what was said before."""

    promise: PromiseId
    outcome: Literal["kept", "broken", "withdrawn", "open"]
    reason: Annotated[str, Meta(max_length=1000)] | None = None


class Opened(InThread, gc=False, kw_only=True):
    """We open a ticket ourselves, about something the customer has not asked: no clock runs in it."""

    text: SomeText
    center: Word | None = None
    agent: MaybeAgent = None


class Note(InThread, gc=False, kw_only=True):
    """Internal: never seen by the customer. Written by `agent`, or else by `rule`. May record a promise, or that an
    earlier one was kept."""

    agent: MaybeAgent = None
    text: SomeText
    rule: RuleNamed | None = None
    promise: Promise | None = None
    promise_kept: PromiseId | None = None
    quote: Quote | None = None
    mentions: Mentions | None = None
    whisper: (
        Annotated[str, Meta(min_length=1, max_length=254, description="The colleague to whom it is said, by e-mail.")]
        | None
    ) = None


class NoteEdited(ByAgent, gc=False, kw_only=True):
    """Who wrote a note has put it in other words. The note itself stays in the history as it was."""

    note: Annotated[str, Meta(min_length=1, max_length=250, description="Id of the note, or the `event` it got.")]
    text: SomeText
    mentions: Mentions | None = None


class Assigned(ByAgent, gc=False, kw_only=True):
    """An agent is to look after the matter. By a rule it counts only where nobody has it: a person's choice stands."""

    by: Literal["agent", "rule"] | None = None
    rule: RuleNamed | None = None


class Unassigned(InThread, gc=False, kw_only=True):
    """Nobody looks after the matter any more. With `agent`: if it is hers still."""

    agent: MaybeAgent = None


class Resolved(InThread, gc=False, kw_only=True):
    """The matter is settled, or nothing more is to be done with it."""

    agent: MaybeAgent = None
    by: Literal["agent", "bot", "rule"] | None = None
    topic: Word | None = None
    reason: Literal["no_reply", "duplicate", "not_ours", "spam"] | None = None
    rule: RuleNamed | None = None


class TopicNamed(InThread, gc=False, kw_only=True):
    """What the matter is about."""

    topic: Slug
    agent: MaybeAgent = None


class Moved(InThread, gc=False, kw_only=True):
    """Another center takes over."""

    center: Slug
    escalated: Annotated[bool, Meta(description="true: handed up, to be decided there.")] | None = None
    agent: MaybeAgent = None
    rule: RuleNamed | None = None


class Snoozed(InThread, gc=False, kw_only=True):
    """Out of sight until an instant, or until the customer speaks."""

    until: Annotated[str, Meta(max_length=40, description="An instant with offset.")]
    agent: MaybeAgent = None


class Woken(InThread, gc=False, kw_only=True):
    """Back among the open ones before its time."""

    agent: MaybeAgent = None


class Prioritized(InThread, gc=False, kw_only=True):
    """How pressing the matter is; normal where nothing was said."""

    priority: Literal["low", "normal", "high", "urgent"]
    agent: MaybeAgent = None
    rule: RuleNamed | None = None


class Tagged(InThread, gc=False, kw_only=True):
    """Tags put on and taken off. They are compared without regard to case; a tag's shown name is set in the hub."""

    add: Tags | None = None
    remove: Tags | None = None
    agent: MaybeAgent = None
    rule: RuleNamed | None = None


class Linked(InThread, gc=False, kw_only=True):
    """Has to do with another conversation, which is told so by an event of its own."""

    to: Key
    agent: MaybeAgent = None


class Merged(InThread, gc=False, kw_only=True):
    """The matter goes on in another conversation (`into`), or goes on with another one (`from`). One event for each side."""

    into: Key | None = None
    from_: Key | None = field(default=None, name="from")
    waiting_since: (
        Annotated[str, Meta(max_length=40, description="With `from`: since when somebody waits for an answer there.")]
        | None
    ) = None
    agent: MaybeAgent = None


class Reopened(InThread, gc=False, kw_only=True):
    """The matter is not settled after all."""

    agent: MaybeAgent = None
