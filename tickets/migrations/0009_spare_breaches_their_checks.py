"""A breach is written with its ticket, in one transaction: nothing of it is checked once more (see the model)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_count_open_tickets_anew"),
        ("tickets", "0008_drafts_and_mentions"),
    ]

    operations = [
        migrations.AlterField(
            model_name="breach",
            name="organization",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.organization",
            ),
        ),
        migrations.AlterField(
            model_name="breach",
            name="ticket",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="breaches",
                to="tickets.ticket",
            ),
        ),
    ]
