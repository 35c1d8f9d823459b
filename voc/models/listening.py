"""How far the follower is: found from the database's state, wherever a worker was cut off."""

from __future__ import annotations

from django.db import models

from customers.models import Event
from voc.models.layer import Layer


class Listening(models.Model):
    """One row for an organization: up to which event all is surely heard, and by what it is tagged now."""

    organization = models.OneToOneField("accounts.Organization", on_delete=models.CASCADE, related_name="+")
    upto = models.BigIntegerField(default=0)
    # Grows whenever the tagger, the layer or the topics' words are others: voices of an earlier one are looked at again.
    generation = models.PositiveIntegerField(default=1)
    version = models.CharField(max_length=60, blank=True)
    layer = models.ForeignKey(Layer, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    # Grows with each edit of topics and their words; `tagged_words` is that of the generation.
    words = models.PositiveIntegerField(default=0)
    tagged_words = models.PositiveIntegerField(default=0)
    # When the layer was trained last, or tried to be, and by how many corrections.
    learned_at = models.DateTimeField(null=True, blank=True)
    learned_from = models.PositiveIntegerField(default=0)


class Heard(models.Model):
    """An event that was listened to, whether it held a sentence or not: once, by whichever worker."""

    event = models.OneToOneField(
        Event, on_delete=models.CASCADE, primary_key=True, related_name="+", db_constraint=False
    )
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
