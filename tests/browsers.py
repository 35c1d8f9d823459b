"""Finds the machine's Chromium and opens pages in it, as a person of the hub or as a visitor."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.test import Client

from tests.hubs import Hub

CHROMIUM_ADVICE = (
    "No Chromium was found. Install one (Debian, Ubuntu: apt install chromium fonts-nanum) "
    "or set CHROMIUM=/path/to/chromium."
)


def find_chromium() -> str | None:
    """Return the path of a Chromium or Chrome of this machine, or None."""
    for name in (
        os.environ.get("CHROMIUM", ""),
        # The same browser without a window of its own to draw: a third of the processor time.
        "chromium-headless-shell",
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ):
        if name and (path := shutil.which(name)):
            return path
    return None


class PageOpener:
    """Opens pages and remembers the errors they write."""

    def __init__(self, hub: Hub, browser: Any) -> None:
        self.hub = hub
        self.browser = browser
        self.contexts: list[Any] = []
        self.errors: list[str] = []

    def __call__(self, path: str, *, person: Any = None, width: int = 1440, height: int = 900) -> Any:
        """Return the Playwright page of `path` (or a whole URL) in a fresh browser profile, logged in as `person`."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, locale="ko-KR", timezone_id="Asia/Seoul"
        )
        self.contexts.append(context)
        if person is not None:
            context.add_cookies([self._session_of(person)])
        page = context.new_page()
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(path if "://" in path else self.hub.url + path)
        return page

    def _note(self, entry: Any) -> None:
        # A test that cuts the line is no mistake of the page.
        if entry.type == "error" and "ERR_INTERNET_DISCONNECTED" not in entry.text:
            self.errors.append(entry.text)

    def close(self, *, forgiving: Sequence[str] = ()) -> None:
        """Fails where a page has written an error that has none of these words."""
        for context in self.contexts:
            context.close()
        self.errors = [error for error in self.errors if not any(word in error for word in forgiving)]
        assert not self.errors, f"Pages wrote errors to their console: {self.errors}"

    def _session_of(self, person: Any) -> dict[str, str]:
        client = Client()
        client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
        return {
            "name": settings.SESSION_COOKIE_NAME,
            "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
            "url": self.hub.url,
        }
