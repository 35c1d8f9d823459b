"""manage.py verify_audit [SLUG …]: reads the whole audit trail and fails if it was tampered with."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import audit
from accounts.models import Organization


class Command(BaseCommand):
    help = "Verifies the hash chain of the audit trail. Exit status 1 if one is broken."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="SLUG", help="organizations (default: all)")

    def handle(self, *args: Any, **options: Any) -> None:
        organizations = Organization.objects.order_by("slug")
        if options["slugs"]:
            organizations = organizations.filter(slug__in=options["slugs"])
            missing = set(options["slugs"]) - set(organizations.values_list("slug", flat=True))
            if missing:
                raise CommandError(f"There is no organization {', '.join(sorted(missing))}.")
        broken = []
        for organization in organizations:
            report = audit.verify_chain(organization)
            if report.is_intact:
                self.stdout.write(f"{organization.slug}: {report.entries} entries, intact.")
            else:
                broken.append(organization.slug)
                self.stdout.write(f"{organization.slug}: broken at entry {report.broken_at}.")
        if broken:
            raise CommandError(f"The audit trail was changed: {', '.join(broken)}.")
