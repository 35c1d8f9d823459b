"""What a short name, a time zone and a currency look like; used by models, forms and the config file."""

import re
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?")

# A source path begins with its center's slug (EVENTS.md) and `/hub` is the hub's own.
RESERVED_SLUGS = frozenset({"hub"})


def validate_slug(value: str) -> None:
    """Raises ValidationError unless the value is a short name usable in a path."""
    if not SLUG.fullmatch(value):
        raise ValidationError(
            _("Use lower-case letters, digits and hyphens, at most 50, for example “seoul”."),
            code="slug",
        )
    if value in RESERVED_SLUGS:
        raise ValidationError(_("“%(slug)s” is reserved."), code="reserved", params={"slug": value})


def validate_timezone(value: str) -> None:
    """Raises ValidationError unless the value is an IANA zone."""
    if value not in available_timezones():
        raise ValidationError(_("Name a time zone such as “Asia/Seoul”."), code="timezone")


def validate_currency(value: str) -> None:
    """Raises ValidationError unless the value has the form of an ISO 4217 code."""
    if not re.fullmatch(r"[A-Z]{3}", value):
        raise ValidationError(_("Write a currency as three capitals, for example “KRW”."), code="currency")
