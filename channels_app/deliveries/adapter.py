"""What a channel's adapter is. Two verbs: it sends what a delivery carries, and turns what came in into events of ours.

Which adapters there are, channels_app.adapters says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from channels_app.models import ChannelAccount, Delivery


class DeliveryFailed(Exception):
    """It was not sent, or nobody knows whether it was (`is_unknown`). Permanent: trying again would change nothing.

    `cause` is a code of customers.undelivered, `detail` what the provider said. `is_everybodys`: nothing else would get
    through now either.
    """

    def __init__(
        self,
        cause: str,
        detail: str = "",
        *,
        is_permanent: bool = False,
        is_unknown: bool = False,
        is_everybodys: bool = False,
    ) -> None:
        super().__init__(cause, detail)
        self.cause, self.detail = cause, detail
        self.is_permanent, self.is_unknown, self.is_everybodys = is_permanent, is_unknown, is_everybodys


@dataclass(frozen=True, slots=True)
class Way:
    """How an answer would reach the customer of a conversation."""

    account: ChannelAccount
    recipient: str


class Adapter(Protocol):
    """A channel's own half. Neither verb is called inside a transaction by whoever may wait for a network."""

    # The event that its messages are, and the thread's references that its answers come back by.
    channel: str

    @property
    def is_set_up(self) -> bool:
        """Whether this installation can send over it at all."""
        ...

    def way_to(self, organization_id: int, thread: str, center_id: int | None) -> Way | None:
        """Where an answer in this conversation would go; None where it would reach nobody."""
        ...

    def awaits_report(self, account: ChannelAccount) -> bool:
        """Whether its provider tells later whether what it took has arrived."""
        ...

    def message_id(self, delivery: Delivery, account: ChannelAccount) -> str:
        """Our name for what is sent, for the provider and for answers to it."""
        ...

    def send(self, delivery: Delivery) -> None:
        """Hands it to the provider, in bounded time. Raises DeliveryFailed."""
        ...

    def events_of(self, account: ChannelAccount, payload: Any, *, at: datetime) -> list[dict[str, Any]]:
        """The envelopes that something which came in comes to; none where it says nothing."""
        ...
