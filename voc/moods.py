"""What a conversation comes to: how its customer feels now, and what it is about. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tickets.models import Hint
from voc.tagging import is_heated

# Her last words count: who was answered well is no longer angry.
WORDS_HEARD = 6
CUE_LENGTH = 60
# Of the weighed words so many must be of one mood.
MOSTLY = 0.4
# So many complaints, of which the tagger is so sure, are one in anger.
MANY = 3
SURE = 0.9
_REPROACHES = ("complaint", "question")
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
    act: str = ""
    # How sure it is of the mood; 1 where a person said so.
    confidence: float = 1.0


def mood_of(words: Sequence[Word]) -> int:
    """By the last words, the later the heavier; whatever is severe counts at once. `words` in their order.

    Angry is who complains most of the time, and in anger or again and again. Who tells once and politely that a zip broke is
    not: a list of everybody helps nobody.
    """
    last = words[-WORDS_HEARD:]
    if any(word.severity for word in last):
        return Hint.Mood.ALARMING
    weights = range(1, len(last) + 1)
    mean = sum(word.sentiment * weight for word, weight in zip(last, weights, strict=True)) / max(1, sum(weights))
    if mean <= -MOSTLY and (any(map(_is_made_in_anger, last)) or sum(map(_is_sure_complaint, last)) >= MANY):
        return Hint.Mood.ANGRY
    return Hint.Mood.PLEASED if mean >= MOSTLY else Hint.Mood.PLAIN


def _is_made_in_anger(word: Word) -> bool:
    return word.sentiment < 0 and word.act in _REPROACHES and is_heated(word.text)


def _is_sure_complaint(word: Word) -> bool:
    return word.sentiment < 0 and word.act == "complaint" and word.confidence >= SURE


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
