"""Which channel account answers for a center. Reads only."""

from __future__ import annotations

from django.db.models import F, Q

from channels_app.models import ChannelAccount


def account_of_center(organization_id: int, adapter: str, center_id: int | None) -> ChannelAccount | None:
    """The center's own active account, or the one that serves those without. One statement."""
    rows = ChannelAccount.objects.filter(
        Q(center=center_id) | Q(center=None) if center_id else Q(center=None),
        organization_id=organization_id,
        adapter=adapter,
        is_active=True,
    )
    return rows.order_by(F("center").desc(nulls_last=True), "pk").first()
