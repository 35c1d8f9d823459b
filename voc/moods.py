"""What a conversation comes to: how its customer feels now, and what it is about. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tickets.models import Hint

# Her last words count: who was answered well is no longer angry.
WORDS_HEARD = 6
CUE_LENGTH = 60
# What they say of any matter, and of none.
_LEAST = ("other", "etc", "praise")


@dataclass(frozen=True, slots=True)
class Word:
    """One voice of a conversation. `topics` are (slug, mood)."""

    at: datetime
    text: str
    sentiment: int
    severity: str
    topics: tuple[tuple[str, int], ...] = ()


def mood_of(words: Sequence[Word]) -> int:
    """By the last words, the later the heavier; whatever is severe counts at once. `words` in their order."""
    last = words[-WORDS_HEARD:]
    if any(word.severity for word in last):
        return Hint.Mood.ALARMING
    weighed = sum(word.sentiment * place for place, word in enumerate(last, start=1))
    if weighed < 0:
        return Hint.Mood.ANGRY
    return Hint.Mood.PLEASED if weighed > 0 else Hint.Mood.PLAIN


def matter_of(words: Sequence[Word]) -> tuple[str, str]:
    """The topic that most of the words are about, and the first of them; trouble counts twice. ("", "") if none is."""
    weights: dict[str, int] = defaultdict(int)
    cues: dict[str, str] = {}
    for word in words:
        for slug, mood in word.topics:
            weights[slug] += 2 if mood < 0 else 1
            cues.setdefault(slug, word.text)
    ranked = sorted(weights, key=lambda slug: (slug in _LEAST, -weights[slug], list(weights).index(slug)))
    if not ranked:
        return "", ""
    cue = " ".join(cues[ranked[0]].split())
    return ranked[0], cue if len(cue) <= CUE_LENGTH else f"{cue[: CUE_LENGTH - 1]}…"
