"""The inbox's list read page by page: nothing twice, nothing lost, whatever moves meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.models import Event
from tests.cast import Cast, make_organization
from tests.tickets.conversations import answer, chat, logged_in
from tickets.models import Ticket
from tickets.policies import reach_of
from tickets.queries.inbox import page_of
from tickets.queries.lists import Asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_organization()


def listed(cast: Cast, asked: Asked, **options: object) -> list[str]:
    reach = reach_of(cast.agent)
    assert reach is not None
    return [row.ticket.thread for row in page_of(reach, cast.agent, asked, **options).rows]  # type: ignore[arg-type]


BASE = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def rows_at(cast: Cast) -> Callable[[list[tuple[int | None, int]]], None]:
    """Makes as many open tickets as there are pairs of minutes: waiting since (or not waiting), last event."""
    template = chat(cast.organization, "t")

    def make(instants: list[tuple[int | None, int]]) -> None:
        rows = Ticket.objects.filter(organization=cast.organization)
        rows.exclude(pk=template.pk).delete()
        events = list(Ticket.objects.values_list("opened_event", flat=True))
        wanted = []
        for number, (waiting, last) in enumerate(instants):
            event = happens_copy(cast, number)
            wanted.append(
                Ticket(
                    organization=cast.organization,
                    thread=f"p-{number}",
                    opened_event_id=event,
                    opened_at=BASE,
                    opened_by="customer",
                    channel="chat",
                    center=cast.seoul,
                    waiting_since=None if waiting is None else BASE + timedelta(minutes=waiting),
                    last_event_at=BASE + timedelta(minutes=last),
                )
            )
        assert events
        Ticket.objects.bulk_create(wanted)
        Ticket.objects.filter(pk=template.pk).update(status="resolved", waiting_since=None)

    return make


def happens_copy(cast: Cast, number: int) -> int:
    known = Event.objects.filter(organization=cast.organization, event_id=f"copy-{number}").first()
    if known is None:
        known = Event.objects.filter(organization=cast.organization).earliest("pk")
        known.pk, known.event_id, known.thread_seq = None, f"copy-{number}", None
        known.public_id = uuid4()
        known.save(force_insert=True)
    return known.pk


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    instants=st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 3)), st.integers(0, 3)), max_size=12),
    size=st.integers(1, 5),
)
def test_pages_put_together_are_the_whole_list(cast: Cast, rows_at, instants, size):
    """Whatever the ties, paging shows each ticket once and in the order of the whole."""
    rows_at(instants)
    reach = reach_of(cast.agent)
    assert reach is not None
    whole = [row.ticket.pk for row in page_of(reach, cast.agent, Asked(), size=100).rows]
    assert len(whole) == len(instants)
    seen: list[int] = []
    cursor = ""
    while True:
        page = page_of(reach, cast.agent, Asked(), cursor=cursor, size=size)
        seen += [row.ticket.pk for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break
    assert seen == whole


def test_what_moves_while_somebody_reads_is_not_lost(cast: Cast):
    """A ticket of a later page that begins to wait moves up, where the refresh shows it; all others still come."""
    for number in range(9):
        chat(cast.organization, f"m-{number}", ago=30 - number, phone=f"010-0000-2{number:03d}")
        answer(cast.organization, f"m-{number}", cast.lead, ago=20 - number)
    reach = reach_of(cast.agent)
    assert reach is not None
    first = page_of(reach, cast.agent, Asked(), size=4)
    chat(cast.organization, "m-1", "아직인가요?", phone="010-0000-2001")
    second = page_of(reach, cast.agent, Asked(), cursor=first.next_cursor, size=40)
    seen = {row.ticket.thread for row in [*first.rows, *second.rows]}
    assert seen == {f"m-{number}" for number in range(9)}


def test_a_row_leads_back_to_the_list_it_was_opened_from_whatever_is_said_in_it(cast: Cast):
    """Rows are drawn once for all lists: the list's own address is put in afterwards, and nowhere else."""
    chat(cast.organization, "a", text='"list query" "', name='"list query"')
    for query, written in (("", ""), ("?view=waiting&channel=chat", "?view=waiting&amp;channel=chat")):
        page = logged_in(cast.agent).get(f"/inbox/rows/{query}").content.decode()
        address = f"/inbox/{Ticket.objects.get().public_id}/{written}"
        assert page.count(f'href="{address}"') == page.count(f'hx-get="{address}"') == 1
        assert page.count("&quot;list query&quot;") == 2
