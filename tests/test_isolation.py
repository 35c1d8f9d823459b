"""Nothing is shared between organizations: every route is tried as each role with another organization's ids.

A new route fails here until its room says in tests/<room>/isolation.py what kind it is.
"""

from collections.abc import Iterator
from http import HTTPStatus
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import cast
from tests.isolation import MARK, Listed, Named, Route, World

pytestmark = pytest.mark.django_db

ROOMS = [
    import_module(f"tests.{room}.isolation")
    for room in ("accounts", "customers", "tickets", "channels_app", "cxhub")
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
NAMED = [name for name, route in sorted(ROUTES.items()) if isinstance(route, Named)]
LISTED = [name for name, route in sorted(ROUTES.items()) if isinstance(route, Listed)]


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


@pytest.mark.parametrize("name", NAMED)
def test_another_organizations_ids_lead_nowhere(name: str, world: World, stranger: cast.Cast, client: Client) -> None:
    route = ROUTES[name]
    assert isinstance(route, Named)
    url = reverse(name, kwargs=route.arguments(world))
    for role in ROLES:
        client.force_login(stranger.people[role], backend=BACKEND)
        statuses = {method: _refused(client, method, url) for method in ("get", "post")}
        assert set(statuses.values()) != {HTTPStatus.METHOD_NOT_ALLOWED}, f"{name}: neither GET nor POST was tried"


@pytest.mark.parametrize("name", NAMED)
def test_the_ids_are_right(name: str, world: World, client: Client) -> None:
    """Without this, a builder of wrong ids would pass the test above."""
    route = ROUTES[name]
    assert isinstance(route, Named)
    if not route.opens_for_own:
        return
    url = reverse(name, kwargs=route.arguments(world))
    client.force_login(world.hidden.owner, backend=BACKEND)
    statuses = {client.get(url).status_code, client.post(url).status_code}
    assert statuses - {HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN, HTTPStatus.METHOD_NOT_ALLOWED}, statuses


@pytest.mark.parametrize("name", NAMED)
def test_a_visitor_gets_nothing(name: str, world: World, client: Client) -> None:
    route = ROUTES[name]
    assert isinstance(route, Named)
    url = reverse(name, kwargs=route.arguments(world))
    for method in ("get", "post"):
        _refused(client, method, url)


@pytest.mark.parametrize("name", LISTED)
def test_lists_show_nothing_of_another_organization(
    name: str, world: World, stranger: cast.Cast, client: Client
) -> None:
    route = ROUTES[name]
    assert isinstance(route, Listed)
    url = f"{reverse(name)}{route.query}"
    for role in ROLES:
        client.force_login(stranger.people[role], backend=BACKEND)
        response = client.get(url)
        assert response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
        assert MARK not in response.getvalue().decode(errors="replace"), (
            f"{name} shows the other organization to {role}"
        )


def test_the_operators_admin_is_closed_to_people_of_organizations(stranger: cast.Cast, client: Client) -> None:
    for role in ROLES:
        client.force_login(stranger.people[role], backend=BACKEND)
        for path in ("/admin/", "/admin/accounts/person/", "/admin/accounts/auditentry/"):
            response = client.get(path)
            assert response.status_code in (HTTPStatus.FOUND, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND), path
            assert response.status_code != HTTPStatus.FOUND or "login" in response["Location"], path


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
