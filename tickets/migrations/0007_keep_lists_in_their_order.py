from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_refuse_changes_to_audit_entries"),
        ("customers", "0003_spare_events_three_checks"),
        ("tickets", "0006_acts_tags_and_saved_views"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="ticket",
            name="ticket_waiting",
        ),
        migrations.RemoveIndex(
            model_name="ticket",
            name="ticket_open",
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("replaced_by", None), ("status", "open"), ("waiting_since__isnull", False)),
                fields=["organization", "waiting_since", "id"],
                name="ticket_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("replaced_by", None), ("status", "open"), ("waiting_since", None)),
                fields=["organization", "last_event_at", "id"],
                name="ticket_answered",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("replaced_by", None), ("status", "resolved")),
                fields=["organization", "-last_event_at", "-id"],
                name="ticket_resolved",
            ),
        ),
    ]
