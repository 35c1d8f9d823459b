"""Sessions: who is continued, who begins anew, and from which pages."""

from uuid import uuid4

import pytest
from django.test import Client

from channels_app.models.widget import WidgetConversation, WidgetSettings, WidgetVisitor
from channels_app.widget import actions
from customers.models import Customer, Event, Identity
from tests.channels_app.widget.visitors import SHOP, Visitor, signed


def test_new_visitor_gets_a_secret_once(widget: WidgetSettings):
    visitor = Visitor(widget)
    first = visitor.open()
    assert first["secret"]
    assert first["settings"]["greeting"]["ko"] == "안녕하세요, 하늘상회입니다."
    assert (first["messages"], first["upto"], first["state"]["status"]) == ([], 0, "none")
    second = visitor.open()
    assert second["secret"] is None
    assert second["conversation"] == first["conversation"]
    assert visitor.secret not in str(list(WidgetVisitor.objects.values()))


def test_wrong_secret_begins_anew(visitor: Visitor):
    stranger = Visitor(visitor.widget, visitor=visitor.visitor, secret="guessed", conversation=visitor.conversation)
    answer = stranger.open()
    assert answer["conversation"] != visitor.credentials["conversation"]
    refused = Visitor(visitor.widget, visitor=visitor.visitor, secret="guessed", conversation=visitor.conversation)
    for what, more in (("fetch", {}), ("messages", {"id": str(uuid4()), "text": "몰래"}), ("about", {"name": "몰래"})):
        response = refused.post(what, {**refused.credentials, **more})
        assert response.status_code == 403
        assert response.json()["code"] == "unknown_visitor"
    assert not Event.objects.exists()


def test_a_visitor_of_another_widget_is_unknown(visitor: Visitor, cast):
    from tests.channels_app.widget.visitors import make_widget

    other = make_widget(cast, name="다른 창")
    elsewhere = Visitor(other, **visitor.credentials)
    assert elsewhere.post("fetch", elsewhere.credentials).status_code == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://shop.haneul.example", ""])
def test_other_pages_are_refused(widget: WidgetSettings, origin: str):
    response = Visitor(widget, origin=origin).post("session", {})
    assert response.status_code == 403
    assert response.json()["code"] == "forbidden_origin"
    assert "Access-Control-Allow-Origin" not in response
    assert not WidgetVisitor.objects.exists()


def test_cors_names_exactly_the_asking_page(widget: WidgetSettings):
    response = Visitor(widget).post("session", {})
    assert response["Access-Control-Allow-Origin"] == SHOP
    assert "Access-Control-Allow-Credentials" not in response
    assert "Origin" in response["Vary"]
    preflight = Client().options(f"/widget/{widget.public_id}/session/", headers={"origin": SHOP})
    assert (preflight.status_code, preflight["Access-Control-Allow-Methods"]) == (204, "POST")


def test_the_hubs_own_pages_may(widget: WidgetSettings):
    assert Visitor(widget, origin="http://testserver").post("session", {}).status_code == 200


def test_switched_off_and_unknown_widgets(widget: WidgetSettings):
    WidgetSettings.objects.filter(pk=widget.pk).update(is_active=False)
    assert Visitor(widget).post("session", {}).status_code == 404
    widget.public_id = uuid4()
    assert Visitor(widget).post("session", {}).json()["code"] == "unknown_widget"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"visitor":"x"}',
        b'{"after":"1"}',
        b"\xff\xfe",
        b"[" * 20_000,
        b'{"token":"\\ud800"}',
    ],
)
def test_bad_bodies_are_told(widget: WidgetSettings, body: bytes):
    response = Visitor(widget).post("session", body)
    assert response.status_code == 400
    assert response.json()["code"] == "bad_frame"


def test_large_body_is_refused(widget: WidgetSettings):
    response = Visitor(widget).post("session", b'{"token":"' + b"x" * 40_000 + b'"}')
    assert (response.status_code, response.json()["code"]) == (413, "too_big")


