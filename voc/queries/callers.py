"""Who called: the words of a call name nobody, the call itself does."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models.functions import Coalesce

from accounts.models import Organization
from tickets.models import Ticket


def callers_of(organization: Organization, threads: Collection[str]) -> dict[str, int]:
    """Thread → the root of its ticket's customer. One statement."""
    rows = Ticket.objects.standing().filter(organization=organization, thread__in=threads, customer__isnull=False)
    root = Coalesce("customer__merged_into", "customer")
    return dict(rows.annotate(root=root).order_by("opened_at", "pk").values_list("thread", "root"))
