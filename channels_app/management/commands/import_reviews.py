"""Imports a file of reviews (CSV, CSV.gz, XLSX) through the one way in: what became of it on stdout, refused rows on stderr.

Exit code 0: all rows are in the history; 3: some were refused; 1: nothing could be imported.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.management.organizations import add_organization, organization_of
from accounts.models import Organization
from channels_app.intake import Sender, receive
from channels_app.outcomes import CREATED, DUPLICATE, REFUSED
from channels_app.problems import render
from channels_app.review_file import ReviewRow, review_rows
from channels_app.sales_file.reasons import FileProblem, describe

SOME_REFUSED = 3
AT_ONCE = 500
DEFAULT_SOURCE = "/reviews/smartstore"


class Command(BaseCommand):
    help = "Imports a file of reviews. The same file twice adds nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        add_organization(parser)
        parser.add_argument(
            "--source",
            default=DEFAULT_SOURCE,
            help="path under which the reviews are known, its last part the site (default: %(default)s)",
        )
        parser.add_argument("--encoding", default="", help="utf-8, cp949, utf-16 or cp1252 (default: found out)")
        parser.add_argument("--dry-run", action="store_true", help="say what stands in the file, and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = organization_of(options)
        if not options["file"].is_file():
            raise CommandError(_("There is no file %(name)s.") % {"name": options["file"]})
        rows = review_rows(
            options["file"], source=options["source"], zone=organization.zone, encoding=options["encoding"]
        )
        try:
            became = self._take(organization, rows, options)
        except FileProblem as problem:
            raise CommandError(str(problem)) from problem
        counts = {"created": became[CREATED], "duplicates": became[DUPLICATE], "refused": became[REFUSED]}
        if options["dry_run"]:
            self.stdout.write(_("Reviews: %(created)s; rows refused: %(refused)s. Nothing was imported.") % counts)
        else:
            self.stdout.write(
                _("Done: %(created)s added, %(duplicates)s were already there, %(refused)s rows refused.") % counts
            )
        if became[REFUSED]:
            sys.exit(SOME_REFUSED)

    def _take(self, organization: Organization, rows: Iterator[ReviewRow], options: dict[str, Any]) -> Counter[str]:
        sender = Sender(label="import_reviews", sources=(options["source"],))
        became: Counter[str] = Counter()
        while batch := list(islice(rows, AT_ONCE)):
            for row in batch:
                if row.problem is not None:
                    became[REFUSED] += 1
                    self.stderr.write(f"  {row.number}: {describe(row.problem.code, row.problem.params)}")
            good = [(row.number, row.envelope) for row in batch if row.envelope is not None]
            if options["dry_run"]:
                became[CREATED] += len(good)
                continue
            outcomes = receive(organization, [envelope for _number, envelope in good], sender=sender, at=now())
            for (number, _envelope), outcome in zip(good, outcomes, strict=True):
                became[outcome.status] += 1
                if outcome.problem is not None:
                    document = render(outcome.problem)
                    self.stderr.write(f"  {number}: {document.get('detail') or document.get('title')}")
        return became
