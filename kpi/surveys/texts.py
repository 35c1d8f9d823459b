"""What customers read: the defaults in both languages, what an organization has put in their place, and the law's marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from kpi.surveys.occasions import CES, CSAT, NPS, RULES, Occasion

FIELDS = ("subject", "message", "question", "thanks")
LENGTHS = {"subject": 60, "message": 300, "question": 120, "thanks": 200}
LANGUAGES = ("ko", "en")
SHOP = "{shop}"


@dataclass(frozen=True, slots=True)
class Texts:
    """`message` and `subject` go out, `question` and `thanks` stand on the page. The shop's name is filled in."""

    subject: str
    message: str
    question: str
    thanks: str


def texts_of(occasion: str, own: Mapping[str, Mapping[str, str]], language: str, *, shop: str) -> Texts:
    told = {**default_texts(occasion, language), **{k: v for k, v in own.get(language, {}).items() if v}}
    return Texts(**{name: told[name].replace(SHOP, shop) for name in FIELDS})


def default_texts(occasion: str, language: str) -> dict[str, str]:
    """As a person edits them: with `{shop}` where the shop's name belongs."""
    with translation.override(language):
        return {
            "subject": _("[%(shop)s] How did we do?") % {"shop": SHOP},
            "message": _message(occasion),
            "question": _question(RULES[Occasion(occasion)].kind),
            "thanks": _("Thank you. We read every answer."),
        }


def _message(occasion: str) -> str:
    told = {
        Occasion.RESOLVED: _("[%(shop)s] Thank you for contacting us. How was our answer? It takes ten seconds."),
        Occasion.CALL: _("[%(shop)s] Thank you for your call. How was it? It takes ten seconds."),
        Occasion.EASE: _("[%(shop)s] How easy was it to have your matter settled? It takes ten seconds."),
        Occasion.PURCHASE: _("[%(shop)s] Thank you for your purchase. Would you recommend us? It takes ten seconds."),
        Occasion.CONTACT: _("[%(shop)s] Thank you for contacting us. Would you recommend us? It takes ten seconds."),
        Occasion.COUNTER: _("[%(shop)s] How was your visit today?"),
    }
    return told[Occasion(occasion)] % {"shop": SHOP}


def _question(kind: str) -> str:
    told = {
        CSAT: _("How satisfied are you with %(shop)s?"),
        NPS: _("How likely are you to recommend %(shop)s to a friend?"),
        CES: _("How easy was it to have your matter settled with %(shop)s?"),
    }
    return told[kind] % {"shop": SHOP}


def marked(message: str, *, shop: str, contact: str, language: str) -> str:
    """An advertisement as the law wants it: the mark in front, then who sends it and where she is reached."""
    with translation.override(language):
        sender = f"{shop} {contact}".strip()
        return _("(Ad) %(sender)s") % {"sender": sender} + f"\n{message}"


def stop_words(language: str, *, is_advertising: bool) -> str:
    with translation.override(language):
        return _("Refuse free of charge:") if is_advertising else _("No more surveys:")


def ends_of_scale(kind: str) -> tuple[str, str]:
    """What the lowest and the highest score mean, in the language in force."""
    return {
        CSAT: (_("Very dissatisfied"), _("Very satisfied")),
        NPS: (_("Not at all"), _("Certainly")),
        CES: (_("Very hard"), _("Very easy")),
    }[kind]


def words_of_faces() -> list[str]:
    return [_("Very dissatisfied"), _("Dissatisfied"), _("So-so"), _("Satisfied"), _("Very satisfied")]
