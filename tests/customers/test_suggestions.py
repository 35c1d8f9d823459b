"""Deciding who is who over HTTP: side by side, accept, dismiss, undo."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.test import Client

from accounts.models import AuditEntry
from customers.models import Customer, Event, Merge, MergeSuggestion
from tests import cast
from tests.customers.counter_people import logged_in, sale, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> cast.Cast:
    return cast.make_organization()


@pytest.fixture
def suggestion(house: cast.Cast) -> MergeSuggestion:
    tell(
        house.organization,
        sale({"phone": "010-0000-1111", "name": "한사람"}, item="장갑"),
        sale({"member_no": "M-77", "name": "한사람이"}, item="모자"),
        sale({"phone": "010-0000-1111", "member_no": "M-77"}, item="양말"),
    )
    return MergeSuggestion.objects.get()


@pytest.fixture
def lead(house: cast.Cast) -> Client:
    return logged_in(house.lead)


def test_it_is_listed_and_compared(lead: Client, suggestion: MergeSuggestion) -> None:
    html = lead.get("/customers/suggestions/").content.decode()
    assert f"/customers/suggestions/{suggestion.public_id}/" in html
    compared = lead.get(f"/customers/suggestions/{suggestion.public_id}/").content.decode()
    for told in ("한사람", "010-0000-1111", "M-77", "장갑", "모자"):
        assert told in compared
    assert AuditEntry.objects.filter(action="customers.view").count() == 2
    assert (
        f"/customers/suggestions/{suggestion.public_id}/"
        in lead.get(f"/customers/{suggestion.first.public_id}/").content.decode()
    )


def test_accepting_merges_once_and_undoing_parts_exactly(lead: Client, suggestion: MergeSuggestion) -> None:
    before = list(Customer.objects.order_by("id").values())
    address = f"/customers/suggestions/{suggestion.public_id}/accept/"
    page = f"/customers/{suggestion.first.public_id}/"
    assert lead.post(address)["Location"] == page
    assert lead.post(address).status_code == HTTPStatus.NOT_FOUND, "both are one by now"
    suggestion.refresh_from_db()
    suggestion.second.refresh_from_db()
    assert suggestion.status == MergeSuggestion.Status.ACCEPTED
    assert suggestion.second.merged_into == suggestion.first
    assert Event.objects.filter(type="customer.merged").count() == 1
    html = lead.get(page).content.decode()
    undo = f"{page}unmerge/{suggestion.second.public_id}/"
    assert undo in html

    assert lead.post(undo).status_code == HTTPStatus.FOUND
    parted = list(Customer.objects.order_by("id").values())
    ours = {"merged_into_id", "name", "spent_hundredths", "sale_count", "is_anonymous"}
    assert [{key: row[key] for key in ours} for row in parted] == [{key: row[key] for key in ours} for row in before]
    assert not Merge.objects.filter(is_active=True).exists()
    assert lead.post(undo).status_code == HTTPStatus.NOT_FOUND
    assert [entry.action for entry in AuditEntry.objects.filter(action__contains="merge").order_by("id")] == [
        "customers.merge",
        "customers.unmerge",
    ]


def test_dismissing_keeps_them_two(lead: Client, house: cast.Cast, suggestion: MergeSuggestion) -> None:
    address = f"/customers/suggestions/{suggestion.public_id}/dismiss/"
    for _twice in range(2):
        assert lead.post(address)["Location"] == "/customers/suggestions/"
    suggestion.refresh_from_db()
    assert (suggestion.status, suggestion.decided_by) == (MergeSuggestion.Status.DISMISSED, house.lead.email)
    assert AuditEntry.objects.filter(action="customers.dismiss_suggestion").count() == 1
    tell(house.organization, sale({"phone": "010-0000-1111", "member_no": "M-77"}))
    assert MergeSuggestion.objects.filter(status=MergeSuggestion.Status.OPEN).count() == 0


def test_others_decide_nothing(house: cast.Cast, suggestion: MergeSuggestion) -> None:
    for person in (house.store_staff, cast.make_other_organization().owner):
        client = logged_in(person)
        for act in ("", "accept/", "dismiss/"):
            address = f"/customers/suggestions/{suggestion.public_id}/{act}"
            response = client.post(address) if act else client.get(address)
            assert response.status_code == HTTPStatus.NOT_FOUND
    suggestion.refresh_from_db()
    assert suggestion.status == MergeSuggestion.Status.OPEN


def test_no_suggestions_says_so(lead: Client) -> None:
    assert lead.get("/customers/suggestions/").status_code == HTTPStatus.OK
