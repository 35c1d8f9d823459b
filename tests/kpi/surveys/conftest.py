"""A shop with a provider of text messages, and no worker but the test's own rounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from django.core.cache import cache

from channels_app.deliveries import events
from tests.cast import Cast, make_organization
from tests.channels_app.mail.conftest import sink
from tests.kpi.surveys.shops import Provider, running_provider

__all__ = ["sink"]
_number = count(1)


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    settings.OUTGOING_PRIVATE_HOSTS = ["127.0.0.1"]
    cache.clear()
    with running_provider() as made:
        yield made


@pytest.fixture(autouse=True)
def _worker_is_asked_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_tell_worker", lambda _delivery: None)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_organization()


@pytest.fixture
def db_reset(transactional_db: None) -> Callable[[], Cast]:
    """A fresh organization each time: examples of one test share a database."""
    return lambda: make_organization(f"haneul{next(_number)}")
