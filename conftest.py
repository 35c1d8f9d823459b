"""Fixtures for tests that need more than Django's: Redis, a running hub in its own process, a real browser.

A test that asks for a browser where none is found is skipped loudly, and fails in CI.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from pytest_django import DjangoDbBlocker

from tests.browsers import CHROMIUM_ADVICE, PageOpener, find_chromium
from tests.emptying import flush_despite_triggers
from tests.hubs import Hub, start_hub


def _is_long(item: pytest.Item) -> bool:
    return item.path.name in LONG_FILES or bool(LONG_FIXTURES & set(getattr(item, "fixturenames", ())))


LONG_FIXTURES = {"chromium", "hub_factory", "live_hub"}
LONG_FILES = {"test_start.py", "test_routing_together.py", "test_player.py"}


@pytest.fixture(scope="session", autouse=True)
def _flush_despite_triggers() -> Iterator[None]:
    with flush_despite_triggers():
        yield


@pytest.fixture(scope="session")
def redis_url() -> str:
    """The real Redis of this run."""
    return settings.REDIS_URL


@pytest.fixture(scope="session")
def _session_hub(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Hub]:
    with django_db_blocker.unblock():
        hub = start_hub()
    yield hub
    hub.stop()


@pytest.fixture
def live_hub(transactional_db: None, _session_hub: Hub) -> Hub:
    """A hub process (uvicorn, no worker) on this test's database and Redis; `live_hub.url` is its address.

    The process serves all tests of the run; the tables are emptied after each.
    """
    _session_hub.assert_alive()
    return _session_hub


@pytest.fixture
def hub_factory(transactional_db: None) -> Iterator[Callable[..., Hub]]:
    """Starts further hubs on this test's database, with environment variables as keywords; all end with the test.

    For tests that kill a hub (`hub.kill()`) or need two, or one with `CXHUB_EMBEDDED_WORKER="1"`.
    """
    started: list[Hub] = []

    def start(**environment: str) -> Hub:
        started.append(start_hub(**environment))
        return started[-1]

    yield start
    for hub in started:
        hub.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    """A real browser (Playwright's synchronous `Browser`), closed with the module.

    Not for the whole session: while Playwright runs, no other event loop can run in this thread.
    """
    executable = find_chromium()
    if executable is None:
        if os.environ.get("CI"):
            pytest.fail(CHROMIUM_ADVICE)
        pytest.skip(CHROMIUM_ADVICE)
    from playwright.sync_api import sync_playwright

    # Playwright's loop in this thread makes Django believe that queries would block it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
            yield browser
            browser.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(live_hub: Hub, chromium: object) -> Iterator[PageOpener]:
    """Opens pages of the live hub: `open_page("/inbox/", person=agent, width=390)`.

    Fails the test if a page wrote an error to its console (a script's mistake, something the CSP refused).
    """
    opener = PageOpener(live_hub, chromium)
    yield opener
    opener.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [
        report for report in terminalreporter.stats.get("skipped", []) if CHROMIUM_ADVICE in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.section("BROWSER TESTS DID NOT RUN", sep="!", red=True)
        terminalreporter.line(f"{len(skipped)} skipped. {CHROMIUM_ADVICE}")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that start browsers and hubs come first: last, one worker would do them alone while the other idles."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
    long = {item.path for item in items if _is_long(item)}
    items.sort(key=lambda item: item.path not in long)
