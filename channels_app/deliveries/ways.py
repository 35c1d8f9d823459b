"""By which ways a customer can be written to outside of a conversation: her proven number or address, over the account that
can send to it."""

from __future__ import annotations

from collections.abc import Collection

from accounts.models import Organization
from channels_app.adapters import ADAPTERS
from channels_app.deliveries.accounts import account_of_center, account_of_organization
from channels_app.deliveries.adapter import Way
from channels_app.models import ChannelAccount
from customers.email_addresses import is_masked_email
from customers.models import Identity
from customers.models.identity import IdentityKind

KOREAN_MOBILE = "+8210"


def ways_to(organization: Organization, members: Collection[int], *, center_id: int | None = None) -> dict[str, Way]:
    """Medium (sms, mail) → the way; only those there are, text messages first. `members` are the rows of her group."""
    rows = Identity.objects.filter(
        organization=organization, customer__in=members, kind__in=[IdentityKind.PHONE, IdentityKind.EMAIL]
    )
    told = list(rows.order_by("kind", "created_at", "pk").values_list("kind", "value"))
    phone = next((v for kind, v in told if kind == IdentityKind.PHONE and v.startswith(KOREAN_MOBILE)), "")
    email = next((v for kind, v in told if kind == IdentityKind.EMAIL and not is_masked_email(v)), "")
    sms = _account(organization, "sms", center_id) if phone else None
    mail = _account(organization, "mail", center_id) if email else None
    ways = {"sms": Way(sms, phone) if sms else None, "mail": Way(mail, email) if mail else None}
    return {medium: way for medium, way in ways.items() if way}


def _account(organization: Organization, adapter: str, center_id: int | None) -> ChannelAccount | None:
    if not ADAPTERS[adapter].is_set_up:
        return None
    if center_id is None:
        return account_of_organization(organization.pk, adapter)
    return account_of_center(organization.pk, adapter, center_id)
