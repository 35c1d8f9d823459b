import django.db.models.deletion
from django.db import migrations, models

import cxhub.identifiers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_refuse_changes_to_audit_entries"),
        ("customers", "0001_profile_and_history"),
    ]

    operations = [
        migrations.CreateModel(
            name="Ticket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=cxhub.identifiers.uuid7, editable=False, unique=True)),
                ("thread", models.CharField(max_length=300)),
                ("opened_at", models.DateTimeField()),
                ("opened_by", models.CharField(max_length=10)),
                ("channel", models.CharField(max_length=12)),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("resolved", "Resolved")], default="open", max_length=10
                    ),
                ),
                ("agent_email", models.CharField(blank=True, max_length=254)),
                ("topic", models.CharField(blank=True, max_length=100)),
                (
                    "call_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ringing", "Ringing"),
                            ("talking", "Talking"),
                            ("ended", "Ended"),
                            ("abandoned", "Abandoned"),
                        ],
                        max_length=10,
                    ),
                ),
                ("response_started_at", models.DateTimeField(blank=True, null=True)),
                ("first_response_at", models.DateTimeField(blank=True, null=True)),
                ("waiting_since", models.DateTimeField(blank=True, null=True)),
                ("last_event_at", models.DateTimeField()),
                ("last_message_at", models.DateTimeField(blank=True, null=True)),
                ("last_author", models.CharField(blank=True, max_length=10)),
                ("last_text", models.CharField(blank=True, max_length=200)),
                ("last_seq", models.PositiveIntegerField(default=0)),
                ("messages_in", models.PositiveIntegerField(default=0)),
                ("messages_out", models.PositiveIntegerField(default=0)),
                ("first_resolved_at", models.DateTimeField(blank=True, null=True)),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                ("resolved_by", models.CharField(blank=True, max_length=10)),
                ("reopen_count", models.PositiveIntegerField(default=0)),
                (
                    "center",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.center",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="tickets",
                        to="customers.customer",
                    ),
                ),
                (
                    "opened_event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.event"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.store",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "thread", "opened_at"], name="ticket_of_thread"),
                    models.Index(
                        condition=models.Q(("replaced_by", None), ("status", "open"), ("waiting_since__isnull", False)),
                        fields=["organization", "center", "waiting_since"],
                        name="ticket_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("replaced_by", None), ("status", "open")),
                        fields=["organization", "center", "-last_event_at", "-id"],
                        name="ticket_open",
                    ),
                    models.Index(
                        condition=models.Q(("replaced_by", None), ("status", "open")),
                        fields=["organization", "agent_email", "-last_event_at"],
                        name="ticket_of_agent",
                    ),
                    models.Index(fields=["organization", "-last_event_at", "-id"], name="ticket_recent"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "opened_event"), name="ticket_opened_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.CharField(max_length=100)),
                ("name", models.CharField(max_length=100)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_offered", models.BooleanField(default=True)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("organization", "slug"), name="topic_slug_once")],
            },
        ),
    ]
