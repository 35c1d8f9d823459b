"""What every adapter of a telephone system is asked, and how it fails. An adapter is a module with one function `place`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from channels_app.models import CallRequest, TelephonySettings


class NotPlaced(Exception):
    """The exchange did not take the call. `cause` is a word for `PROBLEMS`; a temporary one is worth another try."""

    def __init__(self, cause: str, *, is_temporary: bool, status: int = 0) -> None:
        super().__init__(cause)
        self.cause, self.is_temporary, self.status = cause, is_temporary, status


@dataclass(frozen=True, slots=True)
class Placed:
    """The exchange has taken the call; with which HTTP status, where there is one."""

    status: int = 0


Place = Callable[[CallRequest, TelephonySettings], Placed]
