"""The shape of `data` for each type of event (EVENTS.md): one class a type, one annotation a field.

These are limits of form only; what a value means is looked at in `event_types`. Fields not named here are kept and
never refused, so that a sender may add what it knows.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from customers.email_addresses import EMAIL_LENGTH

THREAD_LENGTH = 300  # characters; what customers.Thread keeps
TEXT_LENGTH = 100_000  # characters: a very long mail; longer ones are for attachments
AMOUNT_LIMIT = 1_000_000_000_000  # currency units: its hundredths stay exact in a JSON number

Key = Annotated[str, Meta(min_length=1, max_length=THREAD_LENGTH)]
Word = Annotated[str, Meta(max_length=100)]
Slug = Annotated[str, Meta(min_length=1, max_length=100)]
Line = Annotated[str, Meta(max_length=500)]
Text = Annotated[str, Meta(max_length=TEXT_LENGTH)]
MaybeSlug = Annotated[str, Meta(max_length=100)] | None
SomeText = Annotated[str, Meta(min_length=1, max_length=TEXT_LENGTH)]
Agent = Annotated[
    str, Meta(min_length=3, max_length=EMAIL_LENGTH, description="The agent's e-mail.", examples=["kim@shop.example"])
]
# Where a field is optional, many senders write "" for nothing.
MaybeAgent = Annotated[str, Meta(max_length=EMAIL_LENGTH, description="The agent's e-mail.")] | None
MaybeThread = Annotated[str, Meta(max_length=THREAD_LENGTH)] | None
WebAddress = Annotated[str, Meta(max_length=2000, pattern=r"^(https?://|/)\S+$")]
Currency = Annotated[str, Meta(pattern=r"^[A-Za-z]{3}$", description="ISO 4217; KRW where absent.")]
Seconds = (
    Annotated[int, Meta(ge=0, le=10_000_000, description="Seconds.")]
    | Annotated[float, Meta(ge=0, le=10_000_000, description="Seconds.")]
)
Amount = (
    Annotated[int, Meta(ge=-AMOUNT_LIMIT, le=AMOUNT_LIMIT, description="Currency units.")]
    | Annotated[float, Meta(ge=-AMOUNT_LIMIT, le=AMOUNT_LIMIT, description="Currency units, up to 2 decimals.")]
)
PositiveAmount = (
    Annotated[int, Meta(ge=0, le=AMOUNT_LIMIT, description="Currency units.")]
    | Annotated[float, Meta(ge=0, le=AMOUNT_LIMIT, description="Currency units, up to 2 decimals.")]
)
Quantity = Annotated[int, Meta(ge=-10_000_000, le=10_000_000)] | Annotated[float, Meta(ge=-10_000_000, le=10_000_000)]
Points = (
    Annotated[int, Meta(ge=-1_000_000_000, le=1_000_000_000)]
    | Annotated[float, Meta(ge=-1_000_000_000, le=1_000_000_000)]
)
Tag = Annotated[str, Meta(min_length=1, max_length=50)]
Tags = Annotated[list[Tag], Meta(max_length=20)]
Speaker = Literal["customer", "agent", "bot"]
Mentions = Annotated[list[Agent], Meta(max_length=50, description="Colleagues whom the note calls, by e-mail.")]
SurveyKind = Literal["csat", "nps", "ces"]
Score = Annotated[int, Meta(ge=0, le=10)]
Comment = Annotated[str, Meta(max_length=10_000)]
AnswerId = Annotated[str, Meta(min_length=1, max_length=250, description="Id of the answer, or the `event` it got.")]

ChannelAccount = Annotated[str, Meta(min_length=1, max_length=120, examples=["kakao:@shop"])]
ChannelId = Annotated[str, Meta(max_length=300)]


class Identities(Struct, gc=False):
    """What tells one customer from another. A masked, safe or company phone number is kept and identifies nobody."""

    phone: Annotated[str, Meta(max_length=60, examples=["010-0000-5678"])] | None = None
    email: Annotated[str, Meta(max_length=EMAIL_LENGTH, examples=["hong@mail.example"])] | None = None
    member_no: Annotated[str, Meta(max_length=200, examples=["M-1001"])] | None = None
    external: (
        Annotated[dict[ChannelAccount, ChannelId], Meta(max_length=20, description="Channel account → id.")] | None
    ) = None


class NamedCustomer(Identities, gc=False):
    """Whom the event concerns; absent or empty where nobody knows."""

    name: Annotated[str, Meta(max_length=500, examples=["홍길동"])] | None = None
    verified: Annotated[bool, Meta(description="false: what was only said; everything but `external` is a claim.")] = (
        True
    )


class Data(Struct, gc=False, kw_only=True):
    """What all types share."""

    customer: NamedCustomer | None = None


class Item(Struct, gc=False, kw_only=True):
    """One line of a receipt. A discount may be a line with a negative amount."""

    sku: Word | None = None
    name: Line
    quantity: Quantity
    unit_price: Amount
    amount: Amount


class Sale(Data, gc=False, kw_only=True):
    """A purchase at the till."""

    store: Slug
    receipt_no: Slug
    register: Word | None = None
    staff: Word | None = None
    items: Annotated[list[Item], Meta(max_length=5000)]
    total: PositiveAmount
    currency: Currency | None = None
    points_earned: Points | None = None


class Refund(Sale, gc=False, kw_only=True):
    """Money given back. Amounts are positive: the type says which way they went."""

    original_receipt_no: Word | None = None


class Visit(Data, gc=False, kw_only=True):
    """The counter served somebody; with `note`, what it was about."""

    store: Slug
    staff: Word | None = None
    note: Text | None = None


class Inquiry(Data, gc=False, kw_only=True):
    """A question or complaint raised at the counter. Without `thread`, its own is `<source>#<id>`."""

    store: Slug
    staff: Slug
    text: SomeText
    thread: MaybeThread = None


class InThread(Data, gc=False, kw_only=True):
    """An event of one conversation."""

    thread: Key


class CallQueued(InThread, gc=False, kw_only=True):
    """A call rings; with `queue`, it waits there until `call.ringing`. `from` and `to` identify nobody; whom it concerns
    stands in `customer`."""

    direction: Literal["inbound", "outbound"] = "inbound"
    from_: Word | None = field(default=None, name="from")
    to: Word | None = None
    queue: Word | None = None


class ByAgent(InThread, gc=False, kw_only=True):
    """What an agent did in a conversation."""

    agent: Agent


class CallAtAgent(InThread, gc=False, kw_only=True):
    """It rings at somebody's telephone, is put on hold, or is spoken on; `agent` where the exchange knows who it is."""

    agent: MaybeAgent = None


