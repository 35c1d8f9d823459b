"""Which organization a command is about: the same option and the same answer for a name that is none, in every room's commands."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from accounts.models import Organization

# More would push what is wrong off the screen.
NAMED_AT_MOST = 10


def add_organization(parser: ArgumentParser) -> None:
    """Gives a command `--organization SLUG`, which it has to be told."""
    parser.add_argument(
        "--organization", required=True, metavar="SLUG", help="the organization's short name, for example haneul"
    )


def organization_of(options: Mapping[str, Any], *, returncode: int = 1) -> Organization:
    """The organization that was named. Raises CommandError, which names those there are; `returncode` is its exit status."""
    slug = options["organization"]
    found = Organization.objects.filter(slug=slug).first()
    if found is not None:
        return found
    known = list(Organization.objects.order_by("slug").values_list("slug", flat=True)[: NAMED_AT_MOST + 1])
    if not known:
        raise CommandError(
            _("There is no organization %(slug)s, nor any other. manage.py create_organization makes one.")
            % {"slug": slug},
            returncode=returncode,
        )
    named = ", ".join(known[:NAMED_AT_MOST]) + (" …" if len(known) > NAMED_AT_MOST else "")
    raise CommandError(
        _("There is no organization %(slug)s. There are: %(known)s.") % {"slug": slug, "known": named},
        returncode=returncode,
    )
