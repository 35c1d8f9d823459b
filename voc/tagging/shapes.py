"""What goes into the tagger and what comes out of it: plain frozen values, no database behind them."""

from __future__ import annotations

from dataclasses import dataclass

# Of a language other than these two nothing is guessed.
JUDGED_LANGUAGES = ("ko", "zxx")
LANGUAGES = ("ko", "en", "ja", "zh", "ru", "th", "vi", "und", "zxx")
ACTS = ("question", "complaint", "request", "praise", "suggestion", "statement")
SEVERITIES = ("", "law", "safety", "press", "abuse")


@dataclass(frozen=True, slots=True)
class TopicMood:
    """A topic of a sentence and how it is spoken of there.

    `topic` is the key of the first level, `part` of the second or ""; `sentiment` −1, 0 or 1; `confidence` 0..1 of the sentiment.
    """

    topic: str
    sentiment: int
    confidence: float
    part: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a text, `start` to `end` in the text as it was given; `text` is that stretch without personal numbers."""

    start: int
    end: int
    text: str
    language: str
    sentiment: int
    topics: tuple[TopicMood, ...]
    act: str
    severity: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of an organization.

    `parent` is the key of a first-level topic, or "" for one of the first level. Cues are stretches of text in which spacing
    does not matter; one that begins with "_" counts only where a word begins. Examples are whole sentences.
    """

    key: str
    name: str = ""
    parent: str = ""
    cues: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """A sentence as a person left it; None where she said nothing. `topics` says −1, 0 or 1 for each topic's key.

    `register`: how the tagger read it, see `talk`.
    """

    text: str
    sentiment: int | None = None
    topics: dict[str, int] | None = None
    act: str | None = None
    register: str = "review"


@dataclass(frozen=True, slots=True)
class Uncorrected:
    """A sentence that people left as the tagger had it, and the register in which it was read."""

    text: str
    register: str = "review"
