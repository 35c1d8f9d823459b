"""How the rooms tell the isolation test about their routes: `ROUTES` and `POPULATE` in tests/<room>/isolation.py.

`ROUTES` maps each route's name (`tickets:detail`) to one of the three kinds below; a route nobody names fails.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.cast import Cast

# Stands in every name of the organization that must stay hidden; a page of another that shows it has leaked.
MARK = "비밀표식"


@dataclass
class World:
    """`hidden` is the organization whose ids are tried, `made` what rooms have built for it, by their own keys."""

    hidden: Cast
    made: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Named:
    """A route with ids: `arguments(world)` gives those of the hidden organization. Others must find nothing there.

    `opens_for_own` is False where even the hidden organization's owner gets a 404 by GET and by POST
    (a route that answers to something else, such as a visitor's token).
    """

    arguments: Callable[[World], dict[str, Any]]
    opens_for_own: bool = True


@dataclass(frozen=True)
class Listed:
    """A route without ids: its pages must show nothing of the hidden organization. `post` is tried as well."""

    query: str = ""
    post: dict[str, str] | None = None


@dataclass(frozen=True)
class Excused:
    """A route that belongs to no organization; `reason` says why it is safe."""

    reason: str


Route = Named | Listed | Excused
