"""A worker killed at any moment loses no mail, and what it may have sent goes again under the same name only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from channels_app.deliveries.sending import CLAIM_SECONDS
from channels_app.hub.actions import reply_to_ticket
from channels_app.models import ChannelAccount, Delivery, DeliveryAttempt
from tests.cast import Cast
from tests.channels_app.mail.shops import asked_by_mail, letter, work
from tests.channels_app.mail.sink import Sink
from tests.hubs import same_database


def worker(cast: Cast, sink: Sink) -> subprocess.Popen[str]:
    mail = {"MAIL_URL": f"smtp://127.0.0.1:{sink.port}?tls=off"}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.channels_app.mail.dying_worker", cast.organization.slug],
        cwd=settings.BASE_DIR,
        env={**os.environ, **same_database(), **mail},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def asked(process: subprocess.Popen[str], nth: int) -> str:
    assert process.stdin
    assert process.stdout
    process.stdin.write(f"{nth}\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


def write_answers(cast: Cast, account: ChannelAccount, count: int) -> None:
    for number in range(count):
        raw = letter(message_id=f"<k{number}@mail.example>", sender=f"k{number}@mail.example")
        reply_to_ticket(asked_by_mail(account, raw), f"{number}번 답", by=cast.agent, at=timezone.now())


def test_killed_before_any_statement(cast: Cast, account: ChannelAccount, sink: Sink):
    write_answers(cast, account, 3)
    kills = 0
    with worker(cast, sink) as process:
        for nth in range(1, 60):
            if asked(process, nth) != "killed":
                break
            kills += 1
            # As if it had been long ago: the next worker takes up what this one held.
            Delivery.objects.filter(state="sending").update(
                claimed_at=timezone.now() - timedelta(seconds=CLAIM_SECONDS + 1)
            )
        assert process.stdin
        process.stdin.close()
    assert kills > 15
    while Delivery.objects.exclude(state="sent").exists():
        with time_machine.travel(timezone.now() + timedelta(hours=1), tick=True):
            work(cast)
    assert {mail["To"] for mail in sink.mails} == {f"k{number}@mail.example" for number in range(3)}
    assert set(sink.copies) == set(Delivery.objects.values_list("message_id", flat=True))
    assert not DeliveryAttempt.objects.filter(outcome="begun").exists()


@pytest.mark.parametrize("is_taken", [True, False])
def test_killed_while_the_mail_server_has_the_mail(cast: Cast, account: ChannelAccount, sink: Sink, is_taken: bool):
    write_answers(cast, account, 1)
    with worker(cast, sink) as process:

        def kill(_mail: bytes) -> None:
            children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=True)
            os.kill(int(children.stdout.split()[0]), signal.SIGKILL)
            if not is_taken:
                raise ConnectionResetError

        sink.on_content = kill
        assert asked(process, 10_000) == "killed"
        assert process.stdin
        process.stdin.close()
    delivery = Delivery.objects.get()
    assert delivery.state == "sending"
    sink.on_content = None
    assert work(cast) == 0, "until the claim has run out, the worker may be alive"
    with time_machine.travel(timezone.now() + timedelta(seconds=CLAIM_SECONDS + 1), tick=True):
        assert work(cast) == 1
    delivery.refresh_from_db()
    assert delivery.state == "sent"
    assert list(delivery.tries.order_by("number").values_list("outcome", "cause")) == [
        ("unknown", "interrupted"),
        ("sent", ""),
    ]
    assert sink.copies == {delivery.message_id: 2}, "one mail by its name, for a mail program and for her"
