"""The reference as a person sees it: in a real browser, in both languages and themes, on a desk and on a phone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from tests.doors.api.house import House

pytestmark = pytest.mark.browser


# Ends with this file: while it is open its loop is the thread's, and no asyncio test can run beside it.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = os.environ.get("COUNTERFOIL_CHROMIUM") or shutil.which("chromium")
    assert path, "no Chromium: set COUNTERFOIL_CHROMIUM or install Debian's package chromium"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--headless", "--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.mark.parametrize(("language", "scheme"), [("zh-CN", "light"), ("en", "dark")])
def test_the_reference_can_be_read_by_everybody(house: House, browser: Browser, language: str, scheme: str):
    page = browser.new_page(color_scheme=scheme)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{house.url}/api/docs?lang={language}")
    found = Axe().run(page).response["violations"]
    page.close()
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert complaints == []


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_the_reference_fits_its_screen(house: House, browser: Browser, width: int):
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(f"{house.url}/api/docs?lang=zh-CN")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hash") == "#content"
    page.close()
