"""``bench till``: a cashier's minute in a real Chromium: how long a key, and how long from the scan to the result."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from counterfoil.basis import Clock
from counterfoil.bench.api import served
from counterfoil.bench.faults import BROWSER_MISSING
from counterfoil.bench.house import CASHIER, CODE, PASSWORD, open_house
from counterfoil.bench.machine import machine
from counterfoil.bench.report import Report, Row
from counterfoil.bench.rounds import ROUNDS, OnProgress, Taken
from counterfoil.bench.serving import Serving

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

OPTIONS: Final = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
PAYMENTS: Final = 12
PAYMENTS_QUICK: Final = 4
AMOUNT: Final = "38.50"
_VIEWPORT: Final = {"width": 1024, "height": 600}
# Runs before the page's own scripts, in every page: when the scan's Enter came, and how long from a key's click until
# the frame that shows it has been made.
_WATCH: Final = """
addEventListener("keydown", (event) => {
  if (event.key === "Enter") sessionStorage.setItem("asked", performance.timeOrigin + event.timeStamp);
}, true);
addEventListener("click", (event) => {
  if (!(event.target instanceof Element) || !event.target.closest("[data-key]")) return;
  requestAnimationFrame(() => setTimeout(() => {
    const took = JSON.parse(sessionStorage.getItem("keys") || "[]");
    took.push(performance.now() - event.timeStamp);
    sessionStorage.setItem("keys", JSON.stringify(took));
  }));
}, true);
"""
_PAINTED: Final = """
new Promise((resolve) => new PerformanceObserver((list, watching) => {
  watching.disconnect();
  resolve(performance.timeOrigin + list.getEntriesByName("first-contentful-paint")[0].startTime);
}).observe({ type: "paint", buffered: true }))
"""


@dataclass(slots=True)
class Minute:
    """Seconds each: a trivial page, from the scan to the result, from a key to its digit."""

    page: list[float] = field(default_factory=list)
    result: list[float] = field(default_factory=list)
    keys: list[float] = field(default_factory=list)


async def measure_till(
    folder: Path, clock: Clock, serving: Serving, on_progress: OnProgress, *, quick: bool = False
) -> Report:
    """Five rounds of payments at the till. Raises Refused CF-7202 where there is no browser to do it with."""
    many = PAYMENTS_QUICK if quick else PAYMENTS
    async with AsyncExitStack() as closing:
        place = Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="counterfoil-bench-", dir=folder)))
        found = machine(place, clock)
        house = await closing.enter_async_context(open_house(place / "data"))
        address = await closing.enter_async_context(served(house, serving, place))
        browser = await closing.enter_async_context(_chromium())
        page = await _signed_in(browser, address)
        minutes = [Minute() for _ in range(ROUNDS)]
        await _payment(page, address, Minute())  # the first one fetches what the later ones have
        for number, minute in enumerate(minutes):
            for _ in range(many):
                await _trivial(page, address, minute)
                await _payment(page, address, minute)
            on_progress(number + 1, ROUNDS)
    return Report(title="Till", machine=found, rows=_rows(minutes), notes=(*_p95(minutes), *_NOTES))


@asynccontextmanager
async def _chromium() -> AsyncIterator[Browser]:
    try:
        from playwright.async_api import Error, async_playwright  # noqa: PLC0415 - a package of the tests
    except ImportError as missing:
        raise BROWSER_MISSING(why="playwright") from missing
    path = os.environ.get("COUNTERFOIL_CHROMIUM") or shutil.which("chromium")
    async with async_playwright() as playwright:
        try:
            browser = await playwright.chromium.launch(executable_path=path, args=list(OPTIONS))
        except Error as error:
            raise BROWSER_MISSING(why=error.message.splitlines()[0]) from error
        try:
            yield browser
        finally:
            await browser.close()


async def _signed_in(browser: Browser, address: str) -> Page:
    context = await browser.new_context(locale="zh-CN", viewport=_VIEWPORT)  # type: ignore[arg-type]  # a TypedDict
    await context.add_init_script(_WATCH)
    page = await context.new_page()
    await page.goto(f"{address}/till/at/1?change=1")
    await page.select_option("#terminal", index=0)
    await page.fill("#number", CASHIER)
    await page.fill("#password", PASSWORD)
    async with page.expect_navigation():
        await page.click("form[action^='/till/at'] button.primary")
    return page


async def _trivial(page: Page, address: str, minute: Minute) -> None:
    """The least a page can be: a few bytes of text from the same server."""
    await page.goto(f"{address}/healthz")
    shown = await page.evaluate(_PAINTED) - await page.evaluate("performance.timeOrigin")
    minute.page.append(shown / 1000)


async def _payment(page: Page, address: str, minute: Minute) -> None:
    """Key the amount, press enter, scan, see the result."""
    await page.goto(f"{address}/till/take")
    for key in AMOUNT:
        await page.click(f"[data-key='{key}']")
    async with page.expect_navigation():
        await page.click(".key.go")
    await page.keyboard.type(CODE)
    async with page.expect_navigation(url="**/till/payments/*"):
        await page.keyboard.press("Enter")
    await page.wait_for_selector("section.result")
    minute.result.append((await page.evaluate(_PAINTED) - float(await _kept(page, "asked"))) / 1000)
    keys = await page.evaluate("JSON.parse(sessionStorage.getItem('keys') || '[]')")
    minute.keys += [took / 1000 for took in keys]
    await page.evaluate("sessionStorage.clear()")


async def _kept(page: Page, name: str) -> str:
    kept: str = await page.evaluate("(name) => sessionStorage.getItem(name)", name)
    return kept


def _rows(minutes: list[Minute]) -> tuple[Row, ...]:
    page = Taken(took=[took for minute in minutes for took in minute.page])
    result = Taken(took=[took for minute in minutes for took in minute.result])
    keys = Taken(took=[took for minute in minutes for took in minute.keys])
    half = page.at(0.5) or 1
    return (
        Row(
            name="a trivial page",
            engine="chromium",
            records=len(page.took),
            p50_ms=_neat(page, 0.5),
            p99_ms=_neat(page, 0.99),
        ),
        Row(
            name="scan to result",
            engine="chromium",
            records=len(result.took),
            p50_ms=_neat(result, 0.5),
            p99_ms=_neat(result, 0.99),
            reference="a trivial page",
            ratio=round((result.at(0.5) or 0) / half, 2),
        ),
        Row(name="a key", engine="chromium", records=len(keys.took), p50_ms=_neat(keys, 0.5), p99_ms=_neat(keys, 0.99)),
    )


def _neat(taken: Taken, part: float) -> float:
    return round(taken.at(part) or 0, 1)


def _p95(minutes: list[Minute]) -> tuple[str, ...]:
    result = Taken(took=[took for minute in minutes for took in minute.result])
    keys = Taken(took=[took for minute in minutes for took in minute.keys])
    scan, key = _neat(result, 0.95), _neat(keys, 0.95)
    return (f"p95 from scan to result {scan} ms (to be under 150), of a key {key} ms (under 50).",)


_NOTES: Final = (
    (
        "Measured by the browser's own clock: from the Enter of the scanner to the first paint of the page with the "
        "result, and from the click on a key to the end of the frame that shows its digit. The provider answers at "
        "once, so nothing of its time is in it."
    ),
)
