"""What was heard is on the desk: marks at the message, the upset in a list of their own, and gone with the customer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, Person
from channels_app.intake import receive
from customers.models import Customer, Event
from tests.cast import Cast, make_organization
from tests.voc.voices import SENDER, chat
from tickets.models import Ticket
from voc.actions.listening import listen
from voc.models import Tagging, Voice, VoiceTopic


@pytest.fixture
def cast(db: None) -> Cast:
    return make_organization()


def logged_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="accounts.backends.PersonBackend")
    return client


def say_now(cast: Cast, event_id: str, text: str, **told: Any) -> None:
    said = chat(event_id, text, **told)
    said["time"] = (timezone.now() - timedelta(minutes=told.get("minutes", 0))).isoformat()
    (outcome,) = receive(cast.organization, [said], sender=SENDER, at=timezone.now())
    assert not outcome.is_refused
    listen(cast.organization, at=timezone.now())


def test_marks_stand_at_the_message_they_are_of(cast: Cast):
    say_now(cast, "1", "배송이 너무 늦어요. 상담원은 친절해요!")
    ticket, event = Ticket.objects.get(), Event.objects.get()
    page = logged_in(cast.agent).get(f"/voc/tickets/{ticket.public_id}/marks/").content.decode()
    assert f'data-marks-of="{event.public_id.hex}"' in page
    assert page.count("data-voice-mark") == 2
    assert "배송" in page
    conversation = logged_in(cast.agent).get(f"/inbox/{ticket.public_id}/").content.decode()
    assert "data-marks=" in conversation
    assert "data-voices-url" in conversation


def test_a_greeting_has_no_mark(cast: Cast):
    say_now(cast, "1", "안녕하세요")
    ticket = Ticket.objects.get()
    page = logged_in(cast.agent).get(f"/voc/tickets/{ticket.public_id}/marks/").content.decode()
    assert "data-voice-mark" not in page


def test_store_staff_get_no_marks(cast: Cast):
    say_now(cast, "1", "배송이 너무 늦어요.")
    assert logged_in(cast.store_staff).get(f"/voc/tickets/{Ticket.objects.get().public_id}/marks/").status_code == 404


def test_the_upset_have_a_list_of_their_own(cast: Cast):
    say_now(cast, "1", "배송이 너무 늦어요. 정말 짜증나네요.", thread="chat:angry")
    say_now(cast, "2", "재고 있나요?", thread="chat:calm", customer={"phone": "010-9999-0000", "name": "이조용"})
    client = logged_in(cast.agent)
    page = client.get("/inbox/?view=angry").content.decode()
    assert "김서연" in page
    assert "이조용" not in page
    assert 'data-mood="-1"' in page
    assert 'data-mood="-1"' in client.get("/inbox/").content.decode()


def test_the_upset_of_another_center_are_not_shown(cast: Cast):
    say_now(cast, "1", "배송이 너무 늦어요. 정말 짜증나네요.")
    assert "김서연" not in logged_in(cast.outsider).get("/inbox/?view=angry").content.decode()


def test_severe_words_stand_out(cast: Cast):
    say_now(cast, "1", "환불 안 해주면 소비자원에 신고하겠습니다.")
    assert 'data-mood="-2"' in logged_in(cast.agent).get("/inbox/?view=angry").content.decode()


def test_a_customers_curve_leads_to_the_sentence_and_the_look_is_logged(cast: Cast):
    say_now(cast, "1", "배송이 너무 늦어요.", minutes=10)
    say_now(cast, "2", "감사합니다!", minutes=5)
    customer, ticket = Customer.objects.get(), Ticket.objects.get()
    client = logged_in(cast.agent)
    assert (
        f"/voc/customers/{customer.public_id}/curve/"
        in client.get(f"/customers/{customer.public_id}/").content.decode()
    )
    AuditEntry.objects.filter(action="voc.view").count()
    page = client.get(f"/voc/customers/{customer.public_id}/curve/").content.decode()
    assert "<polyline" in page
    assert f"/inbox/{ticket.public_id}/?message=" in page
    assert page.count("<tr id=") == 2
    assert AuditEntry.objects.filter(customer_id=customer.public_id, action="customers.view").exists()


def test_a_customer_who_said_nothing_has_no_curve(cast: Cast):
    say_now(cast, "1", "배송이 너무 늦어요.")
    Voice.objects.all().delete()
    page = logged_in(cast.agent).get(f"/voc/customers/{Customer.objects.get().public_id}/curve/").content.decode()
    assert "<polyline" not in page


def test_what_she_said_goes_with_her_data(cast: Cast):
    say_now(cast, "1", "배송이 너무 늦어요.")
    Event.objects.all().delete()
    assert not Voice.objects.exists()
    assert not VoiceTopic.objects.exists()
    assert not Tagging.objects.exists()


@pytest.mark.parametrize(
    "text", ["가" * 100_000, "🙏🙏🙏", "where is my order?", "<script>alert(1)</script> 최악", "ㅋㅋㅋㅋ" * 999]
)
def test_whatever_she_writes_is_heard_without_harm(cast: Cast, text: str):
    say_now(cast, "1", text)
    ticket = Ticket.objects.get()
    page = logged_in(cast.agent).get(f"/voc/tickets/{ticket.public_id}/marks/")
    assert page.status_code == 200
    assert "<script>" not in page.content.decode()
    for voice in Voice.objects.all():
        assert logged_in(cast.agent).get(f"/voc/voices/{voice.public_id}/").status_code == 200


def test_a_foreign_sentence_is_told_as_such_and_not_judged(cast: Cast):
    say_now(cast, "1", "Where is my order? It is late and I am angry.")
    assert {(voice.language, voice.sentiment) for voice in Voice.objects.all()} == {("en", 0)}
