"""What kind each of the room's routes is, for tests/test_isolation.py."""

from collections.abc import Callable

from tests.isolation import Route, World

ROUTES: dict[str, Route] = {}

POPULATE: list[Callable[[World], None]] = []
