"""What became of the invented shop's answers by mail: most have gone, one came back. The history is there by then.

Without a mail server nothing really goes: what a newcomer sends again waits, and says why.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import Organization
from channels_app.demo.foundation import SETUP
from channels_app.demo.organization import DOMAIN, NAME
from channels_app.mail.account_actions import AccountContent, create_mail_account
from channels_app.mail.addresses import ascii_address
from channels_app.mail.settings import MailSettings
from channels_app.models import ChannelAccount, Delivery, DeliveryAttempt, MailReference
from customers.models import Event
from customers.models.event import EventQuerySet

SHOWN = 24
SIGNATURE = f"{NAME} 고객센터 드림\n02-000-0100 · 평일 9시–18시, 주말 10시–16시"


def lay_deliveries(organization: Organization, *, at: datetime) -> int:
    """Makes the shop's mail account and the deliveries of its latest answers; nothing where they are there.

    Returns how many deliveries it made. The one that came back is told in its ticket by the worker's next round.
    """
    if ChannelAccount.objects.filter(organization=organization).exists():
        return 0
    settings = MailSettings(signature=SIGNATURE, takes_answers=True)
    content = AccountContent(NAME, f"help@{DOMAIN}", None, True, settings)
    account = create_mail_account(organization, content, by=SETUP, at=at)
    answers = Event.objects.filter(organization=organization, type="mail.message", author="agent", time__lte=at)
    made = 0
    came_back = False
    for answer in answers.order_by("-time", "-pk")[:SHOWN]:
        # Who writes again has had the answer.
        is_back = not came_back and not _hers(answer).filter(time__gt=answer.time).exists()
        made += _lay(account, answer, is_back=is_back)
        came_back = came_back or is_back
    return made


def _hers(answer: Event) -> EventQuerySet:
    return Event.objects.filter(
        organization=answer.organization_id, thread=answer.thread, type="mail.message", author="customer"
    )


def _lay(account: ChannelAccount, answer: Event, *, is_back: bool) -> bool:
    told = _hers(answer).order_by("-time").values_list("data__customer__email", flat=True)
    recipient = next((one for one in told if isinstance(one, str) and one), "")
    if not recipient:
        return False
    delivery = Delivery(
        organization_id=account.organization_id,
        account=account,
        kind=Delivery.Kind.REPLY,
        state=Delivery.State.FAILED if is_back else Delivery.State.SENT,
        recipient=recipient,
        thread=answer.thread,
        first_seq=answer.thread_seq or 0,
        last_seq=answer.thread_seq or 0,
        agent_email=answer.agent_email,
        attempts=1,
        cause="no_such_address" if is_back else "",
        created_at=answer.time,
        queued_at=answer.time,
        due_at=answer.time,
        done_at=answer.time + timedelta(seconds=2),
    )
    delivery.message_id = f"<cx.{delivery.key.hex}@{ascii_address(account.address).rpartition('@')[2]}>"
    delivery.save(force_insert=True)
    MailReference.objects.create(
        organization_id=account.organization_id, message_id=delivery.message_id, thread=answer.thread, is_ours=True
    )
    outcome = DeliveryAttempt.Outcome.PERMANENT if is_back else DeliveryAttempt.Outcome.SENT
    DeliveryAttempt.objects.create(
        organization_id=account.organization_id,
        delivery=delivery,
        number=1,
        outcome=outcome,
        began_at=answer.time,
        duration_ms=412,
        cause=delivery.cause,
        detail="550 5.1.1 no such user" if is_back else "",
    )
    return True
