"""Takes mails in on the hub's machine: one from standard input, as a mail server's pipe hands it over, or a Maildir's new ones.

Ends as a pipe expects it (sysexits.h): 0 taken, 65 no mail, 67 nobody here, 75 try again later. A mail that is not
taken stays where it was.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.management.organizations import add_organization, organization_of
from accounts.models import Organization
from channels_app.mail.inbound import NoSuchMailbox, mailbox_of, sender_for, take_mail
from channels_app.mail.reading import MAIL_BYTES, Unreadable, read_mail
from customers.email_addresses import normal_email

NO_MAIL, NOBODY, AGAIN = 65, 67, 75


class Command(BaseCommand):
    help = "Takes in one mail from standard input, or the new ones of a Maildir."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_organization(parser)
        parser.add_argument("--to", default="", help="whom it was handed over for, if the mail does not say")
        parser.add_argument("--maildir", default="", help="a Maildir whose new mails are to be taken")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = organization_of(options, returncode=NOBODY)
        if options["maildir"]:
            self._take_folder(organization, Path(options["maildir"]), options["to"])
            return
        raw = sys.stdin.buffer.read(MAIL_BYTES + 1)
        try:
            self.stdout.write(_take(organization, raw, options["to"]))
        except Unreadable as error:
            raise CommandError(str(error), returncode=NO_MAIL) from error
        except NoSuchMailbox as error:
            raise CommandError(_("Nobody here has that address."), returncode=NOBODY) from error
        except DatabaseError as error:
            raise CommandError(_("The hub cannot take it now."), returncode=AGAIN) from error

    def _take_folder(self, organization: Organization, folder: Path, told: str) -> None:
        """Each new mail, oldest first; what was taken is read (`cur`), what cannot be taken stays new."""
        new, current = folder / "new", folder / "cur"
        if not new.is_dir() or not current.is_dir():
            raise CommandError(_("%(folder)s is no Maildir.") % {"folder": folder}, returncode=NO_MAIL)
        for path in sorted(new.iterdir(), key=lambda one: (one.stat().st_mtime, one.name)):
            try:
                became = _take(organization, path.read_bytes()[: MAIL_BYTES + 1], told)
            except (Unreadable, NoSuchMailbox) as error:
                self.stderr.write(f"{path.name}: {str(error) or _('Nobody here has that address.')}")
                continue
            os.replace(path, current / f"{path.name}:2,S")
            self.stdout.write(f"{path.name}: {became}")


def _take(organization: Organization, raw: bytes, told: str) -> str:
    mail = read_mail(raw)
    to = normal_email(told)
    account = mailbox_of(organization, [to, *mail.recipients] if to else mail.recipients)
    taken = take_mail(account, mail, sender=sender_for(account), at=timezone.now())
    return taken.outcome.status if taken.outcome else f"ignored ({taken.reason})"
