"""The lines that are drawn without a template escape what customers and agents have written."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import Customer
from tests import cast
from tests.customers.counter_people import sale, says, tell
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

HOSTILE = "<img src=x onerror=alert(1)>\"'&"


@pytest.fixture
def house() -> cast.Cast:
    return cast.make_organization()


def test_a_name_in_the_list(house: cast.Cast, client: Client):
    tell(house.organization, sale({"phone": "010-0000-5678", "name": HOSTILE}))
    client.force_login(house.agent)
    for place in ("counter", "customers"):
        html = client.post(reverse("customers:search"), {"q": "5678", "place": place}).content.decode()
        assert "&lt;img src=x onerror=alert(1)&gt;&quot;&#x27;&amp;" in html
        assert "<img" not in html


def test_words_in_the_timeline(house: cast.Cast, client: Client):
    tell(house.organization, says("t", HOSTILE, {"phone": "010-0000-5678"}))
    customer = Customer.objects.get()
    client.force_login(house.agent)
    html = client.get(reverse("customers:timeline", args=[customer.public_id])).content.decode()
    assert "&lt;img src=x onerror=alert(1)&gt;&quot;&#x27;&amp;" in html
    assert "<img" not in html


def test_only_a_channel_we_know_is_marked(house: cast.Cast, client: Client):
    tell(house.organization, says("t", "안녕하세요", {"phone": "010-0000-5678"}))
    address = reverse("customers:timeline", args=[Customer.objects.get().public_id])
    client.force_login(house.agent)
    html = client.get(address, {"channel": "chat"}).content.decode()
    assert (
        f'href="{address}?channel=chat" class="btn btn-sm h-9 shrink-0 rounded-full btn-neutral" aria-current="true"'
        in html
    )
    assert html.count('aria-current="true"') == 1
    assert '"><script>' not in client.get(address, {"channel": '"><script>'}).content.decode()


def test_receipts_and_tickets(house: cast.Cast, client: Client):
    items = [
        {"name": f"{HOSTILE}{n}", "quantity": n + 1, "unit_price": 1000, "amount": 1000 * n + 1000} for n in range(5)
    ]
    bought = sale({"phone": "010-0000-5678"})
    bought["data"] |= {"items": items, "total": 15000}
    tell(house.organization, bought, says("t", HOSTILE, {"phone": "010-0000-5678"}))
    address = reverse("customers:detail", args=[Customer.objects.get().public_id])
    client.force_login(house.agent)
    html = client.get(address).content.decode()
    assert html.count("&lt;img src=x onerror=alert(1)&gt;&quot;&#x27;&amp;") >= 4
    assert "<img src=x" not in html
    assert "× 4" in html
    assert "× 5" not in html
    assert "모두 5개 품목" in html
    assert f'href="{reverse("tickets:detail", args=[Ticket.objects.get().public_id])}"' in html
    client.force_login(house.store_staff)
    assert "/inbox/" not in client.get(address).content.decode()
