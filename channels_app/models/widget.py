"""The chat widget: its settings, the browsers that opened it and the conversations they hold.

What was said is not here: messages are events (customers.Event) in the conversation's thread.
"""

from __future__ import annotations

import secrets
from typing import ClassVar
from uuid import UUID, uuid4

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from cxhub.identifiers import uuid7


def new_signing_secret() -> str:
    """Returns 256 random bits as text; the shop's server signs visitor tokens with it."""
    return secrets.token_urlsafe(32)


# The hub's own green: what stands in static/widget/widget.css where nothing else was chosen.
DEFAULT_COLOR = "#1f4d44"
# Complaints and disputes are kept for three years by law; a shop may promise less.
DEFAULT_KEPT_MONTHS = 36


class Asked(models.TextChoices):
    """Whether something is asked before the chat."""

    OFF = "off", _("Not asked")
    OPTIONAL = "optional", _("Optional")
    REQUIRED = "required", _("Required")


class WidgetSettings(models.Model):
    """One widget as a shop puts it on its pages."""

    # In the order in which they stand in the form.
    ASKABLE: ClassVar = ("name", "phone", "email", "topic")

    organization = models.ForeignKey("accounts.Organization", on_delete=models.CASCADE, related_name="+")
    # Stands in the page of the shop for everyone to read: it names the widget and opens nothing.
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    center = models.ForeignKey(
        "accounts.Center", on_delete=models.PROTECT, related_name="+", verbose_name=_("center that answers")
    )
    name = models.CharField(_("name"), max_length=60)
    greeting_ko = models.CharField(_("greeting in Korean"), max_length=300, blank=True)
    greeting_en = models.CharField(_("greeting in English"), max_length=300, blank=True)
    # Exact origins ("https://shop.example"); empty means: no page but the hub's own.
    allowed_origins = models.JSONField(_("allowed addresses"), default=list, blank=True)
    brand_color = models.CharField(
        _("color"), max_length=7, default=DEFAULT_COLOR, validators=[RegexValidator(r"^#[0-9a-f]{6}$")]
    )
    # The form before the chat as a whole; what it asks stands below.
    asks_contact = models.BooleanField(_("form before the chat"), default=True)
    asks_name = models.CharField(_("name"), max_length=8, choices=Asked, default=Asked.OPTIONAL)
    asks_phone = models.CharField(_("mobile phone"), max_length=8, choices=Asked, default=Asked.OPTIONAL)
    asks_email = models.CharField(_("mail address"), max_length=8, choices=Asked, default=Asked.OFF)
    asks_topic = models.CharField(_("topic"), max_length=8, choices=Asked, default=Asked.OFF)
    # What the consent to the forms promises: how long, and where the rest of it can be read.
    contact_kept_months = models.PositiveSmallIntegerField(
        _("contact is kept for (months)"),
        default=DEFAULT_KEPT_MONTHS,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
    )
    privacy_url = models.URLField(_("privacy policy"), max_length=300, blank=True)
    takes_closed_messages = models.BooleanField(_("form out of hours"), default=True)
    plays_sound = models.BooleanField(_("sound"), default=True)
    asks_satisfaction = models.BooleanField(_("ask for satisfaction"), default=True)
    # Kept readable: HMAC needs the key itself. Shown to owner and lead only, each look is audited.
    signing_secret = models.CharField(max_length=64, default=new_signing_secret, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name = _("chat widget")
        verbose_name_plural = _("chat widgets")
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="widget_name_once_in_organization"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def account(self) -> str:
        """The channel account under which visitors are external identities."""
        return f"widget:{self.public_id.hex}"

    @property
    def greetings(self) -> dict[str, str]:
        return {"ko": self.greeting_ko, "en": self.greeting_en}

    @property
    def asks(self) -> dict[str, str]:
        """What the form before the chat asks: only what is asked at all, optional or required."""
        if not self.asks_contact:
            return {}
        asked = {name: str(getattr(self, f"asks_{name}")) for name in self.ASKABLE}
        return {name: how for name, how in asked.items() if how != Asked.OFF}


class WidgetVisitor(models.Model):
    """One browser. Whoever shows the secret continues its conversations."""

    organization = models.ForeignKey("accounts.Organization", on_delete=models.CASCADE, related_name="+")
    widget = models.ForeignKey(WidgetSettings, on_delete=models.CASCADE, related_name="visitors")
    # uuid4: 122 random bits, for it is told to pages we do not control and should not tell the time either.
    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    secret_hash = models.CharField(max_length=64)
    # The shop's own name for her, proven by a signed token; empty for an anonymous visitor.
    subject = models.CharField(max_length=200, blank=True)
    # {"member_no", "phone", "email", "name"}: proven when `subject` is set, else what she typed.
    about = models.JSONField(default=dict, blank=True)
    # What she agreed to when she typed it: {"at", "items", "months", "language"}; empty where nothing was typed.
    consent = models.JSONField(default=dict, blank=True)
    # In which she last had the widget; "" where it was never told.
    language = models.CharField(max_length=2, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)
    last_seen_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("widget visitor")
        verbose_name_plural = _("widget visitors")
        constraints = [
            models.CheckConstraint(condition=~Q(secret_hash=""), name="widget_visitor_has_a_secret"),
        ]

    def __str__(self) -> str:
        return self.public_id.hex

    @property
    def is_verified(self) -> bool:
        return bool(self.subject)


class WidgetConversation(models.Model):
    organization = models.ForeignKey("accounts.Organization", on_delete=models.CASCADE, related_name="+")
    visitor = models.ForeignKey(WidgetVisitor, on_delete=models.CASCADE, related_name="conversations")
    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    # The thread of its events (customers.Thread.key); stored because live hints name threads by it.
    thread_key = models.CharField(max_length=120, unique=True)
    # What she says it is about, before there is a ticket to say it of; gone when her first message has carried it.
    topic = models.CharField(max_length=100, blank=True)
    # Up to which number of the thread each side has had the messages before its eyes; only ever grows.
    visitor_seen_seq = models.PositiveIntegerField(default=0)
    agents_seen_seq = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name = _("widget conversation")
        verbose_name_plural = _("widget conversations")

    def __str__(self) -> str:
        return self.public_id.hex

    @staticmethod
    def thread_key_of(widget_public_id: UUID, public_id: UUID) -> str:
        return f"widget:{widget_public_id.hex}:{public_id.hex}"
