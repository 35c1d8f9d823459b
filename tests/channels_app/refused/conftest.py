"""Refused events of an organization, and its owner at the screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from channels_app.intake import Sender, receive
from channels_app.models import RefusedEvent
from tests.cast import Cast, make_organization
from tests.channels_app.envelopes import AT

POS = Sender(label="key cx_12345… till", sources=("/seoul/pos",))
Refuse = Callable[..., list[RefusedEvent]]


@pytest.fixture
def cast(db: None) -> Cast:
    return make_organization()


@pytest.fixture
def owner(cast: Cast, client: Client) -> Client:
    client.force_login(cast.owner, backend="accounts.backends.PersonBackend")
    return client


@pytest.fixture
def refuse(cast: Cast) -> Refuse:
    """Hands events in that are refused, and returns what was kept of them, oldest first."""

    def hand_in(*envelopes: Any, organization: Any = None, at: datetime = AT) -> list[RefusedEvent]:
        organization = organization or cast.organization
        outcomes = receive(organization, envelopes, sender=POS, at=at)
        assert all(outcome.is_refused for outcome in outcomes)
        newest = RefusedEvent.objects.filter(organization=organization).order_by("-pk")[: len(envelopes)]
        return list(newest)[::-1]

    return hand_in
