"""The audit trail on the screen: filters, pages, export with a reason, review and sign-off."""

import csv
import io
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts import actions, audit
from accounts.models import AuditEntry, AuditReview
from tests import cast

pytestmark = pytest.mark.django_db
BACKEND = "accounts.backends.PersonBackend"
LOG = "/settings/audit/"


@pytest.fixture
def family(client: Client) -> cast.Cast:
    family = cast.make_organization()
    client.force_login(family.owner, backend=BACKEND)
    return family


def _shown(client: Client, **query: str) -> list[str]:
    return [entry.action for entry in client.get(LOG, query).context["page"].entries]


def test_filters(client: Client, family: cast.Cast) -> None:
    customer = uuid4()
    at = datetime(2026, 3, 31, 15, 30, tzinfo=UTC)  # 1 April in Seoul
    audit.record(family.organization, by=family.agent, action="customers.view", customer_id=customer, at=at)
    audit.record(family.organization, by=family.lead, action="customers.export", reason="요청", at=at)
    assert _shown(client, customer=str(customer)) == ["customers.view"]
    assert _shown(client, person=str(family.lead.public_id)) == ["customers.export"]
    assert _shown(client, action="accounts.center.create") == ["accounts.center.create"] * 2
    assert _shown(client, from_date="2026-04-01", to_date="2026-04-01") == ["customers.export", "customers.view"]
    assert _shown(client, from_date="2026-03-31", to_date="2026-03-31") == []
    assert client.get(LOG, {"customer": "nonsense"}).status_code == 422


def test_people_of_others_cannot_be_filtered_by(client: Client, family: cast.Cast) -> None:
    others = cast.make_other_organization()
    assert client.get(LOG, {"person": str(others.agent.public_id)}).status_code == 422


def test_pages_follow_a_cursor(client: Client, family: cast.Cast) -> None:
    for number in range(70):
        audit.record(family.organization, by=family.agent, action=f"tests.{number}")
    first = client.get(LOG).context
    second = client.get(first["next_url"], headers={"HX-Request": "true"})
    assert len(first["page"].entries) == 50
    assert "<html" not in second.content.decode()
    sequences = [entry.sequence for page in (first, second.context) for entry in page["page"].entries]
    assert sequences == sorted(sequences, reverse=True)
    assert len(set(sequences)) == AuditEntry.objects.filter(organization=family.organization).count()


def test_export_asks_why_and_is_itself_kept(client: Client, family: cast.Cast) -> None:
    audit.record(family.organization, by=family.agent, action="tests.formula", obj="=HYPERLINK(1)", reason="사유")
    url = reverse("accounts:audit_export")
    assert client.post(url, {"reason": ""}).status_code == 422
    assert not AuditEntry.objects.filter(action="accounts.audit.export").exists()
    response = client.post(url, {"reason": "감사 자료"})
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[1]["object"] == "'=HYPERLINK(1)"
    assert rows[1]["reason"] == "사유"
    entry = AuditEntry.objects.get(action="accounts.audit.export")
    assert (entry.reason, entry.by) == ("감사 자료", family.owner)


def test_a_month_is_reviewed_and_signed_off_once(client: Client, family: cast.Cast) -> None:
    with time_machine.travel(datetime(2026, 3, 10, tzinfo=UTC)):
        audit.record(family.organization, by=family.agent, action="customers.export", reason="고객 요청")
    url = reverse("accounts:audit_review", args=["2026-03"])
    with time_machine.travel(datetime(2026, 3, 31, 14, 59, tzinfo=UTC)):
        client.force_login(family.owner, backend=BACKEND)
        client.post(url)
        assert not AuditReview.objects.exists(), "in Seoul it is still March"
    with time_machine.travel(datetime(2026, 3, 31, 15, 1, tzinfo=UTC)):
        client.force_login(family.owner, backend=BACKEND)
        page = client.get(url)
        assert "고객 요청" in page.content.decode()
        assert ("customers.export", 1) in page.context["report"].by_action
        for note in ("특이 사항 없음", "다시"):
            assert client.post(url, {"note": note}).status_code == 302
    review = AuditReview.objects.get()
    assert (review.note, review.reviewed_by) == ("특이 사항 없음", family.owner)
    assert AuditEntry.objects.filter(action="accounts.audit.sign_off").count() == 1


def test_reviews_of_one_organization_are_not_those_of_another(client: Client, family: cast.Cast) -> None:
    others = cast.make_other_organization()
    january = datetime(2026, 1, 1, tzinfo=UTC).date()
    with time_machine.travel(datetime(2026, 3, 10, tzinfo=UTC)):
        actions.sign_off_audit_month(
            others.organization, month_date=january, by=others.owner, at=datetime.now(UTC), note="남의 메모"
        )
        client.force_login(family.owner, backend=BACKEND)
        assert "남의 메모" not in client.get(reverse("accounts:audit_review", args=["2026-01"])).content.decode()
        months = client.get(reverse("accounts:audit_reviews")).context["months"]
    assert all(month.review is None for month in months)


@pytest.mark.parametrize("month", ["2026-13", "nonsense", "2999-01", "0000-00"])
def test_no_such_month(client: Client, family: cast.Cast, month: str) -> None:
    assert client.get(f"/settings/audit/reviews/{month}/").status_code == 404
