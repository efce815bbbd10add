"""The reference as a person sees it: in a real browser, in both languages and themes, on a desk and on a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.doors.api.house import House
from tests.doors.till.conftest import chromium, playwright

__all__ = ["chromium", "playwright"]
pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("language", "scheme"), [("zh-CN", "light"), ("en", "dark")])
def test_the_reference_can_be_read_by_everybody(house: House, chromium: Browser, language: str, scheme: str):
    page = chromium.new_page(color_scheme=scheme)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{house.url}/api/docs?lang={language}")
    found = Axe().run(page).response["violations"]
    page.close()
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert complaints == []


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_the_reference_fits_its_screen(house: House, chromium: Browser, width: int):
    page = chromium.new_page(viewport={"width": width, "height": 800})
    page.goto(f"{house.url}/api/docs?lang=zh-CN")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hash") == "#content"
    page.close()
