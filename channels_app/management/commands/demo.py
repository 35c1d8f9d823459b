"""Makes the demo: an invented shop with sixty days of history up to this minute. May be run again at any time."""

from __future__ import annotations

import logging
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organization
from channels_app.demo.deliveries import lay_deliveries
from channels_app.demo.foundation import lay_foundation
from channels_app.demo.history import CUSTOMERS, FEWEST_CUSTOMERS, SEED
from channels_app.demo.loading import Progress, load_history
from channels_app.demo.marks import Mark, keep_live_access, read_mark, write_mark
from channels_app.demo.organization import LOG_INS, PASSWORD, SLUG
from channels_app.demo.people import HEROINE
from kpi.demo import lay_goals
from kpi.surveys.demo import lay_surveys
from voc.actions.listening import HEARD_AT_ONCE, listen
from voc.demo import lay_improvements


class Command(BaseCommand):
    help = "Creates the demo organization with its history. What is there already stays as it is."
    # They load every page of the hub; the start of the hub runs them itself.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="for scripts: nothing where an organization exists, no advice"
        )
        parser.add_argument("--seed", type=int, default=None, help=f"another history (default {SEED})")
        parser.add_argument(
            "--customers", type=int, default=None, help=f"how many (default {CUSTOMERS}, at least {FEWEST_CUSTOMERS})"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # A history of the past surprises no open page; without a running hub each batch would warn that none listens.
        live = logging.getLogger("cxhub.live")
        before = live.level
        live.setLevel(logging.ERROR)
        try:
            self._fill(options)
        finally:
            live.setLevel(before)

    def _fill(self, options: dict[str, Any]) -> None:
        folder = Path(settings.DATA_DIR)
        standing = Organization.objects.filter(slug=SLUG).first()
        mark = self._mark(folder, standing, options["seed"], options["customers"])
        if options["if_empty"] and _is_taken(standing, mark):
            return
        write_mark(folder, mark)
        organization = lay_foundation(at=mark.present)
        keep_live_access(folder, organization, at=timezone.now())
        self._load(organization, mark)
        lay_deliveries(organization, at=mark.present)
        lay_surveys(organization, at=mark.present)
        self._hear(organization)
        lay_improvements(organization, at=mark.present)
        lay_goals(organization, at=mark.present)
        write_mark(folder, Mark(mark.seed, mark.customers, mark.now, is_finished=True))
        if not options["if_empty"]:
            self._tell_what_to_look_at()

    def _mark(self, folder: Path, standing: Organization | None, seed: int | None, customers: int | None) -> Mark:
        """The mark of the demo that stands here, or of a new one that begins now."""
        mark = read_mark(folder)
        if standing is None:
            wanted = CUSTOMERS if customers is None else customers
            if wanted < FEWEST_CUSTOMERS:
                raise CommandError(_("The demo needs at least %(count)d customers.") % {"count": FEWEST_CUSTOMERS})
            now = timezone.now().replace(microsecond=0).isoformat()
            return Mark(SEED if seed is None else seed, wanted, now)
        if mark is None or mark.present != standing.created_at:
            # The folder is not the one it was made with: the organization remembers when, the rest is as usual.
            mark = Mark(SEED, CUSTOMERS, standing.created_at.isoformat())
        if seed not in (None, mark.seed) or customers not in (None, mark.customers):
            raise CommandError(
                _("A demo with seed %(seed)d and %(customers)d customers exists; another one needs an empty database.")
                % {"seed": mark.seed, "customers": mark.customers}
            )
        return mark

    def _load(self, organization: Organization, mark: Mark) -> None:
        began_at = time.monotonic()
        progress: Progress | None = None
        for progress in load_history(organization, mark):
            self._show(progress)
        assert progress is not None, "A history is never empty."
        self.stdout.write(
            _("%(created)d events new, %(there)d already there, %(refused)d refused, in %(seconds).1f s.")
            % {
                "created": progress.created,
                "there": progress.duplicates,
                "refused": progress.refused,
                "seconds": time.monotonic() - began_at,
            }
        )

    def _hear(self, organization: Organization) -> None:
        """What customers say is heard at once: a newcomer's first look at it is no empty page."""
        began_at, heard = time.monotonic(), 0
        while True:
            now_heard = listen(organization, at=timezone.now())
            heard += now_heard
            if now_heard < HEARD_AT_ONCE:
                break
        words = {"heard": heard, "seconds": time.monotonic() - began_at}
        self.stdout.write(_("%(heard)d messages, comments and reviews heard, in %(seconds).1f s.") % words)

    def _show(self, progress: Progress) -> None:
        """One line that grows in a terminal; in a log, a line for each tenth."""
        line = _("  %(sent)6d of %(total)d events") % {"sent": progress.sent, "total": progress.total}
        if self.stdout.isatty():
            self.stdout.write(line, ending="\n" if progress.sent == progress.total else "\r")
            self.stdout.flush()
        elif progress.sent * 10 // progress.total != (progress.sent - 500) * 10 // progress.total:
            self.stdout.write(line)

    def _tell_what_to_look_at(self) -> None:
        self.stdout.write("")
        for person in LOG_INS:
            self.stdout.write(f"  {person.email:<24} {person.name}")
        self.stdout.write(_("  Password for each: %(password)s") % {"password": PASSWORD})
        self.stdout.write(
            _("  First: log in as store staff and look for %(name)s: type %(digits)s or her initials.")
            % {"name": HEROINE.name, "digits": HEROINE.last4}
        )


def _is_taken(standing: Organization | None, mark: Mark) -> bool:
    """Whether the hub has something that is not a demo cut short."""
    if standing is None:
        return Organization.objects.exists()
    return mark.is_finished or mark.present != standing.created_at
