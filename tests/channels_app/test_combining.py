"""Single events that arrive together are written together; each is answered for itself."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, connections

from channels_app import combining, intake
from channels_app.combining import Combiner
from customers.models import Customer, Event
from tests import cast
from tests.channels_app.envelopes import AT, TILL, sale

pytestmark = pytest.mark.django_db(transaction=True)


def send_at_once(organization: Any, envelopes: list[Any], combiner: Combiner) -> dict[int, Any]:
    """Each envelope from a thread of its own; returns outcome or error by place."""
    answers: dict[int, Any] = {}
    start = threading.Barrier(len(envelopes))

    def send(place: int) -> None:
        start.wait()
        try:
            answers[place] = combiner.receive_one(organization, envelopes[place], sender=TILL, at=AT)
        except Exception as error:  # noqa: BLE001 - compared by the test
            answers[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=(place,)) for place in range(len(envelopes))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def test_all_are_answered_for_themselves_and_written_once(monkeypatch: pytest.MonkeyPatch) -> None:
    organization = cast.make_organization().organization
    sizes = []
    door = intake.receive_deliveries

    def counted(organization: Any, deliveries: Any, *, at: Any) -> Any:
        sizes.append(len(deliveries))
        return door(organization, deliveries, at=at)

    monkeypatch.setattr(combining, "receive_deliveries", counted)
    envelopes = [sale(str(number // 2), phone=f"010-0000-{number // 2:04}") for number in range(40)]
    envelopes[7] = {**envelopes[7], "type": "pos.unknown"}
    answers = send_at_once(organization, envelopes, Combiner())
    assert len(answers) == 40
    assert [answers[place].id for place in range(40)] == [envelope["id"] for envelope in envelopes]
    assert answers[7].is_refused
    assert Event.objects.count() == 20
    assert Customer.objects.count() == 20
    assert sum(sizes) == 40
    assert len(sizes) < 40  # some came together


def test_one_that_cannot_be_written_spoils_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    organization = cast.make_organization().organization
    door = intake.receive_deliveries

    def broken(organization: Any, deliveries: Any, *, at: Any) -> Any:
        if any(delivery.envelope["id"] == "bad" for delivery in deliveries):
            raise RuntimeError("a mistake of ours")
        return door(organization, deliveries, at=at)

    monkeypatch.setattr(combining, "receive_deliveries", broken)
    envelopes = [sale(str(number)) for number in range(9)] + [sale("bad")]
    answers = send_at_once(organization, envelopes, Combiner())
    assert isinstance(answers[9], RuntimeError)
    assert all(answers[place].is_created for place in range(9))
    assert Event.objects.count() == 9


def test_senders_that_keep_coming_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four tills, one event after the other: each group waits for those who were in the one before."""
    organization = cast.make_organization().organization
    sizes = []
    door = intake.receive_deliveries

    def counted(organization: Any, deliveries: Any, *, at: Any) -> Any:
        sizes.append(len(deliveries))
        return door(organization, deliveries, at=at)

    monkeypatch.setattr(combining, "receive_deliveries", counted)
    # However slow the machine is.
    monkeypatch.setattr(combining, "PATIENCE_SECONDS", 1.0)
    monkeypatch.setattr(combining, "LATELY_SECONDS", 60.0)
    combiner, each = Combiner(), 12
    together = threading.Barrier(4)

    def send(till: int) -> None:
        together.wait()
        for number in range(each):
            combiner.receive_one(organization, sale(f"{till}-{number}"), sender=TILL, at=AT)
        connections.close_all()

    threads = [threading.Thread(target=send, args=(till,)) for till in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(sizes) == Event.objects.count() == 4 * each
    assert max(sizes) == 4
    # All but a beginning and an end, where not all are there, go in fours.
    assert sizes.count(4) >= each - 3


def test_a_single_sender_waits_for_nobody() -> None:
    organization = cast.make_organization().organization
    combiner = Combiner()
    for number in range(3):
        assert combiner.receive_one(organization, sale(str(number)), sender=TILL, at=AT).is_created
    assert not connection.in_atomic_block
