"""Name, phone and mail of a visitor: what she types is checked before it is kept, what her shop says is sifted."""

from __future__ import annotations

from django.utils.translation import gettext as _

from channels_app.widget.payloads import WidgetRefusal
from customers.email_addresses import normal_email
from customers.names import tidy_name
from customers.phone_numbers import PhoneKind, parse_phone

MAX_NAME_CHARACTERS = 60
# A number that she can be found or called back by; what hides a number helps nobody.
_USELESS = {PhoneKind.INVALID, PhoneKind.MASKED, PhoneKind.WITHHELD, PhoneKind.COMPANY}


def checked(*, name: str, phone: str, email: str) -> dict[str, str]:
    """Returns the fields she filled. Raises WidgetRefusal "bad_phone" or "bad_email"; a long name is cut."""
    typed = {"name": tidy_name(name)[:MAX_NAME_CHARACTERS].strip(), "phone": phone.strip(), "email": email.strip()}
    if typed["phone"] and parse_phone(typed["phone"]).kind in _USELESS:
        raise WidgetRefusal("bad_phone", _("Write the phone number with all its digits, for example 010-1234-5678."))
    if typed["email"] and not normal_email(typed["email"]):
        raise WidgetRefusal("bad_email", _("Write a mail address such as name@example.com."))
    return {key: value for key, value in typed.items() if value}


def sifted(told: dict[str, str]) -> dict[str, str]:
    """Returns what a shop's token says without a phone or mail that is none: it must not cost the visitor's messages."""
    kept = {key: value for key, value in told.items() if value}
    if "phone" in kept and parse_phone(kept["phone"]).kind is PhoneKind.INVALID:
        del kept["phone"]
    if "email" in kept and not normal_email(kept["email"]):
        del kept["email"]
    return kept
