"""How a center's waiting tickets find somebody, and what is particular to a person there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tickets.routing import Mode

MOST_CHATS = 50
LONGEST_AWAY_MINUTES = 240
LONGEST_WRAP_UP_SECONDS = 1800


class CenterRouting(models.Model):
    """A center without a row has what a new one would say: people take their tickets themselves."""

    class Modes(models.TextChoices):
        MANUAL = Mode.MANUAL.value, _("By hand")
        ROUND_ROBIN = Mode.ROUND_ROBIN.value, _("In turn")
        LEAST_LOADED = Mode.LEAST_LOADED.value, _("To whoever has least to do")

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    center = models.OneToOneField("accounts.Center", on_delete=models.CASCADE, related_name="routing")
    mode = models.CharField(max_length=12, choices=Modes, default=Modes.MANUAL)
    chat_limit = models.PositiveSmallIntegerField(default=4)
    away_after_minutes = models.PositiveSmallIntegerField(default=10)
    # 0: a call that has ended leaves her online.
    wrap_up_seconds = models.PositiveSmallIntegerField(default=60)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="center_routing_mode_is_known", condition=Q(mode__in=[mode.value for mode in Mode])
            ),
            models.CheckConstraint(
                name="center_routing_is_within_limits",
                condition=Q(chat_limit__range=(1, MOST_CHATS))
                & Q(away_after_minutes__range=(1, LONGEST_AWAY_MINUTES))
                & Q(wrap_up_seconds__range=(0, LONGEST_WRAP_UP_SECONDS)),
            ),
        ]
        indexes = [models.Index(fields=["organization", "mode"], name="center_routing_mode")]

    def __str__(self) -> str:
        return f"{self.center_id} {self.mode}"


class AgentRouting(models.Model):
    """What routing knows of a person in all her centers: a limit of her own, and the topics she is good at."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    person = models.OneToOneField("accounts.Person", on_delete=models.CASCADE, related_name="routing")
    # None: the center's.
    chat_limit = models.PositiveSmallIntegerField(null=True, blank=True)
    topics = models.ManyToManyField("tickets.Topic", related_name="+", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="agent_routing_is_within_limits",
                condition=Q(chat_limit=None) | Q(chat_limit__range=(1, MOST_CHATS)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}"
