"""An organization, its keys, and a sender that speaks HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now

from channels_app.api.actions import create_api_key
from tests.cast import SETUP, Cast, make_organization

ALL_SCOPES = ("events:write", "events:read", "customers:read", "kpi:read")
EVENTS = "/api/v1/events/"


class Caller:
    """Calls the API with one key, as another system does. `answer` fails where the status is not the one expected."""

    def __init__(self, secret: str, language: str = "") -> None:
        self.client = Client()
        self.headers = {"authorization": f"Bearer {secret}"} if secret else {}
        if language:
            self.headers["accept-language"] = language

    def post(self, body: Any, kind: str = "application/json", **headers: str) -> Any:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(EVENTS, data=content, content_type=kind, headers={**self.headers, **more})

    def get(self, path: str = EVENTS, **query: Any) -> Any:
        return self.client.get(path, query, headers=self.headers)


MakeCaller = Callable[..., Caller]


@pytest.fixture
def cast(db: None) -> Cast:
    return make_organization()


@pytest.fixture
def make_caller(cast: Cast) -> MakeCaller:
    """Makes a key and returns who calls with it; keywords are those of `create_api_key`, and `language`."""

    def make(language: str = "", **told: Any) -> Caller:
        how: dict[str, Any] = {
            "organization": cast.organization,
            "name": "till",
            "scopes": ALL_SCOPES,
            "sources": ["/seoul", "/busan", "/reviews"],
            "by": SETUP,
            "at": now(),
            "events_per_minute": None,
            **told,
        }
        _key, secret = create_api_key(how.pop("organization"), **how)
        return Caller(secret, language)

    return make


@pytest.fixture
def caller(make_caller: MakeCaller) -> Caller:
    return make_caller()
