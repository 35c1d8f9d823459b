"""The screens of refused events as the owner walks through them, and as everybody else does not."""

from __future__ import annotations

import json
import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from channels_app.models import RefusedEvent
from customers.models import Event
from tests.cast import Cast, make_other_organization
from tests.channels_app.envelopes import sale
from tests.channels_app.refused.conftest import Refuse

LIST, SEND = "/settings/refused/", "/settings/refused/send-again/"


def detail(row: RefusedEvent) -> str:
    return reverse("channels:refused_detail", args=[row.public_id])


def wrong(event_id: str = "s1") -> dict[str, object]:
    return {**sale(event_id), "type": "pos.sell"}


def test_nothing_refused_is_said_so_and_the_badge_counts(owner: Client, refuse: Refuse) -> None:
    assert owner.get(LIST).status_code == 200
    assert not re.search(r"badge-error[^>]*>[1-9]", owner.get("/settings/").content.decode())
    refuse(wrong("a"), wrong("b"))
    assert re.search(r"badge-error[^>]*>2<", owner.get("/settings/").content.decode())


def test_the_list_shows_nothing_of_the_content(owner: Client, refuse: Refuse) -> None:
    refuse({**wrong(), "data": {"customer": {"phone": "010-0000-5678", "name": "홍길동"}}})
    page = owner.get(LIST).content.decode()
    assert "pos.sell" in page
    assert "5678" not in page
    assert "홍길동" not in page


def test_looking_at_one_is_on_the_record(owner: Client, refuse: Refuse, cast: Cast) -> None:
    (kept,) = refuse({**wrong(), "id": "<img src=x onerror=alert(1)>"})
    page = owner.get(detail(kept))
    assert page.status_code == 200
    text = page.content.decode()
    assert "<img src=x" not in text
    assert "&quot;type&quot;: &quot;pos.sell&quot;" in text
    assert 'aria-current="true"' in text
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.by, entry.obj) == ("channels.refused.view", cast.owner, f"refused:{kept.public_id}")


def test_mended_and_sent(owner: Client, refuse: Refuse) -> None:
    (kept,) = refuse(wrong())
    assert owner.post(detail(kept), {"body": json.dumps(sale("s1"), indent=2)}).status_code == 302
    assert Event.objects.get().event_id == "s1"
    page = owner.get(detail(kept)).content.decode()
    assert "<textarea" not in page
    assert "s1" in owner.get(LIST, {"state": "mended"}).content.decode()
    assert "s1" not in owner.get(LIST).content.decode()


@pytest.mark.parametrize("typed", ['{"id": "mine", "type": "still wrong"', '{"id": "mine"}', "mine </textarea><b>"])
def test_still_wrong_says_what_and_keeps_what_was_typed(owner: Client, refuse: Refuse, typed: str) -> None:
    (kept,) = refuse(wrong())
    answer = owner.post(detail(kept), {"body": typed})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'role="alert"' in page
    assert "mine" in page.split("<textarea")[1].split("</textarea>")[0]
    assert "<b>" not in page
    assert RefusedEvent.objects.get().is_open


def test_an_empty_editor_is_an_error_of_the_form(owner: Client, refuse: Refuse) -> None:
    (kept,) = refuse(wrong())
    assert owner.post(detail(kept), {"body": ""}).status_code == 422
    assert owner.post(detail(kept), {}).status_code == 422


def test_the_chosen_go_again_as_they_came(owner: Client, refuse: Refuse) -> None:
    rows = refuse(*[{**sale(f"b{number}"), "source": "/busan/pos"} for number in range(3)])
    chosen = [str(rows[0].public_id), str(rows[2].public_id), str(uuid4()), "nonsense"]
    assert owner.post(SEND, {"chosen": chosen}).status_code == 302
    assert set(Event.objects.values_list("event_id", flat=True)) == {"b0", "b2"}
    assert owner.post(SEND, {}).status_code == 302
    assert Event.objects.count() == 2


def test_all_of_a_filter_go_again(owner: Client, refuse: Refuse) -> None:
    refuse(*[{**sale(f"b{number}"), "source": "/busan/pos"} for number in range(60)], wrong())
    page = owner.get(LIST, {"kind": "source-not-allowed"}).content.decode()
    assert "b59" in page
    assert "pos.sell" not in page
    owner.post(SEND, {"all": "1", "kind": "source-not-allowed"})
    assert Event.objects.count() == 60
    assert RefusedEvent.objects.get(mended_at=None).type == "pos.sell"


