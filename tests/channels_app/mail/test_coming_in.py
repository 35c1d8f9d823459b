"""Mails come in by HTTP, pipe and Maildir: once, into the conversation they answer, and answered by no machine."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from channels_app.api.actions import create_api_key
from channels_app.hub.actions import reply_to_ticket
from channels_app.models import ChannelAccount, Delivery, MailReference
from channels_app.models.api_key import Scope
from customers.models import Customer, Event, Identity
from tests.cast import SETUP, Cast, make_other_organization
from tests.channels_app.mail.shops import HELP, HERS, asked_by_mail, comes_in, letter, make_account, work
from tests.channels_app.mail.sink import Sink
from tickets.models import Ticket


@pytest.fixture
def key(cast: Cast) -> str:
    return make_key(cast, ["/seoul"])


def make_key(cast: Cast, sources: list[str], scopes: list[str] | None = None) -> str:
    scopes = scopes or [Scope.EVENTS_WRITE]
    now = timezone.now()
    return create_api_key(cast.organization, name="mx", scopes=scopes, sources=sources, by=SETUP, at=now)[1]


def handed_in(raw: bytes, key: str, *, to: str = "", kind: str = "message/rfc822") -> Any:
    return Client().post(
        f"/api/v1/mail/?to={to}" if to else "/api/v1/mail/",
        data=raw,
        content_type=kind,
        headers={"Authorization": f"Bearer {key}"},
    )


def test_a_mail_handed_in_twice_is_taken_once(cast: Cast, account: ChannelAccount, key: str):
    first, second = handed_in(letter(), key), handed_in(letter(), key)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["ticket"] == second.json()["ticket"]
    event = Event.objects.get()
    assert (event.type, event.source, event.text) == ("mail.message", "/seoul/mail", "언제 도착하나요?")
    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.center, ticket.is_waiting) == ("mail", cast.seoul, True)


def test_a_sender_is_a_claim_unless_our_own_server_vouches(cast: Cast, account: ChannelAccount):
    passing = "mx.haneul.example; dmarc=pass"
    comes_in(account, letter(message_id="<1@x>", Authentication_Results=passing))
    assert Customer.objects.get().is_anonymous or Identity.objects.get().kind == "claim"
    account.settings = {**account.settings, "vouching_server": "MX.haneul.example"}
    account.save()
    comes_in(account, letter(message_id="<2@x>", sender="a@mail.example", Authentication_Results=passing))
    comes_in(account, letter(message_id="<3@x>", sender="b@mail.example", Authentication_Results="evil; dmarc=pass"))
    spoofed = letter(
        message_id="<4@x>", sender="a@mail.example", Reply_To="thief@x.example", Authentication_Results=passing
    )
    comes_in(account, spoofed)
    assert list(Identity.objects.filter(kind="email").values_list("value", flat=True)) == ["a@mail.example"]


def test_an_answer_finds_its_conversation(cast: Cast, account: ChannelAccount, sink: Sink):
    account.settings = {**account.settings, "plus_addresses": True}
    account.save()
    ticket = asked_by_mail(account)
    reply_to_ticket(ticket, "내일이요", by=cast.agent, at=timezone.now())
    work(cast)
    (ours,) = sink.mails
    plus = str(ours["Reply-To"]).partition("<")[2].rstrip(">")
    assert plus.startswith("help+")
    comes_in(account, letter("하나", message_id="<a@x>", In_Reply_To=str(ours["Message-ID"])))
    comes_in(account, letter("둘", message_id="<b@x>", References=f"<unknown@x> {ours['Message-ID']}"))
    comes_in(account, letter("셋", message_id="<c@x>", to=plus))
    comes_in(account, letter("넷", message_id="<d@x>", References="<c@x>"))
    assert Ticket.objects.count() == 1
    assert set(Event.objects.values_list("thread", flat=True)) == {ticket.thread}
    comes_in(account, letter("같은 제목, 다른 일", message_id="<e@x>"))
    assert Ticket.objects.count() == 2


def test_another_organizations_references_lead_nowhere(cast: Cast, account: ChannelAccount, sink: Sink):
    theirs = make_other_organization()
    their_account = make_account(theirs, address="help@byeol.example")
    asked_by_mail(account)
    comes_in(their_account, letter(message_id="<z@x>", to="help@byeol.example", References="<first@mail.example>"))
    assert Ticket.objects.filter(organization=theirs.organization).count() == 1


@pytest.mark.parametrize(
    ("heads", "author"), [({"Auto_Submitted": "auto-replied"}, "bot"), ({"Precedence": "bulk"}, "customer")]
)
def test_a_machines_answer_is_marked_and_begins_no_wait(
    cast: Cast, account: ChannelAccount, sink: Sink, heads: dict[str, str], author: str
):
    ticket = asked_by_mail(account)
    reply_to_ticket(ticket, "내일이요", by=cast.agent, at=timezone.now())
    comes_in(account, letter("부재중입니다", message_id="<ooo@x>", References="<first@mail.example>", **heads))
    said = Event.objects.get(event_id__startswith="mail-", text="부재중입니다")
    assert (said.author, said.data["automatic"]) == (author, True)
    ticket.refresh_from_db()
    assert ticket.is_waiting == (author == "customer")
    assert Delivery.objects.count() == 1, "nothing answers by itself"


def test_our_own_mails_that_come_back_are_left(cast: Cast, account: ChannelAccount, sink: Sink):
    reply_to_ticket(asked_by_mail(account), "네", by=cast.agent, at=timezone.now())
    work(cast)
    assert comes_in(account, sink.taken[0]).reason == "own"
    assert comes_in(account, letter(sender=HELP, message_id="<self@x>")).reason == "own"
    assert comes_in(account, letter(sender="", message_id="<nobody@x>")).reason == "nobody"
    assert Event.objects.count() == 2


def test_files_are_named_in_the_message_and_the_page_shows_them(cast: Cast, account: ChannelAccount):
    from email import message_from_bytes
    from email.policy import default

    mail = message_from_bytes(letter(), policy=default)
    mail.add_attachment(b"x", maintype="application", subtype="pdf", filename="영수증.pdf")
    ticket = asked_by_mail(account, mail.as_bytes())
    client = Client()
    client.force_login(cast.agent, backend="accounts.backends.PersonBackend")
    assert "영수증.pdf" in client.get(f"/inbox/{ticket.public_id}/").content.decode()


@pytest.mark.parametrize(
    ("raw", "kind", "status", "problem"),
    [
        (b"hello", "message/rfc822", 422, "not-a-mail"),
        (letter(), "application/json", 422, "not-a-mail"),
        (letter(to="nobody@haneul.example"), "message/rfc822", 422, "no-such-mailbox"),
    ],
)
def test_what_cannot_be_taken_says_why(
    cast: Cast, account: ChannelAccount, key: str, raw: bytes, kind: str, status: int, problem: str
):
    response = handed_in(raw, key, kind=kind)
    assert (response.status_code, response.json()["type"]) == (status, f"/problems/{problem}")
    assert Event.objects.count() == 0


def test_a_key_of_elsewhere_opens_nothing(cast: Cast, account: ChannelAccount):
    theirs = make_other_organization()
    assert handed_in(letter(), make_key(theirs, ["/seoul"])).status_code == 422
    assert handed_in(letter(), make_key(cast, ["/busan"])).status_code == 403
    assert handed_in(letter(), make_key(cast, ["/seoul"], [Scope.EVENTS_READ])).status_code == 403
    assert handed_in(letter(), "cx_wrong").status_code == 401
    assert Event.objects.count() == 0
    assert MailReference.objects.count() == 0


def test_whom_it_was_handed_over_for_counts_first(cast: Cast, account: ChannelAccount, key: str):
    raw = letter(to="list@elsewhere.example")
    assert handed_in(raw, key).status_code == 422
    assert handed_in(raw, key, to=HELP).status_code == 201


def test_by_pipe(cast: Cast, account: ChannelAccount, monkeypatch: pytest.MonkeyPatch):
    def pipe(raw: bytes, **options: str) -> str:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
        out = io.StringIO()
        call_command("take_mail", organization="haneul", stdout=out, **options)
        return out.getvalue().strip()

    assert [pipe(letter()), pipe(letter())] == ["created", "duplicate"]
    for raw, code in ((b"x", 65), (letter(to="nobody@haneul.example"), 67)):
        with pytest.raises(CommandError) as refused:
            pipe(raw)
        assert refused.value.returncode == code


def test_from_a_maildir(cast: Cast, account: ChannelAccount, tmp_path: Path):
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    (tmp_path / "new" / "1").write_bytes(letter())
    (tmp_path / "new" / "2").write_bytes(b"no mail")
    for _time in range(2):
        call_command(
            "take_mail", organization="haneul", maildir=str(tmp_path), stdout=io.StringIO(), stderr=io.StringIO()
        )
    assert os.listdir(tmp_path / "new") == ["2"]
    assert Event.objects.count() == 1


def test_the_address_that_answers_is_hers(cast: Cast, account: ChannelAccount, sink: Sink):
    ticket = asked_by_mail(account, letter(Reply_To="other@mail.example"))
    reply_to_ticket(ticket, "네", by=cast.agent, at=timezone.now())
    assert Delivery.objects.get().recipient == "other@mail.example" != HERS
