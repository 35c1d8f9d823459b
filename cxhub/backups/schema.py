"""Which schema a backup was made with, and how to get from there to this version's."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def applied_migrations() -> list[str]:
    """Return the applied migrations as `app.name`, sorted."""
    applied = MigrationExecutor(connection).loader.applied_migrations
    return sorted(f"{app}.{name}" for app, name in applied)


def unknown_migrations(names: list[str]) -> list[str]:
    """Return those of `names` that this version has not."""
    loader = MigrationExecutor(connection).loader
    known = {f"{app}.{name}" for app, name in loader.disk_migrations}
    known |= {f"{app}.{name}" for app, name in loader.applied_migrations}
    return [name for name in names if name not in known]


def migrate_to(names: list[str]) -> None:
    """Migrate an empty schema forward to exactly the migrations in `names`."""
    executor = MigrationExecutor(connection)
    wanted = {tuple(name.split(".", 1)) for name in names}
    # The last of each app's: those that none of the others builds on.
    targets = [
        node
        for node in executor.loader.graph.nodes
        if node in wanted and not any(child.key in wanted for child in executor.loader.graph.node_map[node].children)
    ]
    executor.migrate(targets)


def migrate_to_newest() -> None:
    """Migrate forward to this version's schema."""
    call_command("migrate", verbosity=0, interactive=False)


def holds_people() -> bool:
    """Return whether the database holds a company or a person; False also without any tables."""
    from accounts.models import Organization, Person

    tables = set(connection.introspection.table_names())
    return any(model._meta.db_table in tables and model.objects.exists() for model in (Organization, Person))
