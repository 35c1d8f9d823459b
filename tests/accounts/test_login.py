"""Logging in and staying in: passwords, the lock, two steps, idle sessions, language."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from tests import cast

pytestmark = pytest.mark.django_db
BACKEND = "accounts.backends.PersonBackend"


def _log_in(client: Client, email: str, password: str = cast.PASSWORD) -> int:
    return client.post("/accounts/login/", {"login": email, "password": password}).status_code


def _actions(family: cast.Cast) -> list[str]:
    entries = AuditEntry.objects.filter(organization=family.organization, action__startswith="accounts.lo")
    return list(entries.order_by("sequence").values_list("action", flat=True))


def _confirm(client: Client) -> None:
    """Before the second factor is touched, the password is asked again."""
    assert client.post(reverse("account_reauthenticate"), {"password": cast.PASSWORD}).status_code == 302


def _code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()))))


@pytest.mark.parametrize(("who", "lands_on"), [("owner", "/kpi/"), ("agent", "/inbox/"), ("store_staff", "/counter/")])
def test_each_role_lands_where_it_works(client: Client, who: str, lands_on: str) -> None:
    family = cast.make_organization()
    assert _log_in(client, family.people[who].email.upper()) == 302
    assert client.get("/")["Location"] == lands_on
    assert _actions(family) == ["accounts.login"]


def test_the_operator_lands_in_the_admin(client: Client) -> None:
    operator = cast.make_operator()
    cast.make_organization()
    assert _log_in(client, operator.email) == 302
    assert client.get("/")["Location"] == "/admin/"
    assert client.get("/admin/accounts/auditentry/").status_code == 200
    assert client.get("/admin/accounts/auditentry/add/").status_code == 403


def test_nobody_signs_up(client: Client) -> None:
    cast.make_organization()
    for path in ("/accounts/signup/", "/accounts/password/reset/", "/accounts/email/"):
        assert client.get(path).status_code == 404


def test_wrong_passwords_lock_for_a_while_and_say_so(client: Client) -> None:
    family = cast.make_organization()
    for _attempt in range(4):
        assert _log_in(client, family.agent.email, "wrong") == 200
    response = client.post("/accounts/login/", {"login": family.agent.email.upper(), "password": "wrong"})
    assert response.status_code == 429
    assert int(response["Retry-After"]) in (840, 900)
    assert response.context["minutes"] in (14, 15)
    assert _log_in(client, family.agent.email) == 429, "the right password waits too"
    assert _log_in(client, family.lead.email) == 302, "the neighbour is not locked out"
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=16)):
        assert _log_in(Client(), family.agent.email) == 302
    assert _actions(family).count("accounts.login_failed") >= 4
    assert "accounts.lockout" in _actions(family)


def test_an_unknown_e_mail_gets_the_same_answer(client: Client) -> None:
    family = cast.make_organization()
    known = client.post("/accounts/login/", {"login": family.agent.email, "password": "wrong"})
    unknown = client.post("/accounts/login/", {"login": "nobody@haneul.example", "password": "wrong"})
    assert known.status_code == unknown.status_code == 200
    assert known.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()


def test_two_steps(client: Client) -> None:
    family = cast.make_organization()
    _log_in(client, family.owner.email)
    _confirm(client)
    page = client.get(reverse("mfa_activate_totp"))
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    secret = page.context["form"].secret
    assert client.post(reverse("mfa_activate_totp"), {"code": "000000"}).status_code == 200
    assert client.post(reverse("mfa_activate_totp"), {"code": _code(secret)}).status_code == 302
    stored = Authenticator.objects.get(user=family.owner, type="totp").data["secret"]
    assert secret not in stored, "a stolen database must not give the second factor away"

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2)):
        later = Client()
        response = later.post("/accounts/login/", {"login": family.owner.email, "password": cast.PASSWORD})
        assert response["Location"] == reverse("mfa_authenticate")
        assert later.get("/settings/").status_code == 302, "a password alone opens nothing"
        assert later.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
        assert later.post(reverse("mfa_authenticate"), {"code": _code(secret)}).status_code == 302
        assert later.get("/settings/").status_code == 200
        assert "reauthenticate" in later.get(reverse("mfa_deactivate_totp"))["Location"]
        _confirm(later)
        assert later.post(reverse("mfa_deactivate_totp"))["Location"] == reverse("accounts:profile")
    assert not Authenticator.objects.filter(user=family.owner, type="totp").exists()
    kept = AuditEntry.objects.filter(action__contains="second_factor").order_by("sequence")
    assert [entry.action for entry in kept] == [
        "accounts.person.add_second_factor",
        "accounts.person.remove_second_factor",
    ]


def test_an_owner_switches_off_a_lost_second_factor(client: Client) -> None:
    family = cast.make_organization()
    Authenticator.objects.create(user=family.agent, type="totp", data={"secret": generate_totp_secret()})
    client.force_login(family.owner, backend=BACKEND)
    url = reverse("accounts:person_remove_second_factor", args=[family.agent.public_id])
    for _attempt in range(2):
        assert client.post(url).status_code == 302
    assert not Authenticator.objects.filter(user=family.agent).exists()
    assert AuditEntry.objects.filter(action="accounts.person.remove_second_factor").count() == 1


def test_changing_the_own_password(client: Client) -> None:
    family = cast.make_organization()
    _log_in(client, family.agent.email)
    wanted = {"oldpassword": cast.PASSWORD, "password1": "another-lantern-7", "password2": "another-lantern-7"}
    url = reverse("account_change_password")
    assert client.post(url, wanted | {"oldpassword": "wrong"}).status_code == 200
    assert client.post(url, wanted | {"password1": "short", "password2": "short"}).status_code == 200
    assert client.post(url, wanted)["Location"] == reverse("accounts:profile")
    assert client.get(reverse("accounts:profile")).status_code == 200, "the own session goes on"
    assert _log_in(Client(), family.agent.email, "another-lantern-7") == 302
    assert AuditEntry.objects.filter(action="accounts.person.change_password", by=family.agent).count() == 1


def test_a_session_nobody_uses_ends(client: Client) -> None:
    family = cast.make_organization()
    start = datetime.now(UTC)
    with time_machine.travel(start, tick=False) as clock:
        _log_in(client, family.agent.email)
        client.get(reverse("accounts:profile"))
        clock.move_to(start + timedelta(minutes=110))
        assert client.get(reverse("accounts:profile")).status_code == 200
        clock.move_to(start + timedelta(minutes=220))
        assert client.get(reverse("accounts:profile")).status_code == 200, "use keeps it open"
        clock.move_to(start + timedelta(minutes=220 + 121))
        assert client.get(reverse("accounts:profile")).status_code == 302


def test_a_visitor_chooses_a_language_and_a_person_keeps_it(client: Client) -> None:
    family = cast.make_organization()
    assert 'lang="ko"' in client.get("/accounts/login/").content.decode()
    client.post("/language/", {"language": "en", "next": "/accounts/login/"})
    assert 'lang="en"' in client.get("/accounts/login/").content.decode()
    _log_in(client, family.agent.email)
    client.post("/language/", {"language": "ko", "next": "/profile/"})
    family.agent.refresh_from_db()
    assert family.agent.language == "ko"
    assert 'lang="ko"' in client.get("/profile/").content.decode()


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_the_language_switch_leads_nowhere_else(client: Client, target: str) -> None:
    assert client.post("/language/", {"language": "en", "next": target})["Location"] == "/"
    assert client.post("/language/", {"language": "xx", "next": "/"}).status_code == 302


def test_logging_out_is_kept(client: Client) -> None:
    family = cast.make_organization()
    _log_in(client, family.agent.email)
    assert client.get("/accounts/logout/").status_code == 200
    assert client.post("/accounts/logout/").status_code == 302
    assert client.get("/profile/").status_code == 302
    assert _actions(family) == ["accounts.login", "accounts.logout"]
