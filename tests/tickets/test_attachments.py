"""Files at the desk: uploaded, bound once, shown to whom they concern, dropped where no message came."""

from __future__ import annotations

import io
import json
import os
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import override_settings
from django.utils import timezone

from accounts.models import AuditEntry, Person
from customers.models import Event
from tests.cast import Cast, make_organization
from tests.channels_app.widget.visitors import Visitor, make_widget
from tests.tickets.conversations import FRAGMENT, answer, chat, happens, logged_in
from tests.tickets.files import upload
from tickets.actions.attachments import MOST_UNBOUND, UNBOUND_DAYS_OF_AGENTS, UNBOUND_HOURS
from tickets.actions.stray_files import FOLDERS, LOOK_EVERY, drop_strays
from tickets.models import Attachment, Ticket
from tickets.tasks import drop_expired_uploads

KEY = "0192f0c5-0000-7000-8000-000000000002"


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def cast(db: None) -> Cast:
    return make_organization()


@pytest.fixture
def visitor(cast: Cast) -> Visitor:
    visitor = Visitor(make_widget(cast))
    visitor.open()
    visitor.say("소매가 뜯어졌어요")
    return visitor


@pytest.fixture
def ticket(visitor: Visitor) -> Ticket:
    return Ticket.objects.get(thread=visitor.thread)


def put(person: Person, ticket: Ticket, name: str = "소매.png", content: bytes | None = None) -> Any:
    return logged_in(person).post(f"/inbox/{ticket.public_id}/attachments/", {"file": upload(name, content)})


def reply(person: Person, ticket: Ticket, *ids: str, text: str = "보세요", **said: str) -> Any:
    told = {"text": text, "attachment": list(ids), **said}
    return logged_in(person).post(f"/inbox/{ticket.public_id}/reply/", told, headers=FRAGMENT)


def fetch(person: Person, ticket: Ticket, key: str, query: str = "") -> Any:
    return logged_in(person).get(f"/inbox/{ticket.public_id}/attachments/{key}/{query}")


def send_file(visitor: Visitor, content: Any = None, /, **asked: Any) -> Any:
    form = {"asked": json.dumps({**visitor.credentials, **asked}), "file": content or upload("내 사진.png")}
    return visitor.client.post(f"/widget/{visitor.widget.public_id}/files/", form, headers={"origin": visitor.origin})


def on_disk(media: Path) -> list[str]:
    return [file.name for file in media.rglob("*") if file.is_file()]


def test_a_file_goes_with_an_answer(cast: Cast, ticket: Ticket, visitor: Visitor, media: Path):
    kept = put(cast.agent, ticket).json()
    assert (kept["name"], kept["media_type"]) == ("소매.png", "image/png")
    assert reply(cast.agent, ticket, kept["id"], text="").status_code == 204
    event = Event.objects.get(author="agent")
    assert event.data["attachments"] == [{name: kept[name] for name in ("id", "name", "media_type", "bytes")}]
    assert Attachment.objects.get().event == event.public_id
    # No name of a stranger's, and no extension, on the disk.
    assert on_disk(media) == [UUID(kept["id"]).hex]
    page = logged_in(cast.agent).get(f"/inbox/{ticket.public_id}/").content.decode()
    assert f'src="/inbox/{ticket.public_id}/attachments/' in page
    (message,) = [
        one for one in visitor.post("fetch", visitor.credentials).json()["messages"] if one["from"] == "agent"
    ]
    assert message["attachments"] == event.data["attachments"]
    content = visitor.post("files/read", {**visitor.credentials, "id": kept["id"]})
    assert b"".join(content.streaming_content).startswith(b"\x89PNG")
    assert content["Access-Control-Allow-Origin"] == visitor.origin


def test_nothing_that_is_shown_can_run(cast: Cast, ticket: Ticket):
    picture = put(cast.agent, ticket).json()["id"]
    table = put(cast.agent, ticket, "표\u202e.csv", b"=1+1,2\n").json()["id"]
    reply(cast.agent, ticket, picture, table)
    shown = fetch(cast.lead, ticket, picture)
    assert shown["Content-Type"] == "image/png"
    assert shown["Content-Disposition"].startswith("inline")
    saved = fetch(cast.lead, ticket, table)
    assert saved["Content-Disposition"].startswith("attachment")
    for response in (shown, saved):
        assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "private" in response["Cache-Control"]
    assert put(cast.agent, ticket, "a.png", b"<svg onload=alert(1)>").status_code == 422


