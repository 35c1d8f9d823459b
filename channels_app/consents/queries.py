"""What an organization has decided about notices of consents, how they went, and who opened a link."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count

from accounts.models import Organization
from channels_app.models import ConsentNotice, ConsentSettings
from cxhub.short_links import key_of, token_of

PURPOSE = "consent"


def settings_of(organization: Organization) -> ConsentSettings:
    """Unsaved, with the defaults, where nobody has decided yet."""
    found = ConsentSettings.objects.filter(organization=organization).first()
    return found or ConsentSettings(organization=organization)


def outcomes_of(organization: Organization, *, since: datetime) -> list[tuple[str, str, str, int]]:
    """How the notices since then went: kind, state, reason, how many. One statement."""
    rows = ConsentNotice.objects.filter(organization=organization, planned_at__gt=since).order_by()
    told = rows.values_list("kind", "state", "reason").annotate(n=Count("pk"))
    return list(told.order_by("kind", "state", "reason"))


def notice_behind(token: str) -> ConsentNotice | None:
    """The notice of a link; None for a forged one, of which the database is not asked."""
    key = key_of(token, PURPOSE)
    rows = ConsentNotice.objects.select_related("organization", "customer")
    return rows.filter(key=key).first() if key else None


def token_for(notice: ConsentNotice) -> str:
    return token_of(notice.key, PURPOSE)
