"""The history: what happened, in the order it happened, written once and never changed.

A message is an event that has an author and a text and stands in a thread. Which ticket an event belongs to is
not stored here: tickets are a function of a thread's events (see tickets.fold).
"""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from cxhub.identifiers import uuid7


class Thread(models.Model):
    """One conversation: a call, a chat, a mail thread. Holds the counter that numbers its events by arrival."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    key = models.CharField(max_length=300)
    last_seq = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "key"], name="thread_key_once")]

    def __str__(self) -> str:
        return self.key


class EventQuerySet(models.QuerySet["Event"]):
    def newest_first(self) -> EventQuerySet:
        return self.order_by("-time", "-id")

    def older_than(self, cursor: tuple[datetime, int]) -> EventQuerySet:
        """What follows `cursor`, the (time, key) of the last row seen, when read newest first."""
        time, pk = cursor
        # The first condition alone bounds the index scan; PostgreSQL does not see it inside the disjunction.
        return self.filter(time__lte=time).filter(Q(time__lt=time) | Q(pk__lt=pk))

    def messages(self) -> EventQuerySet:
        return self.exclude(author="").exclude(thread="")


class Event(models.Model):
    # What a row that the intake writes points at is not checked once more by the database: the intake has read or made it
    # in the same transaction, under its lock, and nobody deletes it. Checking took 9 µs for each (an eighth of taking a
    # batch in, measured), in the commit, while others waited, and had all deliveries mark the same organization's row.
    # Whoever comes to delete customers does it under that lock, alone (customers/actions/locking.py).
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    source = models.CharField(max_length=200)
    event_id = models.CharField(max_length=250)
    type = models.CharField(max_length=40)
    time = models.DateTimeField()
    rank = models.PositiveSmallIntegerField()
    recorded_at = models.DateTimeField()
    data = models.JSONField()
    content_hash = models.CharField(max_length=64)

    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="events",
        db_index=False,
        db_constraint=False,
    )
    store = models.ForeignKey(
        "accounts.Store",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    # No index of its own on either place: each costs every write, and no screen asks by center alone.
    center = models.ForeignKey(
        "accounts.Center",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )

    channel = models.CharField(max_length=12, blank=True)
    thread = models.CharField(max_length=300, blank=True)
    thread_seq = models.PositiveIntegerField(null=True, blank=True)
    author = models.CharField(max_length=10, blank=True)
    agent_email = models.CharField(max_length=254, blank=True)
    text = models.TextField(blank=True)
    topic = models.CharField(max_length=100, blank=True)
    # What the rules of a type need besides: a call's direction, who resolved, a survey's kind, the target
    # center, a priority, the end of a snooze, the currency of a sale or refund that is not in KRW.
    qualifier = models.CharField(max_length=100, blank=True)
    amount_hundredths = models.BigIntegerField(null=True, blank=True)
    is_contested = models.BooleanField(default=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "source", "event_id"], name="event_once"),
            models.UniqueConstraint(
                fields=["organization", "thread", "thread_seq"],
                name="event_numbered_once_in_thread",
                condition=Q(thread_seq__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "customer", "-time", "-id"],
                name="event_of_customer",
                condition=Q(customer__isnull=False),
            ),
            models.Index(fields=["organization", "-time", "-id"], name="event_recent"),
            models.Index(fields=["organization", "thread", "time"], name="event_of_thread", condition=~Q(thread="")),
            models.Index(
                fields=["organization", "store", "-time"], name="event_of_store", condition=Q(store__isnull=False)
            ),
            # What was sold in a span of time stands beside the figures; sales are a few of all events, and a month of them
            # is spread over as many pages of the table. So it holds all that is summed.
            models.Index(
                fields=["organization", "time"],
                include=["type", "qualifier", "amount_hundredths", "center", "store"],
                name="event_sale",
                condition=Q(type__in=["pos.refund", "pos.sale"]),
            ),
            # What she has agreed to is asked before each advertisement, and few events tell of it.
            models.Index(
                fields=["organization", "customer", "time"],
                name="event_consent",
                condition=Q(type__in=["consent.given", "consent.told", "consent.withdrawn"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.public_id}"

    @property
    def order(self) -> tuple[datetime, int, str, str]:
        return (self.time, self.rank, self.source, self.event_id)
