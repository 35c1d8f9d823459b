"""What an owner decides about the provider of text messages. Audited."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.db import transaction

from accounts import audit, policies
from accounts.actors import Actor
from accounts.models import Organization
from accounts.policies import Permission
from channels_app.models import ChannelAccount
from channels_app.sms.settings import SmsSettings, settings_of


def sms_account_of(organization_id: int) -> ChannelAccount | None:
    """The organization's one account, switched off or not."""
    rows = ChannelAccount.objects.filter(organization_id=organization_id, adapter="sms")
    return rows.select_related("organization").order_by("-is_active", "pk").first()


def set_sms(
    organization: Organization, *, number: str, is_active: bool, settings: SmsSettings, by: Actor, at: datetime
) -> ChannelAccount:
    """Sets everything. `number` is the sender's, digits. Raises NotAllowed. The same once more changes nothing."""
    policies.require(by, Permission.MANAGE_CHANNELS, organization_id=organization.pk)
    with transaction.atomic():
        # Two who save at once wait for each other here: the account may not exist yet.
        Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
        account = sms_account_of(organization.pk)
        before = _told(account) if account else None
        account = account or ChannelAccount(organization=organization, adapter="sms", created_at=at)
        account.name, account.address, account.is_active = organization.name[:60], number, is_active
        account.settings = msgspec.to_builtins(settings)
        if before != _told(account):
            account.save()
            audit.record(
                organization, by=by, action="channels.sms.set", obj="sms", before=before, after=_told(account), at=at
            )
    return account


def _told(account: ChannelAccount) -> dict[str, object]:
    """Without the secret; that it is another one is told by its end."""
    settings = settings_of(account)
    return {
        "number": account.address,
        "is_active": account.is_active,
        "provider": settings.provider,
        "url": settings.url,
        "api_key": settings.api_key,
        "secret": settings.secret[-2:],
        "reports": settings.reports,
        "kakao": f"{settings.kakao_profile} {settings.kakao_template}".strip(),
    }
