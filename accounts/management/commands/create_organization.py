"""manage.py create_organization SLUG --name … [--config FILE]: the same as the first-run page, from a file."""

import json
import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.timezone import now

from accounts import actions
from accounts.actors import System
from accounts.configuration import (
    Configuration,
    ConfigurationProblem,
    PersonConfiguration,
    parse_configuration,
)
from accounts.models import Organization, Role
from tickets.actions.topics import set_topics

BY = System("manage.py create_organization")


class Command(BaseCommand):
    help = (
        "Creates an organization, with everything that a configuration file (YAML or JSON) names: centers with "
        "hours, holidays and targets, stores, people, topics. Generated passwords are printed once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="short name, for example haneul")
        parser.add_argument("--name", help="what the organization is called (default: the file's, else the slug)")
        parser.add_argument("--config", type=Path, metavar="FILE", help="YAML or JSON")
        parser.add_argument("--owner-email", metavar="EMAIL", help="also creates the owner's account")
        parser.add_argument("--owner-name", metavar="NAME", default="")
        parser.add_argument("--update", action="store_true", help="change an organization that exists")

    def handle(self, *args: Any, **options: Any) -> None:
        configuration = self._configuration(options)
        existing = Organization.objects.filter(slug=options["slug"]).first()
        if existing and not options["update"]:
            raise CommandError(f"The organization {options['slug']!r} exists. Use --update to apply the changes.")
        if options["update"] and not existing:
            raise CommandError(f"There is no organization {options['slug']!r} to update.")
        try:
            with transaction.atomic():
                if existing:
                    done = actions.update_installation(existing, configuration, by=BY, at=now())
                else:
                    done = actions.install_organization(options["slug"], configuration, by=BY, at=now())
                if configuration.topics:
                    set_topics(done.organization, configuration.topics, by=BY, at=now())
        except actions.Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self._tell(done, configuration)

    def _configuration(self, options: dict[str, Any]) -> Configuration:
        document = _load(options["config"]) if options["config"] else {}
        if options["name"]:
            document = {**document, "name": options["name"]} if isinstance(document, dict) else document
        try:
            configuration = parse_configuration(document)
        except ConfigurationProblem as problem:
            raise CommandError(f"{options['config'] or '--name'}: {problem}") from problem
        if not options["owner_email"]:
            return configuration
        owner = PersonConfiguration(
            email=options["owner_email"].strip().lower(), role=Role.OWNER, name=options["owner_name"] or None
        )
        return Configuration(
            **{name: getattr(configuration, name) for name in Configuration.__slots__ if name != "people"},
            people=(owner, *configuration.people),
        )

    def _tell(self, done: actions.Installation, configuration: Configuration) -> None:
        organization = done.organization
        self.stdout.write(
            f"{organization.name} ({organization.slug}): {organization.centers.count()} centers, "
            f"{organization.stores.count()} stores, {organization.people.count()} people."
        )
        for key in configuration.ignored:
            self.stderr.write(f"{key}: fixed by definition for every organization; the file's value is not used.")
        if done.passwords:
            self.stdout.write("Passwords, shown only now:")
            for email, password in done.passwords.items():
                self.stdout.write(f"  {email}  {password}")
        if not organization.people.filter(role=Role.OWNER, is_active=True).exists():
            self.stderr.write("Nobody can log in as owner yet: run again with --update --owner-email EMAIL.")


class _Loader(yaml.SafeLoader):
    """YAML 1.1 reads 10:30 as the number 630; here it stays the time it was meant to be."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern) for tag, pattern in resolvers if tag not in ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]*)$"), list("-0123456789"))


def _load(path: Path) -> Any:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path}: {error}") from error
    try:
        return json.loads(text) if path.suffix == ".json" else yaml.load(text, Loader=_Loader)  # noqa: S506
    except (json.JSONDecodeError, yaml.YAMLError) as error:
        raise CommandError(f"{path}: {error}") from error
