"""Whether what somebody has put together is a rule: every word known, every value one that the word takes."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tickets.rules.content import Content, Part
from tickets.rules.vocabulary import ACTS, LONGEST_MINUTES, TESTS, TIMED, TRIGGERS, Listed, Value, Word
from tickets.tag_keys import TAG_LENGTH, tag_key

MOST_PARTS = 10
MOST_WORDS = 20
WORD_LENGTH = TAG_LENGTH
TEXT_LENGTH = 2000
LARGEST_NUMBER = 1_000_000

Offered = Mapping[Listed, Collection[str]]


def is_rule(content: Content, offered: Offered) -> bool:
    """`offered` says which values each list has."""
    if content.trigger not in TRIGGERS:
        return False
    if (content.trigger in TIMED) != (1 <= content.minutes <= LONGEST_MINUTES):
        return False
    if content.in_business_time and not content.is_timed:
        return False
    if not 1 <= len(content.acts) <= MOST_PARTS or len(content.conditions) > MOST_PARTS:
        return False
    return all(is_part(part, TESTS, offered) for part in content.conditions) and all(
        is_part(part, ACTS, offered) for part in content.acts
    )


def is_part(part: Part, words: Mapping[str, Word], offered: Offered) -> bool:
    word = words.get(part.word)
    if word is None:
        return False
    if not part.values:
        return word.value is Value.NONE or word.is_optional
    if word.value is Value.CHOICES:
        return _are_offered(part, word, offered)
    if word.value is Value.WORDS:
        return len(part.values) <= MOST_WORDS and all(
            tag_key(value) and len(value) <= WORD_LENGTH for value in part.values
        )
    return len(part.values) == 1 and _is_single(part, word, offered)


def _is_single(part: Part, word: Word, offered: Offered) -> bool:
    if word.value is Value.CHOICE:
        return _are_offered(part, word, offered)
    if word.value is Value.TEXT:
        return len(part.value.strip()) > 0 and len(part.value) <= TEXT_LENGTH
    return part.value.isascii() and part.value.isdigit() and int(part.value) <= LARGEST_NUMBER


def _are_offered(part: Part, word: Word, offered: Offered) -> bool:
    assert word.listed is not None, "A choice is of a list."
    return set(part.values) <= set(offered[word.listed])
