"""What people change on a profile by hand: its name and the memo. Everything else follows from events.

Each change names the value it replaces, so that two people at two screens never overwrite each other unseen, and
leaves its audit entry in the same transaction.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import Person
from customers import policies
from customers.models import Customer
from customers.names import chosung, nfd_key, tidy_name

MEMO_LENGTH = 4000


class ProfileRefusal(Exception):
    """The change was declined; `str()` is fit for the person's screen. Nothing was changed."""


class ChangedMeanwhile(ProfileRefusal):
    """Somebody else was faster, or the profile was merged into another."""


class NameIsEmpty(ProfileRefusal):
    """A profile that had a name keeps one."""


def rename_customer(customer: Customer, name: str, *, expected: str, by: Person, at: datetime) -> None:
    """Gives a profile (its root) a name that no event changes any more. Raises ProfileRefusal, NotAllowed.

    `expected` is the name that the person saw and wants replaced.
    """
    if not policies.may_edit_name(by):
        raise policies.NotAllowed
    tidy = tidy_name(name)
    if not tidy:
        raise NameIsEmpty(_("Write a name."))
    changes = {"name": tidy, "name_chosung": chosung(tidy), "name_nfd": nfd_key(tidy), "name_is_edited": True}
    _change(customer, "customers.rename", changes, was={"name": expected}, by=by, at=at)


def write_memo(customer: Customer, memo: str, *, expected: str, by: Person, at: datetime) -> None:
    """Replaces the memo of a profile's root. Raises ProfileRefusal, NotAllowed. `expected` as for the name."""
    if not policies.may_edit_memo(by):
        raise policies.NotAllowed
    text = memo.replace("\r\n", "\n").replace("\x00", "").strip()[:MEMO_LENGTH]
    _change(customer, "customers.memo", {"memo": text}, was={"memo": expected}, by=by, at=at)


def _change(
    customer: Customer, action: str, changes: dict[str, Any], *, was: dict[str, str], by: Person, at: datetime
) -> None:
    (field, before) = next(iter(was.items()))
    if by.organization is None or by.organization_id != customer.organization_id:
        raise policies.NotAllowed
    with transaction.atomic():
        rows = Customer.objects.filter(pk=customer.pk, organization=by.organization, merged_into=None)
        current = rows.select_for_update().values_list(field, flat=True).first()
        if current == changes[field] and (field != "name" or before == current):
            return  # sent twice, or nothing changed
        if not rows.filter(**{field: before}).update(**changes):
            raise ChangedMeanwhile(_("Somebody has changed this meanwhile. Look at it again and then decide."))
        record(
            by.organization,
            by=by,
            action=action,
            customer_id=customer.public_id,
            before={field: before},
            after={field: changes[field]},
            at=at,
        )
