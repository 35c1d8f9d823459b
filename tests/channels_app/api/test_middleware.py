"""Programs take a shorter way than pages, and lose nothing on it that they need."""

from __future__ import annotations

from django.test import Client

from accounts.models import AuditEntry
from tests.cast import Cast
from tests.channels_app.api.conftest import EVENTS, Caller, MakeCaller
from tests.channels_app.envelopes import sale


def test_an_answer_has_its_number_its_language_and_its_length(make_caller: MakeCaller) -> None:
    for language, spoken in (("en", "en"), ("ko-KR", "ko"), ("", "ko")):
        answer = make_caller(language=language).post(sale(f"s-{language}"), x_request_id="till-0042-abcdef")
        assert answer.status_code == 201
        assert answer["X-Request-ID"] == "till-0042-abcdef"
        assert answer["Content-Language"] == spoken
        assert "Accept-Language" in answer["Vary"]
        assert int(answer["Content-Length"]) == len(answer.content)
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert not answer.cookies


def test_what_is_read_is_written_down_with_where_it_was_asked_from(caller: Caller) -> None:
    caller.headers["x-request-id"] = "reader-0001"
    assert caller.get().status_code == 200
    entry = AuditEntry.objects.get(action="channels.events.read")
    assert (entry.ip, entry.request_id) == ("127.0.0.1", "reader-0001")


def test_somebody_who_is_logged_in_gets_no_further_without_a_key(cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.owner, backend="accounts.backends.PersonBackend")
    assert browser.get(EVENTS).status_code == 401
    assert browser.post(EVENTS, data=b"{}", content_type="application/json").status_code == 401


def test_pages_beside_the_api_keep_their_headers(cast: Cast) -> None:
    for page in ("/api/docs/", "/problems/"):
        answer = Client().get(page)
        assert answer.status_code == 200
        assert "default-src 'none'" in answer["Content-Security-Policy"]
