"""The shape of `data` for what a customer agrees to, and takes back. As `event_shapes`."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from channels_app.event_shapes import Data, MaybeAgent, MaybeSlug, MaybeThread, Word

Purpose = Annotated[
    Literal["marketing", "collection", "sharing"],
    Meta(description="Advertising; keeping her data; giving them to others."),
]
Medium = Literal["sms", "mail", "kakao", "call"]
Media = Annotated[list[Medium], Meta(max_length=4)]
How = Annotated[
    Literal["web", "kiosk", "paper", "counter", "phone", "chat", "messenger"],
    Meta(description="Where she said so."),
]
Words = Annotated[str, Meta(max_length=5000, description="The words that she agreed to.")]


class ConsentGiven(Data, gc=False, kw_only=True):
    """She agrees: for a purpose, to advertising by each medium. The night (21:00 to 8:00) is agreed to apart. With `version`
    or `text`, so that it can be shown to what."""

    purpose: Purpose = "marketing"
    media: Media | None = None
    night: Annotated[bool, Meta(description="true: also from 21:00 to 8:00.")] = False
    how: How
    version: Word | None = None
    text: Words | None = None
    items: Annotated[list[Word], Meta(max_length=50, description="Which data.")] | None = None
    kept_months: Annotated[int, Meta(ge=1, le=1200, description="For how long.")] | None = None
    store: MaybeSlug = None
    thread: MaybeThread = None
    agent: MaybeAgent = None


class ConsentWithdrawn(Data, gc=False, kw_only=True):
    """She takes it back: for some media or, where none is named, for all."""

    purpose: Purpose = "marketing"
    media: Media | None = None
    night: Annotated[bool, Meta(description="true: only the night is withdrawn.")] = False
    how: How
    text: Words | None = None
    store: MaybeSlug = None
    thread: MaybeThread = None
    agent: MaybeAgent = None


class ConsentTold(Data, gc=False, kw_only=True):
    """She was told what came of a consent or a withdrawal (`result`), or that one of two years ago goes on
    (`reconfirmation`)."""

    what: Literal["result", "reconfirmation"]
    purpose: Purpose = "marketing"
    media: Media | None = None
    medium: Annotated[Literal["sms", "mail", "kakao", "page"], Meta(description="By what she was told.")]
    consent: (
        Annotated[str, Meta(max_length=250, description="Id of the event she was told of, or the `event` it got.")]
        | None
    ) = None
    thread: MaybeThread = None
