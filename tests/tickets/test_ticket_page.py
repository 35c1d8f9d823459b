"""A ticket's page and its fragments: what is shown, to whom, and what it costs."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from customers.models import Event
from tests.cast import Cast, make_organization, make_other_organization
from tests.tickets.conversations import FRAGMENT, answer, chat, happens, logged_in, ring
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_organization()


def page(cast: Cast, ticket: Ticket, part: str = "", headers: dict[str, str] | None = None) -> str:
    response = logged_in(cast.agent).get(f"/inbox/{ticket.public_id}/{part}", headers=headers)
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_conversation_reads_in_order_and_marks_what_is_internal(cast: Cast):
    chat(cast.organization, "a", "소매가 뜯어졌어요", ago=30)
    answer(cast.organization, "a", cast.agent, "교환해 드릴게요", ago=20)
    happens(cast.organization, "note.added", "a", agent=cast.lead.email, text="재고 확인", ago=10)
    happens(cast.organization, "ticket.resolved", "a", agent=cast.agent.email, ago=5)
    ticket = Ticket.objects.get()
    html = page(cast, ticket)
    places = [html.index(text) for text in ("소매가 뜯어졌어요", "교환해 드릴게요", "재고 확인")]
    assert places == sorted(places)
    assert "bg-warning/15" in html
    assert "박상담" in html


def test_a_call_reads_as_sentences_with_its_transcript_and_recording(cast: Cast):
    ticket = ring(cast.organization, "c", ago=10)
    happens(cast.organization, "call.answered", "c", agent=cast.agent.email, ago=9)
    happens(cast.organization, "call.ended", "c", talk_seconds=192, ago=5)
    happens(cast.organization, "call.recording", "c", url="https://pbx.example/1.mp3", seconds=192, ago=4)
    segments = [{"speaker": "customer", "text": "환불 되나요", "offset_seconds": 67}]
    happens(cast.organization, "call.transcript", "c", segments=segments, ago=3)
    html = page(cast, ticket)
    assert "환불 되나요" in html
    assert "1:07" in html
    assert "pbx.example" not in html, "the page never learns where a provider keeps it"
    assert f"/inbox/{ticket.public_id}/recordings/" in html
    assert "wrap-up/" in html
    assert "/reply/" not in html


def test_texts_are_text_and_links_tell_nothing(cast: Cast):
    ticket = chat(cast.organization, "a", '<img src=x onerror=alert(1)> http://x.example/a?b=1&c="><script> 봐요')
    html = page(cast, ticket)
    assert "<img src=x" not in html
    assert "<script> 봐요" not in html
    assert 'href="http://x.example/a?b=1&amp;c="' in html
    assert 'rel="noopener noreferrer nofollow"' in html
    spoken = chat(cast.organization, "b", "javascript:alert(1)", phone="010-0000-0009")
    assert 'href="javascript' not in page(cast, spoken)


def test_what_arrived_after_a_number_comes_once(cast: Cast):
    ticket = chat(cast.organization, "a", "하나", ago=10)
    seen = ticket.last_seq
    answer(cast.organization, "a", cast.agent, "둘", ago=5)
    response = logged_in(cast.agent).get(f"/inbox/{ticket.public_id}/messages/?after={seen}", headers=FRAGMENT)
    html = response.content.decode()
    assert "둘" in html
    assert "하나" not in html
    after = response["X-Last-Seq"]
    nothing = logged_in(cast.agent).get(f"/inbox/{ticket.public_id}/messages/?after={after}", headers=FRAGMENT)
    assert nothing.content.decode().strip() == ""
    assert nothing["X-Last-Seq"] == after
    assert nothing["X-Ticket-State"]


def test_a_late_event_comes_by_number_and_stands_by_time(cast: Cast):
    ticket = chat(cast.organization, "a", "먼저", ago=10)
    chat(cast.organization, "a", "나중", ago=1)
    ticket.refresh_from_db()
    seen = ticket.last_seq
    chat(cast.organization, "a", "사이", ago=5)
    client = logged_in(cast.agent)
    late = client.get(f"/inbox/{ticket.public_id}/messages/?after={seen}", headers=FRAGMENT).content.decode()
    assert "사이" in late
    html = page(cast, ticket)
    assert html.index("먼저") < html.index("사이") < html.rindex("나중")


def test_a_long_conversation_comes_in_pages_without_gap(cast: Cast):
    for number in range(130):
        chat(cast.organization, "a", f"말-{number:03d}.", ago=200 - number)
    ticket = Ticket.objects.get()
    html = page(cast, ticket)
    shown = {number for number in range(130) if f"말-{number:03d}." in html.split("data-lines")[1].split("</ol>")[0]}
    assert shown == set(range(30, 130))
    older = html.split('data-older-url="')[1].split('"')[0].replace("&amp;", "&")
    rest = logged_in(cast.agent).get(older, headers=FRAGMENT).content.decode()
    assert {number for number in range(130) if f"말-{number:03d}." in rest} == set(range(30))
    assert "data-older-url" not in rest


def test_earlier_tickets_of_the_thread_are_folded_above(cast: Cast):
    chat(cast.organization, "a", "지난 문의", ago=60 * 24 * 20)
    happens(cast.organization, "ticket.resolved", "a", agent=cast.agent.email, ago=60 * 24 * 19)
    chat(cast.organization, "a", "새 문의", ago=5)
    old, new = Ticket.objects.order_by("opened_at")
    html = page(cast, new)
    lines = html.split("data-lines")[1]
    assert f"earlier-{old.public_id.hex}" in lines
    unfolded = page(cast, old, "messages/", headers=FRAGMENT)
    assert "지난 문의" in unfolded
    assert "새 문의" not in unfolded
    assert str(new.public_id) in page(cast, old)


def test_htmx_gets_the_panes_and_a_restored_history_the_whole_page(cast: Cast):
    ticket = chat(cast.organization, "a")
    assert "<html" not in page(cast, ticket, headers=FRAGMENT)
    assert "<html" in page(cast, ticket, headers={**FRAGMENT, "HX-History-Restore-Request": "true"})
    assert "<html" in page(cast, ticket)


def test_opening_is_logged_once_and_fragments_are_not(cast: Cast):
    ticket = chat(cast.organization, "a")
    assert ticket.customer
    page(cast, ticket)
    for part in ("messages/?after=0", "head/", "history/"):
        page(cast, ticket, part, headers=FRAGMENT)
    entry = AuditEntry.objects.get(action="customers.view")
    assert (entry.by, entry.customer_id) == (cast.agent, ticket.customer.public_id)


def test_a_reference_that_was_joined_leads_on(cast: Cast):
    first, second = chat(cast.organization, "a"), chat(cast.organization, "b")
    Ticket.objects.filter(pk=second.pk).update(replaced_by=first)
    response = logged_in(cast.agent).get(f"/inbox/{second.public_id}/")
    assert (response.status_code, response["Location"]) == (302, f"/inbox/{first.public_id}/")


PARTS = ["", "messages/", "messages/?after=0", "head/", "history/", "caller/", "assign/", "resolve/", "transfer/"]


@pytest.mark.parametrize("part", PARTS)
def test_another_organization_and_another_center_get_404(cast: Cast, part: str):
    ticket = ring(cast.organization, "a")
    other = make_other_organization()
    for person in (other.owner, other.agent, cast.outsider):
        assert logged_in(person).get(f"/inbox/{ticket.public_id}/{part}").status_code == 404
    assert logged_in(cast.agent).get(f"/inbox/{uuid4()}/{part}").status_code == 404
    assert logged_in(cast.agent).get(f"/inbox/{ticket.public_id}/{part}").status_code == 200


def test_store_staff_see_their_stores_inquiry_masked_and_can_only_note(cast: Cast):
    customer = {"phone": "010-0000-5678", "name": "김서연"}
    text = "김서연인데 010-0000-5678로 연락 주세요"
    ticket = happens(
        cast.organization,
        "store.inquiry",
        source="/seoul/gangnam",
        store="gangnam",
        staff="x",
        text=text,
        customer=customer,
    )
    assert ticket
    client = logged_in(cast.store_staff)
    html = client.get(f"/inbox/{ticket.public_id}/").content.decode()
    assert "김*연" in html
    assert "김서연" not in html
    assert "010-0000-5678" not in html
    assert "/note/" in html
    assert "/resolve/" not in html
    messages = client.get(f"/inbox/{ticket.public_id}/messages/?after=0", headers=FRAGMENT).content.decode()
    assert "김서연" not in messages
    for part in ("history/", "assign/", "resolve/", "transfer/", "caller/"):
        assert client.get(f"/inbox/{ticket.public_id}/{part}").status_code == 404


def test_the_history_tells_who_she_is(cast: Cast):
    customer = {"phone": "010-0000-5678", "name": "김서연"}
    items = [{"name": "울 코트", "quantity": 1, "unit_price": 289000, "amount": 289000}]
    happens(
        cast.organization, "pos.sale", source="/seoul/pos", customer=customer, store="gangnam", receipt_no="1",
        items=items, total=289000, ago=60 * 24 * 3,
    )  # fmt: skip
    for number in (1, 2):
        ring(cast.organization, f"y-{number}", ago=60 * 24)
    happens(cast.organization, "call.abandoned", "y-1", ago=60 * 24 - 1)
    ticket = chat(cast.organization, "a", ago=1)
    happens(
        cast.organization,
        "note.added",
        "a",
        agent=cast.agent.email,
        text="수요일까지",
        promise={"text": "교환품 발송", "due": "2026-12-02"},
    )
    html = page(cast, ticket, "history/", headers=FRAGMENT)
    for text in ("김서연", "010-0000-5678", "울 코트", "289,000", "교환품 발송"):
        assert text in html
    assert html.count("tickets") >= 0
    assert "text-error" in html  # a missed call yesterday


def test_an_item_of_the_history_opens_beside_the_conversation(cast: Cast):
    bought = ("코트", "양말", "비누", "잔")
    items = [{"name": name, "quantity": 1, "unit_price": 9000, "amount": 9000} for name in bought]
    buyer = {"phone": "010-0000-5678", "name": "김서연"}
    happens(
        cast.organization, "pos.sale", source="/seoul/pos", customer=buyer, store="gangnam", receipt_no="R-77",
        items=items, total=36000, ago=60 * 24 * 3,
    )  # fmt: skip
    chat(cast.organization, "b", "어제 산 잔이 깨졌어요", ago=60 * 24 * 2)
    answer(cast.organization, "b", cast.agent, "새 잔을 보내 드릴게요", ago=60 * 24 * 2 - 1)
    happens(cast.organization, "ticket.resolved", "b", agent=cast.agent.email, ago=60 * 24 * 2 - 2)
    happens(
        cast.organization, "survey.answered", "b", survey="csat", score=2, comment="느려요", customer=buyer, ago=60 * 24,
    )  # fmt: skip
    ticket = chat(cast.organization, "a", ago=1)
    pane = page(cast, ticket, "history/", headers=FRAGMENT)
    assert "2점" in pane
    assert "느려요" in pane
    assert "새 잔을 보내 드릴게요" in pane  # the last word of the resolved ticket

    def unfolded(kind: str, text: str = "") -> str:
        event = Event.objects.get(type=kind, **({"text": text} if text else {}))
        return page(cast, ticket, f"history/{event.public_id}/", headers=FRAGMENT)

    receipt = unfolded("pos.sale")
    assert all(name in receipt for name in bought)
    assert "R-77" in receipt
    assert "36,000" in receipt
    conversation = unfolded("chat.message", "어제 산 잔이 깨졌어요")
    assert "새 잔을 보내 드릴게요" in conversation
    other = Ticket.objects.get(thread="b")
    assert f'href="/inbox/{other.public_id}/"' in conversation
    # What was said in the conversation at hand stands there already.
    assert "/inbox/" not in unfolded("chat.message", "안녕하세요, 문의드려요")


def test_an_item_of_somebody_elses_history_is_not_to_be_had(cast: Cast):
    chat(cast.organization, "b", "남의 이야기", phone="010-9999-0000", name="박남")
    ticket = chat(cast.organization, "a")
    foreign = Event.objects.get(text="남의 이야기")
    answered = logged_in(cast.agent).get(f"/inbox/{ticket.public_id}/history/{foreign.public_id}/", headers=FRAGMENT)
    assert answered.status_code == 404


def test_a_claim_is_marked_and_can_be_confirmed(cast: Cast):
    customer = {"phone": "010-0000-5678", "name": "김서연"}
    happens(
        cast.organization, "pos.sale", source="/seoul/pos", customer=customer, store="gangnam", receipt_no="1",
        items=[], total=1000, ago=100,
    )  # fmt: skip
    said = {"phone": "010-0000-5678", "external": {"widget:x": "v1"}, "verified": False}
    ticket = happens(cast.organization, "chat.message", "w", from_="customer", text="안녕하세요", customer=said, ago=5)
    assert ticket
    html = page(cast, ticket, "history/", headers=FRAGMENT)
    assert 'action="/inbox/' in html
    assert "/confirm/" in html
    assert "김서연" in html
    client = logged_in(cast.agent)
    wrong = client.post(f"/inbox/{ticket.public_id}/confirm/", {"kind": "phone", "value": "+821000000000"})
    assert wrong.status_code == 404
    client.post(f"/inbox/{ticket.public_id}/confirm/", {"kind": "phone", "value": "+821000005678"})
    html = page(cast, ticket, "history/", headers=FRAGMENT)
    assert "/confirm/" not in html
    assert "김서연" in html


def test_a_withheld_number_has_a_history_pane_that_says_so(cast: Cast):
    ticket = ring(cast.organization, "a", phone="")
    assert "font-semibold" in page(cast, ticket, "history/", headers=FRAGMENT)


def statements_for(cast: Cast, path: str) -> int:
    client = logged_in(cast.agent)
    client.get(path, headers=FRAGMENT)
    with CaptureQueriesContext(connection) as statements:
        assert client.get(path, headers=FRAGMENT).status_code == 200
    return len(statements)


@pytest.mark.parametrize(("part", "limit"), [("", 15), ("messages/?after=0", 6), ("head/", 8), ("history/", 27)])
def test_what_a_page_costs_does_not_grow(cast: Cast, part: str, limit: int):
    ticket = chat(cast.organization, "a", ago=50)
    few = statements_for(cast, f"/inbox/{ticket.public_id}/{part}")
    for number in range(20):
        chat(cast.organization, "a", f"{number}", ago=20 - number)
        answer(cast.organization, "a", cast.lead if number % 2 else cast.agent, ago=20 - number)
        happens(cast.organization, "note.added", "a", agent=cast.agent.email, text="메모", promise={"text": "약속"})
        chat(cast.organization, f"other-{number}", ago=10)
    many = statements_for(cast, f"/inbox/{ticket.public_id}/{part}")
    assert many <= limit
    assert many <= few + 4  # what names, promises and other tickets cost once each


def test_a_live_fragment_of_one_message_is_lean(cast: Cast):
    ticket = chat(cast.organization, "a", ago=50)
    chat(cast.organization, "a", "새 말", ago=1)
    assert statements_for(cast, f"/inbox/{ticket.public_id}/messages/?after={ticket.last_seq}") <= 5
