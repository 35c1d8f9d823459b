"""A voice: one sentence of a customer, with its place in what she said and the tags that count now.

Who, when, where and by which way is a function of the event alone, so it does not matter in which order events came.
Which ticket it stands in is asked of the thread when somebody looks (`voc.queries.places`): a late event may change it.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models import Event
from cxhub.identifiers import uuid7


class Act(models.TextChoices):
    QUESTION = "question", _("Question")
    COMPLAINT = "complaint", _("Complaint")
    REQUEST = "request", pgettext_lazy("kind of sentence", "Request")
    PRAISE = "praise", _("Praise")
    SUGGESTION = "suggestion", _("Suggestion")
    STATEMENT = "statement", _("Statement")


class Severity(models.TextChoices):
    NORMAL = "", _("Not urgent")
    LAW = "law", _("Law")
    SAFETY = "safety", _("Safety")
    PRESS = "press", _("Press")
    ABUSE = "abuse", _("Abuse")


class Mood(models.IntegerChoices):
    BAD = -1, _("Bad")
    PLAIN = 0, _("Plain")
    GOOD = 1, _("Good")


class Voice(models.Model):
    # The database does not check what the follower has just read: see customers.models.Event.
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    # Whoever comes to delete an event or a customer takes her sentences along.
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    # Which of several texts of the event: the number of a call's segment, else 0.
    part = models.PositiveSmallIntegerField(default=0)
    # Letters from the beginning of that text as it was sent: cutting a number out leaves its length.
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField()
    language = models.CharField(max_length=8, blank=True)

    time = models.DateTimeField()
    channel = models.CharField(max_length=12)  # chat, mail, message, call, store, survey, review
    thread = models.CharField(max_length=300, blank=True)
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.CASCADE,
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
    center = models.ForeignKey(
        "accounts.Center",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    product = models.CharField(max_length=200, blank=True)

    # As the tagging that counts says (`Tagging.is_current`).
    act = models.CharField(max_length=10, choices=Act, default=Act.STATEMENT)
    sentiment = models.SmallIntegerField(choices=Mood, default=Mood.PLAIN)
    severity = models.CharField(max_length=10, choices=Severity, blank=True)
    confidence = models.FloatField(default=0)
    is_corrected = models.BooleanField(default=False)
    # Of which generation of tagger, layer and topics it was looked at last (`Listening.generation`).
    generation = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "event", "part", "start"], name="voice_once_in_its_place"),
            models.CheckConstraint(condition=Q(end__gt=models.F("start")), name="voice_says_something"),
        ]
        indexes = [
            models.Index(fields=["organization", "-time", "-id"], name="voice_newest"),
            models.Index(
                fields=["organization", "customer", "-time", "-id"],
                name="voice_of_customer",
                condition=Q(customer__isnull=False),
            ),
            models.Index(fields=["organization", "thread", "time"], name="voice_of_thread", condition=~Q(thread="")),
            models.Index(fields=["organization", "generation", "-id"], name="voice_to_tag_again"),
            models.Index(fields=["organization", "-time", "-id"], name="voice_severe", condition=~Q(severity="")),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class VoiceTopic(models.Model):
    """What a voice says of one topic. Made from the tagging that counts; may be made anew at any time.

    Carries what the board counts by, so that a number of a month is a walk along one index.
    """

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="topics", db_index=False)
    # The topic that counts: of a merged one, that into which it was merged.
    topic = models.ForeignKey("tickets.Topic", on_delete=models.PROTECT, related_name="+", db_index=False)
    sentiment = models.SmallIntegerField(choices=Mood, default=Mood.PLAIN)
    confidence = models.FloatField(default=0)

    time = models.DateTimeField()
    channel = models.CharField(max_length=12)
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.CASCADE,
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
    center = models.ForeignKey(
        "accounts.Center",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    product = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["voice", "topic"], name="voice_topic_once")]
        indexes = [
            # Numbers of a period, read from the index alone.
            models.Index(fields=["organization", "time", "topic", "sentiment"], name="voice_topic_of_period"),
            models.Index(fields=["organization", "topic", "-time"], name="voice_topic_newest"),
        ]
