"""PostgreSQL takes organization and center for independent of each other: of a center's twenty thousand tickets, in a hub with
several organizations, it expects fifty, and reads and sorts them all instead of taking the newest from an index in their order.
"""

from django.db import migrations


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE STATISTICS ticket_center_of_organization (dependencies) ON organization_id, center_id FROM tickets_ticket"
        )
        schema_editor.execute("ANALYZE tickets_ticket")


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP STATISTICS ticket_center_of_organization")


class Migration(migrations.Migration):
    dependencies = [("tickets", "0023_find_tags_at_their_centers")]

    operations = [migrations.RunPython(make, drop)]
