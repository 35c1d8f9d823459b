from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0007_find_sales_by_their_time"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("type__in", ["consent.given", "consent.told", "consent.withdrawn"])),
                fields=["organization", "customer", "time"],
                name="event_consent",
            ),
        ),
    ]
