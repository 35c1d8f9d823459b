"""What was sold, by its currency: the profile's sum, the same counted anew, and the dashboard's say the same."""

from __future__ import annotations

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client

from channels_app.intake import receive
from customers.actions.summaries import rebuild_summaries
from customers.models import Customer, Event
from kpi.queries.sales import sales_by_day
from tests.cast import Cast, make_organization
from tests.channels_app.envelopes import AT, TILL, sale

DAY, NEXT = date(2026, 11, 2), date(2026, 11, 3)
TOLD = [
    sale("s1", total=10_000),
    sale("s2", total=2_000, currency="KRW", minutes=1),
    sale("s3", total=3_000, currency="krw", minutes=2),
    sale("s4", total=50, currency="usd", minutes=3),
    sale("s5", total=7, currency="USD", minutes=4),
]


@pytest.fixture
def cast(db: None) -> Cast:
    return make_organization()


def spent(cast: Cast) -> int:
    return Customer.objects.get(organization=cast.organization).spent_hundredths


@pytest.mark.parametrize(("currency", "units", "n"), [("KRW", 15_000, 3), ("USD", 57, 2), ("EUR", 0, 0)])
def test_only_its_own_currency_is_summed(cast: Cast, currency: str, units: int, n: int):
    cast.organization.currency = currency
    cast.organization.save()
    receive(cast.organization, TOLD, sender=TILL, at=AT)
    sold = sales_by_day(cast.organization, DAY, NEXT, {})
    assert {day: (told.n, told.hundredths) for day, told in sold.items()} == ({DAY: (n, units * 100)} if n else {})
    assert spent(cast) == units * 100
    rebuild_summaries([Customer.objects.get().pk], currency=currency)
    assert spent(cast) == units * 100


def test_sales_of_before_are_known_by_their_currency(cast: Cast):
    """As they lay before their currency stood beside them."""
    receive(cast.organization, TOLD, sender=TILL, at=AT)
    now = list(Event.objects.order_by("pk").values_list("qualifier", flat=True))
    Event.objects.update(qualifier="")
    import_module("customers.migrations.0011_sum_sales_in_their_index").name_foreign_currencies(apps, None)
    assert list(Event.objects.order_by("pk").values_list("qualifier", flat=True)) == now == ["", "", "", "USD", "USD"]


def test_a_receipt_is_shown_in_the_currency_it_was_told_in(cast: Cast):
    """An organization that counts in dollars is told of won where a sale names nothing, as the API says."""
    cast.organization.currency = "USD"
    cast.organization.save()
    receive(cast.organization, TOLD, sender=TILL, at=AT)
    client = Client()
    client.force_login(cast.owner, backend="accounts.backends.PersonBackend")
    page = client.get(f"/customers/{Customer.objects.get().public_id}/").content.decode()
    assert "10,000원" in page
    assert "$50.00" in page
