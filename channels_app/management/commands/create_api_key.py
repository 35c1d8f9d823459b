"""`manage.py create_api_key`: makes a key for the API and prints it, alone, on standard output."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from accounts.actors import System
from accounts.management.organizations import add_organization, organization_of
from channels_app.api.actions import ApiKeyRefusal, create_api_key
from channels_app.models.api_key import USUAL_EVENTS_PER_MINUTE, Scope


class Command(BaseCommand):
    help = "Makes an API key. The key alone goes to standard output; it is not stored and cannot be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_organization(parser)
        parser.add_argument("--scope", action="append", required=True, choices=Scope.values, dest="scopes")
        parser.add_argument(
            "--source", action="append", default=[], dest="sources", metavar="/PATH",
            help="where it may write events; this source and any path below it (repeatable)",
        )  # fmt: skip
        parser.add_argument("--name", default="", help="what the list of keys shows")
        parser.add_argument("--days", type=int, help="until it expires (default: never)")
        limit = parser.add_mutually_exclusive_group()
        limit.add_argument("--events-per-minute", type=int, default=USUAL_EVENTS_PER_MINUTE)
        limit.add_argument("--unlimited", action="store_true", help="lift the limit, for an import")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = organization_of(options)
        if not options["unlimited"] and options["events_per_minute"] < 1:
            raise CommandError("--events-per-minute must be 1 or more; --unlimited lifts the limit.")
        at = now()
        try:
            _key, secret = create_api_key(
                organization,
                name=options["name"],
                scopes=options["scopes"],
                sources=options["sources"],
                by=System("create_api_key"),
                at=at,
                events_per_minute=None if options["unlimited"] else options["events_per_minute"],
                expires_at=at + timedelta(days=options["days"]) if options["days"] else None,
            )
        except ApiKeyRefusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(secret)