def test_saving_is_written_down_and_looking_is_the_tickets_look(cast: Cast, ticket: Ticket):
    key = put(cast.agent, ticket).json()["id"]
    reply(cast.agent, ticket, key)
    fetch(cast.lead, ticket, key)
    assert not AuditEntry.objects.filter(action="tickets.attachment.save").exists()
    response = fetch(cast.lead, ticket, key, "?save")
    assert response["Content-Disposition"].startswith("attachment")
    entry = AuditEntry.objects.get(action="tickets.attachment.save")
    assert entry.by == cast.lead
    assert entry.customer_id == ticket.customer.public_id  # type: ignore[union-attr]


def test_before_it_is_sent_it_is_hers_alone(cast: Cast, ticket: Ticket, visitor: Visitor, media: Path):
    key = put(cast.agent, ticket).json()["id"]
    assert fetch(cast.agent, ticket, key).status_code == 200
    assert fetch(cast.lead, ticket, key).status_code == 404
    assert reply(cast.lead, ticket, key).status_code == 422
    assert visitor.post("files/read", {**visitor.credentials, "id": key}).status_code == 404
    removing = f"/inbox/{ticket.public_id}/attachments/{key}/remove/"
    logged_in(cast.lead).post(removing)
    assert on_disk(media) == [UUID(key).hex]
    assert logged_in(cast.agent).post(removing).status_code == 204
    assert logged_in(cast.agent).post(removing).status_code == 204


def test_a_file_stays_within_its_conversation(cast: Cast, ticket: Ticket, visitor: Visitor):
    other = Visitor(visitor.widget)
    other.open()
    other.say("다른 사람이에요")
    elsewhere = Ticket.objects.get(thread=other.thread)
    key = put(cast.agent, ticket).json()["id"]
    assert reply(cast.agent, elsewhere, key).status_code == 422
    reply(cast.agent, ticket, key)
    assert fetch(cast.agent, elsewhere, key).status_code == 404
    assert other.post("files/read", {**other.credentials, "id": key}).status_code == 404
    # Whoever names a file in an event of her own gets no nearer to it.
    told = [{"id": key, "name": "남의 것.png", "media_type": "image/png", "bytes": 1}]
    happens(cast.organization, "chat.message", "x", from_="customer", text="?", attachments=told)
    forged = Ticket.objects.get(thread="x")
    assert fetch(cast.agent, forged, key).status_code == 404
    assert fetch(cast.outsider, ticket, key).status_code == 404
    assert fetch(cast.store_staff, ticket, key).status_code == 404


def test_one_file_goes_with_one_message(cast: Cast, ticket: Ticket):
    key = put(cast.agent, ticket).json()["id"]
    assert reply(cast.agent, ticket, key, key=KEY).status_code == 204
    # The same answer again is the same answer; another one with that file is refused, and not written.
    assert reply(cast.agent, ticket, key, key=KEY).status_code == 204
    assert reply(cast.agent, ticket, key, key=str(uuid4())).status_code == 422
    assert Event.objects.filter(author="agent").count() == 1


def test_a_page_that_is_loaded_anew_has_what_was_uploaded(cast: Cast, ticket: Ticket):
    kept = put(cast.agent, ticket).json()
    put(cast.lead, ticket, "팀장.png")
    address = f"/inbox/{ticket.public_id}/attachments/"
    files = logged_in(cast.agent).get(address).json()["files"]
    assert [one["id"] for one in files] == [kept["id"]]
    page = logged_in(cast.agent).get(f"/inbox/{ticket.public_id}/").content.decode()
    assert kept["id"] in page
    assert "팀장.png" not in page
    reply(cast.agent, ticket, kept["id"])
    assert logged_in(cast.agent).get(address).json() == {"files": []}


