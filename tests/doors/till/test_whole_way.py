"""From the sign-in to the proof, on each page: looked at in three sizes, and by axe; nothing on the console."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from counterfoil.testing.house import PASSWORD
from tests.doors.till.conftest import SHOTS, SIZES, TEA_HOUSE
from tests.doors.till.steps import ALIPAY, Till

DUE_IN_CASH = {"zh-CN": ("63.50", "¥36.50"), "en": ("63.40", "¥36.60")}
HEADLINE_MOST = 14  # Chinese characters at 40 px


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Both ways with ``--long``; otherwise one, since tests/walk looks at every page too."""
    if "theme" in metafunc.fixturenames:
        ways = (("zh-CN", "light"), ("en", "dark"))
        metafunc.parametrize(("language", "theme"), ways if metafunc.config.getoption("long") else ways[:1])


class Tour:
    """Looks at a page before going on."""

    def __init__(self, till: Till, name: str, pictures: Path | None) -> None:
        self.till = till
        self._name = name
        self._pictures = pictures
        self._count = 0
        self._axe = Axe()

    def look(self, name: str) -> None:
        page = self.till.page
        page.wait_for_load_state()
        self._count += 1
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            assert self.till.wide() <= 0, f"{name} is wider than {size}"
            page.screenshot(path=SHOTS / self._name / size / f"{self._count:02d}-{name}.png")
        page.set_viewport_size({"width": 1024, "height": 600})
        found = self._axe.run(page).response["violations"]
        assert not found, [(name, one["id"], [node["html"] for node in one["nodes"]]) for one in found]
        if self._pictures and name == "paid":
            page.screenshot(path=self._pictures / "till.png")


@pytest.mark.sample
def test_the_whole_way_from_sign_in_to_proof(served, chromium, request, language, theme):
    till = Till.open(chromium, served.url, language, color_scheme=theme)
    pictures = Path(__file__).parents[3] / "docs" / "pictures" if request.config.getoption("--pictures") else None
    tour = Tour(till, f"{language}-{theme}", pictures if theme == "light" else None)
    signing_in(till, tour)
    paid = taking(till, tour)
    being_checked(till, tour)
    finding(till, tour, paid)
    giving_back(till, tour, paid)
    proving(till, tour, served, paid)
    leaving(till, tour)
    till.close()


def signing_in(till: Till, tour: Tour) -> None:
    till.go("/till")
    tour.look("merchants")
    till.sign_in(password="not the password", merchant=TEA_HOUSE)
    tour.look("refused")
    till.sign_in(merchant=TEA_HOUSE)
    tour.look("menu")


def taking(till: Till, tour: Tour) -> str:
    till.submit("a.tile.first")
    tour.look("amount")
    till.page.click("[data-key='3']")
    till.page.click("[data-key='8']")
    till.submit(".key.go")
    tour.look("code")
    till.scan("4006381333931")  # a member card
    till.page.wait_for_selector(".note.bad")
    tour.look("no-payment-code")
    till.scan()
    till.page.wait_for_url("**/till/payments/*")
    till.turns("good")
    assert "¥38.00" in till.page.inner_text("main")
    tour.look("paid")
    paid = till.payment_id
    till.submit("a[href$='/receipt']")
    tour.look("receipt")
    # Another amount in each language: the same again within two minutes is asked about.
    due, change = DUE_IN_CASH[till.page.get_attribute("html", "lang") or ""]
    till.ask(due)
    till.submit("a[href*='/cash']")
    till.key("100")
    assert till.page.inner_text("[data-change]") == change
    tour.look("cash")
    till.submit(".key.go")
    assert change in till.page.inner_text("section.result")
    tour.look("paid-in-cash")
    return paid


def being_checked(till: Till, tour: Tour) -> None:
    till.take("66.01", ALIPAY)
    till.turns("bad")
    assert len(till.headline()) <= HEADLINE_MOST or till.page.get_attribute("html", "lang") == "en"
    tour.look("declined")
    till.go(f"/till/payments/{till.payment_id}/receipt")
    assert "CF-3204" in till.page.inner_text("main")
    tour.look("no-receipt")
    till.take("66.05")
    assert till.tone() == "checking"
    tour.look("customer-confirms")
    till.go("/till/menu")
    tour.look("menu-with-parked")
    till.submit("a.tile.checking")
    tour.look("parked")
    till.submit("td a")
    till.submit("form[action$='/withdraw'] button")
    till.turns("quiet")
    tour.look("withdrawn")


