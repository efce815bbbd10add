"""Each page of the office, looked at in three sizes and by axe, with nothing on the console."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.doors.office.conftest import Office
from tests.doors.till.conftest import SHOTS, SIZES, TEA_HOUSE

PAGES = (
    *(
        "home",
        "records",
        "days",
        "days?from=2026-01-01",
        "shops",
        "shops/add",
        "terminals",
        "terminals/add",
        "operators",
    ),
    *("operators/add", "faults?q=balance", "faults?q=nothing-of-the-kind", "settings", "help", "_style"),
    *("roles", "accounts", "faults/CF-2001", "operators?q=nobody-of-that-name"),
    *("nowhere", "records?from=2026-11-22&to=2026-11-21", "evidence/entry?position=x"),
)


# How far what is shown moved by itself (Layout Instability API); what an answer to a click moves does not count.
SHIFTS = """() => new Promise((tell) => {
  let sum = 0;
  const seen = new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) sum += one.value;
  });
  seen.observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => { seen.disconnect(); tell(sum); }));
})"""

# A tenth of what browsers call good; a slow machine may paint a page in two steps.
SHIFT_MAX = 0.01


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Both ways with ``--long``; otherwise one, since tests/walk looks at every page too."""
    if "theme" in metafunc.fixturenames:
        ways = (("zh-CN", "light"), ("en", "dark"))
        metafunc.parametrize(("language", "theme"), ways if metafunc.config.getoption("long") else ways[:1])


class Tour:
    def __init__(self, office: Office, name: str) -> None:
        self.office = office
        self._name = name
        self._count = 0
        self._axe = Axe()

    def look(self, name: str) -> None:
        page = self.office.page
        page.wait_for_load_state()
        assert page.evaluate(SHIFTS) < SHIFT_MAX, f"{name} moves while it is built"
        self._count += 1
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            assert self.office.wide() <= 0, f"{name} is wider than {size}"
            page.screenshot(
                path=SHOTS / f"office-{self._name}" / size / f"{self._count:02d}-{name}.jpeg", type="jpeg", quality=80
            )
        page.set_viewport_size({"width": 1440, "height": 900})
        found = self._axe.run(page).response["violations"]
        assert not found, [(name, one["id"], [node["html"] for node in one["nodes"]]) for one in found]
        assert len(page.title().split(" · ")) == 2


def test_every_page_of_the_office(served, chromium, language, theme):
    office = Office.open(chromium, served.url, language, color_scheme=theme)
    tour = Tour(office, f"{language}-{theme}")
    office.go("/office")
    tour.look("merchants")
    office.sign_in(password="not the password")
    tour.look("refused")
    office.sign_in(merchant=TEA_HOUSE)
    tour.look("home-of-nothing")
    office.go("/office/records")
    tour.look("records-of-nothing")
    office.submit("form[action='/office/sign-out'] button")
    office.sign_in()
    for path in PAGES:
        office.go(f"/office/{path}")
        tour.look(path.split("&")[0].replace("/", "-").replace("?", "-"))
    for path in ("shops", "terminals", "operators"):
        office.go(f"/office/{path}")
        office.submit("tbody tr:nth-child(1) a.whole")
        tour.look(f"{path}-one")
        one = office.page.url.split("?")[0].removeprefix(office.url)
        for act in ("name", "switch"):
            office.go(f"{one}/{act}")
            tour.look(f"{path}-{act}")
    office.go("/office/operators")
    office.submit("tbody a.whole")
    office.submit("a[href$='/password']")
    tour.look("password")
    a_record_and_the_log(office, tour)
    office.close()


def a_record_and_the_log(office: Office, tour: Tour) -> None:
    office.go("/office/records")
    office.submit("tbody a.whole")
    office.page.click("#side a[hx-get]")
    office.page.wait_for_selector("#side .steps .note.good")
    tour.look("record-beside-the-list")
    office.submit("#side a[href^='/office/records/'].plain:not([data-close])")
    tour.look("record")
    with office.page.expect_download() as download:
        office.page.click("a[download]")
    assert Path(download.value.path()).read_bytes().startswith(b"c2sp.org/tlog-proof@v1\n")
    office.go("/office/evidence")
    tour.look("evidence")
    office.submit("form[action='/office/evidence'] button")
    office.page.wait_for_selector("#run .tone-good")
    tour.look("evidence-verified")
    office.page.fill("#position", "3")
    office.submit("form[action='/office/evidence/entry'] button")
    tour.look("entry")
    office.page.keyboard.press("?")
    office.page.wait_for_selector("#keys[open]")
    tour.look("keys")
    office.page.keyboard.press("Escape")
