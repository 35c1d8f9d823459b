"""The settings screens: off by default, the first step told, texts with their preview, clear words for what cannot be."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEntry
from channels_app.sms.actions import sms_account_of
from channels_app.sms.settings import settings_of
from kpi.models import SurveyPlan, SurveySettings
from tests.cast import Cast
from tests.kpi.surveys.shops import Provider

PLAN = {
    "is_on": "on",
    "wait_minutes": "60",
    "sample_percent": "50",
    "ko_message": "[{shop}] 잘 도착했나요?",
    "ko_question": "",
    "en_message": "",
}
CAPS = {
    "days_between": "10",
    "nps_days_between": "90",
    "quiet_from": "20:00",
    "quiet_until": "09:00",
    "opens_tickets": "on",
    "low_csat": "3",
    "low_nps": "6",
    "low_ces": "2",
}


@pytest.fixture
def owner(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.owner, backend="accounts.backends.PersonBackend")
    return client


def test_off_and_what_to_do_first(owner: Client):
    page = owner.get("/settings/surveys/").content.decode()
    assert "먼저 보낼 방법을 정하세요" in page
    assert "badge-success" not in page
    assert not SurveyPlan.objects.exists()


def test_only_who_manages_channels(cast: Cast):
    for role in ("lead", "agent", "store_staff"):
        client = Client()
        client.force_login(cast.people[role], backend="accounts.backends.PersonBackend")
        for path in (
            "/settings/surveys/",
            "/settings/surveys/resolved/",
            "/settings/surveys/codes/",
            "/settings/text-messages/",
        ):
            assert client.get(path).status_code == 404


def test_an_occasion_is_set_and_audited(owner: Client):
    assert owner.get("/settings/surveys/never/").status_code == 404
    shown = owner.post("/settings/surveys/resolved/", {**PLAN, "preview": "1"})
    assert shown.status_code == 200
    assert "[하늘상회] 잘 도착했나요?" in shown.content.decode()
    assert not SurveyPlan.objects.exists()
    owner.post("/settings/surveys/resolved/", PLAN)
    plan = SurveyPlan.objects.get()
    assert (plan.is_on, plan.sample_percent, plan.texts["ko"]) == (True, 50, {"message": "[{shop}] 잘 도착했나요?"})
    assert plan.on_since is not None
    owner.post("/settings/surveys/resolved/", PLAN)
    assert AuditEntry.objects.filter(action="kpi.surveys.set_plan").count() == 1
    page = owner.get("/settings/surveys/resolved/").content.decode()
    assert "하늘상회에 얼마나 만족하셨나요?" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"sample_percent": "0"},
        {"sample_percent": "101"},
        {"wait_minutes": "61"},
        {"ko_message": "가" * 301},
        {"is_advertising": "on"},
    ],
)
def test_an_occasion_that_cannot_be(owner: Client, wrong: dict[str, str]):
    shown = owner.post("/settings/surveys/resolved/", {**PLAN, "ko_thanks": "남는 말", **wrong})
    assert shown.status_code == 422
    assert "남는 말" in shown.content.decode()
    assert not SurveyPlan.objects.exists()


def test_limits(owner: Client, cast: Cast):
    owner.post("/settings/surveys/", {**CAPS, "looked_after_by": str(cast.lead.public_id)})
    row = SurveySettings.objects.get()
    assert (row.days_between, row.low, row.looked_after_by) == (10, {"csat": 3, "nps": 6, "ces": 2}, cast.lead)
    assert (row.quiet_from.hour, row.quiet_until.hour) == (20, 9)


@pytest.mark.parametrize(
    "wrong",
    [
        {"quiet_from": "22:00"},
        {"quiet_from": "11:00"},
        {"quiet_until": "07:59"},
        {"quiet_until": "12:00"},
        {"quiet_until": "x"},
        {"low_csat": "5"},
        {"days_between": "0"},
        {"looked_after_by": "x"},
    ],
)
def test_limits_that_cannot_be(owner: Client, wrong: dict[str, Any]):
    shown = owner.post("/settings/surveys/", {**CAPS, **wrong})
    assert shown.status_code == 422
    assert not SurveySettings.objects.exists()


def test_text_messages(owner: Client, cast: Cast, provider: Provider):
    told = {"is_active": "on", "number": "02-000-0100", "provider": "webhook", "url": provider.url}
    assert owner.post("/settings/text-messages/", {**told, "url": ""}).status_code == 422
    assert owner.post("/settings/text-messages/", {**told, "number": "abc"}).status_code == 422
    assert owner.post("/settings/text-messages/", {**told, "provider": "solapi", "url": ""}).status_code == 422
    assert owner.post("/settings/text-messages/", {**told, "url": "http://10.0.0.1/"}).status_code == 422
    assert sms_account_of(cast.organization.pk) is None
    owner.post("/settings/text-messages/", told)
    account = sms_account_of(cast.organization.pk)
    assert account is not None
    secret = settings_of(account).secret
    assert (account.address, len(secret) > 30) == ("020000100", True)
    page = owner.get("/settings/text-messages/").content.decode()
    assert secret in page
    assert AuditEntry.objects.filter(action="channels.sms.view_secret").exists()
    assert secret not in str(list(AuditEntry.objects.values_list("after", flat=True)))
    owner.post("/settings/text-messages/", told)
    account.refresh_from_db()
    assert settings_of(account).secret == secret
