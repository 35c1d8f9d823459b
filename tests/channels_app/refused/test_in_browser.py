"""Keys and refused events in a real browser, on a phone's width: nothing hidden, nothing beyond the edge."""

from __future__ import annotations

import json
from typing import Any

from channels_app.models import ApiKey, RefusedEvent
from customers.models import Event
from tests.browsers import PageOpener
from tests.cast import Cast
from tests.channels_app.envelopes import sale
from tests.channels_app.refused.conftest import Refuse

PHONE = 390


def fits(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_mended_and_sent_on_a_phone(open_page: PageOpener, cast: Cast, refuse: Refuse) -> None:
    refuse({**sale("receipt-" + "9" * 80), "type": "pos.sell"}, {**sale("s2"), "source": "/busan/pos"})
    page = open_page("/settings/refused/", person=cast.owner, width=PHONE)
    assert fits(page)
    page.click("main li a >> nth=1")
    page.wait_for_selector("#id_body")
    assert fits(page)
    told = json.loads(page.input_value("#id_body"))
    page.fill("#id_body", json.dumps({**told, "type": "pos.sale"}))
    page.click("main form button.btn-primary")
    page.wait_for_url("**/settings/refused/")
    assert Event.objects.get().type == "pos.sale"
    page.check("main li input[name=chosen]")
    page.click("main form button[type=submit]:not([name]) >> nth=-1")
    page.wait_for_function("document.querySelectorAll('main li input[name=chosen]').length === 0")
    assert Event.objects.count() == 2
    assert not RefusedEvent.objects.filter(mended_at=None).exists()


def test_a_key_made_and_revoked_on_a_phone(open_page: PageOpener, cast: Cast) -> None:
    page = open_page("/settings/api-keys/new/", person=cast.owner, width=PHONE)
    page.fill("input[name=name]", "강남점 포스")
    page.fill("textarea[name=sources]", "/seoul/pos")
    page.click("main button.btn-primary")
    page.wait_for_selector("#secret")
    assert fits(page)
    page.click("main a.btn-primary")
    page.wait_for_selector("main form[data-confirm]")
    assert fits(page)
    page.click("main form[data-confirm] button")
    assert ApiKey.objects.get().revoked_at is None
    page.click("[data-confirm-no]")
    page.click("main form[data-confirm] button")
    page.click("[data-confirm-yes]")
    page.wait_for_function("!document.querySelector('main form[data-confirm]')")
    assert ApiKey.objects.get().revoked_at
