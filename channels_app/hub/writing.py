"""How an act of the hub's own screens becomes events with source `/hub`, and how it says no."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, Person
from channels_app.intake import HUB, Check, hub_sender, receive
from channels_app.outcomes import Outcome
from channels_app.problems import render
from customers.actions import Recording
from cxhub.identifiers import uuid7


class HubRefusal(Exception):
    """The act was declined; `str()` is fit for the person's screen. Nothing was changed."""


class NotAllowed(HubRefusal):
    """The person's role or organization does not allow the act."""


def require(is_allowed: bool) -> None:
    """Raises NotAllowed unless allowed."""
    if not is_allowed:
        raise NotAllowed(_("Your role does not allow that. Ask your lead."))


def all_of(*checks: Check) -> Check:
    """One check that runs these, one after the other."""

    def check(recording: Recording) -> None:
        for one in checks:
            one(recording)

    return check


def write(
    organization: Organization,
    kind: str,
    data: dict[str, Any],
    *,
    by: Person,
    at: datetime,
    key: str,
    check: Check | None = None,
) -> Outcome:
    """Hands in one event. `key` is the client's own id of the act; "" for one that will not be repeated."""
    return hand_in(organization, [envelope(kind, data, at=at, key=key or str(uuid7()))], by=by, at=at, check=check)[0]


def envelope(kind: str, data: dict[str, Any], *, at: datetime, key: str) -> dict[str, Any]:
    return {"specversion": "1.0", "id": key, "source": HUB, "type": kind, "time": at.isoformat(), "data": data}


def hand_in(
    organization: Organization,
    envelopes: Sequence[dict[str, Any]],
    *,
    by: Person,
    at: datetime,
    check: Check | None = None,
) -> list[Outcome]:
    """Hands in some events in one transaction. Raises `HubRefusal` with the first problem that one of them has.

    What `check` raises of what was recorded takes all of it back.
    """
    outcomes = receive(organization, envelopes, sender=hub_sender(person_id=by.pk), at=at, check=check)
    for outcome in outcomes:
        if outcome.is_refused:
            raise HubRefusal(render(outcome.problem)["detail"])
    return outcomes
