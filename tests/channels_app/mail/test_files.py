"""Files of mails, both ways: kept and shown as what they are, refused by name, and sent as the same bytes each time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Person
from channels_app.mail.reading import read_mail
from channels_app.models import ChannelAccount, Delivery, RepeatedEvent
from customers.models import Event
from tests.cast import Cast
from tests.channels_app.mail.shops import HELP, HERS, asked_by_mail, comes_in, work
from tests.channels_app.mail.sink import DROP, Sink
from tests.tickets.conversations import FRAGMENT, logged_in
from tests.tickets.files import png, upload
from tickets.models import Attachment, Ticket


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def on_disk(media: Path) -> list[Path]:
    return [file for file in media.rglob("*") if file.is_file()]


def letter_with(
    *files: tuple[str, bytes], text: str = "사진 보내요", html: str = "", inline: Sequence[tuple[str, str, bytes]] = ()
) -> bytes:
    """A mail with files by name, and with pictures in its HTML: (Content-ID, name, content)."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = HERS, HELP, "사진", "<with@mail.example>"
    mail["Date"] = format_datetime(timezone.now() - timedelta(minutes=1))
    if html:
        mail.set_content(html, subtype="html")
        for content_id, name, content in inline:
            mail.add_related(
                content, "image", "png", cid=f"<{content_id}>", filename=name or None, disposition="inline"
            )
    else:
        mail.set_content(text)
    for name, content in files:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def page_of(person: Person, ticket: Ticket) -> str:
    return logged_in(person).get(f"/inbox/{ticket.public_id}/").content.decode()


def test_what_comes_is_what_its_content_says(cast: Cast, account: ChannelAccount, media: Path):
    ticket = asked_by_mail(account, letter_with(("../../소매\u202egnp.html", png()), ("안내.txt", "7일 안에".encode())))
    told = Event.objects.get().data["attachments"]
    assert [(one["name"], one["media_type"]) for one in told] == [
        ("소매 gnp.html.png", "image/png"),
        ("안내.txt", "text/plain"),
    ]
    rows = Attachment.objects.order_by("pk")
    assert [row.event for row in rows] == [Event.objects.get().public_id] * 2
    assert {file.name for file in on_disk(media)} == {row.public_id.hex for row in rows}
    page = page_of(cast.agent, ticket)
    address = f"/inbox/{ticket.public_id}/attachments/{told[0]['id']}/"
    assert f'src="{address}"' in page
    shown = logged_in(cast.agent).get(address)
    assert b"".join(shown.streaming_content) == png()
    assert shown["Content-Security-Policy"] == "sandbox; default-src 'none'"
    saved = logged_in(cast.agent).get(f"/inbox/{ticket.public_id}/attachments/{told[1]['id']}/?save")
    assert saved["Content-Disposition"].startswith("attachment")
    assert logged_in(cast.store_staff).get(address).status_code == 404
    assert logged_in(cast.outsider).get(address).status_code == 404


def test_what_is_not_taken_is_said_by_name(cast: Cast, account: ChannelAccount, settings: Any, media: Path):
    settings.ATTACHMENT_MAX_BYTES = 1000
    svg = b"<svg onload='alert(1)'></svg>"
    raw = letter_with(("큰 것.txt", b"a" * 1001), ("그림.svg", svg), ("악성.html", b"<html><script>"), ("빈.txt", b""))
    ticket = asked_by_mail(account, raw)
    told = Event.objects.get().data["attachments"]
    assert [(one["name"], one["problem"]) for one in told] == [
        ("큰 것.txt", "too_large"),
        ("그림.svg", "unknown_type"),
        ("악성.html", "unknown_type"),
        ("빈.txt", "empty"),
    ]
    page = page_of(cast.agent, ticket)
    assert re.search(r"큰 것\.txt.*받지 않음: 너무 큼", page)
    assert re.search(r"그림\.svg.*받지 않음: 받지 않는 형식", page)
    assert "<svg onload" not in page
    assert not re.search(r"/attachments/[0-9a-f-]{36}/", page)
    assert on_disk(media) == []


def test_a_mail_that_comes_again_keeps_its_files_once(cast: Cast, account: ChannelAccount, media: Path):
    raw = letter_with(("사진.png", png()), ("사진.png", png(3, 3)))
    assert asked_by_mail(account, raw) == asked_by_mail(account, raw)
    event = Event.objects.get()
    assert [one["name"] for one in event.data["attachments"]] == ["사진.png", "사진 (2).png"]
    assert Attachment.objects.count() == len(on_disk(media)) == 2
    # Not even another one that would have said something else.
    assert not RepeatedEvent.objects.exists()


def test_pictures_stand_where_they_stood(cast: Cast, account: ChannelAccount):
    html = (
        "<p>여기가</p><img src='cid:one@x'><p>뜯어졌고</p><img src='cid:two@x'><p>나머지는 괜찮아요</p>"
        "<img src='https://tracker.example/pixel.gif'><img src='cid:nothing@x'>"
    )
    inline = [("one@x", "image.png", png()), ("two@x", "image.png", png(4, 4))]
    ticket = asked_by_mail(account, letter_with(("영수증.png", png(5, 5)), html=html, inline=inline))
    event = Event.objects.get()
    assert event.text == "여기가\n\n[image.png]\n뜯어졌고\n\n[image (2).png]\n나머지는 괜찮아요"
    assert [one.get("inline", False) for one in event.data["attachments"]] == [True, True, False]
    page = page_of(cast.agent, ticket)
    first, second, receipt = (page.index(f'/attachments/{one["id"]}/"') for one in event.data["attachments"])
    assert page.index("여기가") < first < page.index("뜯어졌고") < second < page.index("나머지는") < receipt
    assert "tracker.example" not in page
    # In the conversation the picture stands for its mark; elsewhere (the list, a search) the mark is what is read.
    assert "[image.png]" not in page[page.index("data-lines") : page.index("data-composer")]


