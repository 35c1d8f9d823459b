"""Days are packed in another form: all of them are stale until they are packed again."""

from typing import Any

from django.db import migrations


def keep_as_it_is(apps: Any, editor: Any) -> None:
    """PostgreSQL would try to compress what is packed already, and unpack it at every reading."""
    if editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE kpi_day ALTER COLUMN content SET STORAGE EXTERNAL")


def mark_stale(apps: Any, editor: Any) -> None:
    apps.get_model("kpi", "Day").objects.filter(is_stale=False).update(is_stale=True)


class Migration(migrations.Migration):
    dependencies = [("kpi", "0003_morning")]

    operations = [
        migrations.RunPython(mark_stale, migrations.RunPython.noop),
        migrations.RunPython(keep_as_it_is, migrations.RunPython.noop),
    ]
