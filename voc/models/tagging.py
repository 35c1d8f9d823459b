"""What somebody said a voice is about, once: the tagger of a version, with or without a layer, or a person.

Written once and never changed, but for `is_current`. A person's is a row of its own that no machine takes from its place.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from voc.models.layer import Layer
from voc.models.voice import Act, Mood, Severity, Voice


class Tagging(models.Model):
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="taggings")
    # The tagger's version and the layer that was over it; a person has neither.
    version = models.CharField(max_length=60, blank=True)
    layer = models.ForeignKey(Layer, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    person = models.ForeignKey(
        "accounts.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    is_by_person = models.BooleanField(default=False)
    # What counted until then, where that was something else.
    before = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    act = models.CharField(max_length=10, choices=Act)
    sentiment = models.SmallIntegerField(choices=Mood)
    severity = models.CharField(max_length=10, choices=Severity, blank=True)
    confidence = models.FloatField(default=1)
    # [{"topic": slug, "sentiment": -1/0/1, "confidence": 0…1}], by the slugs of that time.
    topics: Any = models.JSONField(default=list)
    made_at = models.DateTimeField()
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["voice"], condition=Q(is_current=True), name="tagging_one_counts"),
        ]
        indexes = [
            models.Index(
                fields=["organization", "-made_at", "-id"], name="tagging_by_people", condition=Q(is_by_person=True)
            ),
            # What a layer changed.
            models.Index(
                fields=["organization", "layer", "-id"], name="tagging_of_layer", condition=Q(layer__isnull=False)
            ),
        ]

    @property
    def said(self) -> tuple[Any, ...]:
        """What two taggings are compared by; how sure it was is no difference."""
        topics = sorted((str(one["topic"]), int(one["sentiment"])) for one in self.topics)
        return self.act, self.sentiment, self.severity, tuple(topics)
