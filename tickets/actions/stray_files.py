"""Removes files of conversations that no row knows: where the hub died between a file and its row, or between a row and its file."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import Organization
from tickets.models import Attachment

FOLDERS = 256
# One folder with each look, so that a disk of many files is not read at once; all of them in less than three days.
LOOK_EVERY = timedelta(minutes=15)
# A row that is written just now is not seen yet.
LEFT_ALONE = timedelta(days=1)
# A statement takes no more names on SQLite than some hundreds.
ASKED_AT_ONCE = 500


def drop_strays(organization: Organization, *, at: datetime) -> int:
    """Looks through one folder of the organization's files, the next with each quarter of an hour; returns how many went."""
    storage = Attachment._meta.get_field("file").storage
    folder = f"attachments/{organization.pk}/{int(at.timestamp() // LOOK_EVERY.total_seconds()) % FOLDERS:02x}"
    try:
        _folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return 0
    paths = [f"{folder}/{name}" for name in sorted(names)]
    old = [path for path in paths if storage.get_modified_time(path) < at - LEFT_ALONE]
    dropped = 0
    for start in range(0, len(old), ASKED_AT_ONCE):
        some = old[start : start + ASKED_AT_ONCE]
        known = set(Attachment.objects.filter(organization=organization, file__in=some).values_list("file", flat=True))
        for path in some:
            if path not in known:
                storage.delete(path)
                dropped += 1
    return dropped
