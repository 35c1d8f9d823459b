"""What somebody who listens takes from a conversation: how the customer feels, and what it is about. Shown, never decisive.

Whoever listens writes it here (`tickets.actions.hints`); this room does not know who that is. A row may be missing,
late or gone: then nothing is shown, and nothing else differs.
"""

from __future__ import annotations

from django.db import models


class Hint(models.Model):
    class Mood(models.IntegerChoices):
        ALARMING = -2  # law, safety, press, abuse: somebody must look now
        ANGRY = -1
        PLAIN = 0
        PLEASED = 1

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    thread = models.CharField(max_length=300)
    # How she felt when she spoke last, and when that was.
    mood = models.SmallIntegerField(choices=Mood, default=Mood.PLAIN)
    spoken_at = models.DateTimeField()
    # What she has talked about since the ticket began; "" where nobody knows. `cue` are her words for it.
    topic = models.CharField(max_length=100, blank=True)
    cue = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "thread"], name="hint_once_for_a_thread")]
        indexes = [
            # The moods of a day, read from the index alone.
            models.Index(fields=["organization", "-spoken_at", "mood", "thread"], name="hint_of_the_day"),
        ]
