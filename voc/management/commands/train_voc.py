"""`manage.py train_voc`: trains the model of sentiment that ships, and writes it with its card. See docs/voc.md."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from voc.tagging import model, training
from voc.tagging.figures import Binary


class Command(BaseCommand):
    help = "Trains the model of sentiment from shopping and film reviews with labels and writes it. The same files give the same model."

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
        apart = [review for review in reviews if review.apart]
        keys = {review.key for review in reviews}
        films = [film for film in films if film.key not in keys]
        crossed = self._crossed(known, films)
        self.stdout.write(
            f"cross-validated on {len(known)} reviews, {training.FOLDS} folds:\n{Binary.of(crossed).table()}"
        )
        for margin, review in sorted(crossed, key=lambda each: each[0] * each[1].label)[: options["worst"]]:
            self.stdout.write(f"row {review.row}: label {review.label:+d}, margin {margin:+.2f}")
        weights = training.train(known, films)
        slope = training.slope([margin for margin, _ in crossed], [review.label for _, review in crossed])
        card = {
            "trained_on": f"{len(known)} shopping reviews, {len(films)} film reviews",
            "kept_apart": f"{len(apart)} shopping reviews",
            "cross_validated_accuracy": round(Binary.of(crossed).accuracy, 4),
            "not_for": "judging people; see voc/tagging/MODEL.md",
        }
        size = model.write(options["output"], weights, slope=slope, about=card)
        self.stdout.write(f"{options['output'].name}: {size:,} bytes, slope {slope}")

    def _crossed(
        self, known: list[training.Review], films: list[training.Review]
    ) -> list[tuple[float, training.Review]]:
        found = []
        for fold in range(training.FOLDS):
            weights = training.train([review for review in known if review.fold != fold], films)
            found += [(training.margin(weights, review), review) for review in known if review.fold == fold]
            self.stderr.write(f"fold {fold + 1} of {training.FOLDS}")
        return found
