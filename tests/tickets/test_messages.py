"""What was said is found: part of a word, by whoever reaches it, newest first, at its place."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AuditEntry, Person
from customers.models import Event
from tests.cast import Cast, make_organization, make_other_organization
from tests.tickets.conversations import FRAGMENT, answer, chat, happens, logged_in
from tickets.actions import message_texts
from tickets.actions.message_texts import copy_messages
from tickets.message_words import pairs_of, searchable, snippet, words_of
from tickets.models import MessageText, SearchProgress
from tickets.queries import messages
from tickets.queries.messages import Search, messages_found


@pytest.fixture
def cast(db: None) -> Cast:
    return make_organization()


def copied(cast: Cast) -> int:
    return copy_messages(cast.organization, at=timezone.now())


def texts(person: Person, words: str, **told: Any) -> list[str]:
    found = messages_found(person, Search(words, **told)).messages
    return ["".join(piece.text for piece in one.pieces) for one in found]


@pytest.mark.parametrize(
    "words", ["소매", "매가", "코트 소매", "소매 뜯", "뜯어졌", unicodedata.normalize("NFD", "소매"), "COAT"]
)
def test_part_of_a_word_is_enough(cast: Cast, words: str) -> None:
    chat(cast.organization, "a", "코트(Coat) 소매가 뜯어졌어요")
    chat(cast.organization, "b", "배송은 언제 오나요", phone="010-0000-1111")
    assert copied(cast) == 2
    assert texts(cast.agent, words) == ["코트(Coat) 소매가 뜯어졌어요"]


def test_only_in_what_she_reaches_and_never_elsewhere(cast: Cast) -> None:
    chat(cast.organization, "a", "소매가 뜯어졌어요")
    chat(cast.organization, "b", "부산에서 소매가 뜯어졌어요", source="/busan/chat", phone="010-0000-1111")
    other = make_other_organization()
    chat(other.organization, "a", "다른 회사의 소매")
    copied(cast)
    copied(other)
    assert texts(cast.agent, "소매") == ["소매가 뜯어졌어요"]
    assert texts(cast.outsider, "소매") == ["부산에서 소매가 뜯어졌어요"]
    assert len(texts(cast.owner, "소매")) == 2
    # A conversation that was handed over is another's from then on, however old what was said there is.
    happens(cast.organization, "ticket.moved", "a", center="busan")
    assert texts(cast.agent, "소매") == []


def test_filters(cast: Cast) -> None:
    chat(cast.organization, "a", "소매 문의", ago=60 * 24 * 3)
    answer(cast.organization, "a", cast.agent, "소매 수선해 드릴게요", ago=60)
    happens(cast.organization, "note.added", "a", agent=cast.agent.email, text="소매 수선 접수")
    copied(cast)
    assert texts(cast.agent, "소매") == ["소매 수선 접수", "소매 수선해 드릴게요", "소매 문의"]
    assert texts(cast.agent, "소매", author="customer") == ["소매 문의"]
    assert texts(cast.agent, "소매", channel="mail") == []
    assert texts(cast.agent, "소매", center=cast.busan.pk) == []
    day = timezone.localdate()
    assert len(texts(cast.agent, "소매", since=day - timedelta(days=1))) == 2
    assert texts(cast.agent, "소매", until=day - timedelta(days=2)) == ["소매 문의"]


@pytest.mark.parametrize("is_bounded", [False, True])
def test_pages_go_on_without_doubles_whichever_way_they_are_found(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, is_bounded: bool
) -> None:
    if is_bounded:  # most of them beyond the newest: by the index, where there is one
        monkeypatch.setattr(messages, "NEWEST_SEARCHED", 3)
    for number in range(9):
        chat(cast.organization, f"t{number}", f"소매 {number}", ago=number + 1)
    copied(cast)
    seen: list[str] = []
    cursor = ""
    for _page in range(3):
        page = messages_found(cast.agent, Search("소매"), cursor=cursor, size=4)
        seen += ["".join(piece.text for piece in one.pieces) for one in page.messages]
        cursor = page.next_cursor
    assert (seen, cursor) == ([f"소매 {number}" for number in range(9)], "")


def test_the_copy_is_found_by_state_and_made_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_texts, "COPIED_AT_ONCE", 2)
    for number in range(3):
        chat(cast.organization, f"t{number}", f"소매 {number}")
    assert [copied(cast) for _ in range(3)] == [2, 1, 0]
    # One that becomes visible later, under an earlier key.
    MessageText.objects.filter(text="소매 0").delete()
    assert copied(cast) == 1
    # Long after, what is settled is not looked through again.
    copy_messages(cast.organization, at=timezone.now() + timedelta(hours=1))
    assert SearchProgress.objects.get().upto == Event.objects.latest("pk").pk
    assert MessageText.objects.count() == 3


def test_the_page_marks_hits_takes_no_orders_and_is_logged(cast: Cast) -> None:
    ticket = chat(cast.organization, "a", "소매 <script>alert(1)</script> 소매")
    copied(cast)
    client = logged_in(cast.agent)
    html = client.get("/inbox/search/?q=소매").content.decode()
    assert html.count("<mark") == 2
    assert "<script>alert" not in html
    event = Event.objects.get()
    assert f"/inbox/{ticket.public_id}/?message={event.public_id.hex}" in html
    page = client.get(f"/inbox/{ticket.public_id}/?message={event.public_id.hex}").content.decode()
    assert f'data-found="{event.public_id.hex}"' in page
    entry = AuditEntry.objects.get(action="customers.search")
    assert (entry.obj, entry.reason) == ("messages", "소매")
    for words, told in (("", "어떤 이야기"), ("소", "두 글자"), ("없는말", "검색 결과가 없")):
        assert told in client.get(f"/inbox/search/?q={words}").content.decode()
    assert "/inbox/search/?q=" in client.get("/inbox/rows/?q=소매", headers=FRAGMENT).content.decode()
    assert logged_in(cast.store_staff).get("/inbox/search/?q=소매").status_code == 404


def test_as_many_statements_for_many_as_for_few(cast: Cast) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            messages_found(cast.agent, Search("소매"))
        return len(asked)

    for number in range(2):
        chat(cast.organization, f"t{number}", "소매")
    copied(cast)
    few = count()
    for number in range(2, 12):
        chat(cast.organization, f"t{number}", f"소매 {number}", phone=f"010-0000-2{number:03d}")
    copied(cast)
    assert count() <= few


@given(text=st.text(max_size=200), words=st.text(min_size=1, max_size=20))
def test_a_snippet_says_nothing_else_and_pairs_miss_nothing(text: str, words: str) -> None:
    parts = words_of(words)
    shown = "".join(piece.text for piece in snippet(text, parts)) if parts else ""
    assert shown.strip("…") in " ".join(unicodedata.normalize("NFC", text).split()) or "…" in text
    said = searchable(text)
    if parts and all(part in said for part in parts):
        assert all(pair in said for pair in pairs_of(parts))
