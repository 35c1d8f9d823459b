"""A running clock as a page counts it down by itself: in business time, without asking the hub.

Pure. All that is told stays the same for a whole day, so that a row of the list need not be drawn anew for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from accounts.business_hours import BusinessHours

# Of a ticket forgotten for years nobody asks for how many hours.
LONGEST_PAST = timedelta(days=30)
# A page is drawn anew before the second midnight.
WINDOW = timedelta(days=2)
# The last quarter of the time is the one in which to hurry.
SOON_RATIO = 0.25
CALM, SOON, PAST = "calm", "soon", "past"


@dataclass(frozen=True, slots=True)
class Countdown:
    """`due_seconds` are business seconds from the first midnight of the window to the due instant; negative before it.

    `spans` are when the center is open in the window, in whole epoch seconds.
    """

    kind: str
    due_at: datetime
    target_seconds: int
    due_seconds: int
    spans: tuple[tuple[int, int], ...]

    def left_seconds(self, now: datetime) -> int:
        """Business seconds until it falls due; negative after. static/js/due-clock.js computes the same."""
        at = now.timestamp()
        return int(self.due_seconds - sum(max(0.0, min(at, closes) - opens) for opens, closes in self.spans))

    def level(self, now: datetime) -> str:
        left = self.left_seconds(now)
        if now > self.due_at:
            return PAST
        return SOON if left <= self.target_seconds * SOON_RATIO else CALM

    def is_resting(self, now: datetime) -> bool:
        """Whether the clock stands still because the center is closed."""
        at = now.timestamp()
        return not any(opens <= at < closes for opens, closes in self.spans)

    @property
    def spans_text(self) -> str:
        return " ".join(f"{opens}-{closes}" for opens, closes in self.spans)


def countdown(kind: str, due_at: datetime, target_seconds: int, *, hours: BusinessHours, now: datetime) -> Countdown:
    """The countdown to an instant, for a page that is drawn now."""
    midnight = datetime.combine(now.astimezone(hours.zone).date(), time.min, hours.zone)
    end = midnight + WINDOW
    spans = tuple(
        (int(max(opens, midnight).timestamp()), int(min(closes, end).timestamp()))
        for opens, closes in hours.spans(midnight, end)
    )
    due_seconds = hours.between(midnight, max(due_at, midnight - LONGEST_PAST)).total_seconds()
    return Countdown(kind, due_at, target_seconds, round(due_seconds), spans)
