"""`manage.py score_voc`: how well the tagger that ships does on reviews kept apart, and on topics that a reader labelled. See docs/voc.md."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from voc.tagging import Whole, training, whole
from voc.tagging.figures import Binary, Labelled, macro_f1, micro_f1, read_labels

# What a reader of reviews calls service, an organization's list tells apart.
SERVICE = frozenset({"service", "waiting", "returns"})
FIVE = ("price", "delivery", "quality", "design", "service")


class Command(BaseCommand):
    help = "Tells how well the tagger that ships does on shopping reviews kept apart, and against labels of topics."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reviews", type=Path, required=True, help="shopping reviews: CSV with text, positive")
        parser.add_argument(
            "--topics", type=Path, nargs="*", default=[], help="files of labels: a row, then topics with + or -"
        )
        parser.add_argument("--worst", type=int, default=0, help="print the rows of as many errors")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            reviews = training.grouped(training.seen(training.read_reviews(options["reviews"])))
            labels = {path: read_labels(path) for path in options["topics"]}
        except (OSError, KeyError, ValueError) as problem:
            raise CommandError(f"These files cannot be read: {problem!r}. See --help for their form.") from problem
        said = {review.row: whole(review.text) for review in reviews}
        apart = [review for review in reviews if review.apart]
        binary = Binary.of((review.label, said[review.row].sentiment) for review in apart)
        self.stdout.write(f"sentiment of {len(apart)} reviews kept apart:\n{binary.table()}")
        wrong = [review for review in apart if said[review.row].sentiment != review.label]
        for review in sorted(wrong, key=lambda each: -said[each.row].confidence)[: options["worst"]]:
            one = said[review.row]
            self.stdout.write(
                f"row {review.row}: label {review.label:+d}, tagger {one.sentiment:+d} ({one.confidence})"
            )
        for path, labelled in labels.items():
            self._topics(path.name, labelled, said, worst=options["worst"])

    def _topics(self, name: str, labelled: list[Labelled], said: dict[int, Whole], *, worst: int) -> None:
        found = [_of_five(said[each.row]) for each in labelled]
        right = [frozenset(each.topics) for each in labelled]
        pairs = [
            (str(each.topics[topic]), str(one[topic]))
            for each, one in zip(labelled, found, strict=True)
            for topic in each.topics
            if topic in one
        ]
        self.stdout.write(
            f"\ntopics of {len(labelled)} reviews, {name}: micro-F1 {micro_f1(right, [frozenset(one) for one in found]):.4f}"
        )
        self.stdout.write(f"sentiment of {len(pairs)} topics found: macro-F1 {macro_f1(pairs, ['-1', '1']):.4f}")
        for topic in FIVE:
            both = sum(topic in each and topic in one for each, one in zip(right, found, strict=True))
            labels, judged = sum(topic in each for each in right), sum(topic in one for one in found)
            self.stdout.write(f"{topic:>10}: labelled {labels:>4}, found {judged:>4}, both {both:>4}")
        counts = Counter(pairs)
        for label in ("-1", "1"):
            self.stdout.write(
                f"{label:>10}: " + ", ".join(f"judged {judged} {counts[label, judged]}" for judged in ("-1", "0", "1"))
            )
        for each, one in [(each, one) for each, one in zip(labelled, found, strict=True) if each.topics != one][:worst]:
            self.stdout.write(f"row {each.row}: label {each.topics}, tagger {one}")


def _of_five(said: Whole) -> dict[str, int]:
    """The five topics of a review; of several that a reader calls service the first with a mood."""
    found: dict[str, int] = {}
    for mood in said.topics:
        topic = "service" if mood.topic in SERVICE else mood.topic
        if topic in FIVE and not found.get(topic):
            found[topic] = mood.sentiment
    return found
