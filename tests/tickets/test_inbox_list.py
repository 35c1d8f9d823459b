"""The inbox's list: views, counts, order, search, pages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.conf import settings as hub_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry, Person
from customers.models import Customer
from tests.cast import Cast, make_organization, make_other_organization
from tests.tickets.conversations import FRAGMENT, answer, chat, happens, logged_in, ring
from tickets.models import Ticket
from tickets.policies import Reach, reach_of
from tickets.queries import counting, inbox
from tickets.queries.inbox import Row, counts_of, page_of, some_of
from tickets.queries.lists import Asked, View
from tickets.templatetags import inbox as inbox_tags

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_organization()


def listed(cast: Cast, asked: Asked, **options: object) -> list[str]:
    reach = reach_of(cast.agent)
    assert reach is not None
    return [row.ticket.thread for row in page_of(reach, cast.agent, asked, **options).rows]  # type: ignore[arg-type]


def fill(cast: Cast) -> None:
    """Two wait, one of them for the agent; one is answered; one is resolved; one is another center's."""
    chat(cast.organization, "waits-longer", ago=30, name="남궁민수", phone="010-0000-0001")
    chat(cast.organization, "waits", ago=10)
    happens(cast.organization, "ticket.assigned", "waits", agent=cast.agent.email, ago=9)
    chat(cast.organization, "answered", ago=60, name="박지훈", phone="010-0000-0002")
    answer(cast.organization, "answered", cast.lead, ago=50)
    chat(cast.organization, "resolved", ago=40, name="이하은", phone="010-0000-0003")
    happens(cast.organization, "ticket.resolved", "resolved", agent=cast.agent.email, topic="delivery", ago=1)
    chat(cast.organization, "elsewhere", ago=5, source="/busan/chat")


def test_views_hold_what_they_say_in_their_order(cast: Cast):
    fill(cast)
    assert listed(cast, Asked()) == ["waits-longer", "waits", "answered"]
    assert listed(cast, Asked(View.WAITING)) == ["waits-longer", "waits"]
    assert listed(cast, Asked(View.MINE)) == ["waits"]
    assert listed(cast, Asked(View.UNASSIGNED)) == ["waits-longer"]
    assert listed(cast, Asked(View.RESOLVED)) == ["resolved"]


def test_counts_are_those_of_the_views(cast: Cast):
    fill(cast)
    reach = reach_of(cast.agent)
    assert reach is not None
    with CaptureQueriesContext(connection) as statements:
        counts = counts_of(reach, cast.agent, Asked())
    # How many are past their target hangs on whether the center is open while the tests run.
    assert [count for view, count in counts.by_view.items() if view is not View.BREACHED] == [
        *(3, 2, 1, 1, 0, 1, 4, 0, 0)
    ]
    assert len(statements) == 2  # of mentions, the unread: another table
    assert not any(counts_of(reach, cast.agent, Asked(channel="mail")).by_view.values())


def page_by_page(reach: Reach, person: Person, asked: Asked) -> list[Row]:
    """The rows of a list, asked for two at a time."""
    page = page_of(reach, person, asked, size=2)
    found = page.rows
    while page.next_cursor:
        page = page_of(reach, person, asked, cursor=page.next_cursor, size=2)
        found = [*found, *page.rows]
    return found


