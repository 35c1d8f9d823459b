"""One matter, from first contact to resolved: a stored copy of what `tickets.fold` says of a thread's events.

Nothing edits these rows but `tickets.actions.refold`; a screen that wants to change a ticket writes an event.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cxhub.identifiers import uuid7
from tickets.call_states import GOING_ON, OVER
from tickets.clocks import Running, running_in
from tickets.tag_keys import keys_in


class TicketQuerySet(models.QuerySet["Ticket"]):
    def standing(self) -> TicketQuerySet:
        """Without those that a late event has joined to another."""
        return self.filter(replaced_by=None)

    def open(self) -> TicketQuerySet:
        return self.shown().filter(status=Ticket.Status.OPEN)

    def shown(self) -> TicketQuerySet:
        """Without those that go on in another one that they were merged into."""
        return self.standing().filter(merged_thread="")

    def breached(self, now: Any) -> TicketQuerySet:
        """Open ones of which a running target has been missed by that instant (or a prepared queryset's `Told`)."""
        return self.open().filter(due_at__lt=now)

    def waiting(self) -> TicketQuerySet:
        return self.open().filter(waiting_since__isnull=False)

    def on_call(self) -> TicketQuerySet:
        """Open ones whose call goes on, as far as the telephone system has told."""
        return self.open().filter(CALL_GOES_ON)


# Written as the index has it: SQLite takes no list of places for values for one of literals.
CALL_GOES_ON = Q(call_state="queued") | Q(call_state="ringing") | Q(call_state="talking") | Q(call_state="held")


class Ticket(models.Model):
    class Status(models.TextChoices):
        OPEN = "open"
        RESOLVED = "resolved"

    class Priority(models.TextChoices):
        LOW = "low", _("Low")
        NORMAL = "normal", _("Normal")
        HIGH = "high", _("High")
        URGENT = "urgent", _("Urgent")

    class CallState(models.TextChoices):
        QUEUED = "queued"
        RINGING = "ringing"
        TALKING = "talking"
        HELD = "held"
        ENDED = "ended"
        WRAPPED = "wrapped"  # over, and whoever had it has said what came of it
        ABANDONED = "abandoned"

    # A row is a copy of what its events say, and refolding reads in its own transaction whatever it points at. So the
    # database does not check that once more: five checks for each row were a tenth of taking a batch in (measured), and
    # they ran within the commit, while others waited for this thread's lock.
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    thread = models.CharField(max_length=300)
    # Set where a late event has joined two tickets: the reference given out earlier leads on.
    replaced_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )

    opened_event = models.ForeignKey(
        "customers.Event", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=10)  # customer, agent
    channel = models.CharField(max_length=12)
    center = models.ForeignKey(
        "accounts.Center",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
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
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="tickets",
        db_constraint=False,
    )

    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    agent_email = models.CharField(max_length=254, blank=True)
    topic = models.CharField(max_length=100, blank=True)
    call_state = models.CharField(max_length=10, choices=CallState, blank=True)
    # When began what the clock beside the state counts: the wait, the talk (across holds), the hold.
    call_since = models.DateTimeField(null=True, blank=True)
    # How long it was spoken, once it is over.
    call_seconds = models.PositiveIntegerField(null=True, blank=True)

    response_started_at = models.DateTimeField(null=True, blank=True)
    first_response_at = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    last_event_at = models.DateTimeField()
    last_message_at = models.DateTimeField(null=True, blank=True)
    last_author = models.CharField(max_length=10, blank=True)
    last_text = models.CharField(max_length=200, blank=True)
    last_seq = models.PositiveIntegerField(default=0)
    messages_in = models.PositiveIntegerField(default=0)
    messages_out = models.PositiveIntegerField(default=0)

    first_resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.CharField(max_length=10, blank=True)
    reopen_count = models.PositiveIntegerField(default=0)

    # When the running target that runs out first does (in time until then, breached after), and which: see
    # `tickets.clocks`. NULL where nothing is expected of us.
    due_at = models.DateTimeField(null=True, blank=True)
    due_kind = models.CharField(max_length=20, blank=True)
    # When somebody must look next whether a clock has run out.
    next_alarm_at = models.DateTimeField(null=True, blank=True)
    priority = models.CharField(max_length=10, choices=Priority, default=Priority.NORMAL)
    # Keys with line breaks around each (`tickets.tag_keys`); the names they go by are those of `Tag`.
    tags = models.TextField(blank=True)
    # Whether it is snoozed is told by the clock: nothing changes the row when the instant has come.
    snoozed_until = models.DateTimeField(null=True, blank=True)
    links = models.TextField(blank=True)
    # The conversation it was merged into, and those merged into it, as `tag_keys` writes tags. A merge moves nothing: both
    # stay what their own events came to until then, and undoing it leaves it out (docs/adr/0002).
    merged_thread = models.CharField(max_length=300, blank=True)
    absorbed = models.TextField(blank=True)

    # With it the next event of a long conversation is folded without reading all before it (`TicketState.memory`).
    # None: read them.
    memory: Any = models.JSONField(null=True, blank=True, editable=False)

    objects = TicketQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "opened_event"], name="ticket_opened_once"),
        ]
        indexes = [
            models.Index(fields=["organization", "thread", "opened_at"], name="ticket_of_thread"),
            # Hardly any has one: an index of all would be written for each event and serve nothing.
            models.Index(fields=["replaced_by"], name="ticket_replaced", condition=Q(replaced_by__isnull=False)),
            # The parts of a list in their order, whatever centers its reader reaches: those are looked at on the way.
            models.Index(
                fields=["organization", "waiting_since", "id"],
                name="ticket_waiting",
                condition=Q(status="open", replaced_by=None, waiting_since__isnull=False),
            ),
            # What lists look for and count at a center and in a channel, the longest waiting first and then the rest
            # (`tickets.queries.places`). The columns beside are looked at in the index. A center is an organization's:
            # led by the organization, it would seem no better than any other index while little is known of a new one.
            models.Index(
                fields=["center", "channel", "waiting_since", "last_event_at", "id"],
                name="ticket_of_place",
                condition=Q(status="open", replaced_by=None, merged_thread=""),
                include=["organization", "agent_email", "due_at", "snoozed_until", "priority"],
            ),
            models.Index(
                fields=["organization", "-last_event_at", "-id"],
                name="ticket_resolved",
                condition=Q(status="resolved", replaced_by=None),
                include=["resolved_at", "center", "channel", "priority", "merged_thread"],
            ),
            models.Index(
                fields=["organization", "agent_email", "waiting_since", "last_event_at", "id"],
                name="ticket_of_agent",
                condition=Q(status="open", replaced_by=None, merged_thread=""),
                include=["center", "channel", "snoozed_until", "priority"],
            ),
            models.Index(fields=["organization", "-last_event_at", "-id"], name="ticket_recent"),
            models.Index(
                fields=["organization", "due_at", "id"],
                name="ticket_due",
                condition=Q(status="open", replaced_by=None, merged_thread="", due_at__isnull=False),
                include=["center", "channel", "priority"],
            ),
            # Of these there are as many as have just run out, however many are open.
            models.Index(
                fields=["organization", "next_alarm_at"],
                name="ticket_alarm",
                condition=Q(status="open", replaced_by=None, next_alarm_at__isnull=False),
            ),
            # What few tickets have is found without looking through all that are open.
            models.Index(
                fields=["organization", "snoozed_until", "id"],
                name="ticket_snoozed",
                condition=Q(status="open", replaced_by=None, merged_thread="", snoozed_until__isnull=False),
                include=["center", "channel", "priority"],
            ),
            models.Index(
                fields=["organization", "-last_event_at", "-id"],
                name="ticket_tagged",
                condition=Q(replaced_by=None) & ~Q(tags=""),
            ),
            # Those resolved lately are counted above every list of a tag, without a look at all that are open.
            models.Index(
                fields=["organization", "-last_event_at", "-id"],
                name="ticket_tagged_resolved",
                condition=Q(status="resolved", replaced_by=None) & ~Q(tags=""),
            ),
            # The call-back list: of these there are as many as nobody has called back yet.
            models.Index(
                fields=["organization", "opened_at", "id"],
                name="ticket_missed_call",
                condition=Q(status="open", replaced_by=None, call_state="abandoned", opened_by="customer"),
            ),
            # A customer's calls, the newest first, however many chats she had.
            models.Index(
                fields=["organization", "customer", "-opened_at", "-id"],
                name="ticket_calls_of_customer",
                condition=Q(replaced_by=None, channel="call", customer__isnull=False),
            ),
            # A handful, however many are open: the live board looks every few seconds.
            models.Index(
                fields=["organization", "last_event_at"],
                name="ticket_on_call",
                condition=Q(status="open", replaced_by=None) & CALL_GOES_ON,
            ),
            models.Index(
                fields=["organization", "priority", "-last_event_at", "-id"],
                name="ticket_of_priority",
                condition=Q(replaced_by=None, merged_thread="") & ~Q(priority="normal"),
                include=[
                    *("status", "center", "channel", "agent_email"),
                    *("waiting_since", "due_at", "snoozed_until", "resolved_at"),
                ],
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN

    @property
    def is_waiting(self) -> bool:
        return self.is_open and self.waiting_since is not None

    @property
    def is_call(self) -> bool:
        return self.channel == "call"

    @property
    def is_call_over(self) -> bool:
        return self.call_state in OVER

    @property
    def is_calling(self) -> bool:
        """Whether the call is going on: it waits, rings, or is spoken."""
        return self.is_open and self.call_state in GOING_ON

    @property
    def clocks(self) -> list[Running]:
        """The clocks that run, the one that runs out first in front."""
        return running_in(self.memory["clocks"]) if self.memory and "clocks" in self.memory else []

    @property
    def absorbed_threads(self) -> list[str]:
        return keys_in(self.absorbed)

    @property
    def tag_keys(self) -> list[str]:
        return keys_in(self.tags)

    def is_snoozed(self, now: datetime) -> bool:
        return self.is_open and self.snoozed_until is not None and self.snoozed_until > now

    def waited_seconds(self, now: datetime) -> float | None:
        """How long the customer has been waiting for a person, in calendar seconds."""
        return (now - self.waiting_since).total_seconds() if self.waiting_since else None
