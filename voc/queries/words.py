"""Words that rise, and the words of one topic: counted over a bounded number of the newest sentences."""

from __future__ import annotations

from accounts.models import Person
from voc.queries.slices import Slice, voices_in
from voc.words import Rise, rising, stems

# Of each period: of more sentences the newest speak for the rest, and a page waits.
SENTENCES_READ = 4_000


def rising_words(person: Person, chosen: Slice, *, most: int = 20) -> list[Rise]:
    """What is said more than in the period before. Two statements."""
    return rising(_texts(person, chosen), _texts(person, chosen.before), most=most)


def frequent_words(person: Person, chosen: Slice, *, most: int = 20) -> list[tuple[str, int]]:
    """The words of most sentences. One statement."""
    return stems(_texts(person, chosen)).most_common(most)


def _texts(person: Person, chosen: Slice) -> list[str]:
    rows = voices_in(person, chosen).order_by("-time", "-pk")
    return list(rows.values_list("text", flat=True)[:SENTENCES_READ])
