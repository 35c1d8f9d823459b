"""Who may see customers in full, change what is known of them, decide who is who, and take it all out of the hub.

Customers belong to the organization: everybody who serves them reaches all of them, whichever store or center it was.
"""

from __future__ import annotations

from accounts.actors import Actor, System
from accounts.models import Person, Role
from accounts.policies import NotAllowed, Permission, masks_customers, may
from customers.models import Promise
from customers.sight import IN_FULL, MASKED, Sight

__all__ = [
    "NotAllowed",
    "may_browse",
    "may_decide_who_is_who",
    "may_edit_memo",
    "may_edit_name",
    "may_export",
    "may_keep_promises",
    "may_record_consents",
    "may_see_customers",
    "must_ask_to_see_in_full",
    "sight_of",
]


def may_see_customers(actor: Actor) -> bool:
    return may(actor, Permission.USE_COUNTER) or may(actor, Permission.USE_INBOX)


def must_ask_to_see_in_full(person: Person) -> bool:
    """Store staff: masked by default, in full for a reason that is logged."""
    return masks_customers(person)


def sight_of(person: Person, *, is_revealed: bool = False) -> Sight:
    """What she sees of a customer; `is_revealed` where she has just given a reason for this one."""
    return MASKED if must_ask_to_see_in_full(person) and not is_revealed else IN_FULL


def may_keep_promises(person: Person, promise: Promise) -> bool:
    """Whoever serves the customer may say that she has got what she was promised."""
    return may_see_customers(person) and person.is_active and person.organization_id == promise.organization_id


def may_record_consents(person: Person) -> bool:
    """Whoever speaks with her may write down what she says: a withdrawal must be as easy as the consent was."""
    return may_see_customers(person) and person.is_active


def may_browse(actor: Actor) -> bool:
    """The list of customers, beyond the one who stands at the counter."""
    return may(actor, Permission.USE_INBOX)


def may_edit_memo(actor: Actor) -> bool:
    return may_see_customers(actor)


def may_edit_name(actor: Actor) -> bool:
    """Whoever sees a masked name cannot correct it."""
    return may(actor, Permission.USE_INBOX)


def may_decide_who_is_who(actor: Actor) -> bool:
    """Merging, undoing a merge, dismissing a suggestion: needs both customers in full."""
    return may(actor, Permission.USE_INBOX)


def may_export(actor: Actor) -> bool:
    """All that is known of one person in a file: for those who answer for it."""
    if isinstance(actor, System):
        return True
    return actor.is_active and actor.role in (Role.OWNER, Role.LEAD)
