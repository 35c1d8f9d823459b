from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_refuse_changes_to_audit_entries"),
    ]

    operations = [
        migrations.AddField(
            model_name="centerschedule",
            name="applied_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="centerschedule",
            name="next_response_targets",
            field=models.JSONField(blank=True, default=dict, verbose_name="targets to the next response"),
        ),
        migrations.AddField(
            model_name="centerschedule",
            name="resolution_targets",
            field=models.JSONField(blank=True, default=dict, verbose_name="targets to the resolution"),
        ),
        migrations.AddField(
            model_name="centerschedule",
            name="unassigned_seconds",
            field=models.PositiveIntegerField(
                default=600, verbose_name="seconds until a ticket without an owner alarms"
            ),
        ),
        migrations.AddField(
            model_name="organization",
            name="clocks_changed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="organization",
            name="schedules_version",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddIndex(
            model_name="centerschedule",
            index=models.Index(
                condition=models.Q(("applied_at", None)),
                fields=["organization", "created_at"],
                name="center_schedule_not_applied",
            ),
        ),
        migrations.AddConstraint(
            model_name="centerschedule",
            constraint=models.CheckConstraint(
                condition=models.Q(("unassigned_seconds__gte", 1)), name="center_schedule_unassigned_is_positive"
            ),
        ),
    ]
