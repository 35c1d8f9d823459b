"""What a notice says: who sends it, what she agreed to or took back and when, how to take it back (정보통신망법 §50⑦⑧)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from customers.consenting import GIVEN, Consent, ConsentEvent
from customers.queries.consent_sentences import medium_words


def result_texts(
    event: ConsentEvent, media: Sequence[str], *, shop: str, contact: str, zone: ZoneInfo, language: str
) -> tuple[str, str]:
    """Subject and words that tell what came of a consent or its withdrawal."""
    with translation.override(language):
        values = {"shop": shop, "day": _day(event.time, zone), "media": _named(media)}
        if event.type == GIVEN:
            told = _("On %(day)s you agreed to advertising by: %(media)s.") % values
            told += " " + _("Also between 21:00 and 8:00.") if event.is_night else ""
        elif event.is_night:
            told = (
                _("On %(day)s you took back your consent to advertising between 21:00 and 8:00 by: %(media)s.") % values
            )
        else:
            told = (
                _("On %(day)s you took back your consent to advertising by: %(media)s. You get no more of it.") % values
            )
        head = _("[%(shop)s] Your consent to advertising") % values
        return head, f"{head}\n{told}\n{_sender(shop, contact)}"


def reminder_texts(
    consents: Sequence[Consent], *, shop: str, contact: str, zone: ZoneInfo, language: str
) -> tuple[str, str]:
    """Subject and words that remind her of what she has agreed to."""
    with translation.override(language):
        given = ", ".join(f"{medium_words(one.medium)} {_day(one.given.time, zone)}" for one in consents)
        head = _("[%(shop)s] You have agreed to advertising") % {"shop": shop}
        told = _("You agreed to advertising by: %(given)s.") % {"given": given}
        told += " " + _("If you want to go on getting it, you need do nothing.")
        return head, f"{head}\n{told}\n{_sender(shop, contact)}"


def stop_words(language: str) -> str:
    with translation.override(language):
        return _("Look at it or take it back, free of charge:")


def _sender(shop: str, contact: str) -> str:
    return _("Sender: %(sender)s") % {"sender": f"{shop} {contact}".strip()}


def _named(media: Sequence[str]) -> str:
    return ", ".join(medium_words(medium) for medium in media)


def _day(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d")
