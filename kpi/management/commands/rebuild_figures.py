"""`manage.py rebuild_figures`: works the facts of some days out again, from the events alone."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Max, Min
from django.utils.timezone import now

from accounts.management.organizations import add_organization, organization_of
from accounts.models import Organization
from customers.models import Event
from kpi.actions import rebuild
from kpi.queries.question import BadQuestion, Period


class Command(BaseCommand):
    help = (
        "Works out again, from the events alone, what the figures of some days are counted from. The hub does this by "
        "itself for whatever changes: needed only to make sure. May be ended and begun again at any time."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_organization(parser)
        parser.add_argument(
            "--from", type=_day, dest="first", metavar="DAY", help="2026-11-01 (default: the first there is)"
        )
        parser.add_argument("--to", type=_day, dest="end", metavar="DAY", help="the day after the last (default: all)")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = organization_of(options)
        first, end = _whole(organization)
        try:
            period = Period(options["first"] or first, options["end"] or end)
        except BadQuestion as problem:
            raise CommandError("--to must be a day after --from, at most ten years later.") from problem
        done: dict[str, int] = {}

        def tell(what: str, count: int) -> None:
            before, done[what] = done.get(what, 0), done.get(what, 0) + count
            if done[what] // 10_000 > before // 10_000:
                self.stdout.write(f"{done[what]} {what} …")

        facts = rebuild(organization, period.first, period.end, at=now(), tell=tell)
        self.stdout.write(
            f"{facts} facts from {period.first} to {period.end}: {done.get('threads', 0)} threads, "
            f"{done.get('customers', 0)} customers, {done.get('days', 0)} days."
        )


def _day(told: str) -> date:
    try:
        return date.fromisoformat(told)
    except ValueError:
        raise ArgumentTypeError("expected a day such as 2026-11-01") from None


def _whole(organization: Organization) -> tuple[date, date]:
    """All days on which something happened, and as long after as a target may fall due."""
    ends = Event.objects.filter(organization=organization).aggregate(first=Min("time"), last=Max("time"))
    first, last = ((ends[name] or now()).astimezone(organization.zone).date() for name in ("first", "last"))
    return max(first, last - timedelta(days=3500)), last + timedelta(days=120)
