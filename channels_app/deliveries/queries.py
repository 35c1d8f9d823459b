"""How it stands with what goes out: of one conversation, of all of an organization, and of the whole hub."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Organization, Person
from accounts.queries import NotFound, organization_for
from channels_app.adapters import ADAPTERS, adapter_for_channel
from channels_app.deliveries.accounts import account_of_center
from channels_app.models import ChannelAccount, Delivery, DeliveryAttempt, WidgetConversation
from customers.undelivered import words_of_cause
from tickets.models import Ticket
from tickets.queries.cursors import read_cursor, write_cursor

PAGE_LENGTH = 50
# Of a conversation of years, what its page shows.
SHOWN_OF_THREAD = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """How one delivery stands, below its message (`seq`). 0: it belongs to none, as a transcript does."""

    delivery: Delivery
    seq: int

    @property
    def cause_words(self) -> str:
        return words_of_cause(self.delivery.cause)


def shown_in_ticket(ticket: Ticket) -> list[Shown]:
    """What went out of the ticket's conversation, oldest first. One statement.

    Below the last message that a delivery carries. What was not needed says nothing, nor what will not be: she has
    seen it all meanwhile.
    """
    seen = WidgetConversation.objects.filter(organization_id=ticket.organization_id, thread_key=ticket.thread)
    rows = Delivery.objects.filter(organization_id=ticket.organization_id, thread=ticket.thread).exclude(
        kind=Delivery.Kind.CARRY_ON,
        state=Delivery.State.WAITING,
        attempts=0,
        last_seq__lte=Coalesce(Subquery(seen.values("visitor_seen_seq")[:1]), 0),
    )
    newest = rows.exclude(state=Delivery.State.DROPPED).order_by("-last_seq", "-pk")[:SHOWN_OF_THREAD]
    return [
        Shown(delivery, 0 if delivery.kind == Delivery.Kind.TRANSCRIPT else delivery.last_seq)
        for delivery in reversed(newest)
    ]


def delivery_of(ticket: Ticket, public_id: UUID) -> Delivery:
    """One of those that went out of the ticket's conversation. Raises NotFound."""
    rows = Delivery.objects.filter(
        organization_id=ticket.organization_id, thread=ticket.thread, public_id=public_id
    ).exclude(thread="")
    found = rows.select_related("organization", "account").first()
    if found is None:
        raise NotFound
    return found


def is_carried_out(ticket: Ticket) -> bool:
    """Whether an answer in this ticket would leave the hub. Two statements at most."""
    adapter = adapter_for_channel(ticket.channel)
    return bool(adapter and adapter.way_to(ticket.organization_id, ticket.thread, ticket.center_id))


def mail_account_for(organization_id: int, center_id: int | None) -> ChannelAccount | None:
    """The account by which this center can send mails now; None where it cannot."""
    return account_of_center(organization_id, "mail", center_id) if ADAPTERS["mail"].is_set_up else None


# The operator's screen ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wanted:
    """What part of the list: a state, a kind, an account; "" for all."""

    state: str = ""
    kind: str = ""
    account: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.state or self.kind or self.account)


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits, what failed, and since when the oldest waits that could have gone."""

    waiting: int
    failed: int
    oldest_due_at: datetime | None

    @property
    def is_late(self) -> bool:
        return self.oldest_due_at is not None and timezone.now() - self.oldest_due_at > timedelta(minutes=5)


def deliveries_for(person: Person, wanted: Wanted) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(organization=organization_for(person))
    if wanted.state == "under_way":
        rows = rows.filter(state__in=[Delivery.State.WAITING, Delivery.State.SENDING])
    elif wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.account:
        rows = rows.filter(account__public_id=wanted.account)
    return rows.select_related("account").order_by("-created_at", "-pk")


def page_of(rows: QuerySet[Delivery], cursor: str) -> tuple[list[Delivery], str]:
    """The page behind a cursor, and the next one's cursor, "" at the end."""
    _letter, end = read_cursor(cursor)
    if end is not None:
        created_at, pk = end
        rows = rows.filter(Q(created_at__lt=created_at) | Q(created_at=created_at, pk__lt=pk))
    found = list(rows[: PAGE_LENGTH + 1])
    page = found[:PAGE_LENGTH]
    more = len(found) > PAGE_LENGTH
    return page, write_cursor("d", page[-1].created_at, page[-1].pk) if more else ""


def delivery_for(person: Person, public_id: UUID) -> tuple[Delivery, list[DeliveryAttempt]]:
    """One of the organization's, with its attempts, newest first. Raises NotFound."""
    rows = Delivery.objects.filter(organization=organization_for(person), public_id=public_id)
    delivery = rows.select_related("account", "organization").first()
    if delivery is None:
        raise NotFound
    attempts = DeliveryAttempt.objects.filter(organization=delivery.organization_id, delivery=delivery)
    return delivery, list(attempts.order_by("-number"))


def ticket_ids(deliveries: Iterable[Delivery]) -> dict[str, UUID]:
    """The latest ticket of each of their conversations, by thread. One statement."""
    found = list(deliveries)
    threads = {delivery.thread for delivery in found if delivery.thread}
    if not threads:
        return {}
    rows = Ticket.objects.standing().filter(organization=found[0].organization_id, thread__in=threads)
    return dict(rows.order_by("opened_at", "pk").values_list("thread", "public_id"))


def backlog_of(organization: Organization) -> Backlog:
    return _backlog(Delivery.objects.filter(organization=organization))


def failed_count(person: Person) -> int:
    """For the settings page's badge."""
    return Delivery.objects.filter(organization=person.organization_id, state=Delivery.State.FAILED).count()


def backlog_of_hub() -> Backlog:
    """All organizations together, for whoever watches the machine."""
    return _backlog(Delivery.objects.all())


def _backlog(rows: QuerySet[Delivery]) -> Backlog:
    under_way = Q(state__in=[Delivery.State.WAITING, Delivery.State.SENDING])
    told: dict[str, Any] = rows.filter(under_way | Q(state=Delivery.State.FAILED)).aggregate(
        waiting=Count("pk", filter=under_way),
        failed=Count("pk", filter=Q(state=Delivery.State.FAILED)),
        oldest=Min("queued_at", filter=under_way & Q(due_at__lte=timezone.now())),
    )
    return Backlog(told["waiting"], told["failed"], told["oldest"])


# Accounts -----------------------------------------------------------------------------------------------------------


def accounts_for(person: Person, *, adapter: str = "") -> QuerySet[ChannelAccount]:
    rows = ChannelAccount.objects.filter(organization=organization_for(person)).select_related("center")
    rows = rows.filter(adapter=adapter) if adapter else rows
    return rows.order_by("-is_active", "name", "pk")


def account_for(person: Person, public_id: UUID, *, adapter: str = "mail") -> ChannelAccount:
    """One of accounts_for. Raises NotFound."""
    found = (
        accounts_for(person, adapter=adapter)
        .select_related("organization", "center")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found
