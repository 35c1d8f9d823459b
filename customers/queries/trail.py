"""Who changed what on a profile, from the audit trail: for everybody who sees the profile, not only the auditor.

Shows that a name or a memo was changed, by whom and when; what it was before only to who sees customers in full.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import AuditEntry
from customers.queries.profiles import Profile

CHANGES = (
    "customers.rename",
    "customers.memo",
    "customers.merge",
    "customers.unmerge",
    "customers.export",
    "customers.reveal",
)
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Change:
    at: datetime
    who: str
    what: str
    before: str
    after: str


def changes_of(profile: Profile) -> list[Change]:
    """The newest twenty, newest first. One statement."""
    rows = AuditEntry.objects.filter(
        organization=profile.organization,
        customer_id__in=[row.public_id for row in profile.rows],
        action__in=CHANGES,
    )
    return [_change(entry, profile) for entry in rows.select_related("by").order_by("-sequence")[:SHOWN]]


def _change(entry: AuditEntry, profile: Profile) -> Change:
    shows_values = entry.action in ("customers.rename", "customers.memo") and not profile.sight.is_masked
    before = entry.before if isinstance(entry.before, dict) else {}
    after = entry.after if isinstance(entry.after, dict) else {}
    return Change(
        at=entry.at,
        who=entry.by.name if entry.by else entry.actor,
        what=_words(entry.action),
        before=", ".join(str(value) for value in before.values() if value) if shows_values else "",
        after=", ".join(str(value) for value in after.values() if value) if shows_values else "",
    )


def _words(action: str) -> str:
    return {
        "customers.rename": _("Changed the name"),
        "customers.memo": _("Changed the memo"),
        "customers.merge": _("Merged profiles"),
        "customers.unmerge": _("Undid a merge"),
        "customers.export": _("Exported everything"),
        "customers.reveal": _("Saw it in full"),
    }.get(action, action)
