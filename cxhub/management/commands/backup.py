"""`manage.py backup FILE`: everything the hub remembers, in one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cxhub.backups import archive


class Command(BaseCommand):
    help = "Write rows, uploads and secret key of this hub to FILE (a zip). The hub may go on running."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            summary = archive.write(file)
        except (archive.BackupRefused, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{file}: {summary.bytes:,} bytes, {summary.uploads} uploads. Keep it as safe as the hub itself."
        )
