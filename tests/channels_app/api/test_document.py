"""The OpenAPI document, and that the API keeps it; its page under the strict CSP; the pages of its problems."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import schemathesis
from django.test import Client
from django.utils import translation
from django.utils.html import escape
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from channels_app.event_types import EVENT_TYPES
from channels_app.problems import PROBLEM_KINDS
from tests.browsers import PageOpener
from tests.channels_app.api.conftest import Caller
from tests.hubs import Hub

load_all_checks()
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
BOUNDED = settings(
    max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)


def document() -> dict[str, Any]:
    answer = Client().get("/api/schema/")
    assert answer.status_code == 200
    told: dict[str, Any] = json.loads(answer.content)
    return told


def test_the_document_is_whole(db: None) -> None:
    told = document()
    assert told["openapi"].startswith("3.1")
    customers = {"/api/v1/customers/", "/api/v1/customers/{customer_id}/"}
    assert {"/api/v1/events/", "/api/v1/kpi/", "/api/v1/mail/", *customers} == set(told["paths"])
    schemas = told["components"]["schemas"]
    assert {f"Event.{name}" for name in EVENT_TYPES} <= set(schemas)
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    references = {part.split('"')[0] for part in json.dumps(told).split("#/components/schemas/")[1:]}
    assert references <= set(schemas)


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/api/v1/events/", "POST"),
        ("/api/v1/events/", "GET"),
        ("/api/v1/customers/", "GET"),
        ("/api/v1/customers/{customer_id}/", "GET"),
    ],
)
def test_the_api_keeps_its_document(
    live_hub: Hub, caller: Caller, path: str, method: str, mode: GenerationMode
) -> None:
    """Made-up requests, right ones and wrong ones: each is answered as the document tells."""
    operation = schemathesis.openapi.from_url(f"{live_hub.url}/api/schema/")[path][method]

    @BOUNDED
    @given(case=operation.as_strategy(generation_mode=mode))
    def keeps(case: Any) -> None:
        case.call_and_validate(headers=caller.headers, checks=CHECKS)

    keeps()


def test_its_page_draws_itself_under_the_strict_policy(open_page: PageOpener) -> None:
    page = open_page("/api/docs/")
    page.wait_for_selector(".opblock-post")
    page.click(".opblock-post .opblock-summary")
    page.wait_for_selector(".opblock-post .opblock-body")
    page.locator(".opblock-post .opblock-body option", has_text="application/cloudevents+json").first.wait_for(
        state="attached"
    )


def test_every_problem_has_its_page_in_both_languages(client: Client, db: None) -> None:
    listed = client.get("/problems/").content.decode()
    for slug, kind in PROBLEM_KINDS.items():
        assert kind.uri in listed
        answer = client.get(kind.uri, follow=True)
        assert answer.status_code == 200
        page = answer.content.decode()
        assert '<div lang="en">' in page
        assert '<div lang="ko">' in page
        assert "%(" not in page
        with translation.override("en"):
            assert escape(str(kind.title)) in page, slug
    assert client.get("/problems/nothing/").status_code == 404


def test_the_pages_ask_for_nothing_from_elsewhere(client: Client, db: None) -> None:
    page = client.get("/api/docs/").content.decode()
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
    assert "<style" not in page
    assert "<script>" not in page