@pytest.mark.parametrize("few", [0, 2, 3_000])
def test_whoever_asks_for_whichever_list_gets_counts_and_single_rows_of_hers(
    cast: Cast, few: int, monkeypatch: pytest.MonkeyPatch
):
    """Both come from statements that are kept: no person's values may stay in them, nor another's conditions.

    Whether few or many are left by the filters, counted together or each by its index.
    """
    monkeypatch.setattr(counting, "FEW", few)
    monkeypatch.setattr(counting, "_views_kept", {})
    fill(cast)
    ring(cast.organization, "rings")
    happens(cast.organization, "ticket.snoozed", "rings", until=(datetime.now(UTC) + timedelta(days=1)).isoformat())
    happens(cast.organization, "ticket.tagged", "waits", add=["vip", "vip2"])
    happens(cast.organization, "ticket.tagged", "resolved", add=["vip"])
    happens(cast.organization, "ticket.priority", "waits", priority="high")
    everything = list(Ticket.objects.values_list("public_id", flat=True))
    since = datetime.now(UTC) - timedelta(days=7)
    filters = [Asked(), Asked(channel="chat"), Asked(center=cast.seoul.pk), Asked(center=cast.seoul.pk, channel="chat")]
    filters += [
        Asked(tag="vip"),
        Asked(tag="vip", is_tag_common=True),
        Asked(tag="vip2"),
        Asked(tag="ip"),
        Asked(priority="high"),
        Asked(priority="normal"),
    ]
    for person in (cast.agent, cast.lead, cast.outsider, cast.owner, cast.store_staff, cast.agent):
        reach = reach_of(person)
        assert reach is not None
        for resolved_since in (None, since, since):
            for asked in (replace(each, resolved_since=resolved_since) for each in filters):
                counts = counts_of(reach, person, asked)
                for view in View:
                    of_view = replace(asked, view=view)
                    whole = page_of(reach, person, of_view, size=100).rows
                    assert len(whole) == counts.by_view[view]
                    singly = some_of(reach, person, of_view, everything)
                    assert sorted(singly, key=lambda row: row.order) == whole
                    assert page_by_page(reach, person, of_view) == whole


def test_a_list_of_a_tag_is_read_in_its_order_where_that_soon_meets_enough(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    """Many that have it, anywhere or in a view that holds little else; those of some centers alone stand far apart."""
    monkeypatch.setattr(inbox, "COUNTED_UP_TO", 1)
    monkeypatch.setattr(counting, "_views_kept", {})
    fill(cast)
    happens(cast.organization, "ticket.tagged", "waits", add=["vip"])

    def is_in_order(person: Person, view: View, tag: str = "vip") -> bool:
        reach = reach_of(person)
        assert reach is not None
        return counts_of(reach, person, Asked(view=view, tag=tag)).is_tag_common

    assert is_in_order(cast.owner, View.OPEN)
    assert is_in_order(cast.agent, View.MINE)
    assert not is_in_order(cast.agent, View.OPEN)
    assert not is_in_order(cast.owner, View.OPEN, tag="")
    assert not is_in_order(cast.owner, View.OPEN, tag="vip2")
    for person in (cast.owner, cast.agent):
        page = logged_in(person).get("/inbox/?tag=vip")
        assert [row.ticket.thread for row in page.context["rows"]] == ["waits"]
    monkeypatch.setattr(counting, "FEW", 0)
    monkeypatch.setattr(counting, "_views_kept", {})
    assert is_in_order(cast.agent, View.OPEN)


def test_the_resolved_of_the_last_days_are_listed_and_counted_alike(cast: Cast):
    for thread, days in (("old", 9), ("new", 3)):
        chat(cast.organization, thread, ago=60 * 24 * days + 5)
        happens(cast.organization, "ticket.resolved", thread, agent=cast.agent.email, ago=60 * 24 * days)
    page = logged_in(cast.agent).get("/inbox/?view=resolved")
    assert [row.ticket.thread for row in page.context["rows"]] == ["new"]
    assert [tab["count"] for tab in page.context["tabs"] if tab["is_current"]] == [1]
    found = logged_in(cast.agent).get("/inbox/?q=5678")
    assert {row.ticket.thread for row in found.context["rows"]} == {"old", "new"}


def test_filters_by_center_and_channel(cast: Cast):
    fill(cast)
    ring(cast.organization, "call", ago=1)
    assert listed(cast, Asked(channel="call")) == ["call"]
    assert listed(cast, Asked(center=cast.busan.pk)) == []
    page = logged_in(cast.owner).get("/inbox/?center=busan")
    assert [row.ticket.thread for row in page.context["rows"]] == ["elsewhere"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("남궁", ["waits-longer"]),
        ("ㄴㄱㅁ", ["waits-longer"]),
        ("skarnd", ["waits-longer"]),
        ("5678", ["waits"]),
        ("010-0000-0002", ["answered"]),
        ("확인해", ["answered"]),
        ("없는말", []),
        ("%", []),
    ],
)
def test_search_finds_name_initials_number_and_words(cast: Cast, words: str, found: list[str]):
    fill(cast)
    Ticket.objects.filter(thread="resolved").update(customer=None)
    Customer.objects.filter(name="이하은").delete()
    assert [thread for thread in listed(cast, Asked(words=words)) if thread != "resolved"] == found


