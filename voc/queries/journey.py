"""How a customer has felt over time: one point for each time she spoke, and the line through them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Person
from customers.queries import Profile
from voc.models import Voice
from voc.queries.sentences import ShownVoice, shown
from voc.queries.slices import reached

# A year of a talkative customer; what is older says little of how she feels.
SENTENCES_READ = 200
POINTS_AT_MOST = 40
# The chart's own measure; it is drawn to any width.
WIDTH, HEIGHT, EDGE = 640, 120, 14


@dataclass(frozen=True, slots=True)
class Point:
    """One time she spoke. `mood` is the mean of its sentences, −1 to 1; `x` and `y` in the chart's measure."""

    at: datetime
    mood: float
    voices: tuple[ShownVoice, ...]
    x: float
    y: float

    @property
    def level(self) -> str:
        return "bad" if self.mood < -0.25 else "good" if self.mood > 0.25 else "plain"

    @property
    def voice(self) -> ShownVoice:
        """The sentence that the point stands for: the strongest."""
        return max(
            self.voices, key=lambda one: (bool(one.voice.severity), abs(one.voice.sentiment), one.voice.confidence)
        )


@dataclass(frozen=True, slots=True)
class Curve:
    points: list[Point]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def line(self) -> str:
        """As an SVG polyline has it."""
        return " ".join(f"{point.x:g},{point.y:g}" for point in self.points)

    @property
    def middle(self) -> float:
        return self.height / 2

    @property
    def latest_first(self) -> list[Point]:
        return self.points[::-1]


def curve_of(person: Person, profile: Profile) -> Curve:
    """Of what she said within the reader's reach. Nine statements at most."""
    rows = Voice.objects.filter(reached(person), organization=profile.organization, customer__in=profile.ids)
    newest = list(rows.order_by("-time", "-pk")[:SENTENCES_READ])
    by_event: dict[int, list[ShownVoice]] = defaultdict(list)
    for one in sorted(shown(person, newest), key=lambda one: (one.time, one.voice.event_id, one.voice.start)):
        by_event[one.voice.event_id].append(one)
    return Curve(_placed(list(by_event.values())[-POINTS_AT_MOST:]))


def _placed(groups: Sequence[Sequence[ShownVoice]]) -> list[Point]:
    """Evenly, in their order: by the calendar, a busy day would be one stroke."""
    step = (WIDTH - 2 * EDGE) / max(1, len(groups) - 1)
    points = []
    for place, group in enumerate(groups):
        mood = sum(one.voice.sentiment for one in group) / len(group)
        y = HEIGHT / 2 - mood * (HEIGHT / 2 - EDGE)
        points.append(Point(group[0].time, mood, tuple(group), round(EDGE + step * place, 1), round(y, 1)))
    return points
