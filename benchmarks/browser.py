"""One conversation in a real Chromium: from the visitor's socket until the agent's page has the message in its DOM."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
import uuid
from collections.abc import Awaitable, Callable

MESSAGES = 20
_NAMES = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Notes when a marked message enters the page, by the clock that this process reads as well.
_WATCH = """
window.benchSeen = {};
new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) {
    for (const found of (node.textContent || "").matchAll(/\\[([0-9a-f]{12})\\]/g)) {
      window.benchSeen[found[1]] ??= performance.timeOrigin + performance.now();
    }
  }
}).observe(document, { childList: true, subtree: true });
"""


def find_chromium() -> str | None:
    """The path of a Chromium of this machine, if Playwright is there to drive it."""
    try:
        import playwright  # noqa: F401
    except ImportError:
        return None
    return next((path for name in _NAMES if name and (path := shutil.which(name))), None)


async def show_in_chromium(
    port: int, cookie: str, ticket: uuid.UUID, say: Callable[[str], Awaitable[None]]
) -> list[float]:
    """Milliseconds of each message that came, one a second; empty where no browser was found, or none came."""
    path = find_chromium()
    if path is None:
        return []
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        context = await browser.new_context(viewport={"width": 1440, "height": 900})
        name, _, value = cookie.partition("=")
        await context.add_cookies([{"name": name, "value": value, "url": f"http://127.0.0.1:{port}"}])
        page = await context.new_page()
        await page.add_init_script(_WATCH)
        await page.goto(f"http://127.0.0.1:{port}/inbox/{ticket}/", wait_until="commit", timeout=60_000)
        await asyncio.sleep(3)
        sent: dict[str, float] = {}
        for _ in range(MESSAGES):
            mark = uuid.uuid4().hex[:12]
            sent[mark] = time.time()
            await say(mark)
            await asyncio.sleep(1)
        await asyncio.sleep(3)
        seen: dict[str, float] = await page.evaluate("window.benchSeen")
        await browser.close()
    return [seen[mark] - at * 1000 for mark, at in sent.items() if mark in seen]
