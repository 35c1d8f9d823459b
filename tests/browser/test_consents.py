"""Writing down a consent in a real browser: two presses, shown at once, at the counter and on the customer's page."""

from __future__ import annotations

import pytest

from customers.models import Customer, Event
from tests import cast
from tests.browser.desk import until
from tests.browsers import PageOpener
from tests.customers.counter_people import SEOYEON, sale, tell


@pytest.fixture
def house(transactional_db: None) -> cast.Cast:
    return cast.make_organization()


@pytest.fixture
def customer(house: cast.Cast) -> Customer:
    tell(house.organization, sale(SEOYEON))
    return Customer.objects.get()


def test_two_presses_write_it_down_and_two_take_it_back(
    open_page: PageOpener, house: cast.Cast, customer: Customer
) -> None:
    page = open_page(f"/counter/{customer.public_id}/", person=house.store_staff, width=1024)
    page.locator("[data-consent=sms]").click()
    page.get_by_role("button", name="동의함").click()
    page.locator("[data-consent=sms]", has_text="계산대에서").wait_for()
    assert page.locator("dialog[open]").count() == 0
    event = Event.objects.get(type="consent.given")
    assert (event.data["media"], event.data["how"]) == (["sms"], "counter")
    page.locator("#consent-ledger summary").click()
    desk = open_page(f"/customers/{customer.public_id}/", person=house.agent)
    desk.locator("[data-consent=sms]").click()
    desk.get_by_role("button", name="철회").click()
    desk.locator("[data-consent=sms]", has_text="전화로").wait_for()
    # The other page hears of it by itself.
    page.locator("[data-consent=sms]", has_text="철회").wait_for()
    # Who reads the ledger goes on reading.
    page.locator("[data-consent-ledger]:visible", has_text="철회").wait_for()
    until(lambda: Event.objects.filter(type="consent.withdrawn").count() == 1)


def test_what_is_missing_is_told_in_the_dialog(open_page: PageOpener, house: cast.Cast, customer: Customer) -> None:
    page = open_page(f"/customers/{customer.public_id}/", person=house.agent, width=390)
    page.locator("[data-consent=mail]").click()
    page.get_by_role("checkbox", name="메일").uncheck()
    page.get_by_role("button", name="동의함").click()
    page.get_by_text("어떤 방법으로 받을지 고르세요.").wait_for()
    assert page.locator("dialog[open]").count() == 1
    assert not Event.objects.filter(type="consent.given").exists()
    # The browser writes each refused form down; this one was meant.
    open_page.close(forgiving=("422",))
