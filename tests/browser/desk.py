"""An agent's page as its tests find it, and patience for what happens on it by itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.browsers import PageOpener
from tests.cast import Cast
from tickets.models import Ticket


def until(condition: Callable[[], bool], seconds: float = 6.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.03)


class HeldAnswer:
    """The answer to the first request of a kind, kept back once the hub has given it; those after it go through."""

    def __init__(self, page: Any, url: str) -> None:
        self._page = page
        self._kept: list[tuple[Any, Any]] = []
        page.route(url, self._take)

    def _take(self, route: Any) -> None:
        if self._kept:
            route.continue_()
        else:
            self._kept.append((route, route.fetch()))

    def wait(self) -> None:
        """Until the hub has answered. The browser is asked so that its requests come to the route."""
        until(lambda: bool(self._page.evaluate("1") and self._kept))

    def release(self) -> None:
        route, answer = self._kept[0]
        route.fulfill(response=answer)


def opened(open_page: PageOpener, cast: Cast, ticket: Ticket, **options: Any) -> Any:
    """Returns the ticket's page, listening."""
    page = open_page(f"/inbox/{ticket.public_id}/", person=cast.agent, **options)
    page.locator("[data-history] h2, [data-history] .font-semibold").first.wait_for(state="attached")
    return page
