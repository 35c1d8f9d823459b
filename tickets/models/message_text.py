"""What was said, in the form in which it is searched: a copy of messages, notes and transcripts, filled behind the intake.

May be emptied and filled again at any time (`tickets.actions.message_texts`).
"""

from __future__ import annotations

from django.db import models

from customers.models import Event


class MessageText(models.Model):
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    time = models.DateTimeField()
    thread = models.CharField(max_length=300)
    channel = models.CharField(max_length=12, blank=True)
    author = models.CharField(max_length=10, blank=True)
    # NFC, lower case, single spaces. PostgreSQL has an index of its pairs of letters (migration 0013).
    text = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["organization", "-time", "-event"], name="message_text_newest")]


class SearchProgress(models.Model):
    """Up to which event an organization's messages are surely copied."""

    organization = models.OneToOneField("accounts.Organization", on_delete=models.CASCADE, related_name="+")
    upto = models.BigIntegerField(default=0)
