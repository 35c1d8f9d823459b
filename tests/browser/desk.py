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


def opened(open_page: PageOpener, cast: Cast, ticket: Ticket, **options: Any) -> Any:
    """Returns the ticket's page, listening."""
    page = open_page(f"/inbox/{ticket.public_id}/", person=cast.agent, **options)
    page.locator("[data-history] h2, [data-history] .font-semibold").first.wait_for(state="attached")
    return page
