"""A place where customers are asked as they stand there: a store, a till or a member of staff, by QR code or on a tablet."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from cxhub.identifiers import uuid7
from kpi.surveys.links import new_key


class SurveyPoint(models.Model):
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    # In its links, which hang on walls: says nothing of the place.
    key = models.CharField(max_length=16, default=new_key, unique=True, editable=False)
    store = models.ForeignKey("accounts.Store", on_delete=models.CASCADE, related_name="+", verbose_name=_("store"))
    # "" for the whole store; else the till's name.
    label = models.CharField(_("till or place"), max_length=60, blank=True)
    person = models.ForeignKey(
        "accounts.Person", on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("staff")
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "store", "label"],
                name="survey_point_of_place_once",
                condition=Q(person__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["organization", "store", "label", "person"],
                name="survey_point_of_person_once",
                condition=Q(person__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
