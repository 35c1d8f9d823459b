"""Triggers that refuse to change or remove an audit entry, on SQLite and on PostgreSQL.

A later migration that makes SQLite rebuild this table (most ALTERs do) loses its triggers and has to
run `create_triggers` again.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = [
    f"""
    CREATE TRIGGER audit_entry_is_final_on_{operation.lower()}
    BEFORE {operation} ON accounts_auditentry
    BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END
    """
    for operation in ("UPDATE", "DELETE")
]

POSTGRESQL = [
    """
    CREATE FUNCTION audit_entry_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'audit entries are append-only'; END $$
    """,
    """
    CREATE TRIGGER audit_entry_is_final BEFORE UPDATE OR DELETE ON accounts_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_is_final()
    """,
]


def create_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]
    for statement in statements:
        schema_editor.execute(statement)


def drop_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER audit_entry_is_final ON accounts_auditentry")
        schema_editor.execute("DROP FUNCTION audit_entry_is_final()")
        return
    for operation in ("update", "delete"):
        schema_editor.execute(f"DROP TRIGGER audit_entry_is_final_on_{operation}")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_create_organizations_people_and_audit")]

    operations = [migrations.RunPython(create_triggers, drop_triggers)]
