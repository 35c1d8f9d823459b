"""What is asked (kinds) and when (occasions), with what holds until somebody decides otherwise. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

CSAT, NPS, CES = "csat", "nps", "ces"
SCALES = {CSAT: (1, 5), NPS: (0, 10), CES: (1, 7)}


class Occasion(models.TextChoices):
    RESOLVED = "resolved", _("After a resolved ticket")
    CALL = "call", _("After a call")
    EASE = "ease", _("How easy it was, after a resolved ticket")
    PURCHASE = "purchase", _("Some days after a purchase")
    CONTACT = "contact", _("Some days after a contact")
    COUNTER = "counter", _("At the counter: QR code and tablet")


@dataclass(frozen=True, slots=True)
class Rule:
    """`is_sent`: a link goes out by itself. Minutes count from the resolve, the end of the call, the purchase."""

    kind: str
    wait_minutes: int
    sample_percent: int
    is_sent: bool = True


RULES = {
    Occasion.RESOLVED: Rule(CSAT, 60, 100),
    Occasion.CALL: Rule(CSAT, 5, 100),
    Occasion.EASE: Rule(CES, 60, 20),
    Occasion.PURCHASE: Rule(NPS, 3 * 24 * 60, 20),
    Occasion.CONTACT: Rule(NPS, 3 * 24 * 60, 20),
    Occasion.COUNTER: Rule(CSAT, 0, 100, is_sent=False),
}
LOW = {CSAT: 2, NPS: 6, CES: 2}
# A link can be answered, and an answer changed, for so long.
OPEN_DAYS = 14


def is_low(kind: str, score: int, limits: dict[str, int]) -> bool:
    return score <= limits[kind]


def choices(kind: str) -> list[int]:
    lowest, highest = SCALES[kind]
    return list(range(lowest, highest + 1))