def test_get_is_no_session(widget: WidgetSettings):
    assert Client().get(f"/widget/{widget.public_id}/session/").status_code == 405


def test_sessions_of_one_address_are_limited(widget: WidgetSettings, monkeypatch):
    monkeypatch.setattr(actions, "SESSIONS_PER_ADDRESS", 2)
    address = f"10.{uuid4().int % 250}.{uuid4().int % 250}.{uuid4().int % 250}"
    answers = [
        Client(REMOTE_ADDR=address).post(
            f"/widget/{widget.public_id}/session/", data=b"{}", content_type="text/plain", headers={"origin": SHOP}
        )
        for _ in range(3)
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2]["Retry-After"]) > 0
    assert answers[2]["Access-Control-Allow-Origin"] == SHOP


def test_token_proves_who_she_is(widget: WidgetSettings):
    visitor = Visitor(widget)
    answer = visitor.open(token=signed(widget, member_no="M-1001", phone="010-0000-1001", name="홍길동"))
    assert answer["verified"]
    visitor.say("코트 교환되나요?")
    customer = Customer.objects.get()
    assert customer.name == "홍길동"
    assert not customer.is_unconfirmed
    assert set(Identity.objects.values_list("kind", flat=True)) == {"member_no", "phone", "external"}


def test_bad_token_chats_as_anonymous_and_is_told(widget: WidgetSettings):
    answer = Visitor(widget).open(token=signed(widget, secret="stolen", member_no="M-1001"))
    assert (answer["verified"], answer["token_problem"]) == (False, "signature")
    assert Visitor(widget).open(token="x" * 100)["token_problem"] == "malformed"


def test_what_a_shop_writes_wrongly_costs_no_message(widget: WidgetSettings):
    visitor = Visitor(widget)
    visitor.open(token=signed(widget, member_no="M-1001", phone="없어요!", email="nobody"))
    assert visitor.say("안녕하세요").status_code == 200
    assert set(Identity.objects.values_list("kind", flat=True)) == {"member_no", "external"}


def test_shared_computer_shows_nothing_after_the_shops_log_out(widget: WidgetSettings):
    hers = Visitor(widget)
    hers.open(token=signed(widget, sub="u-1"))
    hers.say("비밀 이야기")
    kept = hers.credentials
    anonymous = Visitor(widget, **kept)
    assert anonymous.open()["messages"] == []
    another = Visitor(widget, **kept)
    assert another.open(token=signed(widget, sub="u-2"))["messages"] == []
    again = Visitor(widget, **kept)
    assert [said["text"] for said in again.open(token=signed(widget, sub="u-1"))["messages"]] == ["비밀 이야기"]


def test_logging_in_takes_the_conversation_along(visitor: Visitor):
    visitor.say("로그인 전 질문")
    assert Customer.objects.get().is_anonymous
    answer = visitor.open(token=signed(visitor.widget, member_no="M-1001"))
    assert [said["text"] for said in answer["messages"]] == ["로그인 전 질문"]
    assert answer["verified"]
    # Told at once, not with her next message only.
    assert Event.objects.filter(thread=visitor.thread, type="identity.confirmed").count() == 1
    assert Identity.objects.filter(kind="member_no", value="M-1001").exists()
    visitor.open(token=signed(visitor.widget, member_no="M-1001"))
    assert Event.objects.filter(type="identity.confirmed").count() == 1


def test_thread_is_named_after_widget_and_conversation(visitor: Visitor):
    conversation = WidgetConversation.objects.get()
    assert conversation.thread_key == visitor.thread


def test_script_is_small_and_cached():
    response = Client().get("/widget.js", headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert len(response.content) <= 40_000
    assert response["Content-Type"].startswith("text/javascript")
    again = Client().get("/widget.js", headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    plain = Client().get("/widget.js").content.decode()
    assert "innerHTML" not in plain
    assert "eval(" not in plain
