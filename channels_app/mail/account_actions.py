"""What an owner does with the addresses that a shop writes from. All of it audited."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import audit, policies
from accounts.actors import Actor
from accounts.models import Center, Organization
from accounts.policies import Permission
from channels_app.deliveries.adapter import DeliveryFailed
from channels_app.mail.addresses import ascii_address
from channels_app.mail.settings import MailSettings
from channels_app.models import ChannelAccount
from customers.email_addresses import is_masked_email, normal_email


class AccountRefused(Exception):
    """Nothing was changed. `field` is the argument at fault; `str()` is fit for the screen."""

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class AccountContent:
    """What a person decides about an account."""

    name: str
    address: str
    center: Center | None = None
    is_active: bool = True
    settings: MailSettings = field(default_factory=MailSettings)


def create_mail_account(
    organization: Organization, content: AccountContent, *, by: Actor, at: datetime
) -> ChannelAccount:
    """Raises NotAllowed or AccountRefused."""
    account = ChannelAccount(organization=organization, adapter="mail", created_at=at)
    with transaction.atomic():
        _fill(account, content, by=by)
        _save(account)
        _record(account, "create", by=by, at=at, after=_told(account))
    return account


def update_mail_account(account: ChannelAccount, content: AccountContent, *, by: Actor, at: datetime) -> ChannelAccount:
    """Sets everything a person decides. What waits goes out as the account is then. Raises as above."""
    with transaction.atomic():
        rows = ChannelAccount.objects.select_for_update(of=("self",)).select_related("organization")
        current = rows.get(pk=account.pk)
        before = _told(current)
        _fill(current, content, by=by)
        if _told(current) == before:
            return current
        _save(current)
        _record(current, "update", by=by, at=at, before=before, after=_told(current))
    return current


def _fill(account: ChannelAccount, content: AccountContent, *, by: Actor) -> None:
    policies.require(by, Permission.MANAGE_CHANNELS, organization_id=account.organization_id)
    center = content.center
    if center is not None and center.organization_id != account.organization_id:
        raise AccountRefused(_("That does not exist here."), field="center")
    address, name = normal_email(content.address), " ".join(content.name.split())
    if not address or is_masked_email(address) or "+" in address.partition("@")[0]:
        raise AccountRefused(_("Write a mail address such as help@shop.example, without a plus."), field="address")
    try:
        ascii_address(address)
    except DeliveryFailed as error:
        raise AccountRefused(_("In front of the @ only Latin letters can be sent from."), field="address") from error
    if not name:
        raise AccountRefused(_("Give a name; customers read it as the sender."), field="name")
    account.name, account.address, account.center = name, address, center
    account.is_active, account.settings = content.is_active, msgspec.to_builtins(content.settings)


def _save(account: ChannelAccount) -> None:
    """The constraints decide; who looks before cannot know what another is doing."""
    others = ChannelAccount.objects.filter(organization=account.organization_id, adapter="mail").exclude(pk=account.pk)
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        if others.filter(address=account.address).exists():
            raise AccountRefused(_("Another account has this address."), field="address") from error
        raise AccountRefused(
            _("This center has an active account already. Switch that one off first."), field="center"
        ) from error


def _record(account: ChannelAccount, what: str, *, by: Actor, at: datetime, **change: Any) -> None:
    obj = f"channel_account:{account.public_id}"
    audit.record(account.organization, by=by, at=at, action=f"channels.account.{what}", obj=obj, **change)


def _told(account: ChannelAccount) -> dict[str, Any]:
    return {
        "name": account.name,
        "address": account.address,
        "center": account.center.slug if account.center else None,
        "is_active": account.is_active,
        "settings": dict(account.settings),
    }
