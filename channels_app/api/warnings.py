"""What a sender should know of an event that was taken: that it names nobody, or that it says something new."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from channels_app.outcomes import Outcome
from customers.email_addresses import is_masked_email
from customers.phone_numbers import PhoneKind, parse_phone

DIFFERS = _("Its content differs from the first delivery's. It was kept and changed nothing.")
NOBODYS_NUMBER: dict[PhoneKind, Promise] = {
    PhoneKind.MASKED: _("A masked number identifies nobody: it was kept and leads to no customer."),
    PhoneKind.WITHHELD: _("A withheld number identifies nobody."),
    PhoneKind.SAFE: _("A safe number (050) is lent and expires: it was kept and identifies nobody."),
    PhoneKind.COMPANY: _("A company's number is shared: it was kept and identifies nobody."),
}
MASKED_EMAIL = _("A masked e-mail address identifies nobody: it was kept and leads to no customer.")


def warnings_of(outcome: Outcome, envelope: Any) -> list[str]:
    """Worded in the active language; empty for nearly every event. `envelope` is one that was taken."""
    warnings: list[str | Promise] = [DIFFERS] if outcome.differs else []
    customer = envelope["data"].get("customer")
    if customer:
        phone, email = customer.get("phone"), customer.get("email")
        if phone and (words := NOBODYS_NUMBER.get(parse_phone(phone).kind)):
            warnings.append(words)
        if email and is_masked_email(email.strip().lower()):
            warnings.append(MASKED_EMAIL)
    return [str(words) for words in warnings]
