"""Mending, sending again and discarding: each once, by whoever may, and on the record."""

from __future__ import annotations

import json

import pytest

from accounts.models import AuditEntry
from accounts.policies import NotAllowed
from channels_app.models import RefusedEvent
from channels_app.problems import Refused
from channels_app.refused import actions
from customers.models import Event
from tests.cast import Cast
from tests.channels_app.envelopes import AT, sale
from tests.channels_app.refused.conftest import Refuse


def test_mended_text_becomes_history_once(cast: Cast, refuse: Refuse) -> None:
    (kept,) = refuse({**sale("s1"), "type": "pos.sell"})
    outcome = actions.send_again(kept, json.dumps(sale("s1")), by=cast.owner, at=AT)
    assert outcome.is_created
    kept.refresh_from_db()
    assert (kept.mended_by, kept.mended_event) == (cast.owner.email, outcome.event)
    entry = AuditEntry.objects.latest("pk")
    assert entry.action == "channels.refused.send_again"
    assert entry.after
    assert entry.after["changed"] is True
    assert entry.customer_id == outcome.customer
    with pytest.raises(actions.AlreadySettled):
        actions.send_again(kept, json.dumps(sale("s2")), by=cast.owner, at=AT)
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    "text", ["{]", "[]", "5", "", json.dumps({**sale("s1"), "time": "tomorrow"}), '{"id": "\ud800"}']
)
def test_what_is_still_wrong_stays_waiting_and_is_kept_once(cast: Cast, refuse: Refuse, text: str) -> None:
    (kept,) = refuse({**sale("s1"), "type": "pos.sell"})
    with pytest.raises(Refused):
        actions.send_again(kept, text, by=cast.owner, at=AT)
    kept.refresh_from_db()
    assert kept.is_open
    assert RefusedEvent.objects.count() == 1
    assert not Event.objects.exists()


def test_any_source_but_the_hubs_own(cast: Cast, refuse: Refuse) -> None:
    (kept,) = refuse({**sale("s1"), "source": "/busan/pos"})
    assert kept.problem["kind"] == "source-not-allowed"
    for source in ("/hub", "/hub/desk"):
        with pytest.raises(Refused):
            actions.send_again(kept, json.dumps({**sale("s1"), "source": source}), by=cast.owner, at=AT)
    assert actions.send_again(kept, kept.body, by=cast.owner, at=AT).is_created
    entry = AuditEntry.objects.latest("pk")
    assert entry.after
    assert entry.after["changed"] is False


def test_many_go_again_as_they_came_and_bad_ones_keep_waiting(cast: Cast, refuse: Refuse) -> None:
    rows = refuse(
        *[{**sale(f"b{number}"), "source": "/busan/pos"} for number in range(120)], {**sale("x"), "time": "tomorrow"}
    )
    actions.discard(rows[0], reason="test", by=cast.owner, at=AT)
    done = actions.send_again_unchanged(cast.organization, rows, by=cast.owner, at=AT)
    assert done == actions.Resent(taken=119, refused=1, settled=1)
    again = actions.send_again_unchanged(cast.organization, rows, by=cast.owner, at=AT)
    assert again == actions.Resent(refused=1, settled=120)
    assert Event.objects.count() == 119
    assert [row.event_id for row in RefusedEvent.objects.filter(mended_at=None, discarded_at=None)] == ["x"]


def test_discarding_needs_a_reason_and_happens_once(cast: Cast, refuse: Refuse) -> None:
    (kept,) = refuse({**sale("s1"), "type": "pos.sell"})
    with pytest.raises(actions.ReasonMissing):
        actions.discard(kept, reason="  ", by=cast.owner, at=AT)
    actions.discard(kept, reason="시험 전송", by=cast.owner, at=AT)
    assert AuditEntry.objects.latest("pk").reason == "시험 전송"
    with pytest.raises(actions.AlreadySettled):
        actions.discard(kept, reason="again", by=cast.owner, at=AT)
    with pytest.raises(actions.AlreadySettled):
        actions.send_again(kept, json.dumps(sale("s1")), by=cast.owner, at=AT)


@pytest.mark.parametrize("role", ["lead", "agent", "store_staff"])
def test_who_may_not_manage_channels_does_nothing(cast: Cast, refuse: Refuse, role: str) -> None:
    (kept,) = refuse({**sale("s1"), "source": "/busan/pos"})
    person = cast.people[role]
    with pytest.raises(NotAllowed):
        actions.send_again(kept, kept.body, by=person, at=AT)
    with pytest.raises(NotAllowed):
        actions.send_again_unchanged(cast.organization, [kept], by=person, at=AT)
    with pytest.raises(NotAllowed):
        actions.discard(kept, reason="x", by=person, at=AT)
    kept.refresh_from_db()
    assert kept.is_open
