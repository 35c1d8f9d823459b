"""Which channel account answers for a center. Reads only."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from channels_app.models import ChannelAccount


def accounts_of_center(organization_id: int, adapter: str, center_id: int | None) -> QuerySet[ChannelAccount]:
    """The active accounts that serve the center: its own first, then the one that serves those without."""
    serves = Q(center=center_id) | Q(center=None) if center_id else Q(center=None)
    rows = ChannelAccount.objects.filter(serves, organization_id=organization_id, adapter=adapter, is_active=True)
    return rows.order_by(F("center").desc(nulls_last=True), "pk")


def account_of_center(organization_id: int, adapter: str, center_id: int | None) -> ChannelAccount | None:
    """The first of `accounts_of_center`. One statement."""
    return accounts_of_center(organization_id, adapter, center_id).first()


def account_of_organization(organization_id: int, adapter: str) -> ChannelAccount | None:
    """For what concerns no center: the account that serves those without, else the oldest of any. One statement."""
    rows = ChannelAccount.objects.filter(organization_id=organization_id, adapter=adapter, is_active=True)
    return rows.order_by(F("center").asc(nulls_first=True), "pk").first()
