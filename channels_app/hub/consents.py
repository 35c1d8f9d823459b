"""What people write down of a customer's consents: that she agrees, and that she takes it back. Each is one event and one
entry of the audit trail. None may be called inside a transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Organization, Person, Store
from channels_app.hub.actions import naming
from channels_app.hub.writing import HubRefusal, require, write
from channels_app.outcomes import CREATED, Outcome
from customers.consenting import GIVEN, MEDIA, WITHDRAWN
from customers.models import Customer
from customers.policies import may_record_consents
from customers.queries.consent_sentences import medium_words


class CannotConsent(HubRefusal):
    """It says for what, or how, too little to be a consent."""


def words_to_agree(organization: Organization, media: Sequence[str], *, is_night: bool, language: str = "") -> str:
    """What a customer is asked to agree to, in the organization's language; it goes into the ledger as it was said."""
    with translation.override(language or organization.language):
        by = ", ".join(medium_words(medium) for medium in media)
        told = _("I agree to get advertising (offers, events, new products) from %(shop)s by: %(media)s.")
        words = told % {"shop": organization.name, "media": by}
        if is_night:
            words += " " + _("Also between 21:00 and 8:00.")
        return words + " " + _("I can take this back at any time, free of charge.")


def words_shown(organization: Organization) -> str:
    """The same before it is chosen by what."""
    with translation.override(organization.language):
        told = _("I agree to get advertising (offers, events, new products) from %(shop)s by what is chosen below.")
        return told % {"shop": organization.name} + " " + _("I can take this back at any time, free of charge.")


def record_consent(
    customer: Customer,
    media: Sequence[str],
    *,
    is_night: bool,
    how: str,
    store: Store | None = None,
    by: Person,
    at: datetime,
    key: str = "",
) -> Outcome:
    """She agrees to advertising by these media, as she has just said to `by`. Raises HubRefusal."""
    data: dict[str, Any] = {"night": is_night} if is_night else {}
    chosen = [medium for medium in MEDIA if medium in media]
    if not chosen:
        raise CannotConsent(_("Choose by what she wants to be told."))
    data["text"] = words_to_agree(customer.organization, chosen, is_night=is_night)
    return _record(customer, GIVEN, {**data, "media": chosen}, how=how, store=store, by=by, at=at, key=key)


def record_withdrawal(
    customer: Customer,
    media: Sequence[str],
    *,
    is_night: bool = False,
    how: str,
    store: Store | None = None,
    by: Person,
    at: datetime,
    key: str = "",
) -> Outcome:
    """She takes it back: for these media, only their night with `is_night`; for all where none is named. Raises HubRefusal."""
    data: dict[str, Any] = {"night": True} if is_night else {}
    chosen = [medium for medium in MEDIA if medium in media]
    data |= {"media": chosen} if chosen else {}
    return _record(customer, WITHDRAWN, data, how=how, store=store, by=by, at=at, key=key)


def _record(
    customer: Customer,
    kind: str,
    data: dict[str, Any],
    *,
    how: str,
    store: Store | None,
    by: Person,
    at: datetime,
    key: str,
) -> Outcome:
    require(may_record_consents(by) and by.organization_id == customer.organization_id)
    told = {"customer": naming(customer), "purpose": "marketing", **data, "how": how, "agent": by.email}
    told |= {"store": store.slug} if store else {}
    outcome = write(customer.organization, kind, told, by=by, at=at, key=key)
    if outcome.status == CREATED:
        audit.record(
            customer.organization,
            by=by,
            at=at,
            action="customers.consent" if kind == GIVEN else "customers.withdraw_consent",
            obj=f"event:{outcome.event}",
            customer_id=customer.public_id,
            after={"media": data.get("media", "all"), "night": data.get("night", False), "how": how},
        )
    return outcome
