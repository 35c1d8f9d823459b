"""Who changed what on a profile, from the audit trail: for everybody who sees the profile, not only the auditor.

Shows that a name or a memo was changed, by whom and when; what it was before only to who sees customers in full.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import AuditEntry
from customers.queries.profiles import Profile
from cxhub.prepared import Prepared, Told

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


CHANGED = Prepared(
    lambda: (
        AuditEntry.objects.filter(
            organization_id=Told("organization_id"), customer_id__any_of=Told("customers"), action__in=CHANGES
        )
        .order_by("-sequence")
        .values_list("at", "by__name", "actor", "action", "before", "after")[:SHOWN]
    )
)


def changes_of(profile: Profile) -> list[Change]:
    """The newest twenty, newest first. One statement."""
    entries = CHANGED(organization_id=profile.organization.pk, customers=[row.public_id for row in profile.rows])
    return [
        Change(
            at=at,
            who=name or actor,
            what=_words(action),
            before=_value(action, before, profile),
            after=_value(action, after, profile),
        )
        for at, name, actor, action, before, after in entries
    ]


def _value(action: str, told: object, profile: Profile) -> str:
    if action not in ("customers.rename", "customers.memo") or profile.sight.is_masked or not isinstance(told, dict):
        return ""
    return ", ".join(str(value) for value in told.values() if value)


def _words(action: str) -> str:
    return {
        "customers.rename": _("Changed the name"),
        "customers.memo": _("Changed the memo"),
        "customers.merge": _("Merged profiles"),
        "customers.unmerge": _("Undid a merge"),
        "customers.export": _("Exported everything"),
        "customers.reveal": _("Saw it in full"),
    }.get(action, action)
