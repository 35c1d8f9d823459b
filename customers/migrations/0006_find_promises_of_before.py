"""Rows for the promises that history holds already: so far a note made one, and another note said that it was kept."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.db import migrations
from django.db.models import Q

# Few notes promise something; a row is short.
AT_ONCE = 500


def find_promises(apps, schema_editor):
    event = apps.get_model("customers", "Event")
    promise, step = apps.get_model("customers", "Promise"), apps.get_model("customers", "PromiseStep")
    zones = dict(apps.get_model("accounts", "Organization").objects.values_list("pk", "timezone"))
    notes = event.objects.filter(type="note.added").exclude(thread="")
    kept = {}
    rows = []
    for note in notes.filter(data__has_key="promise_kept").order_by("time", "pk").iterator(AT_ONCE):
        reference = str(note.data["promise_kept"] or "")[:250]
        if reference:
            kept[note.organization_id, reference, note.source] = kept[note.organization_id, reference, note.thread] = (
                note
            )
            rows.append(step(organization_id=note.organization_id, event_id=note.pk, reference=reference))
    step.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)
    rows = []
    for note in notes.filter(Q(data__has_key="promise")).order_by("pk").iterator(AT_ONCE):
        told = note.data["promise"]
        if not isinstance(told, dict):
            continue
        due_at, has_hour = due_of(told.get("due"), ZoneInfo(zones[note.organization_id]))
        by = next(
            (
                kept[note.organization_id, name, place]
                for name in (note.event_id, str(note.public_id), note.public_id.hex)
                for place in (note.source, note.thread)
                if (note.organization_id, name, place) in kept
            ),
            None,
        )
        rows.append(
            promise(
                organization_id=note.organization_id,
                event_id=note.pk,
                note_id=note.event_id,
                public_id=note.public_id,
                source=note.source,
                thread=note.thread,
                text=str(told.get("text") or note.text),
                made_at=note.time,
                made_by=note.agent_email,
                owner_email=note.agent_email,
                due_at=due_at,
                has_hour=has_hour,
                status="kept" if by else "open",
                settled_at=by.time if by else None,
                settled_by=by.agent_email if by else "",
            )
        )
    promise.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)


def due_of(told, zone):
    try:
        if isinstance(told, str) and len(told) == 10:
            return datetime.combine(date.fromisoformat(told), time.max, tzinfo=zone).astimezone(UTC), False
        due = datetime.fromisoformat(str(told))
    except ValueError:
        return None, False
    return (due if due.tzinfo else due.replace(tzinfo=zone)).astimezone(UTC), True


class Migration(migrations.Migration):
    dependencies = [("customers", "0005_promises_found_by_their_time")]
    operations = [migrations.RunPython(find_promises, migrations.RunPython.noop, elidable=True)]
