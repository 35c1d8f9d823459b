"""The two verbs of mail: send what a delivery carries, and make events of a mail that came in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Subquery

from channels_app.deliveries.accounts import accounts_of_center
from channels_app.deliveries.adapter import DeliveryFailed, Way
from channels_app.mail.addresses import ascii_address
from channels_app.mail.composing import compose
from channels_app.mail.placing import event_of
from channels_app.mail.reading import ReadMail
from channels_app.mail.smtp import hand_over
from channels_app.models import ChannelAccount, Delivery
from customers.email_addresses import is_masked_email, normal_email
from customers.models import Event


class MailAdapter:
    channel = "mail"

    @property
    def is_set_up(self) -> bool:
        return bool(settings.SENDS_MAIL)

    def way_to(self, organization_id: int, thread: str, center_id: int | None) -> Way | None:
        """To whoever wrote last in the conversation, from the address of its center. One statement."""
        if not self.is_set_up:
            return None
        rows = Event.objects.filter(
            organization_id=organization_id,
            thread=thread,
            type="mail.message",
            author="customer",
            data__customer__email__isnull=False,
        )
        hers = Subquery(rows.order_by("-thread_seq").values("data__customer__email")[:1])
        account = accounts_of_center(organization_id, "mail", center_id).annotate(hers=hers).first()
        recipient = _written_to(account.hers) if account else ""
        return Way(account, recipient) if account and recipient else None

    def awaits_report(self, account: ChannelAccount) -> bool:
        return False  # what comes back is a mail of its own

    def message_id(self, delivery: Delivery, account: ChannelAccount) -> str:
        domain = ascii_address(account.address).rpartition("@")[2]
        return f"<cx.{delivery.key.hex}@{domain}>"

    def send(self, delivery: Delivery) -> None:
        if not self.is_set_up:
            raise DeliveryFailed("not_set_up", is_everybodys=True)
        recipient = ascii_address(delivery.recipient)
        hand_over(compose(delivery), sender=ascii_address(delivery.account.address), recipient=recipient)

    def events_of(self, account: ChannelAccount, payload: Any, *, at: datetime) -> list[dict[str, Any]]:
        assert isinstance(payload, ReadMail), "A mail is read first: bytes may be none."
        event = event_of(account, payload, at=at)
        return [event] if event else []


def _written_to(told: object) -> str:
    """The address as it can be written to; "" where it stands for many people or for none."""
    address = normal_email(told) if isinstance(told, str) else ""
    return "" if is_masked_email(address) else address
