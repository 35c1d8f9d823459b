"""What a customer agrees to, as a function of the events that tell of it. Pure: no database, no clock.

A consent is for a purpose and, where it is to be written or called to, for a medium; the night (21:00 to 8:00) is agreed to
apart (정보통신망법 §50). `consent.given` begins one, `consent.withdrawn` ends it, `consent.told` says that she was told of it.
Of each the last by its time counts, in whatever order they came; of one instant a withdrawal counts after a consent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from zoneinfo import ZoneInfo

from customers.quiet import is_quiet, next_allowed

GIVEN, WITHDRAWN, TOLD = "consent.given", "consent.withdrawn", "consent.told"
# In the order in which they count where they are of one instant.
TYPES = (GIVEN, TOLD, WITHDRAWN)
MARKETING = "marketing"
PURPOSES = (MARKETING, "collection", "sharing")
SMS, MAIL, KAKAO, CALL = "sms", "mail", "kakao", "call"
MEDIA = (SMS, MAIL, KAKAO, CALL)
# What is agreed to without being a way to her: that data are kept, or given to others.
NO_MEDIUM = ""
RESULT, RECONFIRMATION = "result", "reconfirmation"
# By the sender's clock. Of the media the decree leaves mail out: it wakes nobody.
NIGHT_FROM, NIGHT_UNTIL = time(21), time(8)
WAKES_NOBODY = frozenset({MAIL})


@dataclass(frozen=True, slots=True)
class ConsentEvent:
    """One event, as far as the rules and the ledger need it. `media` is empty where none was told."""

    id: str  # the public id that the hub gave it, as hex
    type: str
    time: datetime
    source: str
    event_id: str
    purpose: str = MARKETING
    media: tuple[str, ...] = ()
    is_night: bool = False
    how: str = ""
    agent_email: str = ""
    words: str = ""
    version: str = ""
    what: str = ""  # of consent.told: result, reconfirmation

    @property
    def order(self) -> tuple[datetime, int, str, str]:
        return self.time, TYPES.index(self.type), self.source, self.event_id


@dataclass(slots=True)
class Consent:
    """One line of the ledger: given for one purpose by one medium, until withdrawn or given anew (`renewed`)."""

    purpose: str
    medium: str
    given: ConsentEvent
    night: ConsentEvent | None = None
    night_withdrawn: ConsentEvent | None = None
    withdrawn: ConsentEvent | None = None
    renewed: ConsentEvent | None = None
    asked_again: ConsentEvent | None = None

    @property
    def stands(self) -> bool:
        return self.withdrawn is None and self.renewed is None

    @property
    def holds_at_night(self) -> bool:
        return self.night is not None and self.night_withdrawn is None

    @property
    def known_since(self) -> datetime:
        """Since when she has not been reminded of it: two years from here she is told again."""
        return self.asked_again.time if self.asked_again else self.given.time


@dataclass(slots=True)
class Consents:
    """What holds (`standing`), what was withdrawn and not given again (`refused`), and everything that was (`ledger`),
    the newest first."""

    standing: dict[tuple[str, str], Consent] = field(default_factory=dict)
    refused: dict[tuple[str, str], ConsentEvent] = field(default_factory=dict)
    ledger: list[Consent] = field(default_factory=list)

    def holds(self, medium: str, *, purpose: str = MARKETING, is_night: bool = False) -> bool:
        """Whether she has agreed to this; `is_night` where it is between 21:00 and 8:00."""
        found = self.standing.get((purpose, medium))
        return found is not None and (not is_night or medium in WAKES_NOBODY or found.holds_at_night)

    def is_refused(self, medium: str, *, purpose: str = MARKETING) -> bool:
        """She has said no to it, and not yes again. No deal with her makes that undone."""
        return (purpose, medium) in self.refused

    def allows_advertising(self, medium: str, *, has_deal: bool, is_night: bool) -> bool:
        """With her consent, or (`has_deal`) because she has bought the same kind of goods within six months; never where
        she has taken it back. A deal allows nothing at night."""
        if self.is_refused(medium):
            return False
        by_deal = has_deal and (not is_night or medium in WAKES_NOBODY)
        return by_deal or self.holds(medium, is_night=is_night)


def consents_of(events: Iterable[ConsentEvent]) -> Consents:
    """Works out one customer's consents from all events that tell of them, in any order."""
    told = Consents()
    for event in sorted(events, key=lambda one: one.order):
        if event.type == GIVEN:
            _give(told, event)
        elif event.type == WITHDRAWN:
            _withdraw(told, event)
        elif event.what == RECONFIRMATION:
            for consent in _meant(told, event):
                consent.asked_again = event
    told.ledger.sort(key=lambda one: (*one.given.order, one.medium), reverse=True)
    return told


def is_night(at: datetime, zone: ZoneInfo) -> bool:
    """From 21:00 on and before 8:00, by the sender's clock."""
    return is_quiet(at, zone=zone, quiet_from=NIGHT_FROM, quiet_until=NIGHT_UNTIL)


def by_day(at: datetime, zone: ZoneInfo) -> datetime:
    """The instant itself, or 8:00 after the night that it lies in."""
    return next_allowed(at, zone=zone, quiet_from=NIGHT_FROM, quiet_until=NIGHT_UNTIL)


def _give(told: Consents, event: ConsentEvent) -> None:
    for medium in dict.fromkeys(event.media) or (NO_MEDIUM,):
        key = event.purpose, medium
        before = told.standing.get(key)
        consent = Consent(event.purpose, medium, event)
        if event.is_night:
            consent.night = event
        elif before is not None:
            # Nothing was said of the night: as it was.
            consent.night, consent.night_withdrawn = before.night, before.night_withdrawn
        if before is not None:
            before.renewed = event
        told.standing[key] = consent
        told.ledger.append(consent)
        told.refused.pop(key, None)


def _withdraw(told: Consents, event: ConsentEvent) -> None:
    for consent in _meant(told, event):
        if event.is_night:
            consent.night_withdrawn = event
            continue
        consent.withdrawn = event
        del told.standing[consent.purpose, consent.medium]
    if not event.is_night:
        every = MEDIA if event.purpose == MARKETING else (NO_MEDIUM,)
        for medium in event.media or every:
            told.refused[event.purpose, medium] = event


def _meant(told: Consents, event: ConsentEvent) -> list[Consent]:
    """The standing ones that it is about: those of its media, or all of its purpose where it names none."""
    return [
        consent
        for (purpose, medium), consent in told.standing.items()
        if purpose == event.purpose and (not event.media or medium in event.media)
    ]
