"""PostgreSQL keeps the tags of open tickets with the center besides: most lists are of some centers."""

from django.db import migrations

MAKE = """
CREATE INDEX ticket_of_tag ON tickets_ticket USING gin (string_to_array({keys}, E'\\n'))
    WHERE status = 'open' AND replaced_by_id IS NULL AND merged_thread = '' AND tags <> ''
"""
KEYS = "organization_id::text || E' \\n' || coalesce(center_id::text, '') || '@ ' || tags"
KEYS_BEFORE = "organization_id::text || ' ' || tags"


def make_anew(schema_editor, keys):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX ticket_of_tag")
        schema_editor.execute(MAKE.format(keys=keys))


def forwards(apps, schema_editor):
    make_anew(schema_editor, KEYS)


def backwards(apps, schema_editor):
    make_anew(schema_editor, KEYS_BEFORE)


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0022_count_resolved_tickets_of_a_tag"),
    ]

    operations = [
        migrations.RunPython(forwards, backwards),
    ]
