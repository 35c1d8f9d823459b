"""Lists of the inbox by place, inside their indexes; PostgreSQL keeps the tags of open tickets apart besides."""

import django.db.models.deletion
from django.db import migrations, models

TAGS = """
CREATE INDEX ticket_of_tag ON tickets_ticket USING gin (string_to_array(organization_id::text || ' ' || tags, E'\\n'))
    WHERE status = 'open' AND replaced_by_id IS NULL AND merged_thread = '' AND tags <> ''
"""


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(TAGS)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX ticket_of_tag")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_count_open_tickets_anew"),
        ("customers", "0007_find_sales_by_their_time"),
        ("tickets", "0020_count_waits_of_rules_in_business_time"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="ticket",
            name="ticket_of_agent",
        ),
        migrations.RemoveIndex(
            model_name="ticket",
            name="ticket_due",
        ),
        migrations.RemoveIndex(
            model_name="ticket",
            name="ticket_snoozed",
        ),
        migrations.RemoveIndex(
            model_name="ticket",
            name="ticket_of_priority",
        ),
        migrations.RemoveIndex(
            model_name="ticket",
            name="ticket_answered",
        ),
        migrations.RemoveIndex(
            model_name="ticket",
            name="ticket_resolved",
        ),
        migrations.AlterField(
            model_name="ticket",
            name="replaced_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="tickets.ticket",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("replaced_by__isnull", False)), fields=["replaced_by"], name="ticket_replaced"
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("merged_thread", ""), ("replaced_by", None), ("status", "open")),
                fields=["center", "channel", "waiting_since", "last_event_at", "id"],
                include=("organization", "agent_email", "due_at", "snoozed_until", "priority"),
                name="ticket_of_place",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("replaced_by", None), ("status", "resolved")),
                fields=["organization", "-last_event_at", "-id"],
                include=("resolved_at", "center", "channel", "priority", "merged_thread"),
                name="ticket_resolved",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("merged_thread", ""), ("replaced_by", None), ("status", "open")),
                fields=["organization", "agent_email", "waiting_since", "last_event_at", "id"],
                include=("center", "channel", "snoozed_until", "priority"),
                name="ticket_of_agent",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(
                    ("due_at__isnull", False), ("merged_thread", ""), ("replaced_by", None), ("status", "open")
                ),
                fields=["organization", "due_at", "id"],
                include=("center", "channel", "priority"),
                name="ticket_due",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(
                    ("merged_thread", ""), ("replaced_by", None), ("snoozed_until__isnull", False), ("status", "open")
                ),
                fields=["organization", "snoozed_until", "id"],
                include=("center", "channel", "priority"),
                name="ticket_snoozed",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(
                    ("merged_thread", ""), ("replaced_by", None), models.Q(("priority", "normal"), _negated=True)
                ),
                fields=["organization", "priority", "-last_event_at", "-id"],
                include=(
                    "status",
                    "center",
                    "channel",
                    "agent_email",
                    "waiting_since",
                    "due_at",
                    "snoozed_until",
                    "resolved_at",
                ),
                name="ticket_of_priority",
            ),
        ),
        migrations.RunPython(make, drop),
    ]
