"""Questions about all rows of one profile, prepared.

Two texts each: of a row that stands alone the index gives the newest first, of a list of rows it does not, and all of
them would be read to find the newest few.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.db.models import Q, QuerySet

from cxhub.prepared import Prepared, Told

Row = TypeVar("Row")


class OfMembers(Generic[Row]):
    """`build` gets the condition on the column `customer`, and makes of it a queryset as `Prepared` wants it."""

    def __init__(self, build: Callable[[Q], QuerySet[Any, Row]]) -> None:
        self._one = Prepared(lambda: build(Q(customer=Told("member"))))
        # That there is a customer is said again: the index of customers' events holds no others.
        self.of_list = Prepared(lambda: build(Q(customer__any_of=Told("members"), customer__isnull=False)))

    def __call__(self, members: Sequence[int], **values: Any) -> list[Row]:
        """All rows for these customers and values. One statement."""
        if len(members) == 1:
            return self._one(member=members[0], **values)
        return self.of_list(members=members, **values)
