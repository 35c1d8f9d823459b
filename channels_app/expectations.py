"""How a problem says what had been expected: one wording for each kind of value.

`params` of the problem fill the placeholders.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EXPECTATIONS: dict[str, str | Promise] = {
    "text": _("text"),
    "text_up_to": _("text of up to %(max)s characters"),
    "text_between": _("text of %(min)s to %(max)s characters"),
    "integer": _("a whole number"),
    "integer_between": _("a whole number from %(min)s to %(max)s"),
    "number": _("a number"),
    "number_between": _("a number from %(min)s to %(max)s"),
    "boolean": _("true or false"),
    "list": _("a list"),
    "list_up_to": _("a list of up to %(max)s entries"),
    "object": _("an object"),
    "choice": _("one of: %(choices)s"),
    "key": _("visible characters, up to %(max)s, with no space at either end"),
    "source": _("a path such as /seoul/pos: up to %(max)s characters, no spaces, no ?, no #, no empty or dotted parts"),
    "time": _("a time such as 2026-11-22T14:03:11+09:00"),
    "day": _("a day such as 2026-11-25"),
    "day_after_from": _("a day after the one in from"),
    "period_up_to": _("a day at most %(max)s days after the one in from"),
    "day_or_time": _("a day such as 2026-11-25, or a time such as 2026-11-25T18:00:00+09:00"),
    "time_with_offset": _("an offset at the end, such as +09:00 or Z"),
    "json_media_type": _("a JSON media type, such as application/json"),
    "data_not_binary": _("the event's content as an object in data"),
    "amount": _("a finite amount with up to 2 decimal places"),
    "phone": _("a number such as 010-0000-5678 or +82 10-0000-5678"),
    "email": _("an address such as name@shop.example, up to 254 characters"),
    "web_address": _("an address that begins with https://, http:// or /"),
    "currency": _("a currency code of three letters, such as KRW"),
    "identity": _("at least one of phone, email, member_no, external"),
    "claim": _("at least one of phone, email, member_no"),
    "agent_or_method": _("agent or method: who or what confirmed it"),
    "consent_words": _("text or version: what she agreed to"),
    "no_media": _("no media: they belong to marketing"),
    "agent_or_rule": _("agent or rule: who or what wrote it"),
    "finite_number": _("a finite number below 2^63"),
    "plain_characters": _("text without NUL characters and unpaired surrogates"),
}