@pytest.mark.parametrize("mark", ["[cid:one@x]", "[image: 소매.png]", "[이미지: 소매.png]"])
def test_how_programs_write_pictures_into_plain_text(mark: str):
    mail = EmailMessage()
    mail["From"], mail["Message-ID"] = HERS, "<a@b>"
    mail.set_content(f"여기예요 {mark} 보이세요?")
    mail.add_related(png(), "image", "png", cid="<one@x>", filename="소매.png", disposition="inline")
    read = read_mail(mail.as_bytes())
    assert read.text == "여기예요 [소매.png] 보이세요?"
    assert [(one.name, one.is_inline) for one in read.files] == [("소매.png", True)]


def put(person: Person, ticket: Ticket, name: str = "안내.png", content: bytes | None = None) -> Any:
    return logged_in(person).post(f"/inbox/{ticket.public_id}/attachments/", {"file": upload(name, content)})


def reply(person: Person, ticket: Ticket, *ids: str, text: str = "첨부를 봐 주세요") -> Any:
    return logged_in(person).post(
        f"/inbox/{ticket.public_id}/reply/", {"text": text, "attachment": list(ids)}, headers=FRAGMENT
    )


def test_an_agents_files_go_out_and_each_attempt_is_the_same_mail(cast: Cast, account: ChannelAccount, sink: Sink):
    ticket = asked_by_mail(account)
    assert "data-upload-url" in page_of(cast.agent, ticket)
    key = put(cast.agent, ticket, "교환 안내.txt", "7일 안에".encode() * 500).json()["id"]
    picture = put(cast.agent, ticket).json()["id"]
    sink.answers["CONTENT"] = DROP
    assert reply(cast.agent, ticket, key, picture).status_code == 204
    work(cast)
    del sink.answers["CONTENT"]
    # She writes on meanwhile, and so does a colleague: what was to be sent stays what it was.
    raw = letter_with(text="하나 더요").replace(b"<with@mail.example>", b"<more@mail.example>")
    comes_in(account, raw.replace(b"Subject:", b"In-Reply-To: <first@mail.example>\nSubject:"))
    Delivery.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    work(cast)
    assert len(sink.seen) == 2
    assert sink.seen[0] == sink.seen[1]
    (mail,) = sink.mails
    files = list(mail.iter_attachments())
    assert [(file.get_filename(), file.get_content_type()) for file in files] == [
        ("교환 안내.txt", "text/plain"),
        ("안내.png", "image/png"),
    ]
    assert files[0].get_payload(decode=True) == "7일 안에".encode() * 500
    assert files[1].get_payload(decode=True) == png()
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines()[0] == "첨부를 봐 주세요"
    assert "[안내.png]" not in body.get_content()


def test_limits_are_told_before_and_kept(cast: Cast, account: ChannelAccount, sink: Sink, settings: Any):
    settings.MAIL_FILES_MAX_BYTES = 1024 * 1024
    ticket = asked_by_mail(account)
    page = page_of(cast.agent, ticket)
    assert 'data-most-together="1048576"' in page
    big, more = (put(cast.agent, ticket, f"{n}.txt", b"a" * 600_000).json()["id"] for n in range(2))
    refused = reply(cast.agent, ticket, big, more)
    assert refused.status_code == 422
    assert "1MB" in refused.content.decode().replace(" ", "")
    assert not Event.objects.filter(author="agent").exists()
    assert reply(cast.agent, ticket, big).status_code == 204


def test_where_no_mail_goes_out_no_file_is_taken(cast: Cast, account: ChannelAccount, settings: Any):
    settings.SENDS_MAIL = False
    ticket = asked_by_mail(account)
    assert put(cast.agent, ticket).status_code == 422
    assert "data-upload-url" not in page_of(cast.agent, ticket)


def test_a_file_that_is_lost_fails_the_mail_and_says_so(cast: Cast, account: ChannelAccount, sink: Sink, media: Path):
    ticket = asked_by_mail(account)
    reply(cast.agent, ticket, put(cast.agent, ticket).json()["id"])
    for file in on_disk(media):
        file.unlink()
    work(cast)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.cause) == (Delivery.State.FAILED, "file_lost")
    assert sink.seen == []


def test_the_files_of_an_answer_are_of_its_conversation(cast: Cast, account: ChannelAccount):
    ticket = asked_by_mail(account)
    raw = letter_with(("사진.png", png())).replace(b"Subject:", b"References: <first@mail.example>\nSubject:")
    comes_in(account, raw)
    found = Attachment.objects.get()
    assert (found.thread, found.is_from_customer) == (ticket.thread, True)
    assert found.public_id.hex in page_of(cast.agent, ticket).replace("-", "")
