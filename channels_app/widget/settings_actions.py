"""What owner and lead do with widgets: make one, change it, see and replace its signing secret. All of it audited."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit, policies
from accounts.actors import Actor
from accounts.models import Center, Organization
from accounts.policies import Permission
from channels_app.models.widget import (
    DEFAULT_COLOR,
    DEFAULT_KEPT_MONTHS,
    Asked,
    WidgetSettings,
    new_signing_secret,
)
from channels_app.widget.origins import normalized_origin

# What needs no look but the database's own.
PLAIN = (
    *("asks_contact", "asks_name", "asks_phone", "asks_email", "asks_topic"),
    *("takes_closed_messages", "plays_sound", "asks_satisfaction", "is_active"),
)
_COLOR = re.compile(r"#[0-9a-f]{6}")


class WidgetSettingsRefused(Exception):
    """Nothing was changed. `field` is the argument at fault; `str()` is fit for the screen."""

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class WidgetContent:
    """What a person decides about a widget."""

    name: str
    greeting_ko: str = ""
    greeting_en: str = ""
    allowed_origins: Sequence[str] = ()
    brand_color: str = DEFAULT_COLOR
    asks_contact: bool = True
    asks_name: str = Asked.OPTIONAL
    asks_phone: str = Asked.OPTIONAL
    asks_email: str = Asked.OFF
    asks_topic: str = Asked.OFF
    contact_kept_months: int = DEFAULT_KEPT_MONTHS
    privacy_url: str = ""
    takes_closed_messages: bool = True
    plays_sound: bool = True
    asks_satisfaction: bool = True
    is_active: bool = True


def create_widget(
    organization: Organization, *, center: Center, content: WidgetContent, by: Actor, at: datetime
) -> WidgetSettings:
    """Makes a widget. Raises NotAllowed or WidgetSettingsRefused (name taken, no web address, foreign center)."""
    widget = WidgetSettings(organization=organization, created_at=at)
    with transaction.atomic():
        _fill(widget, center=center, content=content, by=by)
        widget.save(force_insert=True)
        _record(widget, "create", by=by, at=at, after=_told(widget))
    return widget


def update_widget(
    widget: WidgetSettings, *, center: Center, content: WidgetContent, by: Actor, at: datetime
) -> WidgetSettings:
    """Sets everything a person decides. Raises as `create_widget`."""
    with transaction.atomic():
        current = _locked(widget)
        before = _told(current)
        _fill(current, center=center, content=content, by=by)
        after = _told(current)
        if after == before:
            return current
        current.save(update_fields=["center", *asdict(content)])
        _record(current, "update", by=by, at=at, before=before, after=after)
    return current


def reveal_signing_secret(widget: WidgetSettings, *, by: Actor, at: datetime) -> str:
    """Returns the secret with which the shop's server signs visitor tokens. Raises NotAllowed."""
    with transaction.atomic():
        _require(by, widget.organization_id, widget.center)
        _record(widget, "reveal_secret", by=by, at=at)
    return widget.signing_secret


def rotate_signing_secret(widget: WidgetSettings, *, by: Actor, at: datetime) -> str:
    """Replaces the secret and returns the new one. Tokens signed with the old one prove nothing from now on."""
    with transaction.atomic():
        current = _locked(widget)
        _require(by, current.organization_id, current.center)
        current.signing_secret = new_signing_secret()
        current.save(update_fields=["signing_secret"])
        _record(current, "rotate_secret", by=by, at=at)
    return current.signing_secret


def _locked(widget: WidgetSettings) -> WidgetSettings:
    rows = WidgetSettings.objects.select_for_update(of=("self",)).select_related("organization", "center")
    return rows.get(pk=widget.pk)


def _fill(widget: WidgetSettings, *, center: Center, content: WidgetContent, by: Actor) -> None:
    if center.organization_id != widget.organization_id:
        raise WidgetSettingsRefused(_("That does not exist here."), field="center")
    _require(by, widget.organization_id, center)
    name = content.name.strip()
    if not name:
        raise WidgetSettingsRefused(_("Give the widget a name; visitors read it."), field="name")
    namesakes = WidgetSettings.objects.filter(organization_id=widget.organization_id, name=name).exclude(pk=widget.pk)
    if namesakes.exists():
        raise WidgetSettingsRefused(_("Another widget has this name."), field="name")
    widget.center = center
    widget.name = name
    widget.greeting_ko, widget.greeting_en = content.greeting_ko.strip(), content.greeting_en.strip()
    widget.allowed_origins = checked_origins(content.allowed_origins)
    widget.brand_color = _checked_color(content.brand_color)
    widget.privacy_url = _checked_privacy_url(content.privacy_url)
    widget.contact_kept_months = content.contact_kept_months
    for field in PLAIN:
        setattr(widget, field, getattr(content, field))


def _checked_color(text: str) -> str:
    color = text.strip().lower()
    if not _COLOR.fullmatch(color):
        raise WidgetSettingsRefused(_("Write the color like #1f4d44."), field="brand_color")
    return color


def _checked_privacy_url(text: str) -> str:
    """It becomes a link on other people's pages: an address of the web, or nothing."""
    url = text.strip()
    if url and not url.startswith(("https://", "http://")):
        raise WidgetSettingsRefused(_("Write the whole address, beginning with https://."), field="privacy_url")
    return url


def checked_origins(texts: Sequence[str]) -> list[str]:
    """Returns the origins in their one spelling, each once. Raises WidgetSettingsRefused naming a wrong one."""
    origins: list[str] = []
    for text in texts:
        origin = normalized_origin(text)
        if origin is None:
            raise WidgetSettingsRefused(
                _("“%(text)s” is no address of a site. Write it like https://shop.example.") % {"text": text[:80]},
                field="allowed_origins",
            )
        origins.append(origin)
    return list(dict.fromkeys(origins))


def _require(by: Actor, organization_id: int, center: Center) -> None:
    policies.require(by, Permission.MANAGE_WIDGETS, organization_id=organization_id)
    if not policies.reaches_center(by, center):
        raise policies.NotAllowed(Permission.MANAGE_WIDGETS)


def _record(widget: WidgetSettings, what: str, *, by: Actor, at: datetime, **change: Any) -> None:
    obj = f"widget:{widget.public_id}"
    audit.record(widget.organization, by=by, at=at, action=f"channels.widget.{what}", obj=obj, **change)


def _told(widget: WidgetSettings) -> dict[str, Any]:
    return {
        "name": widget.name,
        "center": widget.center.slug,
        "greeting_ko": widget.greeting_ko,
        "greeting_en": widget.greeting_en,
        "allowed_origins": list(widget.allowed_origins),
        **{field: getattr(widget, field) for field in ("brand_color", "privacy_url", "contact_kept_months", *PLAIN)},
    }
