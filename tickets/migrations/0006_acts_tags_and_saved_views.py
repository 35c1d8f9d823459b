import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import cxhub.identifiers


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_refuse_changes_to_audit_entries"),
        ("customers", "0003_spare_events_three_checks"),
        ("tickets", "0005_availability_and_routing"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=cxhub.identifiers.uuid7, editable=False, unique=True)),
                ("name", models.CharField(max_length=40)),
                ("query", models.CharField(max_length=300)),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=50)),
                ("name", models.CharField(max_length=50)),
            ],
        ),
        migrations.AddField(
            model_name="ticket",
            name="links",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="ticket",
            name="priority",
            field=models.CharField(
                choices=[("low", "Low"), ("normal", "Normal"), ("high", "High"), ("urgent", "Urgent")],
                default="normal",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="snoozed_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="ticket",
            name="tags",
            field=models.TextField(blank=True),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("replaced_by", None), ("snoozed_until__isnull", False), ("status", "open")),
                fields=["organization", "snoozed_until"],
                name="ticket_snoozed",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("replaced_by", None), models.Q(("tags", ""), _negated=True)),
                fields=["organization", "-last_event_at", "-id"],
                name="ticket_tagged",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("replaced_by", None), models.Q(("priority", "normal"), _negated=True)),
                fields=["organization", "priority", "-last_event_at", "-id"],
                name="ticket_of_priority",
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="center",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.center",
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.organization",
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="tag",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.organization",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(fields=("organization", "person", "name"), name="saved_view_name_once"),
        ),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.UniqueConstraint(fields=("organization", "key"), name="tag_key_once"),
        ),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.UniqueConstraint(fields=("organization", "name"), name="tag_name_once"),
        ),
    ]
