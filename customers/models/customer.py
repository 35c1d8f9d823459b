"""The profile: one row for each person the hub has come to know, and the group they form when merged.

A merge never moves identities or events: it points `merged_into` at the group's root, and reading goes over the
group. That is what makes undoing a merge exact.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Substr

from cxhub.identifiers import uuid7


class CustomerQuerySet(models.QuerySet["Customer"]):
    def roots(self) -> CustomerQuerySet:
        """Those that stand for a group of their own, without the empty shells a confirmation left behind."""
        return self.filter(merged_into=None).exclude(is_unconfirmed=True, event_count=0)

    def in_groups(self, root_ids: Any) -> CustomerQuerySet:
        """All rows of the groups whose roots are named."""
        return self.filter(Q(id__in=root_ids) | Q(merged_into__in=root_ids))


class Customer(models.Model):
    # Neither the organization nor the store is checked once more by the database: see Event.
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="members")

    name = models.CharField(max_length=200, blank=True)
    name_chosung = models.CharField(max_length=200, blank=True)
    name_nfd = models.CharField(max_length=800, blank=True)
    # Which event's name stands: (verified, time, source, id) as bytes that compare alike on every database.
    name_order = models.BinaryField(default=b"", editable=False)
    name_is_edited = models.BooleanField(default=False)
    memo = models.TextField(blank=True)

    # Owns nothing but `external` ids: may be merged by rule 4. On a root it speaks for the whole group.
    is_anonymous = models.BooleanField(default=False)
    # Known by a claim only (rule 6).
    is_unconfirmed = models.BooleanField(default=False)

    # Summary of this row's own events; a group's is their sum (see queries.profiles).
    first_seen_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    last_visit_at = models.DateTimeField(null=True, blank=True)
    last_visit_store = models.ForeignKey(
        "accounts.Store",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    event_count = models.PositiveIntegerField(default=0)
    sale_count = models.PositiveIntegerField(default=0)
    refund_count = models.PositiveIntegerField(default=0)
    spent_hundredths = models.BigIntegerField(default=0)

    created_at = models.DateTimeField(auto_now_add=True)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        # None of these names a column that every event changes. So PostgreSQL updates the row in place (measured for a
        # batch of 500 rows: 3 ms; with an index on last_seen_at 14 ms, 24 ms with the trigram index of migration 0002).
        indexes = [
            models.Index(fields=["organization", "name_chosung", "name_nfd"], name="customer_by_initials"),
            models.Index(fields=["organization", "name_nfd"], name="customer_by_name"),
            models.Index(F("organization"), Substr("name", 2), name="customer_by_given_name"),
            # Who is counted as somebody else, or as nobody: figures look all of them up.
            models.Index(
                fields=["organization", "id"],
                name="customer_of_another",
                condition=Q(merged_into__isnull=False) | Q(is_unconfirmed=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="customer_not_merged_into_itself"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def root_id(self) -> int:
        return self.merged_into_id or self.pk