@pytest.mark.parametrize("address", ["/inbox/", "/inbox/rows/"])
def test_searching_is_logged_with_what_was_shown(cast: Cast, address: str):
    fill(cast)
    client = logged_in(cast.agent)
    client.get(f"{address}?q=남궁")
    (entry,) = AuditEntry.objects.filter(action="customers.search")
    ticket = Ticket.objects.get(thread="waits-longer")
    assert (entry.by, entry.reason) == (cast.agent, "남궁")
    assert entry.after == {"hits": 1, "tickets": [ticket.public_id.hex]}
    # The page keeps what was found current by itself; nobody has looked again.
    client.get("/inbox/rows/?q=남궁&size=1")
    client.get(f"/inbox/rows/?q=남궁&only={ticket.public_id.hex}")
    client.get(address)
    assert AuditEntry.objects.filter(action="customers.search").count() == 1


def test_the_page_shows_rows_with_full_names_and_links(cast: Cast):
    fill(cast)
    html = logged_in(cast.agent).get("/inbox/").content.decode()
    assert "남궁민수" in html
    ticket = Ticket.objects.get(thread="waits-longer")
    assert f"/inbox/{ticket.public_id}/" in html
    assert 'data-live="desk"' in html


@pytest.mark.parametrize(
    "query", ["", "?view=waiting", "?view=mine", "?view=unassigned", "?view=resolved", "?q=x", "?channel=mail"]
)
def test_an_empty_list_says_what_next(cast: Cast, query: str):
    response = logged_in(cast.agent).get(f"/inbox/{query}")
    assert response.status_code == 200
    assert "data-row=" not in response.content.decode()
    assert "font-semibold" in response.content.decode()


@pytest.mark.parametrize(
    "query",
    ["?view=nonsense", "?center=x&channel=y", "?cursor=w.99999999999999999.1", "?cursor=²", "?size=-1", "?q=%00%ff"],
)
def test_nonsense_is_as_if_nothing_was_said(cast: Cast, query: str):
    chat(cast.organization, "a")
    client = logged_in(cast.agent)
    for path in ("/inbox/", "/inbox/rows/"):
        assert client.get(path + query, headers=FRAGMENT).status_code == 200


def test_visitors_and_store_staff_do_not_get_in(cast: Cast, client):
    assert client.get("/inbox/").status_code == 302
    assert logged_in(cast.store_staff).get("/inbox/").status_code == 404
    assert logged_in(cast.store_staff).get("/inbox/rows/").status_code == 404


def test_another_organization_sees_nothing(cast: Cast):
    fill(cast)
    other = make_other_organization()
    html = logged_in(other.owner).get("/inbox/").content.decode()
    assert "data-row=" not in html
    assert "남궁민수" not in html


def test_names_and_messages_are_shown_as_text(cast: Cast):
    chat(cast.organization, "a", "<script>alert(1)</script>", name="<b>김</b>")
    html = logged_in(cast.agent).get("/inbox/").content.decode()
    assert "<script>alert" not in html
    assert "<b>김" not in html


