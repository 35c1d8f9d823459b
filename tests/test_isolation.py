"""Nothing is shared between organizations: every route is tried as each role with another organization's ids.

A new route fails here until its room says in tests/<room>/isolation.py what kind it is.
"""

from collections.abc import Iterator
from http import HTTPStatus
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import cast
from tests.isolation import MARK, Listed, Named, Route, World

pytestmark = pytest.mark.django_db

ROOMS = [
    import_module(f"tests.{room}.isolation")
    for room in ("accounts", "customers", "tickets", "channels_app", "voc", "kpi", "cxhub")
    if find_spec(f"tests.{room}.isolation")
]
ROUTES: dict[str, Route] = {name: route for room in ROOMS for name, route in room.ROUTES.items()}
BACKEND = "accounts.backends.PersonBackend"
ROLES = ("owner", "lead", "agent", "store_staff")

# The operator's admin: closed to everybody with an organization, tried as a whole below.
CLOSED_NAMESPACES = {"admin"}


def _routes(patterns: list[Any], namespace: str = "") -> Iterator[str]:
    """Yields the full name of every route, or its pattern where it has no name."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            if pattern.namespace not in CLOSED_NAMESPACES:
                yield from _routes(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}" if pattern.name else str(pattern.pattern)


ALL_ROUTES = sorted(set(_routes(get_resolver().url_patterns)))
NAMED = {name: route for name, route in sorted(ROUTES.items()) if isinstance(route, Named)}
LISTED = {name: route for name, route in sorted(ROUTES.items()) if isinstance(route, Listed)}


@pytest.fixture
def world() -> World:
    """The hidden organization, with something of every room in it."""
    world = World(cast.make_organization("hidden", name=f"하늘 {MARK}", mark=f" {MARK}"))
    for room in ROOMS:
        for populate in room.POPULATE:
            populate(world)
    return world


@pytest.fixture
def stranger() -> cast.Cast:
    """The organization whose people try."""
    return cast.make_other_organization()


def test_every_route_is_registered() -> None:
    missing = [name for name in ALL_ROUTES if name not in ROUTES]
    assert not missing, f"Say in tests/<room>/isolation.py what these routes are: {missing}"


def test_no_registered_route_is_gone() -> None:
    gone = sorted(set(ROUTES) - set(ALL_ROUTES))
    assert not gone, f"Remove these from tests/<room>/isolation.py: {gone}"


def test_another_organizations_ids_lead_nowhere(world: World, stranger: cast.Cast, client: Client) -> None:
    for role in ROLES:
        client.force_login(stranger.people[role], backend=BACKEND)
        for name, url in _named_urls(world):
            statuses = {_refused(client, method, url) for method in ("get", "post")}
            assert statuses != {HTTPStatus.METHOD_NOT_ALLOWED}, f"{name}: neither GET nor POST was tried"


def test_a_visitor_gets_nothing(world: World, client: Client) -> None:
    for _name, url in _named_urls(world):
        for method in ("get", "post"):
            _refused(client, method, url)


def test_the_ids_are_right(world: World, client: Client) -> None:
    """Without this, a builder of wrong ids would pass the tests above."""
    client.force_login(world.hidden.owner, backend=BACKEND)
    for name, url in _named_urls(world):
        if not NAMED[name].opens_for_own:
            continue
        # What one route did must not be missing for the next. No atomic block: some views refuse to be inside one.
        before = transaction.savepoint()
        statuses = {client.get(url).status_code, client.post(url).status_code}
        transaction.savepoint_rollback(before)
        refused = {HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN, HTTPStatus.METHOD_NOT_ALLOWED}
        assert statuses - refused, f"{name} answered its own owner {statuses}"


def test_lists_show_nothing_of_another_organization(world: World, stranger: cast.Cast, client: Client) -> None:
    for role in ROLES:
        client.force_login(stranger.people[role], backend=BACKEND)
        for name, route in LISTED.items():
            url = f"{reverse(name)}{route.query}"
            responses = [client.get(url)] if route.post is None else [client.get(url), client.post(url, route.post)]
            for response in responses:
                assert response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
                assert MARK not in response.getvalue().decode(errors="replace"), f"{name} shows the others to {role}"


def test_the_mark_would_be_seen(world: World, client: Client) -> None:
    """Without this, lists that show nobody anything would pass the test above."""
    client.force_login(world.hidden.owner, backend=BACKEND)
    for name in ("accounts:center_list", "customers:suggestions", "channels:key_list", "tickets:inbox"):
        assert MARK in client.get(reverse(name)).content.decode(), name


def test_the_operators_admin_is_closed_to_people_of_organizations(stranger: cast.Cast, client: Client) -> None:
    for role in ROLES:
        client.force_login(stranger.people[role], backend=BACKEND)
        for path in ("/admin/", "/admin/accounts/person/", "/admin/accounts/auditentry/"):
            response = client.get(path)
            assert response.status_code in (HTTPStatus.FOUND, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND), path
            assert response.status_code != HTTPStatus.FOUND or "login" in response["Location"], path


def _named_urls(world: World) -> list[tuple[str, str]]:
    return [(name, reverse(name, kwargs=route.arguments(world))) for name, route in NAMED.items()]


def _refused(client: Client, method: str, url: str) -> int:
    """Tries a route and asserts that it gave nothing away."""
    response = getattr(client, method)(url)
    status: int = response.status_code
    if status == HTTPStatus.FOUND:
        assert response["Location"].startswith("/accounts/login/"), f"{method} {url} led to {response['Location']}"
        return status
    refusals = {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.METHOD_NOT_ALLOWED,
    }
    assert status in refusals, f"{method} {url} answered {status}"
    assert MARK not in response.content.decode(errors="replace")
    return status
