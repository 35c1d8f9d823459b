"""`manage.py restore FILE`: a backup in place of what the hub holds."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cxhub.backups import archive


class Command(BaseCommand):
    help = "Put the backup FILE in place of what this hub holds. Stop the hub first."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--force", action="store_true", help="Lose and replace what the hub holds now.")

    def handle(self, *args: Any, file: Path, force: bool, **options: Any) -> None:
        try:
            summary = archive.restore(file, replace=force)
        except (archive.BackupRefused, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Restored the state of {summary.manifest.created_at}, {summary.uploads} uploads.")