def test_pages_follow_each_other_without_doubles_or_gaps(owner: Client, refuse: Refuse) -> None:
    refuse(*[wrong(f"event-{number:03}") for number in range(120)])
    seen: list[str] = []
    address = LIST
    headers: dict[str, str] = {}
    while address:
        page = owner.get(address, headers=headers).content.decode()
        seen += re.findall(r"· (event-\d+)", page)
        more = re.search(rf'hx-get="({LIST}[^"]+)"', page)
        assert len(seen) <= 120
        address, headers = more[1].replace("&amp;", "&") if more else "", {"hx-request": "true"}
    assert seen == [f"event-{number:03}" for number in reversed(range(120))]
    assert owner.get(LIST, {"after": "nonsense"}).status_code == 200


def test_the_list_costs_the_same_however_long(owner: Client, refuse: Refuse) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            owner.get(LIST)
        return len(captured)

    refuse(wrong("a"))
    statements()  # the first request of a session notes when it was
    few = statements()
    refuse(*[wrong(str(number)) for number in range(60)])
    assert statements() == few


def test_discarded_with_a_reason(owner: Client, refuse: Refuse) -> None:
    (kept,) = refuse(wrong())
    address = reverse("channels:refused_discard", args=[kept.public_id])
    assert owner.post(address, {"reason": " "}).status_code == 422
    assert owner.post(address, {"reason": "시험 전송이었음"}).status_code == 302
    assert "시험 전송이었음" in owner.get(LIST, {"state": "discarded"}).content.decode()
    assert "시험 전송이었음" in owner.get(detail(kept)).content.decode()


def test_one_that_is_too_large_is_not_shown_for_editing(owner: Client, refuse: Refuse) -> None:
    (kept,) = refuse({**wrong(), "data": {"text": "x" * 1_300_000}})
    page = owner.get(detail(kept))
    assert page.status_code == 200
    assert len(page.content) < 100_000
    assert b"<textarea" not in page.content


def test_what_a_screen_of_the_hub_wrote_is_done_there_again(owner: Client, refuse: Refuse) -> None:
    (kept,) = refuse({**sale("s1"), "source": "/hub"})
    page = owner.get(detail(kept)).content.decode()
    assert "<textarea" not in page
    assert "s1" in page
    assert owner.post(detail(kept), {"body": kept.body}).status_code == 422


@pytest.mark.parametrize("envelope", [5, None, "x", [], {"id": "a\x00b\ud800"}, {"id": {"a": [1]}}, {}])
def test_whatever_was_refused_can_be_shown(owner: Client, refuse: Refuse, envelope: object) -> None:
    (kept,) = refuse(envelope)
    assert owner.get(detail(kept)).status_code == 200
    assert owner.get(LIST).status_code == 200


@pytest.mark.parametrize("role", ["lead", "agent", "store_staff"])
def test_others_find_nothing(client: Client, cast: Cast, refuse: Refuse, role: str) -> None:
    (kept,) = refuse(wrong())
    client.force_login(cast.people[role], backend="accounts.backends.PersonBackend")
    for address in (LIST, detail(kept)):
        assert client.get(address).status_code == 404
    assert client.post(SEND, {"all": "1"}).status_code == 404
    assert client.post(detail(kept), {"body": "{}"}).status_code == 404


def test_another_organizations_are_not_there(owner: Client, refuse: Refuse) -> None:
    other = make_other_organization()
    (theirs,) = refuse({**sale("theirs"), "source": "/busan/pos"}, organization=other.organization)
    assert "theirs" not in owner.get(LIST).content.decode()
    assert owner.get(detail(theirs)).status_code == 404
    assert owner.post(detail(theirs), {"body": json.dumps(sale("x"))}).status_code == 404
    assert owner.post(reverse("channels:refused_discard", args=[theirs.public_id]), {"reason": "x"}).status_code == 404
    owner.post(SEND, {"chosen": [str(theirs.public_id)]})
    owner.post(SEND, {"all": "1"})
    assert not Event.objects.exists()
    theirs.refresh_from_db()
    assert theirs.is_open
