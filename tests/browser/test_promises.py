"""A promise in a real browser: given by keyboard, on the customer's head at once, kept at the counter, gone everywhere."""

from __future__ import annotations

import pytest

from customers.models import Promise
from tests.browser.desk import opened, until
from tests.browsers import PageOpener
from tests.cast import Cast, make_organization
from tests.tickets.conversations import chat


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_organization()


def test_given_at_the_desk_and_kept_at_the_counter(open_page: PageOpener, cast: Cast):
    ticket = chat(cast.organization, "a", ago=5)
    page = opened(open_page, cast, ticket)
    page.keyboard.press("y")
    dialog = page.locator("[data-act-dialog][open]")
    dialog.wait_for()
    page.keyboard.type("send the coat")
    dialog.locator("input[name=day]").nth(1).check()
    dialog.locator("button[type=submit]").click()
    dialog.wait_for(state="detached")
    head = page.locator("[data-history] [data-promise]")
    head.wait_for()
    assert "send the coat" in head.inner_text()

    assert ticket.customer is not None
    counter = open_page(f"/counter/{ticket.customer.public_id}/", person=cast.store_staff, width=390, height=844)
    counter.locator("[data-promise] button[type=submit]").click()
    until(lambda: Promise.objects.get().status == "kept")
    counter.locator("[data-promise]").wait_for(state="detached")
    head.wait_for(state="detached")
    assert Promise.objects.get().settled_by == cast.store_staff.email
    assert not open_page.errors
