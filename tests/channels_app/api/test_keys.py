"""Who is let in: scopes, sources, end of a key, its rate, and what is noted of its use."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils.timezone import now

from accounts.models import AuditEntry
from accounts.policies import NotAllowed
from channels_app.api.actions import ApiKeyRefusal, create_api_key, revoke_api_key
from channels_app.models import ApiKey, RefusedEvent
from customers.models import Event
from tests.cast import SETUP, Cast
from tests.channels_app.api.conftest import Caller, MakeCaller
from tests.channels_app.envelopes import sale


def test_the_key_itself_is_stored_nowhere(cast: Cast) -> None:
    key, secret = create_api_key(
        cast.organization, name="till", scopes=["events:write"], sources=["/seoul"], by=cast.owner, at=now()
    )
    row = ApiKey.objects.filter(pk=key.pk).values().get()
    assert secret not in str(row)
    assert row["shown_prefix"] == secret[:8]
    entry = AuditEntry.objects.latest("pk")
    assert entry.action == "channels.api_key.create"
    assert secret not in str(entry.after)


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer ", "Bearer cx_unknown", "Basic eDp5", "Bearer " + "x" * 5000, "Bearer \udc80"],
)
def test_every_wrong_key_is_answered_alike(cast: Cast, authorization: str) -> None:
    caller = Caller("")
    caller.headers = {"authorization": authorization.encode("utf-8", "replace").decode()} if authorization else {}
    answer = caller.post(sale("s1"))
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["type"] == "/problems/unauthorized"


def test_a_revoked_key_opens_nothing(caller: Caller, cast: Cast) -> None:
    key = ApiKey.objects.get()
    assert caller.post(sale("s1")).status_code == 201
    assert revoke_api_key(key, by=cast.owner, at=now())
    assert not revoke_api_key(key, by=cast.owner, at=now())
    assert caller.post(sale("s2")).status_code == 401
    assert AuditEntry.objects.filter(action="channels.api_key.revoke").count() == 1


def test_a_key_that_ended_elsewhere_opens_nothing_either(caller: Caller, cast: Cast) -> None:
    """What this process remembers of a key is older than what another one has just done to it."""
    key = ApiKey.objects.get()
    assert caller.post([sale("s1")]).status_code == 207
    ApiKey.objects.filter(pk=key.pk).update(revoked_at=now())
    for answer in (caller.post(sale("s2")), caller.post([sale("s3")]), caller.get(), caller.get("/api/v1/customers/")):
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Bearer"
        assert answer["Content-Type"] == "application/problem+json"
    assert list(Event.objects.values_list("event_id", flat=True)) == ["s1"]
    assert not RefusedEvent.objects.exists()
    ApiKey.objects.filter(pk=key.pk).update(revoked_at=None, expires_at=now())
    assert caller.post(sale("s4")).status_code == 401


def test_a_key_ends_when_it_expires(make_caller: MakeCaller) -> None:
    at = now()
    caller = make_caller(expires_at=at + timedelta(days=30))
    assert caller.post(sale("s1")).status_code == 201
    with time_machine.travel(at + timedelta(days=30), tick=False):
        assert caller.post(sale("s2")).status_code == 401


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [("events:write", {"post"}), ("events:read", {"read"}), ("customers:read", {"look"}), ("kpi:read", set())],
)
def test_a_key_does_what_its_scopes_say(make_caller: MakeCaller, scope: str, allowed: set[str]) -> None:
    caller = make_caller(scopes=[scope])
    answers = {
        "post": caller.post(sale("s1")),
        "read": caller.get(),
        "look": caller.get("/api/v1/customers/", phone="010-0000-5678"),
    }
    for act, answer in answers.items():
        if act in allowed:
            assert answer.status_code in (200, 201)
        else:
            assert answer.status_code == 403
            assert answer.json()["type"] == "/problems/scope-not-allowed"
    assert Event.objects.exists() == ("post" in allowed)


def test_a_source_covers_itself_and_the_paths_below_it(make_caller: MakeCaller) -> None:
    caller = make_caller(sources=["/seoul/pos"])
    told = [
        {**sale(str(n)), "source": source}
        for n, source in enumerate(["/seoul/pos", "/seoul/pos/1", "/seoul/pos2", "/seoul", "/seoul/pos/../call"])
    ]
    assert [one["status"] for one in caller.post(told).json()] == [
        "created",
        "created",
        "refused",
        "refused",
        "refused",
    ]


def test_use_is_noted_at_most_once_a_minute(caller: Caller) -> None:
    at = now()
    with time_machine.travel(at, tick=False):
        caller.get()
    with time_machine.travel(at + timedelta(seconds=30), tick=False):
        caller.get()
    assert ApiKey.objects.get().last_used_at == at
    with time_machine.travel(at + timedelta(seconds=61), tick=False):
        caller.get()
    assert ApiKey.objects.get().last_used_at == at + timedelta(seconds=61)


def test_retry_after_is_true(make_caller: MakeCaller) -> None:
    caller = make_caller(events_per_minute=30)
    answers = (caller.post(sale(f"s{number}")) for number in range(100))
    refused = next(answer for answer in answers if answer.status_code != 201)
    assert refused.status_code == 429
    assert refused.json()["type"] == "/problems/rate-limited"
    seconds = int(refused["Retry-After"])
    assert 0 < seconds <= 2
    assert str(seconds) in refused.json()["detail"]
    taken = Event.objects.count()
    time.sleep(seconds)
    assert caller.post(sale("later")).status_code == 201
    assert Event.objects.count() == taken + 1


def test_a_batch_above_the_limit_passes_once_it_is_full(make_caller: MakeCaller) -> None:
    caller = make_caller(events_per_minute=5)
    assert caller.post([sale(f"a{number}") for number in range(20)]).status_code == 207
    refused = caller.post([sale(f"b{number}") for number in range(20)])
    assert refused.status_code == 429
    assert 50 <= int(refused["Retry-After"]) <= 60


def test_a_lifted_limit_limits_nothing(make_caller: MakeCaller) -> None:
    limited, free = make_caller(events_per_minute=1), make_caller(events_per_minute=None)
    assert [limited.get().status_code for _ in range(2)] == [200, 429]
    assert {free.get().status_code for _ in range(20)} == {200}


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["all"]}, "scopes"),
        ({"sources": []}, "sources"),
        ({"sources": ["seoul"]}, "sources"),
        ({"sources": ["/"]}, "sources"),
        ({"sources": ["/seoul pos"]}, "sources"),
        ({"sources": ["/hub"]}, "sources"),
        ({"sources": ["/hub/desk"]}, "sources"),
        ({"expires_at": now() - timedelta(days=1)}, "days"),
    ],
)
def test_a_key_that_makes_no_sense_is_not_made(cast: Cast, told: dict[str, Any], field: str) -> None:
    how = {"scopes": ["events:write"], "sources": ["/seoul"], **told}
    with pytest.raises(ApiKeyRefusal) as refusal:
        create_api_key(cast.organization, name="x", by=SETUP, at=now(), **how)
    assert refusal.value.field == field
    assert str(refusal.value)
    assert not ApiKey.objects.exists()


def test_who_may_not_manage_channels_makes_no_key(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        create_api_key(cast.organization, name="x", scopes=["events:read"], sources=[], by=cast.lead, at=now())


def test_the_command_prints_the_key_alone(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_api_key", "--organization", "haneul", "--scope", "events:write", "--source", "/seoul/pos")
    secret = capsys.readouterr().out
    assert secret.startswith("cx_")
    assert secret.count("\n") == 1
    assert Caller(secret.strip()).post(sale("s1")).status_code == 201
    with pytest.raises(CommandError):
        call_command("create_api_key", "--organization", "nobody", "--scope", "events:read")
