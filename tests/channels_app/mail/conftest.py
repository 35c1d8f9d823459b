"""A shop with a mail account, and the mail server that it sends over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from channels_app.deliveries import events
from channels_app.models import ChannelAccount
from tests.cast import Cast, make_organization
from tests.channels_app.mail.shops import make_account
from tests.channels_app.mail.sink import Sink, running_sink


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with running_sink() as sink:
        settings.SENDS_MAIL = True
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_TIMEOUT = 1
        cache.clear()
        yield sink


@pytest.fixture(autouse=True)
def _worker_is_asked_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker listens here: what it would be told at once, a test's round finds."""
    monkeypatch.setattr(events, "_tell_worker", lambda _delivery: None)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    # Not in a transaction: intake owns its own.
    return make_organization()


@pytest.fixture
def account(cast: Cast) -> ChannelAccount:
    return make_account(cast)
