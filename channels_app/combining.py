"""Single events that arrive at the same moment are written together: one transaction, one commit for all of them.

Whoever finds nobody at work does the work for all who wait, her own event among them; those who come meanwhile wait
and are the next group (what databases call group commit). Nobody is answered before the commit. A lone sender waits
for nobody; while several send one event after the other, a group waits a few milliseconds for as many as were there
just before.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import Organization
from channels_app.ended_keys import ended_keys
from channels_app.intake import Delivery, Sender, receive_deliveries
from channels_app.outcomes import REFUSED, Outcome
from channels_app.problems import Problem

# Bounds how long one sender works for the others.
GROUP_AT_MOST = 64
# Reading a request takes about a millisecond: so long the others of a group may need to come back with their next
# event. (Measured with eight senders and two processes: groups of 3 to 4 instead of 1.5.)
PATIENCE_SECONDS = 0.004
# Who has not come back within this time is not expected any more.
LATELY_SECONDS = 0.05


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
        self._all_are_here = threading.Condition(self._lock)
        self._waiting: dict[int, list[_Waiting]] = defaultdict(list)
        self._at_work: set[int] = set()
        # By organization: how many were there when the last group was done, and when that was (monotonic seconds).
        self._lately: dict[int, tuple[int, float]] = {}
        # By organization: for how many somebody waits now.
        self._awaited: dict[int, int] = {}

    def receive_one(self, organization: Organization, envelope: Any, *, sender: Sender, at: datetime) -> Outcome:
        """As `receive` with one envelope; may be called from many threads at once. Call it outside transactions.

        Asks besides whether the sender's key has ended: then the outcome is that refusal, and nothing is kept.
        """
        mine = _Waiting(Delivery(envelope, sender), organization, at)
        with self._lock:
            self._waiting[organization.pk].append(mine)
            is_at_work = organization.pk in self._at_work
            self._at_work.add(organization.pk)
            if len(self._waiting[organization.pk]) == self._awaited.get(organization.pk):
                self._all_are_here.notify_all()
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
            self._wait_for_company(organization.pk)
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
                self._lately[organization.pk] = len(group) + len(following or ()), time.monotonic()
                if following:
                    following[0].takes_over = True
                    following[0].answered.set()
                else:
                    self._at_work.discard(organization.pk)
            for each in group:
                if each is not mine:
                    each.answered.set()

    def _wait_for_company(self, organization_id: int) -> None:
        """Lets those who were there just before come back with their next event; holds the lock, but not meanwhile."""
        expected, seen_at = self._lately.get(organization_id, (0, 0.0))
        if expected > 1 and time.monotonic() - seen_at < LATELY_SECONDS:
            enough = min(expected, GROUP_AT_MOST)
            self._awaited[organization_id] = enough
            self._all_are_here.wait_for(lambda: len(self._waiting[organization_id]) >= enough, PATIENCE_SECONDS)
            del self._awaited[organization_id]


def _write(organization: Organization, group: Sequence[_Waiting]) -> None:
    """Gives each of the group its outcome or its error; one that cannot be written spoils no other."""
    at = max(each.at for each in group)
    try:
        admitted = _admitted(group, at=at)
        outcomes = receive_deliveries(organization, [each.delivery for each in admitted], at=at) if admitted else []
    except Exception as error:  # noqa: BLE001 - handed to whoever sent the event, each by itself
        if len(group) == 1:
            group[0].error = error
            return
        for each in group:
            _write(organization, [each])
        return
    for each, outcome in zip(admitted, outcomes, strict=True):
        each.outcome = outcome


def _admitted(group: Sequence[_Waiting], *, at: datetime) -> list[_Waiting]:
    """Those whose keys still open something; the others get the refusal as their outcome. One statement for all."""
    keys = {each.delivery.sender.key_id for each in group} - {None}
    ended = ended_keys([key for key in keys if key is not None], at=at) if keys else set()
    for each in group:
        if each.delivery.sender.key_id in ended:
            each.outcome = Outcome(REFUSED, problem=Problem("unauthorized"))
    return [each for each in group if each.delivery.sender.key_id not in ended]


receive_one = Combiner().receive_one
