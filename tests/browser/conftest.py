"""A real headless Chromium."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.support.browser import ARGUMENTS, NAMES, browser_path

# A busy machine is slow, not wrong.
expect.set_options(timeout=20_000)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running_browser() -> AsyncIterator[Browser]:
    """One for all tests of a worker: it takes longer to start than a test takes."""
    path = browser_path()
    assert path is not None, f"no browser: install one of {', '.join(NAMES)}"
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield launched
        await launched.close()


@pytest_asyncio.fixture(loop_scope="session")
async def browser(running_browser: Browser) -> AsyncIterator[Browser]:
    """The browser, with nothing open; what a test opens is closed after it."""
    yield running_browser
    for context in running_browser.contexts:
        await context.close()
