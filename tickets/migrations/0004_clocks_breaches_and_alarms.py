import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import cxhub.identifiers


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_targets_to_every_answer_and_clocks"),
        ("customers", "0003_spare_events_three_checks"),
        ("tickets", "0003_spare_rows_of_the_intake_their_checks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Alarm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("first_response", "First Response"),
                            ("next_response", "Next Response"),
                            ("resolution", "Resolution"),
                            ("unassigned", "Unassigned"),
                        ],
                        max_length=20,
                    ),
                ),
                ("ordinal", models.PositiveIntegerField()),
                ("due_at", models.DateTimeField()),
                ("raised_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="AlarmMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=cxhub.identifiers.uuid7, editable=False, unique=True)),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("failure", models.CharField(blank=True, max_length=200)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="AlarmNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=cxhub.identifiers.uuid7, editable=False, unique=True)),
                ("raised_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="AlarmSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_mailed", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="Breach",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("first_response", "First Response"),
                            ("next_response", "Next Response"),
                            ("resolution", "Resolution"),
                        ],
                        max_length=20,
                    ),
                ),
                ("ordinal", models.PositiveIntegerField()),
                ("started_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("target_seconds", models.PositiveIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name="ticket",
            name="due_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="ticket",
            name="due_kind",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="ticket",
            name="next_alarm_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False), ("replaced_by", None), ("status", "open")),
                fields=["organization", "due_at"],
                name="ticket_due",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("next_alarm_at__isnull", False), ("replaced_by", None), ("status", "open")),
                fields=["organization", "next_alarm_at"],
                name="ticket_alarm",
            ),
        ),
        migrations.AddField(
            model_name="alarm",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.organization",
            ),
        ),
        migrations.AddField(
            model_name="alarm",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="alarms", to="tickets.ticket"
            ),
        ),
        migrations.AddField(
            model_name="alarmmail",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.organization",
            ),
        ),
        migrations.AddField(
            model_name="alarmmail",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="alarmnotice",
            name="alarm",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="tickets.alarm"
            ),
        ),
        migrations.AddField(
            model_name="alarmnotice",
            name="mail",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="notices",
                to="tickets.alarmmail",
            ),
        ),
        migrations.AddField(
            model_name="alarmnotice",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.organization",
            ),
        ),
        migrations.AddField(
            model_name="alarmnotice",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="alarmsettings",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.organization",
            ),
        ),
        migrations.AddField(
            model_name="alarmsettings",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="breach",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.organization",
            ),
        ),
        migrations.AddField(
            model_name="breach",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="breaches", to="tickets.ticket"
            ),
        ),
        migrations.AddConstraint(
            model_name="alarm",
            constraint=models.UniqueConstraint(
                fields=("organization", "ticket", "kind", "ordinal"), name="alarm_is_raised_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="alarm",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["first_response", "next_response", "resolution", "unassigned"])),
                name="alarm_kind_is_known",
            ),
        ),
        migrations.AddIndex(
            model_name="alarmmail",
            index=models.Index(
                condition=models.Q(("done_at", None)), fields=["organization", "due_at"], name="alarm_mail_to_send"
            ),
        ),
        migrations.AddIndex(
            model_name="alarmnotice",
            index=models.Index(fields=["organization", "person", "-raised_at", "-id"], name="alarm_list"),
        ),
        migrations.AddIndex(
            model_name="alarmnotice",
            index=models.Index(
                condition=models.Q(("read_at", None)), fields=["organization", "person"], name="alarm_unread"
            ),
        ),
        migrations.AddConstraint(
            model_name="alarmnotice",
            constraint=models.UniqueConstraint(fields=("organization", "alarm", "person"), name="alarm_is_told_once"),
        ),
        migrations.AddConstraint(
            model_name="alarmsettings",
            constraint=models.UniqueConstraint(fields=("organization", "person"), name="alarm_settings_of_a_person"),
        ),
        migrations.AddIndex(
            model_name="breach",
            index=models.Index(fields=["organization", "due_at"], name="breach_by_due"),
        ),
        migrations.AddConstraint(
            model_name="breach",
            constraint=models.UniqueConstraint(
                fields=("organization", "ticket", "kind", "ordinal"), name="breach_is_recorded_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="breach",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["first_response", "next_response", "resolution"])),
                name="breach_kind_is_known",
            ),
        ),
    ]
