"""PostgreSQL's index of the pairs of letters of what was said. Plain functions only: no extension, no special rights.

The table is empty here: it is filled behind the intake.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION message_pairs(said text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT COALESCE(array_agg(DISTINCT pair), '{}') FROM (
        SELECT substr(said, place, 2) AS pair FROM generate_series(1, length(said) - 1) AS place
    ) AS pairs WHERE position(' ' in pair) = 0
$$
"""
INDEX = "CREATE INDEX message_text_pairs ON tickets_messagetext USING gin (message_pairs(text))"


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION)
        schema_editor.execute(INDEX)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX message_text_pairs")
        schema_editor.execute("DROP FUNCTION message_pairs(text)")


class Migration(migrations.Migration):
    dependencies = [("tickets", "0014_copy_what_was_said")]
    operations = [migrations.RunPython(make, drop)]