def test_an_upload_that_is_tried_again_is_one_file(cast: Cast, ticket: Ticket, visitor: Visitor, media: Path):
    key = str(uuid4())
    address = f"/inbox/{ticket.public_id}/attachments/"

    def again(person: Person = cast.agent) -> Any:
        return logged_in(person).post(address, {"file": upload(), "key": key})

    assert again().json()["id"] == again().json()["id"] == key
    assert len(on_disk(media)) == 1
    # Another's key is nobody else's.
    assert again(cast.lead).status_code == 422
    assert send_file(visitor, key=key).status_code == 422
    reply(cast.agent, ticket, key)
    answered = again()
    assert (answered.status_code, answered.json()["is_sent"]) == (201, True)
    assert Attachment.objects.count() == 1
    assert logged_in(cast.agent).post(address, {"file": upload(), "key": "no key"}).status_code == 201


def test_a_visitors_page_has_her_files_again(cast: Cast, ticket: Ticket, visitor: Visitor):
    put(cast.agent, ticket)
    key = str(uuid4())
    assert send_file(visitor, key=key).json()["attachment"]["id"] == key
    assert send_file(visitor, key=key).json()["attachment"]["id"] == key
    session = visitor.post("session", visitor.credentials).json()
    assert [one["id"] for one in session["uploads"]] == [key]
    visitor.post("messages", {**visitor.credentials, "id": str(uuid4()), "text": "", "attachments": [key]})
    assert visitor.post("session", visitor.credentials).json()["uploads"] == []


def test_a_refused_answer_leaves_the_file_for_the_next(cast: Cast, ticket: Ticket):
    key = put(cast.agent, ticket).json()["id"]
    answer(cast.organization, ticket.thread, cast.lead)
    assert reply(cast.agent, ticket, key, seen="1").status_code == 409
    assert Attachment.objects.get().event is None
    assert reply(cast.agent, ticket, key, seen=str(Ticket.objects.get(pk=ticket.pk).last_seq)).status_code == 204


def test_limits(cast: Cast, ticket: Ticket, settings: Any):
    settings.ATTACHMENT_MAX_BYTES = 100
    assert put(cast.agent, ticket, "a.txt", b"a" * 101).status_code == 422
    ids = [put(cast.agent, ticket, f"{n}.txt", b"a" * 100).json()["id"] for n in range(MOST_UNBOUND)]
    assert put(cast.agent, ticket, "more.txt", b"a").status_code == 422
    settings.ATTACHMENTS_MAX_BYTES = 250
    assert reply(cast.agent, ticket, *ids[:3]).status_code == 422
    settings.ATTACHMENTS_MAX_BYTES = 10_000
    assert reply(cast.agent, ticket, *ids[:11]).status_code == 422
    assert not Event.objects.filter(author="agent").exists()
    assert reply(cast.agent, ticket, *ids[:10]).status_code == 204
    assert logged_in(cast.agent).post(f"/inbox/{ticket.public_id}/attachments/").status_code == 422


def test_where_a_channel_carries_no_files_none_is_taken(cast: Cast):
    elsewhere = chat(cast.organization, "a")
    assert put(cast.agent, elsewhere).status_code == 422
    assert reply(cast.agent, elsewhere, str(uuid4())).status_code == 422
    page = logged_in(cast.agent).get(f"/inbox/{elsewhere.public_id}/").content.decode()
    assert "data-upload-url" not in page


@pytest.mark.django_db(transaction=True)
def test_what_was_never_sent_is_dropped_after_a_day(media: Path):
    cast = make_organization()
    visitor = Visitor(make_widget(cast))
    visitor.open()
    visitor.say("안녕하세요")
    ticket = Ticket.objects.get()
    old, sent, new = (put(cast.agent, ticket).json()["id"] for _each in range(3))
    reply(cast.agent, ticket, sent)
    hers = send_file(visitor).json()["attachment"]["id"]
    days = timedelta(days=UNBOUND_DAYS_OF_AGENTS)
    Attachment.objects.filter(public_id__in=[old, sent]).update(created_at=timezone.now() - days - timedelta(minutes=1))
    # An agent's draft waits longer than a visitor's.
    yesterday = timezone.now() - timedelta(hours=UNBOUND_HOURS, minutes=1)
    Attachment.objects.filter(public_id__in=[new, hers]).update(created_at=yesterday)
    drop_expired_uploads()
    drop_expired_uploads()
    assert sorted(on_disk(media)) == sorted(UUID(one).hex for one in (sent, new))
    assert Attachment.objects.count() == 2


