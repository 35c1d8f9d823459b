"""The store: a place that sells. Its sales and visits are events of the customers' room."""

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.models.center import Center
from accounts.models.organization import Organization
from accounts.validators import validate_slug
from cxhub.identifiers import uuid7


class Store(models.Model):
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="stores", db_index=False)
    center = models.ForeignKey(Center, on_delete=models.PROTECT, related_name="stores", null=True, blank=True)
    slug = models.CharField(_("short name"), max_length=50, validators=[validate_slug])
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=100)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name = _("store")
        verbose_name_plural = _("stores")
        constraints = [
            models.UniqueConstraint(fields=["organization", "slug"], name="store_slug_is_unique_in_organization"),
        ]

    def __str__(self) -> str:
        return self.name
