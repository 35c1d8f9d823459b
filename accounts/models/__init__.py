"""The names of the accounts room; one file for each concept."""

from accounts.models.audit import AuditEntry, AuditHead, AuditReview
from accounts.models.center import Center, CenterSchedule
from accounts.models.organization import Organization
from accounts.models.person import Person, PersonManager, Role
from accounts.models.store import Store

__all__ = [
    "AuditEntry",
    "AuditHead",
    "AuditReview",
    "Center",
    "CenterSchedule",
    "Organization",
    "Person",
    "PersonManager",
    "Role",
    "Store",
]
