"""The customer page over HTTP: for every role, of this organization only, in few statements, and safe to look at."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from accounts.models import AuditEntry
from channels_app.hub.actions import merge_customers
from customers.models import Customer, Event
from tests import cast
from tests.customers.counter_people import SEOYEON, happened, logged_in, sale, says, tell, the_coat

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> cast.Cast:
    return cast.make_organization()


@pytest.fixture
def customer(house: cast.Cast) -> Customer:
    return the_coat(house.organization)


@pytest.fixture
def agent(house: cast.Cast) -> Client:
    return logged_in(house.agent)


def body(response: Any) -> str:
    assert response.status_code in (HTTPStatus.OK, HTTPStatus.UNPROCESSABLE_ENTITY), response.status_code
    return str(response.content.decode())


def test_an_agent_sees_it_in_full_and_leaves_an_entry(agent: Client, house: cast.Cast, customer: Customer) -> None:
    html = body(agent.get(f"/customers/{customer.public_id}/"))
    for told in ("김서연", "010-0000-5678", "M-1001", "소매가 터졌어요", "교환해 드릴게요", "코트 교환", "129,000"):
        assert told in html
    entry = AuditEntry.objects.get(action="customers.view")
    assert (entry.by, entry.customer_id) == (house.agent, customer.public_id)


PAGES = (
    "/counter/{}/",
    "/customers/{}/",
    "/customers/{}/timeline/",
    "/customers/{}/reveal/",
    "/customers/{}/export/",
)
POSTS = (
    "/counter/{}/note/",
    "/counter/{}/inquiry/",
    "/customers/{}/name/",
    "/customers/{}/memo/",
    "/customers/{}/reveal/",
    "/customers/{}/export/",
    "/customers/{}/unmerge/{}/",
)


def test_another_organization_sees_and_changes_nothing(customer: Customer) -> None:
    stranger = logged_in(cast.make_other_organization().owner)
    for page in PAGES:
        assert stranger.get(page.format(customer.public_id)).status_code == HTTPStatus.NOT_FOUND
    before = Event.objects.count()
    for page in POSTS:
        response = stranger.post(
            page.format(customer.public_id, customer.public_id), {"reason": "identity", "name": "x"}
        )
        assert response.status_code == HTTPStatus.NOT_FOUND
    assert Event.objects.count() == before
    assert not AuditEntry.objects.filter(customer_id=customer.public_id).exists()


def test_visitors_are_led_to_the_log_in(customer: Customer) -> None:
    for page in PAGES:
        assert "/accounts/login/" in Client().get(page.format(customer.public_id))["Location"]


def test_store_staff_have_no_list_no_export_and_change_nothing(house: cast.Cast, customer: Customer) -> None:
    staff = logged_in(house.store_staff)
    for page in ("/customers/", "/customers/suggestions/", f"/customers/{customer.public_id}/export/"):
        assert staff.get(page).status_code == HTTPStatus.NOT_FOUND
    for page in ("name", "memo"):
        data = {"name": "x", "memo": "x", "expected": ""}
        assert staff.post(f"/customers/{customer.public_id}/{page}/", data).status_code == HTTPStatus.NOT_FOUND
    customer.refresh_from_db()
    assert (customer.name, customer.memo) == ("김서연", "")


def test_the_number_of_statements_does_not_grow(agent: Client, house: cast.Cast, customer: Customer) -> None:
    def statements(page: str) -> int:
        agent.get(page)
        with CaptureQueriesContext(connection) as queries:
            agent.get(page)
        return len(queries)

    pages = [f"/customers/{customer.public_id}/", f"/counter/{customer.public_id}/"]
    before = [statements(page) for page in pages]
    for number in range(12):
        tell(
            house.organization,
            sale(SEOYEON, hours_ago=number + 1),
            says(f"more-{number}", "또 왔어요", SEOYEON, hours_ago=number + 1),
            happened(
                "note.added", source="/seoul/chat", thread=f"more-{number}", agent="agent@haneul.example", text="메모"
            ),
        )
    assert [statements(page) for page in pages] == before
    assert max(before) <= 30


def test_history_pages_tell_everything_once(agent: Client, house: cast.Cast) -> None:
    tell(
        house.organization,
        *(says("long", f"말{number:03d}", SEOYEON, hours_ago=100 - number / 2) for number in range(120)),
    )
    customer = Customer.objects.get()
    url, seen = f"/customers/{customer.public_id}/timeline/", []
    while url:
        html = body(agent.get(url))
        seen += [line.split("<")[0] for line in html.split("말")[1:]]
        link = html.split('hx-get="')[-1].split('"')[0] if "data-timeline-more" in html else ""
        url = link.replace("&amp;", "&")
    assert seen == [f"{number:03d}" for number in range(119, -1, -1)]


@pytest.mark.parametrize("cursor", ["x", "!!!!", "AAAA", "MTIz", "LTEuLTE", "9" * 200])
def test_a_made_up_cursor_is_not_found(agent: Client, customer: Customer, cursor: str) -> None:
    response = agent.get(f"/customers/{customer.public_id}/timeline/", {"before": cursor})
    assert response.status_code == HTTPStatus.NOT_FOUND


def test_the_filter_shows_one_channel(agent: Client, customer: Customer) -> None:
    html = body(agent.get(f"/customers/{customer.public_id}/timeline/", {"channel": "pos"}))
    assert "울 코트" in html
    assert "소매가" not in html
    assert "교환 약속" not in html
    notes = body(agent.get(f"/customers/{customer.public_id}/timeline/", {"channel": "note"}))
    assert "코트 교환" in notes
    assert "울 코트" not in notes
    assert "소매가" in body(agent.get(f"/customers/{customer.public_id}/timeline/", {"channel": "nonsense"}))


def test_scripts_in_names_and_texts_are_text(house: cast.Cast) -> None:
    evil = '<script>alert("x")</script><img src=x onerror=alert(1)>'
    who = {"phone": "010-0000-6666", "name": evil, "member_no": evil}
    tell(
        house.organization,
        sale(who, item=evil),
        says("x", evil, who),
        happened("store.visit", store="gangnam", customer=who, note=evil),
    )
    customer = Customer.objects.get()
    for person in (house.agent, house.owner, house.store_staff):
        for page in ("/counter/{}/", "/customers/{}/", "/customers/{}/timeline/"):
            html = body(logged_in(person).get(page.format(customer.public_id)))
            assert "<script>alert" not in html
            assert "<img src=x" not in html
        assert "<script>alert" not in body(logged_in(person).post("/customers/search/", {"q": "6666"}))


def test_a_merged_profile_reads_as_one_and_its_old_address_leads_there(
    agent: Client, house: cast.Cast, customer: Customer
) -> None:
    tell(house.organization, sale({"phone": "010-0000-7777", "name": "김서연2"}, item="목도리"))
    other = Customer.objects.get(name="김서연2")
    merge_customers(customer, other, by=house.agent, at=now())
    response = agent.get(f"/customers/{other.public_id}/")
    assert (response.status_code, response["Location"]) == (HTTPStatus.FOUND, f"/customers/{customer.public_id}/")
    html = body(agent.get(f"/customers/{customer.public_id}/"))
    for told in ("울 코트", "목도리", "010-0000-7777", "258,000"):
        assert told in html


def test_a_name_is_corrected_with_a_trail(agent: Client, house: cast.Cast, customer: Customer) -> None:
    page = f"/customers/{customer.public_id}/"
    assert agent.post(f"{page}name/", {"name": " 김서현 ", "expected": "김서연"})["Location"] == page
    customer.refresh_from_db()
    assert (customer.name, customer.name_chosung, customer.name_is_edited) == ("김서현", "ㄱㅅㅎ", True)
    tell(house.organization, sale({**SEOYEON, "name": "김서연"}, hours_ago=0.1))
    customer.refresh_from_db()
    assert customer.name == "김서현", "no event changes what a person corrected"
    entry = AuditEntry.objects.get(action="customers.rename")
    assert (entry.before, entry.after) == ({"name": "김서연"}, {"name": "김서현"})
    assert "박상담" in body(agent.get(page))


def test_two_who_edit_at_once_do_not_overwrite_each_other(agent: Client, customer: Customer) -> None:
    page = f"/customers/{customer.public_id}/"
    agent.post(f"{page}memo/", {"memo": "왼손잡이\r\n95 사이즈", "expected": ""})
    response = agent.post(f"{page}memo/", {"memo": "다른 메모", "expected": ""})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    html = body(response)
    assert "다른 메모" in html, "what was typed is kept"
    assert "왼손잡이" in html, "and what stands there is shown"
    customer.refresh_from_db()
    assert customer.memo == "왼손잡이\n95 사이즈"
    assert (
        agent.post(f"{page}memo/", {"memo": "새 메모", "expected": customer.memo.replace("\n", "\r\n")})["Location"]
        == page
    )
    assert AuditEntry.objects.filter(action="customers.memo").count() == 2


def test_an_empty_name_is_refused(agent: Client, customer: Customer) -> None:
    response = agent.post(f"/customers/{customer.public_id}/name/", {"name": "  ", "expected": "김서연"})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not AuditEntry.objects.filter(action="customers.rename").exists()


def test_the_list_shows_who_was_here_lately(agent: Client, customer: Customer) -> None:
    assert "김서연" in body(agent.get("/customers/"))
    assert AuditEntry.objects.get(action="customers.list").after == {"hits": 1, "customers": [customer.public_id.hex]}


def test_the_list_of_a_new_hub_says_what_comes_first(house: cast.Cast) -> None:
    assert "data-result " not in body(logged_in(house.agent).get("/customers/"))


def test_possible_history_is_shown_and_marked(agent: Client, house: cast.Cast, customer: Customer) -> None:
    claimed = {"phone": "010-0000-5678", "verified": False, "external": {"web:x": "v9"}}
    tell(house.organization, says("claim", "예전에 코트 샀던 사람이에요", claimed))
    visitor = Customer.objects.get(identities__value="v9")
    html = body(agent.get(f"/customers/{customer.public_id}/"))
    part = html[html.index("data-unconfirmed") : html.index("data-timeline")]
    assert "예전에 코트 샀던" in part
    assert "예전에 코트 샀던" not in html[html.index("data-timeline") :]
    theirs = body(agent.get(f"/customers/{visitor.public_id}/"))
    assert "김서연" in theirs[theirs.index("data-unconfirmed") :]


def test_a_web_visitors_random_id_is_shown_to_nobody(agent: Client, house: cast.Cast) -> None:
    browsers = ("3f2a" * 8, "77c1" * 8)
    for browser in browsers:
        who = {"external": {f"widget:{'0a' * 16}": browser}, "phone": "010-0000-9999"}
        tell(house.organization, says("web", "안녕하세요", who))
    customer = Customer.objects.get(merged_into=None)
    html = body(agent.get(f"/customers/{customer.public_id}/"))
    assert html.count("웹 채팅 방문자") == 1
    assert not [told for told in (*browsers, "0a" * 16) if told in html]
