"""Three rules that most shops want, to begin with: switched off, to be read, changed and tried first."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tickets.rules.content import Content, Part
from tickets.rules.vocabulary import LEADS, Trigger

_WRITTEN = Part("channel_is", ("chat", "message", "mail"))


def ready_rules() -> list[tuple[str, Content]]:
    """Names and contents, in the running language."""
    return [
        (
            _("Answer outside of opening hours"),
            Content(
                Trigger.CUSTOMER_MESSAGE,
                (_WRITTEN, Part("out_of_hours")),
                (
                    Part(
                        "reply",
                        (
                            _(
                                "Thank you for your message. Nobody is here right now; we answer you in turn as soon as we are open again."
                            ),
                        ),
                    ),
                ),
            ),
        ),
        (
            _("Urgent words"),
            Content(
                Trigger.CUSTOMER_MESSAGE,
                (Part("says", tuple(word.strip() for word in _("urgent, injured, burn, lawyer").split(","))),),
                (Part("priority", ("urgent",)), Part("notify", (LEADS,))),
            ),
        ),
        (
            _("Thanks after it was resolved"),
            Content(
                Trigger.AFTER_RESOLVE,
                (_WRITTEN,),
                (Part("reply", (_("Thank you for writing to us. If anything is left, simply answer here."),)),),
                minutes=30,
                in_business_time=True,
            ),
        ),
    ]
