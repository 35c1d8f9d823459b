"""What is done about what customers say: the action, the sentences it answers, and who was told that she was heard."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cxhub.identifiers import uuid7
from voc.models.voice import Voice


class Size(models.IntegerChoices):
    SMALL = 1, _("Small")
    MIDDLE = 2, _("Middling")
    LARGE = 3, _("Large")


class Term(models.TextChoices):
    SHORT = "short", _("Short (within a month)")
    MIDDLE = "middle", _("Middle (within a quarter)")
    LONG = "long", _("Long (later)")


class Improvement(models.Model):
    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        DOING = "doing", pgettext_lazy("improvement", "Under way")
        DONE = "done", pgettext_lazy("improvement", "Done")
        DROPPED = "dropped", _("Dropped")

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=120)
    note = models.TextField(_("what is to be done, and why"), blank=True)
    # What it is measured by; a topic that is merged goes on as the other.
    topic = models.ForeignKey("tickets.Topic", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Where it applies; everywhere without.
    store = models.ForeignKey(
        "accounts.Store", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    due_on: models.DateField[date | str | None, date | None] = models.DateField(_("due"), null=True, blank=True)
    effort = models.PositiveSmallIntegerField(_("effort"), choices=Size, default=Size.MIDDLE)
    impact = models.PositiveSmallIntegerField(_("impact"), choices=Size, default=Size.MIDDLE)
    term = models.CharField(_("term"), max_length=6, choices=Term, default=Term.SHORT)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    created_at = models.DateTimeField()
    # The first day on which customers met what was done: what comes before and after is cut here.
    done_on: models.DateField[date | str | None, date | None] = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="improvement_done_has_a_day",
                condition=Q(state="done", done_on__isnull=False) | (~Q(state="done") & Q(done_on=None)),
            ),
            models.CheckConstraint(
                name="improvement_state_is_known", condition=Q(state__in=["proposed", "doing", "done", "dropped"])
            ),
            models.CheckConstraint(
                name="improvement_sizes", condition=Q(effort__in=[1, 2, 3]) & Q(impact__in=[1, 2, 3])
            ),
        ]
        indexes = [models.Index(fields=["organization", "state", "-created_at"], name="improvement_of_state")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.PROPOSED, self.State.DOING}

    @property
    def is_quick_win(self) -> bool:
        return self.effort == Size.SMALL and self.impact == Size.LARGE

    @property
    def worth(self) -> int:
        """Sorts what to do first: much for little before little for much."""
        return self.impact - self.effort


class AnsweredVoice(models.Model):
    """A sentence that an improvement answers."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    improvement = models.ForeignKey(Improvement, on_delete=models.CASCADE, related_name="answered", db_index=False)
    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "improvement", "voice"], name="improvement_answers_once")
        ]


class HeardReply(models.Model):
    """The intention to tell one customer that she was heard; written by a person's press, sent by the worker, once."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        NOT_SENT = "not_sent", _("Not sent")

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    improvement = models.ForeignKey(Improvement, on_delete=models.CASCADE, related_name="replies", db_index=False)
    # The row that stands for her when it was written; the sender looks once more whom it was merged with.
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    thread = models.CharField(max_length=300)
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    # Why it was not sent, for people to read.
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "improvement", "customer"], name="heard_reply_once_for_each_customer"
            ),
            models.CheckConstraint(
                name="heard_reply_state_is_known", condition=Q(state__in=["waiting", "sent", "not_sent"])
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "due_at"], name="heard_reply_to_send", condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
