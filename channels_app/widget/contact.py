"""What a visitor may type about herself: a name, a Korean or international phone number, a mail address."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from phonenumbers import NumberParseException, is_possible_number, parse

from channels_app.widget.payloads import WidgetRefusal

MAX_NAME_CHARACTERS = 60


def checked(*, name: str, phone: str, email: str) -> dict[str, str]:
    """Returns the fields she filled. Raises WidgetRefusal "bad_phone" or "bad_email"; a long name is cut."""
    typed = {"name": name.strip()[:MAX_NAME_CHARACTERS].strip(), "phone": phone.strip(), "email": email.strip()}
    if typed["phone"] and not _is_phone(typed["phone"]):
        raise WidgetRefusal("bad_phone", _("Write the phone number with all its digits, for example 010-1234-5678."))
    if typed["email"]:
        _check_email(typed["email"])
    return {key: value for key, value in typed.items() if value}


def _is_phone(text: str) -> bool:
    # Four digits count as a possible number for phonenumbers, a masked one as well (STACK.md, trap 5).
    if "*" in text or not 8 <= sum(c.isdecimal() for c in text) <= 15:
        return False
    try:
        return is_possible_number(parse(text, "KR"))
    except NumberParseException:
        return False


def _check_email(text: str) -> None:
    try:
        validate_email(text)
    except ValidationError as error:
        raise WidgetRefusal("bad_email", _("Write a mail address such as name@example.com.")) from error
    if len(text) > 254:
        raise WidgetRefusal("bad_email", _("Write a mail address such as name@example.com."))
