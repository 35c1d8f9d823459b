"""Single events that arrive at the same moment are written together: one transaction, one commit for all of them.

Whoever finds nobody at work does the work for all who wait, her own event among them; those who come meanwhile wait
and are the next group (what databases call group commit). Nobody is answered before the commit, and nobody waits for
company: with one sender the group is one event.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import Organization
from channels_app.intake import Delivery, Sender, receive_deliveries
from channels_app.outcomes import Outcome

# Bounds how long one sender works for the others.
GROUP_AT_MOST = 64


@dataclass(eq=False, slots=True)
class _Waiting:
    delivery: Delivery
    organization: Organization
    at: datetime
    answered: threading.Event = field(default_factory=threading.Event)
    # Set together with `answered`: what became of the event, or that the one who waits must go on with the work.
    outcome: Outcome | None = None
    error: BaseException | None = None
    takes_over: bool = False


class Combiner:
    """One for each process; holds no event longer than its sender waits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[int, list[_Waiting]] = defaultdict(list)
        self._at_work: set[int] = set()

    def receive_one(self, organization: Organization, envelope: Any, *, sender: Sender, at: datetime) -> Outcome:
        """As `receive` with one envelope; may be called from many threads at once. Call it outside transactions."""
        mine = _Waiting(Delivery(envelope, sender), organization, at)
        with self._lock:
            self._waiting[organization.pk].append(mine)
            is_at_work = organization.pk in self._at_work
            self._at_work.add(organization.pk)
        if is_at_work:
            mine.answered.wait()
        if not is_at_work or mine.takes_over:
            self._work(organization, mine)
        if mine.error is not None:
            raise mine.error
        assert mine.outcome is not None
        return mine.outcome

    def _work(self, organization: Organization, mine: _Waiting) -> None:
        """Writes the group that waits now, then leaves the work to one of those who have come meanwhile."""
        with self._lock:
            waiting = self._waiting.pop(organization.pk)
            group, later = waiting[:GROUP_AT_MOST], waiting[GROUP_AT_MOST:]
            if later:
                self._waiting[organization.pk] = later
        assert mine in group, "Who takes over has waited longest."
        try:
            _write(organization, group)
        finally:
            with self._lock:
                following = self._waiting.get(organization.pk)
                if following:
                    following[0].takes_over = True
                    following[0].answered.set()
                else:
                    self._at_work.discard(organization.pk)
            for each in group:
                if each is not mine:
                    each.answered.set()


def _write(organization: Organization, group: Sequence[_Waiting]) -> None:
    """Gives each of the group its outcome or its error; one that cannot be written spoils no other."""
    at = max(each.at for each in group)
    try:
        outcomes = receive_deliveries(organization, [each.delivery for each in group], at=at)
    except Exception as error:  # noqa: BLE001 - handed to whoever sent the event, each by itself
        if len(group) == 1:
            group[0].error = error
            return
        for each in group:
            _write(organization, [each])
        return
    for each, outcome in zip(group, outcomes, strict=True):
        each.outcome = outcome


receive_one = Combiner().receive_one
