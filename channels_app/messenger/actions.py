"""What an owner decides about the relay of messengers. Audited."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.db import transaction

from accounts import audit, policies
from accounts.actors import Actor
from accounts.models import Organization
from accounts.policies import Permission
from channels_app.messenger.settings import MessengerSettings, settings_of
from channels_app.models import ChannelAccount


def messenger_account_of(organization_id: int) -> ChannelAccount | None:
    """The organization's one account, switched off or not."""
    rows = ChannelAccount.objects.filter(organization_id=organization_id, adapter="messenger")
    return rows.select_related("organization").order_by("-is_active", "pk").first()


def set_messenger(
    organization: Organization, *, is_active: bool, settings: MessengerSettings, by: Actor, at: datetime
) -> ChannelAccount:
    """Raises NotAllowed. The same once more changes nothing."""
    policies.require(by, Permission.MANAGE_CHANNELS, organization_id=organization.pk)
    with transaction.atomic():
        # Two who save at once wait for each other here: the account may not exist yet.
        Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
        account = messenger_account_of(organization.pk)
        before = _told(account) if account else None
        account = account or ChannelAccount(
            organization=organization, adapter="messenger", address="messenger", created_at=at
        )
        account.name, account.is_active = organization.name[:60], is_active
        account.settings = msgspec.to_builtins(settings)
        if before != _told(account):
            account.save()
            audit.record(
                organization,
                by=by,
                action="channels.messenger.set",
                obj="messenger",
                before=before,
                after=_told(account),
                at=at,
            )
    return account


def _told(account: ChannelAccount) -> dict[str, object]:
    """Without the secret; that it is another one is told by its end."""
    settings = settings_of(account)
    return {"is_active": account.is_active, "url": settings.url, "secret": settings.secret[-2:]}
