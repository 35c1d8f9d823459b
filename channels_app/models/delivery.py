"""What goes out: over which connection, what is to be sent to whom, each attempt at it, and which mails belong together.

No text stands here: what is said is events, and a delivery names them by their numbers in the thread.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from cxhub.identifiers import uuid7


class ChannelAccount(models.Model):
    """One configured connection of a channel. Its adapter reads `settings` (for mail: channels_app.mail.settings)."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    adapter = models.CharField(max_length=20)
    # Null: of every center that has none of its own.
    center = models.ForeignKey(
        "accounts.Center", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("center")
    )
    name = models.CharField(_("name"), max_length=60)
    address = models.CharField(_("address"), max_length=254)
    settings: Any = models.JSONField(default=dict, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name = _("channel account")
        verbose_name_plural = _("channel accounts")
        constraints = [
            models.UniqueConstraint(fields=["organization", "adapter", "address"], name="channel_account_address_once"),
            # Otherwise nobody could say over which of them an answer goes.
            models.UniqueConstraint(
                fields=["organization", "adapter", "center"],
                name="channel_account_active_once_for_a_center",
                condition=Q(is_active=True, center__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["organization", "adapter"],
                name="channel_account_active_once_for_the_rest",
                condition=Q(is_active=True, center__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>"


class Delivery(models.Model):
    """The intention to send something, written in the transaction of what it sends. Moves by conditional updates only."""

    class Kind(models.TextChoices):
        REPLY = "reply", _("Answer")
        CARRY_ON = "carry_on", _("Chat answer carried on")
        TRANSCRIPT = "transcript", _("Transcript")
        TEST = "test", _("Trial")
        SURVEY = "survey", _("Survey")
        CONSENT = "consent", _("Notice of a consent")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Sending")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        DROPPED = "dropped", _("Not needed")

    class Report(models.TextChoices):
        NONE = "", _("No report")
        AWAITED = "awaited", _("Not known yet whether it arrived")
        DELIVERED = "delivered", _("Arrived")
        FAILED = "failed", _("Did not arrive")

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    account = models.ForeignKey(ChannelAccount, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    recipient = models.CharField(max_length=254)
    # The messages it carries: these numbers of the thread.
    thread = models.CharField(max_length=300, blank=True)
    first_seq = models.PositiveIntegerField(default=0)
    last_seq = models.PositiveIntegerField(default=0)
    # Who wrote or asked for it, and is told where it fails; "" for nobody at a desk.
    agent_email = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=5, default="ko")
    # Ours to the provider and to her mail program: random, so that an answer which names it has had the mail. The
    # same for each attempt, so that whoever has taken it already can tell.
    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    message_id = models.CharField(max_length=320)

    due_at = models.DateTimeField()
    # When it was last put in the queue by a person: from there on it is tried for so long (sending.PATIENCE).
    queued_at = models.DateTimeField()
    claim: models.UUIDField[UUID | str | None, UUID | None] = models.UUIDField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Why it failed last (channels_app.deliveries.causes); "" where it has not.
    cause = models.CharField(max_length=30, blank=True)
    # What the provider has told since it took it.
    report = models.CharField(max_length=10, choices=Report, default=Report.NONE, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    # The ticket says that it failed, and its author was called.
    is_told = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "thread", "first_seq"],
                name="delivery_of_a_reply_once",
                condition=Q(kind="reply"),
            ),
            models.UniqueConstraint(
                fields=["organization", "thread"],
                name="delivery_carries_a_chat_on_once",
                # One that was tried may wait beside the next: what it says does not change any more.
                condition=Q(kind="carry_on", state="waiting", attempts=0),
            ),
            models.CheckConstraint(
                name="delivery_state_is_known",
                condition=Q(state__in=["waiting", "sending", "sent", "failed", "dropped"]),
            ),
            models.CheckConstraint(
                name="delivery_is_claimed_while_sending",
                condition=Q(state="sending", claim__isnull=False, claimed_at__isnull=False)
                | (~Q(state="sending") & Q(claim__isnull=True)),
            ),
            models.CheckConstraint(name="delivery_has_a_recipient", condition=~Q(recipient="")),
            models.CheckConstraint(name="delivery_numbers_in_order", condition=Q(first_seq__lte=F("last_seq"))),
        ]
        indexes = [
            models.Index(fields=["organization", "due_at", "id"], name="delivery_due", condition=Q(state="waiting")),
            models.Index(fields=["organization", "claimed_at"], name="delivery_claimed", condition=Q(state="sending")),
            models.Index(fields=["organization", "thread", "last_seq"], name="delivery_of_thread"),
            models.Index(fields=["organization", "-created_at", "-id"], name="delivery_newest"),
            # What few deliveries have is found without looking through all that were ever sent.
            models.Index(
                fields=["organization", "-created_at", "-id"], name="delivery_failed", condition=Q(state="failed")
            ),
            models.Index(
                fields=["organization", "id"],
                name="delivery_to_be_told",
                condition=Q(state="failed", is_told=False) | Q(state="sent", is_told=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_failed(self) -> bool:
        return self.state == self.State.FAILED

    @property
    def is_sent(self) -> bool:
        return self.state == self.State.SENT

    @property
    def is_under_way(self) -> bool:
        return self.state in {self.State.WAITING, self.State.SENDING}

    def may_have_gone(self) -> bool:
        """Whether an attempt ended in a way that nobody knows. One statement."""
        tries = DeliveryAttempt.objects.filter(organization_id=self.organization_id, delivery=self)
        return tries.filter(outcome=DeliveryAttempt.Outcome.UNKNOWN).exists()


class DeliveryAttempt(models.Model):
    """One try, written before it begins: where a worker dies in between, it is known that nobody knows the outcome."""

    class Outcome(models.TextChoices):
        BEGUN = "begun", _("Under way")
        SENT = "sent", _("Sent")
        TEMPORARY = "temporary", _("Not this time")
        PERMANENT = "permanent", _("Refused")
        UNKNOWN = "unknown", _("Outcome unknown")

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    number = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.BEGUN)
    began_at = models.DateTimeField()
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    cause = models.CharField(max_length=30, blank=True)
    # What the provider said, in its own words.
    detail = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("delivery attempt")
        verbose_name_plural = _("delivery attempts")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "delivery", "number"], name="delivery_attempt_numbered_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.number}"


class MailReference(models.Model):
    """A Message-ID that went out or came in, and the conversation it belongs to: by it an answer finds its place."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    message_id = models.CharField(max_length=320)
    thread = models.CharField(max_length=300)
    is_ours = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "message_id"], name="mail_reference_once"),
        ]

    def __str__(self) -> str:
        return self.message_id
