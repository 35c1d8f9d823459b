"""The same act on many tickets: what is done, what is left and why, and the way back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from channels_app.hub import many
from customers.models import Event
from tests.cast import Cast, make_organization, make_other_organization
from tests.tickets.conversations import FRAGMENT, chat, happens, logged_in
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_organization()


@pytest.fixture
def tickets(cast: Cast) -> list[Ticket]:
    return [
        chat(cast.organization, f"t{number}", phone=f"010-0000-1{number:03d}", ago=9 - number) for number in range(4)
    ]


def post(cast: Cast, act: str, tickets: list[Ticket], *, by: Person | None = None, **data: str) -> dict[str, Any]:
    """What the page is told."""
    sent = {"tickets": ",".join(str(ticket.public_id) for ticket in tickets), **data}
    response = logged_in(by or cast.agent).post(f"/inbox/many/{act}/", sent, headers=FRAGMENT)
    assert response.status_code in (204, 422), response.status_code
    told: dict[str, Any] = json.loads(response["HX-Trigger"])["toast"]
    return told


def values(field: str) -> list[Any]:
    return list(Ticket.objects.order_by("pk").values_list(field, flat=True))


@pytest.mark.parametrize(
    ("act", "said", "field", "done"),
    [
        ("assign", {"person": "lead"}, "agent_email", "lead@haneul.example"),
        ("priority", {"priority": "high"}, "priority", "high"),
        ("tags", {"tags": "VIP"}, "tags", "\nvip\n"),
        ("resolve", {"topic": "delivery"}, "status", "resolved"),
        ("move", {"center": "busan"}, "center__slug", "busan"),
    ],
)
def test_all_are_changed_and_come_back(
    cast: Cast, tickets: list[Ticket], act: str, said: dict[str, str], field: str, done: str
):
    before = values(field)
    if "person" in said:
        said = {"person": str(cast.lead.public_id)}
    told = post(cast, act, tickets, **said)
    assert (told["text"], told["level"]) == ("상담 4건을 처리했어요.", "success")
    assert values(field) == [done] * 4
    told = post(cast, "undo", [], undo=told["undo"])
    assert told["text"] == "상담 4건을 되돌렸어요."
    assert values(field) == before


def test_snoozing_many_and_back(cast: Cast, tickets: list[Ticket]):
    told = post(cast, "snooze", tickets, preset="tomorrow")
    assert None not in values("snoozed_until")
    post(cast, "undo", [], undo=told["undo"])
    assert values("snoozed_until") == [None] * 4


def test_what_was_snoozed_and_resolved_comes_back_snoozed(cast: Cast, tickets: list[Ticket]):
    post(cast, "snooze", tickets, preset="tomorrow")
    before = values("snoozed_until")
    told = post(cast, "resolve", tickets)
    post(cast, "undo", [], undo=told["undo"])
    assert (values("status"), values("snoozed_until")) == (["open"] * 4, before)


def test_what_is_left_is_told_with_its_reason(cast: Cast, tickets: list[Ticket]):
    happens(cast.organization, "ticket.priority", "t0", priority="high")
    elsewhere = chat(cast.organization, "far", source="/busan/chat")
    told = post(cast, "priority", [*tickets, elsewhere], priority="high")
    assert told["level"] == "warning"
    assert told["text"].startswith("상담 3건을 처리했어요.")
    assert "1 (이미 같은 상태)" in told["text"]
    assert "1 (더 이상 볼 수 없음)" in told["text"]
    elsewhere.refresh_from_db()
    assert elsewhere.priority == "normal"


def test_a_colleague_of_another_center_gets_none_of_them(cast: Cast, tickets: list[Ticket]):
    sent = {"tickets": str(tickets[0].public_id), "person": str(cast.outsider.public_id)}
    response = logged_in(cast.owner).post("/inbox/many/assign/", sent, headers=FRAGMENT)
    assert "정부산" in json.loads(response["HX-Trigger"])["toast"]["text"]
    assert values("agent_email") == [""] * 4


def test_only_what_nothing_has_happened_to_since_comes_back(cast: Cast, tickets: list[Ticket]):
    told = post(cast, "tags", tickets, tags="vip")
    chat(cast.organization, "t1", "한 가지 더요")
    told = post(cast, "undo", [], undo=told["undo"])
    assert told["text"].startswith("상담 3건을 되돌렸어요.")
    assert "1 (그 사이 변경됨)" in told["text"]
    assert values("tags") == ["", "\nvip\n", "", ""]


def test_undoing_happens_once_and_for_whoever_did_it(cast: Cast, tickets: list[Ticket]):
    told = post(cast, "priority", tickets, priority="low")
    assert post(cast, "undo", [], by=cast.lead, undo=told["undo"])["level"] == "error"
    assert post(cast, "undo", [], undo=told["undo"])["level"] == "success"
    assert post(cast, "undo", [], undo=told["undo"])["level"] == "error"
    assert post(cast, "undo", [], undo="")["level"] == "error"
    assert values("priority") == ["normal"] * 4


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("assign", {"person": "x"}),
        ("priority", {"priority": "top"}),
        ("tags", {"tags": " , "}),
        ("tags", {"tags": "가" * 51}),
        ("snooze", {}),
        ("snooze", {"until": "2020-01-01T00:00"}),
        ("move", {"center": "x"}),
    ],
)
def test_nonsense_changes_nothing_and_is_told(cast: Cast, tickets: list[Ticket], act: str, said: dict[str, str]):
    before = Event.objects.count()
    assert post(cast, act, tickets, **said)["level"] in ("error", "warning")
    assert Event.objects.count() == before


@pytest.mark.parametrize("ids", ["", "x", ",".join(f"00000000-0000-0000-0000-{number:012x}" for number in range(501))])
def test_no_ids_or_too_many_are_told(cast: Cast, ids: str):
    response = logged_in(cast.agent).post("/inbox/many/tags/", {"tickets": ids, "tags": "x"}, headers=FRAGMENT)
    assert response.status_code == 422


def test_another_organization_changes_nothing(cast: Cast, tickets: list[Ticket]):
    other = make_other_organization()
    post(cast, "tags", tickets, by=other.owner, tags="x")
    assert values("tags") == [""] * 4


@pytest.mark.parametrize("act", ["assign", "priority", "tags", "snooze", "move", "resolve"])
def test_each_has_its_dialog(cast: Cast, act: str):
    html = logged_in(cast.agent).get(f"/inbox/many/{act}/", headers=FRAGMENT).content.decode()
    assert "<dialog" in html
    assert "data-many-form" in html
    assert logged_in(cast.store_staff).get(f"/inbox/many/{act}/").status_code == 404


def test_statements_do_not_grow_with_the_tickets(cast: Cast, tickets: list[Ticket]):
    def statements(some: list[Ticket], name: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            post(cast, "tags", some, tags=name)
        # SQLite updates row by row; what matters is how often the hub asks.
        return len({query["sql"][:60] for query in asked})

    statements(tickets[:1], "a")
    assert statements(tickets[:1], "b") == statements(tickets, "c")


def test_many_are_parted(cast: Cast, tickets: list[Ticket], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(many, "TICKETS_AT_ONCE", 3)
    told = post(cast, "priority", tickets, priority="low")
    assert values("priority") == ["low"] * 4
    post(cast, "undo", [], undo=told["undo"])
    assert values("priority") == ["normal"] * 4
