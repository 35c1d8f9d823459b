"""Whether somebody can be given work now, and every change of it: figures ask how long and how often."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    ONLINE = "online", _("Online")
    AWAY = "away", _("Away")
    BUSY = "busy", _("Busy")
    AFTER_CALL = "after_call", _("After-call work")
    OFFLINE = "offline", _("Offline")


class Cause(models.TextChoices):
    """What brought her into her state."""

    HERSELF = "herself", _("chosen")
    ARRIVED = "arrived", _("came to the desk")
    IDLE = "idle", _("idle")
    CALL = "call", _("a call")
    DROPPED = "dropped", _("connection lost")
    LEFT = "left", _("logged out")
    LEAD = "lead", _("set by a lead")


_STATES = [state.value for state in State]
_CAUSES = [cause.value for cause in Cause]


class Availability(models.Model):
    """The state somebody is in. Who never came to the desk has no row, and is offline."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    person = models.OneToOneField("accounts.Person", on_delete=models.CASCADE, related_name="availability")
    state = models.CharField(max_length=12, choices=State, default=State.OFFLINE)
    cause = models.CharField(max_length=10, choices=Cause, default=Cause.LEFT)
    since = models.DateTimeField()
    # When after-call work ends by itself.
    until = models.DateTimeField(null=True, blank=True)
    # Since when no page of hers has been connected; None while one is.
    gone_since = models.DateTimeField(null=True, blank=True)
    # When routing last gave her a ticket: whose turn it is.
    given_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="availability_state_is_known", condition=Q(state__in=_STATES)),
            models.CheckConstraint(name="availability_cause_is_known", condition=Q(cause__in=_CAUSES)),
            models.CheckConstraint(
                name="availability_ends_only_after_a_call", condition=Q(until=None) | Q(state=State.AFTER_CALL)
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "person"], name="availability_present", condition=~Q(state=State.OFFLINE)
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.state}"


class AvailabilityChange(models.Model):
    """Somebody came into a state at an instant; she was in it until her next change. Written once."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State)
    cause = models.CharField(max_length=10, choices=Cause)

    class Meta:
        constraints = [
            models.CheckConstraint(name="availability_change_state_is_known", condition=Q(state__in=_STATES)),
            models.CheckConstraint(name="availability_change_cause_is_known", condition=Q(cause__in=_CAUSES)),
        ]
        indexes = [models.Index(fields=["organization", "person", "at"], name="availability_changes")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.state} {self.at:%Y-%m-%d %H:%M:%S}"
