"""Indexes behind the look-up, and none on what changes with every event (see customers.models.customer)."""

import logging

from django.db import DatabaseError, migrations, models, transaction
from django.db.models.functions import Substr

logger = logging.getLogger(__name__)

NAMES = (("name", 200), ("name_chosung", 200), ("name_nfd", 800))


def collate_names_by_code_point(apps, schema_editor):
    """A range over the beginning of a name is an index scan only where the column collates by code point.

    SQLite does so by itself. The order of Hangul by code point is that of a Korean dictionary.
    """
    if schema_editor.connection.vendor != "postgresql":
        return
    changes = ", ".join(f'ALTER COLUMN {name} TYPE varchar({length}) COLLATE "C"' for name, length in NAMES)
    # Room on each page for the next version of a row: every event updates its customer's.
    schema_editor.execute(f"ALTER TABLE customers_customer {changes}, SET (fillfactor = 85)")


def collate_names_by_default(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    changes = ", ".join(f'ALTER COLUMN {name} TYPE varchar({length}) COLLATE "default"' for name, length in NAMES)
    schema_editor.execute(f"ALTER TABLE customers_customer {changes}, RESET (fillfactor)")


def index_parts_of_names(apps, schema_editor):
    """Trigrams of the decomposed name. Without the extension searching inside names works too, by reading them all."""
    if schema_editor.connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=schema_editor.connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError as error:
        logger.warning(
            "pg_trgm is not available: searching inside names will be slow. Install it (PostgreSQL's contrib package), "
            "then CREATE EXTENSION pg_trgm and the index of customers/migrations/0002",
            extra={"cause": type(error).__name__},
        )
        return
    # Names change rarely, so entries are put in place at once, and no search has to read a list of pending ones.
    schema_editor.execute(
        "CREATE INDEX customer_name_parts ON customers_customer USING gin (name_nfd gin_trgm_ops) WITH (fastupdate = off)"
    )


def forget_parts_of_names(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS customer_name_parts")


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_profile_and_history")]

    operations = [
        migrations.RemoveIndex("customer", "customer_recent"),
        migrations.RunPython(collate_names_by_code_point, collate_names_by_default),
        migrations.AddIndex(
            "customer",
            models.Index(fields=["organization", "name_chosung", "name_nfd"], name="customer_by_initials"),
        ),
        migrations.AddIndex("customer", models.Index(fields=["organization", "name_nfd"], name="customer_by_name")),
        migrations.AddIndex(
            "customer",
            models.Index(models.F("organization"), Substr("name", 2), name="customer_by_given_name"),
        ),
        migrations.RunPython(index_parts_of_names, forget_parts_of_names),
    ]
