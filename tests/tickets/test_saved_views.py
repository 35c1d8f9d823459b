"""Lists under names of their own: whose they are, who sees them, what they count."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from tests.cast import Cast, make_organization, make_other_organization
from tests.tickets.conversations import FRAGMENT, chat, happens, logged_in
from tickets.models import SavedView

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_organization()


def save(person: Person, name: str, query: str = "", **said: str) -> Any:
    return logged_in(person).post(f"/inbox/views/{query}", {"name": name, **said}, headers=FRAGMENT)


def chips(person: Person, query: str = "") -> list[tuple[str, str]]:
    """Names and counts of the views above her list."""
    html = logged_in(person).get(f"/inbox/rows/{query}", headers=FRAGMENT).content.decode()
    return re.findall(r'max-w-32 truncate">([^<]+)</span><span class="tabular font-semibold">(\d+)<', html)


def test_a_view_is_hers_until_she_shares_it(cast: Cast):
    assert save(cast.agent, "내 VIP", "?view=mine&tag=VIP&q=김&nonsense=1").status_code == 204
    view = SavedView.objects.get()
    assert (view.query, view.person, view.center) == ("?view=mine&tag=vip", cast.agent, None)
    assert chips(cast.agent) == [("내 VIP", "0")]
    assert chips(cast.lead) == []
    url = f"/inbox/views/{view.public_id}/"
    assert logged_in(cast.lead).post(url, {"name": "x"}).status_code == 404
    logged_in(cast.agent).post(url, {"name": "모두의 VIP", "center": "seoul"}, headers=FRAGMENT)
    assert chips(cast.lead) == [("모두의 VIP", "0")]
    assert chips(cast.outsider) == []
    # Who leads keeps what is shared in order.
    assert logged_in(cast.lead).post(f"{url}delete/", headers=FRAGMENT).status_code == 204
    assert chips(cast.agent) == []


def test_counts_are_those_of_the_lists(cast: Cast):
    for number in range(3):
        chat(cast.organization, f"t{number}", phone=f"010-0000-1{number:03d}", ago=number)
    happens(cast.organization, "ticket.tagged", "t0", add=["vip"])
    happens(cast.organization, "ticket.priority", "t1", priority="urgent")
    save(cast.agent, "VIP", "?tag=vip")
    save(cast.agent, "급함", "?priority=urgent&view=unassigned")
    save(cast.agent, "메일", "?channel=mail")
    assert chips(cast.agent) == [("VIP", "1"), ("급함", "1"), ("메일", "0")]
    happens(cast.organization, "ticket.assigned", "t1", agent=cast.agent.email)
    assert chips(cast.agent, "?view=mine") == [("VIP", "1"), ("급함", "0"), ("메일", "0")]


def test_order_and_names(cast: Cast):
    for name in ("가", "나", "다"):
        save(cast.agent, name)
    last = SavedView.objects.get(name="다")
    client = logged_in(cast.agent)
    for _again in range(3):
        client.post(f"/inbox/views/{last.public_id}/up/", headers=FRAGMENT)
    assert [name for name, _count in chips(cast.agent)] == ["다", "가", "나"]
    assert save(cast.agent, "가").status_code == 422
    assert save(cast.agent, "").status_code == 422
    assert save(cast.agent, "가" * 41).status_code == 422
    assert client.post(f"/inbox/views/{last.public_id}/", {"name": "가"}, headers=FRAGMENT).status_code == 422
    assert save(cast.lead, "가").status_code == 204
    assert save(cast.agent, "라", center="busan").status_code == 404
    for number in range(17):
        save(cast.agent, f"{number}")
    assert save(cast.agent, "too many").status_code == 422


def test_another_organization_sees_none(cast: Cast):
    save(cast.agent, "서울", center="seoul")
    other = make_other_organization()
    assert chips(other.owner) == []
    view = SavedView.objects.get()
    assert logged_in(other.owner).post(f"/inbox/views/{view.public_id}/delete/").status_code == 404


def test_views_cost_a_page_the_same_few_statements(cast: Cast):
    chat(cast.organization, "t")
    client = logged_in(cast.agent)

    def statements() -> int:
        client.get("/inbox/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/inbox/")
        return len(asked)

    save(cast.agent, "하나", "?tag=vip")
    happens(cast.organization, "ticket.tagged", "t", add=["vip"])
    one = statements()
    for number in range(9):
        save(cast.agent, f"{number}", "?view=mine", center="seoul")
    assert statements() == one
    assert one <= 15
