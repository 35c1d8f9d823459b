"""What a customer agreed to and took back, in one short sentence each. As `sentences`."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from customers.consenting import RECONFIRMATION
from customers.models import Event
from customers.queries.wording import CUSTOMER, Sentence, Wording, joined


def medium_words(medium: str) -> str:
    told = {"sms": _("Text message"), "mail": _("Mail"), "kakao": _("KakaoTalk"), "call": _("Phone call")}
    return told.get(medium, medium)


def purpose_words(purpose: str) -> str:
    told = {
        "marketing": _("Advertising"),
        "collection": _("Keeping her data"),
        "sharing": _("Giving her data to others"),
    }
    return told.get(purpose, purpose)


def how_words(how: str) -> str:
    """Where she said so."""
    told = {
        "web": pgettext("consent", "on the web"),
        "kiosk": pgettext("consent", "at a kiosk"),
        "paper": pgettext("consent", "on paper"),
        "counter": pgettext("consent", "at the counter"),
        "phone": pgettext("consent", "by phone"),
        "chat": pgettext("consent", "in the chat"),
        "messenger": pgettext("consent", "in a messenger"),
    }
    return told.get(how, how)


def _about(event: Event) -> str:
    media = ", ".join(medium_words(str(medium)) for medium in event.data.get("media") or ())
    return f"{purpose_words(event.qualifier)} ({media})" if media else purpose_words(event.qualifier)


def _given(event: Event, wording: Wording) -> Sentence:
    night = _("also at night") if event.data.get("night") else ""
    told = joined(_("Agreed: %(what)s") % {"what": _about(event)}, night, how_words(str(event.data.get("how"))))
    return Sentence(joined(told, wording.agent(event)), icon="shield", speaker=CUSTOMER, tone="success")


def _withdrawn(event: Event, wording: Wording) -> Sentence:
    said = _("Night withdrawn: %(what)s") if event.data.get("night") else _("Withdrawn: %(what)s")
    told = joined(said % {"what": _about(event)}, how_words(str(event.data.get("how"))))
    return Sentence(joined(told, wording.agent(event)), icon="shield", speaker=CUSTOMER, tone="warning")


def _told(event: Event, wording: Wording) -> Sentence:
    if event.data.get("what") == RECONFIRMATION:
        return Sentence(_("Reminded of her consent: %(what)s") % {"what": _about(event)}, icon="shield")
    return Sentence(_("Told the result: %(what)s") % {"what": _about(event)}, icon="shield")


CONSENT_SENTENCES: dict[str, Callable[[Event, Wording], Sentence]] = {
    "consent.given": _given,
    "consent.withdrawn": _withdrawn,
    "consent.told": _told,
}