def test_a_file_that_no_row_knows_goes(cast: Cast, ticket: Ticket, media: Path):
    kept = Attachment.objects.get(public_id=put(cast.agent, ticket).json()["id"])
    stray, young = kept.file.path + "0", kept.file.path + "1"
    for path in (stray, young):
        Path(path).write_bytes(b"x")
    long_ago = (timezone.now() - timedelta(days=10)).timestamp()
    for path in (kept.file.path, stray):
        os.utime(path, (long_ago, long_ago))
    # Each look is at one folder: all of the last three days have come by this one once.
    looks = [timezone.now() - number * LOOK_EVERY for number in range(FOLDERS)]
    assert sum(drop_strays(cast.organization, at=at) for at in looks) == 1
    assert {Path(path).name for path in (kept.file.path, young)} == set(on_disk(media))


def test_a_file_that_is_lost_is_not_found(cast: Cast, ticket: Ticket, media: Path):
    key = put(cast.agent, ticket).json()["id"]
    reply(cast.agent, ticket, key)
    for file in media.rglob("*"):
        if file.is_file():
            file.unlink()
    assert fetch(cast.agent, ticket, key).status_code == 404


def test_store_staff_read_the_name_and_no_more(cast: Cast):
    told = [{"id": uuid4().hex, "name": "010-1234-5678.png", "media_type": "image/png", "bytes": 1}]
    happens(
        cast.organization,
        "store.inquiry",
        "s",
        source="/seoul/pos",
        store="gangnam",
        staff="s1",
        text="교환",
        customer={"phone": "010-0000-5678"},
    )
    happens(cast.organization, "chat.message", "s", from_="customer", text="사진", attachments=told)
    ticket = Ticket.objects.get(thread="s")
    page = logged_in(cast.store_staff).get(f"/inbox/{ticket.public_id}/").content.decode()
    assert "****-5678.png" in page
    assert "/attachments/" not in page


@override_settings(ATTACHMENT_MAX_BYTES=1000)
def test_a_visitors_file(cast: Cast, ticket: Ticket, visitor: Visitor):
    def send(content: Any, **asked: Any) -> Any:
        return send_file(visitor, content, **asked)

    kept = send(upload("내 사진.png"))
    assert kept.status_code == 200
    told = kept.json()["attachment"]
    assert send(upload("x.png", b"<svg>")).json()["code"] == "file_unknown_type"
    assert send(upload("x.txt", b"a" * 1001)).json()["code"] == "file_too_large"
    assert send(upload("x.txt", b"a" * 50_000)).status_code == 413
    assert send("no file").json()["code"] == "no_file"
    assert send(upload(), secret="wrong").status_code == 403
    assert send(upload(), visitor="x").status_code == 400
    body = {**visitor.credentials, "id": str(uuid4()), "text": "", "attachments": [told["id"]]}
    assert visitor.post("messages", body).json()["ack"]["seq"]
    assert visitor.post("messages", body).json()["ack"]["seq"]
    assert visitor.post("messages", {**body, "id": str(uuid4())}).json()["code"] == "file_gone"
    assert visitor.post("messages", {**body, "id": str(uuid4()), "attachments": []}).json()["code"] == "empty"
    assert Event.objects.filter(thread=visitor.thread, author="customer").count() == 2
    assert fetch(cast.agent, ticket, told["id"]).status_code == 200
    rows = logged_in(cast.agent).get("/inbox/rows/", headers=FRAGMENT).content.decode()
    assert "(첨부" in rows
    visitor.post("files/drop", {**visitor.credentials, "id": told["id"]})
    assert Attachment.objects.filter(public_id=told["id"]).exists()


def test_what_is_handed_out_to_a_customer_holds_her_files(cast: Cast, ticket: Ticket):
    key = put(cast.agent, ticket, "안내.txt", "7일 안에".encode()).json()["id"]
    reply(cast.agent, ticket, key)
    put(cast.agent, ticket, "보내지 않음.txt", b"x")
    assert ticket.customer is not None
    url = f"/customers/{ticket.customer.public_id}/export/"
    response = logged_in(cast.owner).post(url, {"reason": "request", "words": "본인 요청"})
    assert response.status_code == 200, response.content
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:
        (name,) = [name for name in archive.namelist() if name.startswith("files/")]
        assert name == f"files/{key[:8]}-안내.txt"
        assert archive.read(name).decode() == "7일 안에"
