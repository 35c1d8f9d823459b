"""`manage.py train_voc`: trains the model of sentiment that ships, and tells how well it does on reviews not trained on. See docs/voc.md."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from voc.tagging import model, training
from voc.tagging.figures import Binary
from voc.tagging.tagger import whole_by
from voc.tagging.training import Review

# While the slope is not known, which the same folds give; it moves no sign of the model's.
_USUAL_SLOPE = 3.0


class Command(BaseCommand):
    help = "Trains the model of sentiment from shopping and film reviews with labels and writes it. The same files give the same model."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reviews", type=Path, required=True, help="shopping reviews: CSV with text, positive")
        parser.add_argument(
            "--films", type=Path, required=True, help="film reviews: tab-separated with document, label"
        )
        parser.add_argument("--output", type=Path, default=model.FILE, help="where the model goes (the one that ships)")
        parser.add_argument(
            "--worst", type=int, default=0, help="print the rows of as many worst errors of cross-validation"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            reviews = training.grouped(training.seen(training.read_reviews(options["reviews"])))
            films = training.seen(training.read_films(options["films"]))
        except (OSError, KeyError, ValueError) as problem:
            raise CommandError(f"These reviews cannot be read: {problem!r}. See --help for their columns.") from problem
        known = [review for review in reviews if not review.apart]
        keys = {review.key for review in reviews}
        films = [film for film in films if film.key not in keys]
        crossed = self._crossed(known, films)
        alone = Binary.of((review.label, 1 if margin > 0 else -1) for review, margin, _ in crossed)
        tagger = Binary.of((review.label, said) for review, _, said in crossed)
        self.stdout.write(
            f"cross-validated on {len(known)} reviews in {training.FOLDS} folds, the model alone:\n{alone.table()}"
        )
        self.stdout.write(f"the whole tagger:\n{tagger.table()}")
        for review, margin, said in sorted(crossed, key=lambda each: each[0].label * each[1])[: options["worst"]]:
            self.stdout.write(f"row {review.row}: label {review.label:+d}, margin {margin:+.2f}, tagger {said:+d}")
        slope = training.slope([margin for _, margin, _ in crossed], [review.label for review, _, _ in crossed])
        card = {
            "trained_on": f"{len(known)} shopping reviews, {len(films)} film reviews",
            "kept_apart": f"{len(reviews) - len(known)} shopping reviews",
            "cross_validated_accuracy": round(alone.accuracy, 4),
            "card": "voc/tagging/MODEL.md",
        }
        size = model.write(options["output"], training.train(known, films), slope=slope, about=card)
        self.stdout.write(f"{options['output'].name}: {size:,} bytes, slope {slope}")

    def _crossed(self, known: list[Review], films: list[Review]) -> list[tuple[Review, float, int]]:
        """Each review with the margin and the sentiment it gets from a model that has not seen its fold."""
        found = []
        for fold in range(training.FOLDS):
            weights = training.train([review for review in known if review.fold != fold], films)
            one = model.made(weights, slope=_USUAL_SLOPE)
            for review in known:
                if review.fold == fold:
                    found.append((review, training.margin(weights, review), whole_by(one, review.text).sentiment))
            self.stderr.write(f"fold {fold + 1} of {training.FOLDS}")
        return found
