"""Saved replies and macros: written, changed, dropped, and counted when they are used.

What is for others than her who writes it stands in the audit trail; what is hers alone does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts import audit
from accounts.actors import Actor
from accounts.models import Center, Organization, Person
from tickets.macros import Steps
from tickets.models import CannedReply, Macro
from tickets.queries.tools import Tool, leads
from tickets.variables import unknown_in

# What one list in the composer can hold and still be loaded at once.
MOST_SHARED = 400
MOST_OWN = 100

T = TypeVar("T", CannedReply, Macro)


class CannotSaveTool(Exception):
    """`field` says where, `str()` why, fit for the person's screen."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(problem)
        self.field = field


@dataclass(frozen=True, slots=True)
class Audience:
    """Neither: everyone."""

    center: Center | None = None
    person: Person | None = None


def save_canned_reply(
    organization: Organization,
    *,
    title: str,
    shortcut: str,
    text: str,
    audience: Audience,
    by: Actor,
    at: datetime,
    reply: CannedReply | None = None,
) -> CannedReply:
    """Writes a new saved reply, or `reply` anew. Raises `CannotSaveTool`."""
    _check_variables({"text": text})
    row = reply or CannedReply(organization=organization)
    row.text = text
    return _save(row, title, shortcut, audience, "text", by=by, at=at)


def save_macro(
    organization: Organization,
    *,
    title: str,
    shortcut: str,
    steps: Steps,
    audience: Audience,
    by: Actor,
    at: datetime,
    macro: Macro | None = None,
) -> Macro:
    """Writes a new macro, or `macro` anew. Raises `CannotSaveTool`."""
    if steps.is_empty:
        raise CannotSaveTool("", _("Choose at least one thing that the macro does."))
    _check_variables({"text": steps.text, "note": steps.note})
    row = macro or Macro(organization=organization)
    row.steps = steps.as_json()
    return _save(row, title, shortcut, audience, "steps", by=by, at=at)


def delete_tool(tool: Tool, *, by: Actor, at: datetime) -> None:
    with transaction.atomic():
        before, key = _content(tool), tool.pk
        tool.delete()
        if tool.person_id is None:
            audit.record(
                tool.organization, by=by, at=at, action=f"tickets.{_kind(tool)}.delete", obj=f"{key}", before=before
            )


def note_use(tool: Tool, *, at: datetime) -> None:
    type(tool).objects.filter(organization=tool.organization_id, pk=tool.pk).update(uses=F("uses") + 1, last_used_at=at)


def _check_variables(texts: dict[str, str]) -> None:
    for field, text in texts.items():
        if unknown := unknown_in(text):
            names = ", ".join(unknown)
            raise CannotSaveTool(
                field, _("There is no such variable: %(names)s. Choose one of the list.") % {"names": names}
            )


def _save(row: T, title: str, shortcut: str, audience: Audience, says: str, *, by: Actor, at: datetime) -> T:
    is_new = row._state.adding
    before = None if is_new else _content(type(row).objects.select_related("center", "person").get(pk=row.pk))
    is_shared = audience.person is None or (before is not None and before["person"] is None)
    row.title, row.shortcut, row.updated_at = title, shortcut, at
    row.center, row.person = audience.center, audience.person
    if audience.person is None and not leads(by):
        raise CannotSaveTool("audience", _("Only those who lead write for others. Keep it for yourself."))
    try:
        with transaction.atomic():
            if is_new:
                _check_count(row, audience)
                row.save(force_insert=True)
            else:
                row.save(update_fields=["title", "shortcut", "center", "person", "updated_at", says])
            if is_shared:
                audit.record(
                    row.organization,
                    by=by,
                    at=at,
                    action=f"tickets.{_kind(row)}.set",
                    obj=f"{row.pk}",
                    before=before,
                    after=_content(row),
                )
    except IntegrityError as error:
        raise CannotSaveTool("shortcut", _("This shortcut is taken already. Choose another.")) from error
    return row


def _check_count(row: Tool, audience: Audience) -> None:
    rows = type(row).objects.filter(organization=row.organization_id, person=audience.person)
    most = MOST_OWN if audience.person else MOST_SHARED
    if rows.count() >= most:
        raise CannotSaveTool("", _("There are %(count)d already. Delete what nobody uses first.") % {"count": most})


def _content(row: Tool) -> dict[str, Any]:
    return {
        "title": row.title,
        "shortcut": row.shortcut,
        "center": row.center.slug if row.center else None,
        "person": row.person.email if row.person else None,
        "says": row.text if isinstance(row, CannedReply) else row.steps,
    }


def _kind(row: Tool) -> str:
    return "canned_reply" if isinstance(row, CannedReply) else "macro"
