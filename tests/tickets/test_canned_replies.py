"""Saved replies: whose they are, what is filled in, what is refused, and what is offered in a ticket."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AuditEntry, Person
from tests.cast import Cast, make_organization
from tests.tickets.conversations import FRAGMENT, chat, happens, logged_in
from tickets.actions.tools import MOST_OWN, Audience, CannotSaveTool, save_canned_reply
from tickets.models import CannedReply, Ticket
from tickets.variables import VARIABLES, fill, unknown_in, used_in


@pytest.fixture
def cast(db: None) -> Cast:
    return make_organization()


def save(person: Person, url: str = "new/", **said: str) -> Any:
    told = {"title": "교환 안내", "shortcut": "교환", "audience": "everyone", "text": "교환해 드릴게요"} | said
    return logged_in(person).post(f"/settings/replies/{url}", told)


def offered(person: Person, ticket: Ticket) -> list[str]:
    html = logged_in(person).get(f"/inbox/{ticket.public_id}/tools/", headers=FRAGMENT).content.decode()
    return re.findall(r'data-title="([^"]+)"', html)


def used(person: Person, ticket: Ticket, reply: CannedReply) -> Any:
    response = logged_in(person).post(f"/inbox/{ticket.public_id}/replies/{reply.public_id}/", headers=FRAGMENT)
    assert response.status_code == 200
    return response.json()


def keep(cast: Cast, text: str) -> CannedReply:
    told = {"title": "t", "shortcut": "", "audience": Audience(), "by": cast.owner, "at": timezone.now()}
    return save_canned_reply(cast.organization, text=text, **told)


# Whose --------------------------------------------------------------------------------------------------------------


def test_everyone_keeps_her_own_and_who_leads_keeps_those_of_others(cast: Cast):
    ticket = chat(cast.organization, "a")
    assert save(cast.agent, title="내 것", audience="own").status_code == 302
    assert save(cast.lead, title="모두").status_code == 302
    assert save(cast.lead, title="서울", audience="center:seoul", shortcut="").status_code == 302
    assert save(cast.owner, title="부산", audience="center:busan", shortcut="").status_code == 302
    assert sorted(offered(cast.agent, ticket)) == ["내 것", "모두", "서울"]
    assert sorted(offered(cast.lead, ticket)) == ["모두", "서울"]
    page = logged_in(cast.outsider).get("/settings/replies/").content.decode()
    assert "모두" in page
    assert "부산" in page
    assert "내 것" not in page
    assert ">서울<" not in page


def test_an_agent_writes_for_nobody_but_herself(cast: Cast):
    assert save(cast.agent, audience="everyone").status_code == 422
    assert save(cast.agent, audience="center:seoul").status_code == 422
    assert save(cast.lead, audience="center:busan").status_code == 422
    assert not CannedReply.objects.exists()
    save(cast.lead)
    url = f"{CannedReply.objects.get().public_id}/"
    assert save(cast.agent, url, audience="own").status_code == 404
    assert logged_in(cast.agent).post(f"/settings/replies/{url}delete/").status_code == 404
    assert logged_in(cast.store_staff).get("/settings/replies/").status_code == 404
    told: dict[str, Any] = {"title": "t", "shortcut": "", "text": "t", "audience": Audience()}
    with pytest.raises(CannotSaveTool):
        save_canned_reply(cast.organization, **told, by=cast.agent, at=timezone.now())


def test_what_is_for_others_stands_in_the_audit_trail(cast: Cast):
    save(cast.agent, audience="own")
    assert not AuditEntry.objects.filter(action__startswith="tickets.canned").exists()
    save(cast.lead)
    shared = CannedReply.objects.get(person=None)
    save(cast.lead, f"{shared.public_id}/", text="교환은 7일 안에 돼요")
    logged_in(cast.lead).post(f"/settings/replies/{shared.public_id}/delete/")
    entries = AuditEntry.objects.filter(action__startswith="tickets.canned").order_by("sequence")
    assert [entry.action for entry in entries] == [
        "tickets.canned_reply.set",
        "tickets.canned_reply.set",
        "tickets.canned_reply.delete",
    ]
    assert (entries[1].before or {})["says"] == "교환해 드릴게요"


# What is refused ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"text": "{{고객이름}}님"}, "고객이름"),
        ({"text": "{{고객 이름}님"}, "{{"),
        ({"text": ""}, "필수"),
        ({"title": ""}, "필수"),
        ({"shortcut": "두 말"}, "띄어쓰기"),
    ],
)
def test_mistakes_are_told_and_nothing_is_lost(cast: Cast, said: dict[str, str], problem: str):
    response = save(cast.lead, **said)
    assert response.status_code == 422
    page = response.content.decode()
    assert problem in page
    assert said.get("title", "교환 안내") in page
    assert not CannedReply.objects.exists()


def test_a_shortcut_is_one_of_its_audience(cast: Cast):
    assert save(cast.lead).status_code == 302
    assert save(cast.lead, title="다른 것").status_code == 422
    assert save(cast.lead, title="다른 것", audience="center:seoul").status_code == 302
    assert save(cast.lead, title="다른 것", audience="own").status_code == 302
    assert save(cast.agent, title="다른 것", audience="own", shortcut="/교환").status_code == 302
    assert set(CannedReply.objects.values_list("shortcut", flat=True)) == {"교환"}


def test_nobody_keeps_more_than_a_list_can_hold(cast: Cast):
    CannedReply.objects.bulk_create(
        CannedReply(organization=cast.organization, person=cast.agent, title=f"{n}", text="t") for n in range(MOST_OWN)
    )
    assert save(cast.agent, audience="own").status_code == 422
    first = CannedReply.objects.first()
    assert first is not None
    assert save(cast.agent, f"{first.public_id}/", audience="own").status_code == 302


# What is filled in --------------------------------------------------------------------------------------------------


def test_variables_are_filled_for_this_customer(cast: Cast):
    ticket = chat(cast.organization, "a", name="김서연")
    item = {"name": "울 코트", "quantity": 1, "unit_price": 1000, "amount": 1000}
    happens(
        cast.organization,
        "pos.sale",
        customer={"phone": "010-0000-5678"},
        source="/seoul/pos",
        store="gangnam",
        receipt_no="R-1",
        items=[item, {**item, "name": "양말"}],
        total=2000,
    )
    reply = keep(
        cast, "{{고객 이름}}님, {{center name}} {{상담원 이름}}이에요. {{ 최근 구매 }} ({{매장 이름}}) {{운영 시간}}"
    )
    answer = used(cast.agent, Ticket.objects.get(pk=ticket.pk), reply)
    assert answer["text"] == (
        "김서연님, 서울 고객센터 박상담이에요. 울 코트 외 1건 (강남점) 월–금 09:00–12:00, 13:00–18:00"
    )
    assert answer["told"] == ""


def test_what_is_not_known_has_something_instead_and_is_told(cast: Cast):
    ticket = chat(cast.organization, "a", phone="")
    reply = keep(cast, "{{고객 이름}}님, {{최근 구매}} 문의 감사해요. {{최근 구매}}!")
    answer = used(cast.agent, ticket, reply)
    assert answer["text"] == "고객님, 구매하신 상품 문의 감사해요. 구매하신 상품!"
    assert "고객 이름" in answer["told"]
    assert answer["told"].count("최근 구매") == 1


def test_a_purchase_that_was_brought_back_is_not_the_last_one(cast: Cast):
    ticket = chat(cast.organization, "a")
    items = [{"name": "울 코트", "quantity": 1, "unit_price": 1000, "amount": 1000}]
    told: dict[str, Any] = {"customer": {"phone": "010-0000-5678"}, "source": "/seoul/pos", "store": "gangnam"}
    happens(cast.organization, "pos.sale", ago=9, receipt_no="R-1", items=items, total=1000, **told)
    back = {"receipt_no": "R-2", "original_receipt_no": "R-1", "items": items, "total": 1000}
    happens(cast.organization, "pos.refund", ago=1, **back, **told)
    assert used(cast.agent, ticket, keep(cast, "{{최근 구매}}"))["text"] == "구매하신 상품"


def test_uses_are_counted_and_what_is_used_most_comes_first(cast: Cast):
    ticket = chat(cast.organization, "a")
    save(cast.lead, title="가", shortcut="")
    save(cast.lead, title="나", shortcut="")
    assert offered(cast.agent, ticket) == ["가", "나"]
    for _again in range(2):
        used(cast.agent, ticket, CannedReply.objects.get(title="나"))
    assert offered(cast.agent, ticket) == ["나", "가"]
    assert CannedReply.objects.get(title="나").uses == 2
    assert "2번 사용" in logged_in(cast.lead).get("/settings/replies/").content.decode()


def test_a_reply_of_another_center_is_not_offered_in_this_ticket(cast: Cast):
    ticket = chat(cast.organization, "a")
    save(cast.owner, title="부산", audience="center:busan")
    assert offered(cast.owner, ticket) == []
    reply = CannedReply.objects.get()
    url = f"/inbox/{ticket.public_id}/replies/{reply.public_id}/"
    assert logged_in(cast.owner).post(url, headers=FRAGMENT).status_code == 404
    assert CannedReply.objects.get().uses == 0


# Variables by themselves --------------------------------------------------------------------------------------------

_names = st.sampled_from([name for variable in VARIABLES for name in (variable.ko, variable.en, variable.key)])
_words = st.text(st.characters(exclude_characters="{}", exclude_categories=["Cs"]), max_size=8)


@given(st.lists(st.tuples(_words, _names), max_size=5), _words, st.text(max_size=5))
def test_every_place_is_filled_once_and_the_rest_stays(parts: list[tuple[str, str]], end: str, value: str):
    text = "".join(f"{words}{{{{{name}}}}}" for words, name in parts) + end
    assert unknown_in(text) == []
    values = {variable.key: value for variable in VARIABLES}
    with translation.override("ko"):
        filled = fill(text, values)
    shown = value.strip()
    if shown:
        assert filled.text == "".join(words + shown for words, _name in parts) + end
        assert filled.missing == ()
    else:
        assert {name for name, _instead in filled.missing} == {v.ko for v in VARIABLES if v.key in used_in(text)}
