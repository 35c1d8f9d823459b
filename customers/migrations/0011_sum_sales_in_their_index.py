from django.db import migrations, models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Upper


def name_foreign_currencies(apps, _schema_editor):
    """Sales in another currency than KRW: few, and named in what was told."""
    sales = apps.get_model("customers", "Event").objects.filter(type__in=["pos.refund", "pos.sale"])
    told = (
        sales.filter(data__has_key="currency").exclude(data__currency__in=["KRW", "krw"]).exclude(data__currency=None)
    )
    told.update(qualifier=Upper(KeyTextTransform("currency", "data")))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_count_open_tickets_anew"),
        ("customers", "0010_find_four_digits_in_the_index"),
    ]

    operations = [
        migrations.RunPython(name_foreign_currencies, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="event", name="event_sale"),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("type__in", ["pos.refund", "pos.sale"])),
                fields=["organization", "time"],
                include=("type", "qualifier", "amount_hundredths", "center", "store"),
                name="event_sale",
            ),
        ),
    ]