def test_a_row_that_is_kept_is_never_out_of_date(cast: Cast):
    """Rows are drawn once for all who look at them: whatever one shows, a change of it shows at the next look."""
    ticket = chat(cast.organization, "a", "처음 말", name="김서연", ago=3)
    client = logged_in(cast.agent)

    def row() -> str:
        html = client.get("/inbox/rows/?size=30", headers=FRAGMENT).content.decode()
        return html[html.index('id="row-') :]

    assert "처음 말" in row()
    assert "미배정" in row()
    chat(cast.organization, "a", "다음 말", ago=2)
    assert "다음 말" in row()
    assert "처음 말" not in row()
    happens(cast.organization, "ticket.assigned", "a", agent=cast.lead.email, ago=1)
    assert cast.lead.name in row()
    Customer.objects.filter(pk=ticket.customer_id).update(name="김개명", name_is_edited=True)
    assert "김개명" in row()
    happens(cast.organization, "ticket.resolved", "a", agent=cast.lead.email)
    html = client.get("/inbox/rows/?view=resolved", headers=FRAGMENT).content.decode()
    assert f"/inbox/{ticket.public_id}/?view=resolved" in html
    client.cookies[hub_settings.LANGUAGE_COOKIE_NAME] = "en"
    cast.agent.language = "en"
    cast.agent.save(update_fields=["language"])
    chat(cast.organization, "b", "다른 말", ago=1, phone="")
    assert "Unassigned" in row()
    assert "미배정" not in row()


def rows_in(html: str) -> dict[str, str]:
    """Ids of the rows in a fragment, and their orders."""
    return dict(re.findall(r'data-row="([^"]+)" data-order="([^"]+)"', html))


def asked_for(cast: Cast, *threads: str, query: str = "") -> list[str]:
    """Which of the threads' tickets come as single rows, and that their orders are those of the whole list."""
    client = logged_in(cast.agent)
    names = {str(ticket.public_id): ticket.thread for ticket in Ticket.objects.all()}
    ids = ",".join(public_id for public_id, thread in names.items() if thread in threads)
    whole = rows_in(client.get(f"/inbox/rows/?{query}", headers=FRAGMENT).content.decode())
    some = rows_in(client.get(f"/inbox/rows/?only={ids}&{query}", headers=FRAGMENT).content.decode())
    assert some.items() <= whole.items()
    assert sorted(whole, key=lambda public_id: whole[public_id]) == list(whole)
    return sorted(names[public_id] for public_id in some)


EVERY_THREAD = ("waits", "waits-longer", "answered", "resolved", "elsewhere")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["answered", "waits", "waits-longer"]),
        ("view=waiting", ["waits", "waits-longer"]),
        ("view=mine", ["waits"]),
        ("view=unassigned", ["waits-longer"]),
        ("view=resolved", ["resolved"]),
        ("channel=call", []),
        ("q=남궁", ["waits-longer"]),
    ],
)
def test_single_rows_are_those_of_the_view_and_within_reach(cast: Cast, query: str, found: list[str]):
    fill(cast)
    assert asked_for(cast, *EVERY_THREAD, query=query) == found
    assert asked_for(cast, "elsewhere", query=query) == []


def test_single_rows_of_another_organization_do_not_come(cast: Cast):
    other = make_other_organization()
    hidden = chat(other.organization, "hidden", "숨은 말")
    html = logged_in(cast.agent).get(f"/inbox/rows/?only={hidden.public_id}", headers=FRAGMENT).content.decode()
    assert rows_in(html) == {}
    assert "숨은 말" not in html


def test_the_counts_come_with_single_rows(cast: Cast):
    fill(cast)
    client = logged_in(cast.agent)
    tabs = [
        re.findall(r"tabular[^>]*>(\d+)<", client.get(f"/inbox/rows/?{asked}").content.decode())
        for asked in ("size=30", f"only={Ticket.objects.get(thread='waits').public_id}")
    ]
    assert tabs[0] == tabs[1]
    assert [*tabs[0][:5], *tabs[0][6:]] == ["3", "2", "0", "1", "1", "0", "1", "4", "0"]


@pytest.mark.parametrize("only", ["", "x", f"{UUID(int=1)},x", ",".join(str(UUID(int=number)) for number in range(21))])
def test_what_is_no_list_of_ids_gives_the_whole_list(cast: Cast, only: str):
    fill(cast)
    answer = logged_in(cast.agent).get("/inbox/rows/", {"only": only}, headers=FRAGMENT)
    assert len(rows_in(answer.content.decode())) == 3


