import django.db.models.deletion
from django.db import migrations, models

import cxhub.identifiers


def name_topics(apps, schema_editor):
    topics = apps.get_model("tickets", "Topic")
    for pk in topics.objects.values_list("pk", flat=True):
        topics.objects.filter(pk=pk).update(public_id=cxhub.identifiers.uuid7())


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_count_open_tickets_anew"),
        ("tickets", "0018_files_of_conversations"),
    ]

    operations = [
        migrations.AddField(
            model_name="topic",
            name="public_id",
            field=models.UUIDField(null=True, editable=False),
        ),
        migrations.RunPython(name_topics, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="topic",
            name="public_id",
            field=models.UUIDField(default=cxhub.identifiers.uuid7, editable=False, unique=True),
        ),
        migrations.CreateModel(
            name="Hint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("thread", models.CharField(max_length=300)),
                (
                    "mood",
                    models.SmallIntegerField(
                        choices=[(-2, "Alarming"), (-1, "Angry"), (0, "Plain"), (1, "Pleased")], default=0
                    ),
                ),
                ("spoken_at", models.DateTimeField()),
                ("topic", models.CharField(blank=True, max_length=100)),
                ("cue", models.CharField(blank=True, max_length=100)),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="topic",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="absorbed",
                to="tickets.topic",
            ),
        ),
        migrations.AddField(
            model_name="topic",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="children",
                to="tickets.topic",
            ),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("parent", None), models.Q(("parent", models.F("id")), _negated=True), _connector="OR"
                ),
                name="topic_not_its_own_parent",
            ),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into", None), models.Q(("merged_into", models.F("id")), _negated=True), _connector="OR"
                ),
                name="topic_not_merged_into_itself",
            ),
        ),
        migrations.AddIndex(
            model_name="hint",
            index=models.Index(fields=["organization", "-spoken_at", "mood", "thread"], name="hint_of_the_day"),
        ),
        migrations.AddConstraint(
            model_name="hint",
            constraint=models.UniqueConstraint(fields=("organization", "thread"), name="hint_once_for_a_thread"),
        ),
    ]
