"""Plays an ongoing day of the demo shop against a running hub, through its public API and its widget."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from channels_app.demo.history import CUSTOMERS, SEED, people_of
from channels_app.demo.hours import SEOUL
from channels_app.demo.marks import LiveAccess, read_live_access, read_mark
from channels_app.demo.player.day import play_day
from channels_app.demo.player.line import Line, NotLetIn
from channels_app.demo.player.stage import House


class Command(BaseCommand):
    help = "Sales come in, phones ring, chats arrive, until Ctrl-C. Needs the demo (manage.py demo) and a running hub."
    # They load every page of the hub, and this command is outside of it.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default="http://127.0.0.1:8000", help="where the hub runs (default: %(default)s)")
        parser.add_argument("--speed", type=float, default=1.0, help="2 is twice as fast (default: %(default)s)")
        parser.add_argument("--seed", type=int, default=None, help="another day")
        parser.add_argument("--acts", type=int, default=None, help="stop after so many (default: never)")

    def handle(self, *args: Any, **options: Any) -> None:
        url, speed = options["url"], options["speed"]
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).netloc:
            raise CommandError(_("“%(url)s” is no address; write it like http://127.0.0.1:8000.") % {"url": url})
        if not 0.05 <= speed <= 100:
            raise CommandError(_("Choose a speed from 0.05 to 100."))
        house = self._house(url, speed, options["seed"])
        self.stdout.write(_("A day at %(url)s. Ctrl-C ends it.") % {"url": url})
        try:
            asyncio.run(play_day(house, acts=options["acts"]))
        except* NotLetIn as refusals:
            raise CommandError(
                _("The hub at %(url)s does not let the demo in: %(why)s") % {"url": url, "why": refusals.exceptions[0]}
            ) from None
        except* KeyboardInterrupt:
            self.stdout.write(_("The day is over."))

    def _house(self, url: str, speed: float, seed: int | None) -> House:
        folder = Path(settings.DATA_DIR)
        access, mark = self._access(folder), read_mark(folder)
        made_with, customers = (mark.seed, mark.customers) if mark else (SEED, CUSTOMERS)
        return House(
            line=Line(url, access.api_key, on_trouble=self._say_lost, on_return=self._say_found),
            widget=access.widget,
            signing_secret=access.signing_secret,
            people=people_of(made_with, customers),
            seed=made_with if seed is None else seed,
            run=f"L{datetime.now(SEOUL):%y%m%d%H%M%S}",
            speed=speed,
            tell=self._tell,
        )

    def _access(self, folder: Path) -> LiveAccess:
        try:
            return read_live_access(folder)
        except FileNotFoundError:
            raise CommandError(
                _("There is no demo in %(folder)s. Start the hub with `make run` first.") % {"folder": folder}
            ) from None

    def _tell(self, kind: str, what: str) -> None:
        # One line, however many the customer wrote.
        self.stdout.write(f"{datetime.now(SEOUL):%H:%M:%S}  {kind}  {' '.join(what.split())[:120]}")
        self.stdout.flush()

    def _say_lost(self) -> None:
        self._tell(_("Hub"), _("does not answer; waiting for it"))

    def _say_found(self) -> None:
        self._tell(_("Hub"), _("is back; going on"))
