"""The intention to send one of the hub's own people a mail, as every room that tells people by mail keeps it."""

from __future__ import annotations

from django.db import models

from cxhub.identifiers import uuid7


class PersonMail(models.Model):
    """Written with what it tells of, sent by the worker (`accounts.actions.mails`), once.

    A worker claims it before it sends. One that dies in between leaves a claim that grows old and is taken over, with
    the same Message-ID: told twice is better than never. A subclass says to whom (`person`) and of what; its index by
    `due_at` is of those with no `done_at`.
    """

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    # Not before: pushed on by each failure.
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=200, blank=True)
    # Sent, not wanted any more, or given up: then `failure` says why.
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
