import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_refuse_changes_to_audit_entries"),
        ("tickets", "0004_clocks_breaches_and_alarms"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AgentRouting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("chat_limit", models.PositiveSmallIntegerField(blank=True, null=True)),
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
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="routing", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("topics", models.ManyToManyField(blank=True, related_name="+", to="tickets.topic")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("chat_limit", None), ("chat_limit__range", (1, 50)), _connector="OR"),
                        name="agent_routing_is_within_limits",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Availability",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("online", "Online"),
                            ("away", "Away"),
                            ("busy", "Busy"),
                            ("after_call", "After-call work"),
                            ("offline", "Offline"),
                        ],
                        default="offline",
                        max_length=12,
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("herself", "chosen"),
                            ("arrived", "came to the desk"),
                            ("idle", "idle"),
                            ("call", "a call"),
                            ("dropped", "connection lost"),
                            ("left", "logged out"),
                        ],
                        default="left",
                        max_length=10,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("gone_since", models.DateTimeField(blank=True, null=True)),
                ("given_at", models.DateTimeField(blank=True, null=True)),
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
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="availability",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "offline"), _negated=True),
                        fields=["organization", "person"],
                        name="availability_present",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["online", "away", "busy", "after_call", "offline"])),
                        name="availability_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cause__in", ["herself", "arrived", "idle", "call", "dropped", "left"])),
                        name="availability_cause_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until", None), ("state", "after_call"), _connector="OR"),
                        name="availability_ends_only_after_a_call",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AvailabilityChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("online", "Online"),
                            ("away", "Away"),
                            ("busy", "Busy"),
                            ("after_call", "After-call work"),
                            ("offline", "Offline"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("herself", "chosen"),
                            ("arrived", "came to the desk"),
                            ("idle", "idle"),
                            ("call", "a call"),
                            ("dropped", "connection lost"),
                            ("left", "logged out"),
                        ],
                        max_length=10,
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
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["organization", "person", "at"], name="availability_changes")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["online", "away", "busy", "after_call", "offline"])),
                        name="availability_change_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cause__in", ["herself", "arrived", "idle", "call", "dropped", "left"])),
                        name="availability_change_cause_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CenterRouting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("manual", "By hand"),
                            ("round_robin", "In turn"),
                            ("least_loaded", "To whoever has least to do"),
                        ],
                        default="manual",
                        max_length=12,
                    ),
                ),
                ("chat_limit", models.PositiveSmallIntegerField(default=4)),
                ("away_after_minutes", models.PositiveSmallIntegerField(default=10)),
                ("wrap_up_seconds", models.PositiveSmallIntegerField(default=60)),
                (
                    "center",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="routing", to="accounts.center"
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
            ],
            options={
                "indexes": [models.Index(fields=["organization", "mode"], name="center_routing_mode")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["manual", "round_robin", "least_loaded"])),
                        name="center_routing_mode_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("chat_limit__range", (1, 50)),
                            ("away_after_minutes__range", (1, 240)),
                            ("wrap_up_seconds__range", (0, 1800)),
                        ),
                        name="center_routing_is_within_limits",
                    ),
                ],
            },
        ),
    ]
