"""By which words and examples a topic is known, as people edit them. The topic itself is the one of tickets."""

from __future__ import annotations

from django.db import models


class TopicWords(models.Model):
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    topic = models.OneToOneField("tickets.Topic", on_delete=models.CASCADE, related_name="words")
    # The tagger's own topic that this one stands for; "" for one that the organization made.
    standard = models.CharField(max_length=40, blank=True)
    # A word or a sentence in each line. A leading "_" counts only where a word begins.
    cues = models.TextField(blank=True)
    examples = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "standard"],
                condition=~models.Q(standard=""),
                name="topic_words_standard_once",
            ),
        ]

    @property
    def cue_list(self) -> list[str]:
        return [line for line in self.cues.splitlines() if line.strip()]

    @property
    def example_list(self) -> list[str]:
        return [line for line in self.examples.splitlines() if line.strip()]
