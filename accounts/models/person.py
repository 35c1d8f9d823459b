"""The person who logs in: one account per human, bound to one organization, centers and stores.

The operator (whoever installed the hub) is a person without an organization and without a role.
"""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.models.center import Center
from accounts.models.organization import Organization
from accounts.models.store import Store
from cxhub.identifiers import uuid7


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    LEAD = "lead", _("Lead")
    AGENT = "agent", _("Agent")
    STORE_STAFF = "store_staff", _("Store staff")


class PersonManager(BaseUserManager["Person"]):
    """Django's own doors (createsuperuser, allauth, authentication); the business uses actions."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email=(username or "").strip().lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        """Returns a saved person. Without a password nobody can log in. Raises ValueError without e-mail."""
        if not email:
            raise ValueError("A person needs an e-mail address.")
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        """Returns the operator: no organization, no role, Django admin open."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class Person(AbstractBaseUser, PermissionsMixin):
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        related_name="people",
        null=True,
        blank=True,
        db_index=False,
    )
    # Unique in the whole hub and not in the organization: it is what one logs in with.
    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=100)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, blank=True, default="")
    centers = models.ManyToManyField(Center, related_name="people", blank=True)
    stores = models.ManyToManyField(Store, related_name="people", blank=True)
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=Organization.Language.choices,
        blank=True,
        default="",
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may use the operator's admin"), default=False)
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [
            models.Index(fields=["organization", "role", "name"], name="person_by_role"),
        ]
        constraints = [
            models.CheckConstraint(name="person_email_is_lower_case", condition=models.Q(email=Lower("email"))),
            models.CheckConstraint(
                name="person_role_comes_with_organization",
                condition=models.Q(organization__isnull=True, role="")
                | models.Q(organization__isnull=False, role__in=["owner", "lead", "agent", "store_staff"]),
            ),
            models.CheckConstraint(
                name="person_language_is_known",
                condition=models.Q(language__in=["", "ko", "en"]),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def is_owner(self) -> bool:
        return self.role == Role.OWNER

    @property
    def is_alarmed(self) -> bool:
        """Whether she has a bell: who answers for others' work is told when something stays unseen, and whoever
        promised something before it is too late."""
        return self.is_active and self.role in (Role.OWNER, Role.LEAD, Role.AGENT)

    @property
    def is_store_staff(self) -> bool:
        return self.role == Role.STORE_STAFF
