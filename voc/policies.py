"""Who may see what customers say, correct it, and shape what the hub learns from it.

Whoever answers customers sees and corrects; topics and what was learned are of those who lead.
"""

from __future__ import annotations

from accounts import policies
from accounts.actors import Actor, System
from accounts.models import Organization, Person
from accounts.policies import NotAllowed, Permission
from voc.models import Improvement

__all__ = [
    "NotAllowed",
    "may_correct",
    "may_edit_improvements",
    "may_edit_topics",
    "may_move",
    "may_see_voices",
    "require_may_edit_improvements",
    "require_may_edit_topics",
    "require_may_move",
]


def may_see_voices(person: Person) -> bool:
    return policies.may(person, Permission.USE_INBOX)


def may_correct(actor: Actor, organization_id: int) -> bool:
    if isinstance(actor, System):
        return True
    return policies.may(actor, Permission.USE_INBOX) and actor.organization_id == organization_id


def may_edit_topics(actor: Actor) -> bool:
    return policies.may(actor, Permission.EDIT_TOPICS)


def require_may_edit_topics(actor: Actor, organization: Organization) -> None:
    """Raises NotAllowed."""
    policies.require(actor, Permission.EDIT_TOPICS, organization_id=organization.pk)


def may_edit_improvements(actor: Actor) -> bool:
    return policies.may(actor, Permission.EDIT_IMPROVEMENTS)


def require_may_edit_improvements(actor: Actor, organization_id: int) -> None:
    """Raises NotAllowed."""
    policies.require(actor, Permission.EDIT_IMPROVEMENTS, organization_id=organization_id)


def may_move(actor: Actor, improvement: Improvement) -> bool:
    """Who leads, and whoever has it to do, says how far it is."""
    if isinstance(actor, System) or may_edit_improvements(actor):
        return True
    return policies.may(actor, Permission.USE_INBOX) and improvement.owner_id == actor.pk


def require_may_move(actor: Actor, improvement: Improvement) -> None:
    """Raises NotAllowed."""
    policies.require(actor, Permission.USE_INBOX, organization_id=improvement.organization_id)
    if not may_move(actor, improvement):
        raise NotAllowed(Permission.EDIT_IMPROVEMENTS)