class CallAbandoned(InThread, gc=False, kw_only=True):
    """The caller left, or nobody answered. Known reasons are `caller_left`, `no_answer`, `busy` and `closed`."""

    reason: Line | None = None


class CallBackTried(ByAgent, gc=False, kw_only=True):
    """Somebody called back. `call` is the thread of the call that was made, where the exchange has told of it."""

    outcome: Literal["no_answer", "busy", "reached"]
    call: Key | None = None


class CallBackClosed(ByAgent, gc=False, kw_only=True):
    """Nobody need call back any more, and why."""

    reason: Literal["settled", "wrong_number", "no_contact", "duplicate", "other"]
    text: Line | None = None


class CallWrappedUp(ByAgent, gc=False, kw_only=True):
    """What came of a call, as whoever had it says after it."""

    result: Literal["solved", "promised", "handed_on", "not_reached", "wrong_number"] | None = None
    next: Literal["nothing", "stays_open", "call_back"] | None = None


class CallEnded(InThread, gc=False, kw_only=True):
    """The call is over."""

    talk_seconds: Seconds | None = None


class CallRecording(InThread, gc=False, kw_only=True):
    """Where the call can be heard."""

    url: WebAddress
    seconds: Seconds


class Segment(Struct, gc=False, kw_only=True):
    """What one side said."""

    speaker: Speaker
    text: Text
    offset_seconds: Seconds | None = None


class CallTranscript(InThread, gc=False, kw_only=True):
    """What was said in the call."""

    segments: Annotated[list[Segment], Meta(max_length=10_000)]


