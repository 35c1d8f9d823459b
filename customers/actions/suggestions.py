"""What a person says of a merge suggestion that changes no profile: that the two are not one."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.audit import record
from accounts.models import Person
from customers import policies
from customers.models import MergeSuggestion


def dismiss_suggestion(suggestion: MergeSuggestion, *, by: Person, at: datetime) -> bool:
    """Closes an open suggestion; returns False where it was decided already. Raises NotAllowed."""
    if (
        not policies.may_decide_who_is_who(by)
        or by.organization_id != suggestion.organization_id
        or by.organization is None
    ):
        raise policies.NotAllowed
    with transaction.atomic():
        rows = MergeSuggestion.objects.filter(
            pk=suggestion.pk, organization=by.organization, status=MergeSuggestion.Status.OPEN
        )
        if not rows.update(status=MergeSuggestion.Status.DISMISSED, decided_at=at, decided_by=by.email):
            return False
        record(
            by.organization,
            by=by,
            action="customers.dismiss_suggestion",
            customer_id=suggestion.first.public_id,
            obj=suggestion.second.public_id.hex,
            at=at,
        )
    return True
