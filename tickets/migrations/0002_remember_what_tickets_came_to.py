"""Tickets remember what the next event of a long conversation needs, so that it is not read again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0001_tickets_and_topics"),
    ]

    operations = [
        migrations.AddField(
            model_name="ticket",
            name="memory",
            field=models.JSONField(blank=True, editable=False, null=True),
        ),
    ]
