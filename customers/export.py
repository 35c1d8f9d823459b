"""Writes everything known about one customer into an archive: a page to read, a table, and the whole as JSON.

A room of its own because it is neither a read for a screen nor a change. What she is given is about her: who looked at
it, and what the hub suspects about others, is not in it.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import IO, Any, Protocol
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from customers.models import Event
from customers.queries.history import history_of
from customers.queries.profiles import Profile
from customers.queries.sentences import agent_emails, sentence_of
from customers.queries.timeline import agent_names
from customers.queries.wording import Wording
from customers.templatetags.summary import channel_name

# What is written at once; memory stays flat however long the history.
BATCH = 500
IN_MEMORY_BYTES = 5_000_000
# A spreadsheet would take a text that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class TicketRow(Protocol):
    """What the export tells of a ticket; the tickets' room lies above this one."""

    @property
    def ticket(self) -> Any: ...

    @property
    def topic(self) -> str: ...

    @property
    def status(self) -> str: ...


# Names and contents of the files that came with some events, by the events' public ids.
FilesOf = Callable[[Sequence[UUID]], Iterable[tuple[str, IO[bytes]]]]


def write_archive(
    profile: Profile, *, matters: Sequence[TicketRow], topics: dict[str, str], files_of: FilesOf, at: datetime
) -> tuple[IO[bytes], int]:
    """Returns an open file at its beginning and how many events it holds. The profile must be in full sight."""
    assert not profile.sight.is_masked, "A masked export would pass for the whole."
    events = list(_all_events(profile))
    agents = agent_names(profile.organization, agent_emails(events))
    wording = Wording(agents=agents, topics=topics)
    rows = [_row(event, wording, profile) for event in events]
    archive = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - the response closes it
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
        context = {"profile": profile, "rows": rows, "matters": matters, "at": at}
        files.writestr("customer.html", render_to_string("customers/export_file.html", context))
        files.writestr("history.csv", _table(rows))
        files.writestr(
            "customer.json",
            json.dumps(_whole(profile, events, matters, at), cls=DjangoJSONEncoder, ensure_ascii=False, indent=1),
        )
        for name, content in files_of([event.public_id for event in events if event.data.get("attachments")]):
            with files.open(f"files/{name}", "w") as out:
                shutil.copyfileobj(content, out)
    archive.seek(0)
    return archive, len(events)


def _all_events(profile: Profile) -> Iterator[Event]:
    before: tuple[datetime, int] | None = None
    while batch := history_of(profile.organization, profile.ids, before=before, limit=BATCH):
        yield from batch
        before = (batch[-1].time, batch[-1].pk)


def _row(event: Event, wording: Wording, profile: Profile) -> dict[str, str]:
    sentence = sentence_of(event, wording)
    return {
        "time": event.time.astimezone(profile.organization.zone).strftime("%Y-%m-%d %H:%M:%S"),
        "channel": channel_name(event.channel),
        "type": event.type,
        "store": event.store.name if event.store else "",
        "what": sentence.text,
        "words": sentence.quote,
        "items": "; ".join(
            f"{item.get('name', '')} × {item.get('quantity', 1)}"
            for item in event.data.get("items") or ()
            if isinstance(item, dict)
        ),
    }


def _table(rows: Sequence[dict[str, str]]) -> str:
    heads = {
        "time": _("Time"),
        "channel": _("Channel"),
        "type": _("Type"),
        "store": _("Store"),
        "what": _("What happened"),
        "words": _("Words"),
        "items": _("Items"),
    }
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(heads.values())
    for row in rows:
        writer.writerow([f"'{row[key]}" if row[key].startswith(_FORMULA) else row[key] for key in heads])
    return "\ufeff" + text.getvalue()  # without the mark Excel takes UTF-8 for something else


def _ticket(matter: TicketRow) -> dict[str, Any]:
    """For machines, in the words of the API; the page says it in those of the screens."""
    ticket = matter.ticket
    return {
        "opened_at": ticket.opened_at,
        "resolved_at": ticket.resolved_at,
        "channel": ticket.channel,
        "topic": matter.topic,
        "status": ticket.status,
    }


def _whole(profile: Profile, events: Sequence[Event], matters: Sequence[TicketRow], at: datetime) -> dict[str, Any]:
    return {
        "exported_at": at,
        "organization": profile.organization.name,
        "customer": profile.public_id,
        "name": profile.raw_name,
        "other_names": [name for name in profile.raw_names if name != profile.raw_name],
        "memo": profile.memo,
        "first_seen_at": profile.first_seen_at,
        "last_seen_at": profile.last_seen_at,
        "sales": profile.sale_count,
        "refunds": profile.refund_count,
        "identities": [{"kind": row.kind, "account": row.account, "value": row.value} for row in profile.identity_rows],
        "tickets": [_ticket(matter) for matter in matters],
        "events": [
            {
                "id": event.public_id,
                "type": event.type,
                "time": event.time,
                "source": event.source,
                "thread": event.thread,
                "agent": event.agent_email,
                "data": event.data,
            }
            for event in events
        ],
    }