def test_the_end_of_the_loaded_rows_is_told_where_others_follow(cast: Cast):
    for number in range(31):
        chat(cast.organization, f"m-{number}", phone=f"010-0000-1{number:03d}", ago=100 - number)
    client = logged_in(cast.agent)
    first = client.get("/inbox/rows/", headers=FRAGMENT).content.decode()
    assert f'data-rows-end="{list(rows_in(first).values())[-1]}"' in first
    following = re.search(r'hx-get="([^"]+cursor[^"]+)"', first)
    assert following
    rest = client.get(following[1].replace("&amp;", "&"), headers=FRAGMENT).content.decode()
    assert len(rows_in(rest)) == 1
    assert 'data-rows-end=""' in rest
    assert min(rows_in(rest).values()) > max(rows_in(first).values())


@pytest.mark.django_db(transaction=True)
def test_a_standing_differs_when_a_list_does(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    """By it a page knows that a ticket which it does not show has not come into its list either."""
    told: list[str] = []

    def note(messages: list[tuple[str, dict[str, str]]]) -> None:
        told.append(next(message["standing"] for group, message in messages if group.startswith("ticket.")))

    monkeypatch.setattr("cxhub.live.publish_all", note)
    chat(cast.organization, "a", ago=20)
    chat(cast.organization, "a", "한 번 더요", ago=15)
    assert told[0] == told[1]
    for minutes, (kind, data) in enumerate(
        [
            ("ticket.assigned", {"agent": cast.agent.email}),
            ("ticket.moved", {"center": "busan"}),
            ("chat.message", {"from_": "agent", "agent": cast.agent.email, "text": "네"}),
            ("ticket.resolved", {"agent": cast.agent.email}),
        ]
    ):
        happens(cast.organization, kind, "a", ago=10 - minutes, **data)
    assert len(told) == 6
    assert len(set(told)) == 5
    # As if it had never been told: what is read anew says the same.
    Ticket.objects.update(memory=None)
    happens(cast.organization, "note.added", "a", agent=cast.agent.email, text="메모")
    assert told[-1] == told[-2]


def statements_for(cast: Cast, path: str) -> int:
    client = logged_in(cast.agent)
    client.get(path)
    with CaptureQueriesContext(connection) as statements:
        assert client.get(path).status_code == 200
    return len(statements)


@pytest.mark.parametrize("path", ["/inbox/", "/inbox/?view=resolved", "/inbox/?view=mine", "/inbox/rows/?size=60"])
def test_a_page_costs_the_same_few_statements_however_long_the_list(cast: Cast, path: str):
    fill(cast)
    few = statements_for(cast, path)
    for number in range(12):
        thread = f"more-{number}"
        chat(cast.organization, thread, name=f"김{number}", phone=f"010-0000-1{number:03d}", ago=number)
        happens(cast.organization, "ticket.assigned", thread, agent=cast.agent.email)
        happens(cast.organization, "ticket.topic", thread, topic="size")
    assert statements_for(cast, path) <= max(few, 15)
    assert statements_for(cast, path) <= 15


def test_a_count_beyond_the_limit_says_that_there_are_more(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(counting, "COUNTED_UP_TO", 3)
    monkeypatch.setattr(inbox_tags, "COUNTED_UP_TO", 3)
    monkeypatch.setattr(counting, "_views_kept", {})
    for number in range(4):
        chat(cast.organization, f"chat-{number}", phone=f"010-0000-000{number}")
    counts = counts_of(reach_of(cast.agent), cast.agent, Asked())
    assert (counts.by_view[View.OPEN], counts.by_view[View.MINE]) == (3, 0)
    assert ">2+</span>" in logged_in(cast.agent).get("/inbox/").content.decode()
    assert ">2+</span>" in logged_in(cast.agent).get("/inbox/?channel=chat").content.decode()