def finding(till: Till, tour: Tour, paid: str) -> None:
    till.go("/till/records")
    tour.look("records")
    till.page.select_option("select[name=wallet]", "wechat")
    till.page.select_option("select[name=status]", "captured")
    till.page.fill("#min", "３８")
    till.page.fill("#max", "38元")
    till.submit(".sentence button")
    assert "wallet=wechat" in till.page.url
    assert {amount.inner_text() for amount in till.page.query_selector_all("td.number")} == {"¥38.00"}
    till.go("/till/records?min=1000000")
    tour.look("no-record")
    till.go("/till/records?from=2026-11-22&to=2026-11-21")
    tour.look("dates-reversed")
    till.submit("nav.days a")
    tour.look("records-of-today")
    till.go("/till/find?number=5551234")
    tour.look("not-found")
    till.go(f"/till/payments/{paid}")
    order_no = re.search(r"\d{24}", till.page.inner_text("section.result"))
    till.go("/till/find")
    tour.look("find")
    assert order_no
    till.scan(order_no[0])
    till.page.wait_for_url(f"**/till/find/{paid}?*")
    tour.look("found-paid")
    till.go("/till/find?amount=38")
    tour.look("find-by-amount")
    till.go("/till/find?number=4200001234202611251234567890")
    tour.look("found-none")
    till.go("/till/more")
    tour.look("more")
    till.go("/till/more/network")
    till.page.wait_for_selector("[data-measured=clock] .chip.good")
    till.page.wait_for_selector("li:not(.no-script):has-text('→') .chip.good >> nth=1")
    tour.look("network")
    till.go("/till/help")
    tour.look("help")
    till.go(f"/till/find/{paid}")
    till.submit("a[href*='/till/records/']")
    tour.look("record")


def giving_back(till: Till, tour: Tour, paid: str) -> None:
    till.submit("a[href*='/back/']")
    tour.look("why")
    till.page.fill("#amount", "38.01")
    till.submit("button[value=WRONG_AMOUNT]")
    tour.look("too-much")
    till.page.fill("#amount", "38")
    till.submit("button[value=WRONG_AMOUNT]")
    assert "¥38.00" in till.page.inner_text("button.danger")
    tour.look("what-happens-to-the-money")
    till.page.fill("#number", "00")
    till.page.fill("#password", PASSWORD)
    till.submit("button.danger")
    till.turns("good")
    tour.look("given-back")
    till.submit("a[href*='receipt?leg=']")
    tour.look("receipt-of-void")
    till.go(f"/till/records/{paid}")
    assert till.page.query_selector("a.button[href*='/back/']") is None
    tour.look("record-after")


def proving(till: Till, tour: Tour, served, paid: str) -> None:
    served.sign()
    till.go(f"/till/records/{paid}")
    tour.look("record-signed")
    with till.page.expect_download() as download:
        till.page.click("a[download]")
    assert Path(download.value.path()).read_bytes().startswith(b"c2sp.org/tlog-proof@v1\n")
    till.go(f"/till/payments/{paid}/receipt?paper=58")
    assert re.search(r"#\d+ [A-Za-z0-9+/]{8}", till.page.inner_text("article.paper"))
    tour.look("receipt-with-root")
    till.go(f"/till/records/{paid}")
    till.submit("form[action$='/receipt'] button")
    assert re.search(r"(重打印|Reprint) 1\b", till.page.inner_text("article.paper"))
    tour.look("receipt-again")


def leaving(till: Till, tour: Tour) -> None:
    till.go("/till/nowhere")
    tour.look("no-such-page")
    till.go("/till/menu")
    till.page.keyboard.press("?")
    till.page.wait_for_selector("#keys[open]")
    tour.look("keys")
    till.page.keyboard.press("Escape")
    till.submit("form[action='/till/sign-out'] button")
    tour.look("signed-out")
    till.go("/till/menu")
    assert f"/till/at/{TEA_HOUSE}" in till.page.url
