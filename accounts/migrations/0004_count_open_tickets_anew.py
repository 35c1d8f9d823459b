"""An installation that had no clocks yet has the worker give them to its open tickets."""

from django.db import migrations
from django.utils.timezone import now


def count_anew(apps, schema_editor):
    apps.get_model("accounts", "Organization").objects.update(clocks_changed_at=now())
    apps.get_model("accounts", "CenterSchedule").objects.update(applied_at=now())


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_targets_to_every_answer_and_clocks")]

    operations = [migrations.RunPython(count_anew, migrations.RunPython.noop)]
