"""Whether a chat is still to be carried on by mail: not where she has seen the answer, not yet where she is there."""

from __future__ import annotations

from datetime import datetime, timedelta

from channels_app.deliveries.events import announce_delivery
from channels_app.models import Delivery, WidgetConversation
from channels_app.widget.presence import is_there

LOOKED_AGAIN_AFTER = timedelta(minutes=1)
# A tab that was left open on another screen is no reader.
WAITED_FOR_WHO_IS_THERE = timedelta(hours=1)


def look_before_sending(delivery_id: int, *, at: datetime) -> bool:
    """Returns whether the delivery is to be sent now. What is not needed any more is dropped, what has time put off."""
    delivery = Delivery.objects.filter(
        pk=delivery_id, kind=Delivery.Kind.CARRY_ON, state=Delivery.State.WAITING, due_at__lte=at
    ).first()
    if delivery is None:
        return True  # of another kind, or not to be sent: whoever claims it sees
    rows = WidgetConversation.objects.filter(organization_id=delivery.organization_id, thread_key=delivery.thread)
    conversation = rows.first()
    mine = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.WAITING, last_seq=delivery.last_seq)
    if conversation is None or conversation.visitor_seen_seq >= delivery.last_seq:
        if mine.update(state=Delivery.State.DROPPED, done_at=at, cause=""):
            announce_delivery(delivery)
        return False
    if at < delivery.queued_at + WAITED_FOR_WHO_IS_THERE and is_there(conversation.pk) is not False:
        mine.update(due_at=at + LOOKED_AGAIN_AFTER)
        return False
    if not delivery.may_have_gone():
        # From the first attempt on it says the same each time.
        seen = conversation.visitor_seen_seq
        return bool(mine.update(first_seq=max(delivery.first_seq, seen + 1)))
    return True
