"""Connects an organization's telephone system. Audited; the secret is never written into the trail."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit, policies
from accounts.actors import Actor
from accounts.models import Organization
from accounts.policies import Permission
from channels_app.models import TelephonySettings
from channels_app.models.telephony import new_secret
from cxhub.outgoing import NotAllowed, NotReached, check_address


class TelephonyRefused(Exception):
    """Nothing was changed. `str()` is fit for the screen."""


def checked_url(url: str) -> str:
    """Looks at the address of a telephone system. Raises `TelephonyRefused`. Asks the name's servers."""
    try:
        check_address(url)
    except NotAllowed as error:
        told = _("The hub asks public addresses only. Whoever runs it can allow this one (OUTGOING_PRIVATE_HOSTS).")
        raise TelephonyRefused(told) from error
    except NotReached as error:
        raise TelephonyRefused(_("There is no machine of this name. Look at the address again.")) from error
    return url


def set_telephony(
    organization: Organization,
    *,
    adapter: str,
    url: str = "",
    sends_recordings: bool = False,
    is_new_secret: bool = False,
    by: Actor,
    at: datetime,
) -> TelephonySettings:
    """Sets everything. Raises `NotAllowed` of the role. The same once more changes nothing."""
    policies.require(by, Permission.MANAGE_CHANNELS, organization_id=organization.pk)
    with transaction.atomic():
        TelephonySettings.objects.get_or_create(organization=organization)
        row = TelephonySettings.objects.select_for_update(of=("self",)).get(organization=organization)
        before = _told(row)
        row.adapter, row.url, row.sends_recordings = adapter, url, sends_recordings
        if is_new_secret:
            row.secret = new_secret()
        after = _told(row) | ({"secret": "replaced"} if is_new_secret else {})
        if after != before:
            row.save(update_fields=["adapter", "url", "sends_recordings", "secret"])
            audit.record(
                organization, by=by, action="channels.telephony.set", obj="telephony", before=before, after=after, at=at
            )
    return row


def _told(row: TelephonySettings) -> dict[str, object]:
    return {"adapter": row.adapter, "url": row.url, "sends_recordings": row.sends_recordings}
