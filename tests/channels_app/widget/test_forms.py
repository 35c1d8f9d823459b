"""What she says of herself in a form: a claim, agreed to, carried by whichever message comes next."""

from __future__ import annotations

import pytest
from django.utils import timezone

from channels_app.models.widget import WidgetConversation, WidgetSettings, WidgetVisitor
from customers.models import Claim, Event, Identity
from tests.cast import SETUP, Cast
from tests.channels_app.widget.visitors import Tab, Visitor, make_widget, visitor_of
from tests.hubs import Hub
from tickets.actions import set_topics
from tickets.models import Ticket


@pytest.fixture
def topics(cast: Cast) -> None:
    set_topics(cast.organization, names={"exchange": "교환", "delivery": "배송"}, by=SETUP, at=timezone.now())


def test_session_tells_what_is_asked(widget: WidgetSettings, topics: None):
    told = Visitor(widget).open()["settings"]
    assert told["asks"] == {"name": "optional", "phone": "optional"}
    assert (told["color"], told["kept_months"], told["closed_form"], told["topics"]) == ("#1f4d44", 36, True, [])
    WidgetSettings.objects.update(asks_topic="required", asks_name="off")
    told = Visitor(widget).open()["settings"]
    assert (told["asks"]["topic"], told["topics"]) == ("required", [["exchange", "교환"], ["delivery", "배송"]])
    WidgetSettings.objects.update(asks_contact=False)
    assert Visitor(widget).open()["settings"]["asks"] == {}


def test_a_topic_is_not_asked_where_none_is_offered(cast: Cast):
    visitor = Visitor(make_widget(cast, asks_topic="required"))
    assert "topic" not in visitor.open()["settings"]["asks"]


def test_what_is_told_before_the_first_message_goes_with_it(visitor: Visitor, topics: None):
    about = {"name": "김하늘", "email": "Haneul@mail.example", "topic": "exchange", "agreed": True, "language": "ko"}
    assert visitor.post("about", {**visitor.credentials, **about}).json() == {"told": ["email", "name"]}
    consent = WidgetVisitor.objects.get().consent
    assert (consent["items"], consent["months"], consent["language"]) == (["email", "name"], 36, "ko")
    assert not Event.objects.exists()
    for text in ("소매가 터졌어요", "사진도 있어요"):
        assert visitor.say(text).status_code == 200
    assert list(Event.objects.order_by("thread_seq").values_list("type", flat=True)) == [
        "chat.message",
        "ticket.topic",
        "chat.message",
    ]
    assert Ticket.objects.get().topic == "exchange"
    assert WidgetConversation.objects.get().topic == ""
    assert (Claim.objects.get().kind, Identity.objects.get().kind) == ("email", "external")


@pytest.mark.parametrize(
    ("about", "code"), [({"topic": "nonsense"}, "bad_topic"), ({"phone": "12", "topic": "exchange"}, "bad_phone")]
)
def test_a_form_with_a_mistake_changes_nothing(visitor: Visitor, topics: None, about: dict[str, str], code: str):
    refused = visitor.post("about", {**visitor.credentials, "agreed": True, **about})
    assert (refused.status_code, refused.json()["code"]) == (400, code)
    assert (WidgetVisitor.objects.get().consent, WidgetConversation.objects.get().topic) == ({}, "")


def test_nothing_typed_is_nothing_agreed(visitor: Visitor):
    visitor.post("about", {**visitor.credentials, "agreed": True})
    assert WidgetVisitor.objects.get().consent == {}


def test_a_form_sent_beside_an_open_socket_counts_from_the_next_message(live_hub: Hub, widget: WidgetSettings):
    visitor = visitor_of(live_hub, widget)
    tab = Tab(live_hub, visitor).hello()
    assert visitor.post("about", {**visitor.credentials, "phone": "010-0000-1234"}).status_code == 200
    tab.until_acknowledged(tab.say("전화 주세요"))
    assert Event.objects.get().data["customer"]["phone"] == "010-0000-1234"
    assert Claim.objects.get().value == "+821000001234"
    tab.close()