class Attachment(Struct, gc=False, kw_only=True):
    """A file sent along. `id` names one that the hub keeps; the hub fetches nothing from `url`.

    `inline`: a picture whose place in the text is `[name]`. `problem`: why the hub did not keep it.
    """

    name: Line
    id: Annotated[str, Meta(max_length=100)] | None = None
    url: WebAddress | None = None
    media_type: Word | None = None
    bytes: Annotated[int, Meta(ge=0, le=10**12)] | None = None
    inline: bool | None = None
    problem: Word | None = None


class Quote(Struct, gc=False, kw_only=True):
    """What was said before, which this answers."""

    event: Annotated[str, Meta(min_length=1, max_length=250, description="Id of the event that is quoted.")]
    text: Line
    author: Speaker | None = None


class RuleNamed(Struct, gc=False, kw_only=True):
    """The rule that did it: no person's act. What a bot says by a rule is a notice, and answers nobody."""

    id: Annotated[str, Meta(min_length=1, max_length=100)]
    name: Word


class ChatMessage(InThread, gc=False, kw_only=True):
    """One utterance in a conversation."""

    from_: Speaker = field(name="from")
    agent: MaybeAgent = None
    text: Text
    rule: RuleNamed | None = None
    quote: Quote | None = None
    attachments: Annotated[list[Attachment], Meta(max_length=50)] | None = None


class MailMessage(ChatMessage, gc=False, kw_only=True):
    """One mail."""

    subject: Annotated[str, Meta(max_length=1000)] | None = None


class MessengerMessage(ChatMessage, gc=False, kw_only=True):
    """One message of a messenger service."""

    service: Annotated[str, Meta(min_length=1, max_length=50, examples=["kakao", "navertalk", "sms", "line"])]


class DeliveryFailed(InThread, gc=False, kw_only=True):
    """What was to be sent to the customer did not reach her, and nobody tries again by itself."""

    channel: Slug
    message: (
        Annotated[str, Meta(max_length=250, description="Id of the message's event, or the `event` it got.")] | None
    ) = None
    kind: Word | None = None
    cause: Word | None = None
    agent: MaybeAgent = None


class SurveySent(Data, gc=False, kw_only=True):
    """A survey was sent."""

    thread: MaybeThread = None
    survey: SurveyKind
    agent: MaybeAgent = None
    store: Word | None = None


class SurveyAnswered(Data, gc=False, kw_only=True):
    """The customer's answer: csat 1–5, nps 0–10, ces 1–7 (7 easiest)."""

    thread: MaybeThread = None
    survey: SurveyKind
    score: Score
    comment: Comment | None = None
    store: Word | None = None


class SurveyChanged(SurveyAnswered, gc=False, kw_only=True):
    """She has thought better of her answer: it counts as one, given when it was first given, with what the last change says."""

    answer: AnswerId


class SurveyFollowedUp(Data, gc=False, kw_only=True):
    """What came of looking after a low answer; the last one counts."""

    thread: MaybeThread = None
    answer: AnswerId
    outcome: Literal["solved", "called_back", "not_reached", "nothing_possible", "not_needed"]
    text: Annotated[str, Meta(max_length=2000)] | None = None
    agent: MaybeAgent = None


class SurveyWish(Data, gc=False, kw_only=True):
    """She wants to be asked no more (`survey.opted_out`), or to be asked again (`survey.opted_in`)."""

    thread: MaybeThread = None
    agent: MaybeAgent = None


class Review(Data, gc=False, kw_only=True):
    """What a customer wrote below a product, on the shop's own pages or a marketplace. Answers nobody: opens no ticket."""

    site: Annotated[str, Meta(max_length=100, examples=["smartstore"])] | None = None
    product: Annotated[str, Meta(max_length=500, examples=["울 코트"])] | None = None
    order_no: Word | None = None
    store: MaybeSlug = None
    score: Annotated[int, Meta(ge=1, le=5, description="Stars.")] | None = None
    text: Text


class MergeDecision(Data, gc=False, kw_only=True):
    """A person decided who is who: each side by at least one identity."""

    into: Identities
    from_: Identities = field(name="from")
    agent: Agent


class IdentityConfirmed(Identities, gc=False, kw_only=True):
    """A claim was proven. The identity stands in `customer`, or beside it."""

    customer: NamedCustomer | None = None
    thread: MaybeThread = None
    agent: MaybeAgent = None
    method: Word | None = None
