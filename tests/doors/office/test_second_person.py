"""In a real browser with a virtual authenticator: a till asks, a phone approves, the till goes on by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from counterfoil.basis import Money, Refused
from counterfoil.factors import code_at, step_at
from counterfoil.payments import RefundAsk, VoidAsk, refund, void
from counterfoil.testing.house import EMAILS, PASSWORD
from tests.doors.office.test_second_factors import Device
from tests.doors.till.conftest import Served
from tests.doors.till.steps import Till

LARGE = 5_200_00
WORDS = {
    "zh-CN": {"waits": "已发给可以批准的人", "done": "已批准并执行", "declined": "没有批准", "approve": "批准并执行"},
    "en": {
        "waits": "Sent to those who may approve",
        "done": "Approved and carried out",
        "declined": "Not approved",
        "approve": "Approve and carry out",
    },
}


@pytest.fixture(scope="module")
def phone(served: Served, chromium: Browser) -> Iterator[Device]:
    """The supervisor's, with a passkey that it made itself."""
    made = Device.with_authenticator(chromium, served, "zh-CN")
    made.go("/office/at/1")
    made.page.set_viewport_size({"width": 390, "height": 844})
    made.page.fill("#email", EMAILS["supervisor"])
    made.page.fill("#password", PASSWORD)
    made.submit("form[action^='/office/at'] button.primary")
    made.go("/office/records")
    made.submit("a[href$='/second/passkey']")
    made.page.fill("#name", "Pixel")
    made.submit("form[data-passkey] button[type=submit]")
    made.submit("main a.primary")
    yield made
    made.close()


@pytest.fixture
def counter(served: Served, chromium: Browser) -> Iterator[Till]:
    """A cashier's, alone in the shop."""
    made = Till.open(chromium, served.url)
    made.sign_in("01")
    yield made
    made.close()


def _speaks(device: Till, language: str, door: str) -> None:
    if device.page.get_attribute("html", "lang") != language:
        device.submit(f"form[action='/{door}/language'] button")


def _asks(counter: Till, payment_id: str) -> str:
    """Up to the page that waits; its path."""
    counter.go(f"/till/records/{payment_id}")
    counter.submit("a.button[href*='/back/']")
    counter.submit("button[value=TEST]")
    counter.submit("button[formaction$='/ask']")
    return counter.page.url.removeprefix(counter.url)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_void_above_the_limit_is_approved_on_a_phone_and_the_till_goes_on_by_itself(
    language: str, phone: Device, counter: Till, served: Served
):
    said = WORDS[language]
    _speaks(counter, language, "till")
    paid = served.take(LARGE)
    path = _asks(counter, paid.id)
    assert path.endswith("/asked")
    assert said["waits"] in counter.page.inner_text("main")
    assert counter.page.query_selector("#badge a[href='/till/waiting']:not(.idle)")
    # On the phone: one waits, its page says what would happen, and one touch of the device confirms that very act.
    phone.go("/office/home")
    _speaks(phone, language, "office")
    assert phone.page.inner_text("nav.side a[href='/office/requests'] .chip") == "1"
    phone.go("/office/requests")
    phone.submit("section[aria-labelledby=for-you] tbody a")
    assert "¥5,200.00" in phone.page.inner_text("main")
    assert phone.wide() <= 0
    phone.submit("form[action$='/approve'] button")
    assert said["approve"] in phone.page.inner_text("main")
    phone.submit("form[data-passkey] button[type=submit]")
    assert said["done"] in phone.page.inner_text("main")
    # The till went on to the result, the money went back once, and the log names both.
    counter.page.wait_for_url(f"**{path.removesuffix('/asked')}")
    counter.turns("good")
    void = served.payment(paid.id).void
    assert void is not None
    assert (void.actor_id, void.approver_id) == (
        served.house.person_ids["cashier"],
        served.house.person_ids["supervisor"],
    )


def test_a_request_comes_to_a_page_that_stands_open_and_is_said(phone: Device, counter: Till, served: Served):
    # Two pages of the office stand open, and neither is touched again: the list, and any other.
    phone.go("/office/requests")
    _speaks(phone, "zh-CN", "office")
    other = phone.tab()
    other.go("/office/settings")
    for page in (phone.page, other.page):
        assert page.query_selector("#inbox .chip") is None
        page.evaluate("window.sameAsBefore = true")
    nav = "document.querySelector(\"nav.side a[href='/office/requests']\").getBoundingClientRect().width"
    wide = other.page.evaluate(nav)
    _speaks(counter, "zh-CN", "till")
    paid = served.take(LARGE + 2)
    path = _asks(counter, paid.id)
    for page in (phone.page, other.page):
        page.bring_to_front()
        page.wait_for_selector("#inbox .chip")
        page.wait_for_function("document.title.startsWith('(1) ')")
        assert page.inner_text("#inbox-said") == "1 份申请等您处理"
        assert page.evaluate("window.sameAsBefore")
    assert other.page.evaluate(nav) == wide
    phone.page.bring_to_front()
    phone.page.wait_for_selector("section[aria-labelledby=for-you] tbody a")
    # Taken back at the till: the count, the title and the list are as before.
    counter.go(path)
    counter.submit("form[action$='/withdraw'] button")
    phone.page.wait_for_selector("section[aria-labelledby=for-you] tbody a", state="detached")
    phone.page.wait_for_function("!document.title.startsWith('(')")
    other.page.close()


def test_what_is_declined_says_so_at_the_till_and_no_money_moves(phone: Device, counter: Till, served: Served):
    _speaks(counter, "zh-CN", "till")
    paid = served.take(LARGE + 1)
    _asks(counter, paid.id)
    phone.go("/office/requests")
    _speaks(phone, "zh-CN", "office")
    phone.submit("section[aria-labelledby=for-you] tbody a")
    phone.page.fill("#reason", "请先问顾客要小票")
    phone.submit("form[action$='/decline'] button")
    counter.page.wait_for_selector("section.result.bad")
    shown = counter.page.inner_text("main")
    assert WORDS["zh-CN"]["declined"] in shown
    assert "请先问顾客要小票" in shown
    assert served.payment(paid.id).money == "captured"
    # Asked once more and not needed any more: whoever asked takes it back.
    _asks(counter, paid.id)
    counter.submit("form[action$='/withdraw'] button")
    phone.go("/office/requests")
    assert phone.page.query_selector("section[aria-labelledby=for-you] tbody a") is None


def test_a_supervisor_alone_at_the_till_is_no_second_person_to_themselves(counter: Till, served: Served):
    paid = served.take(LARGE + 2)
    ask = VoidAsk(id=served.house.app.ids.uuid(), payment_id=paid.id, reason="TEST", reason_text=None, wait_seconds=0)
    with pytest.raises(Refused) as refused:
        served.run(void(served.house.app.payments, served.house.actor(), ask))
    assert refused.value.kind.code == "CF-2150"
    counter.sign_in("00")
    counter.go(f"/till/records/{paid.id}")
    counter.submit("a.button[href*='/back/']")
    counter.submit("button[value=TEST]")
    counter.page.fill("#number", "00")
    counter.page.fill("#password", PASSWORD)
    counter.submit("button.danger")
    assert "CF-2152" in counter.page.inner_text(".note.bad")
    counter.page.fill("#number", "99")
    counter.page.fill("#password", PASSWORD)
    counter.submit("button.danger")
    counter.turns("good")
    assert served.payment(paid.id).void is not None


def test_what_changed_since_it_was_asked_for_is_shown_and_not_approved(phone: Device, counter: Till, served: Served):
    paid = served.take(LARGE + 3)
    _asks(counter, paid.id)
    ask = RefundAsk(
        id=served.house.app.ids.uuid(), payment_id=paid.id, amount=Money(100), reason="TEST", reason_text=None
    )
    served.run(refund(served.house.app.payments, served.house.actor(), ask))
    phone.go("/office/requests")
    phone.submit("section[aria-labelledby=for-you] tbody a")
    assert "¥1.00" in phone.page.inner_text(".note.bad")
    assert phone.page.query_selector("form[action$='/approve']") is None
    path = phone.page.url.removeprefix(phone.url)
    assert "CF-2157" in phone.post(f"{path}/approve")
    assert "CF-2156" in phone.post(f"{path}/do")
    assert served.payment(paid.id).void is None
    assert "CF-2162" in phone.post(f"{path}/decline", reason=" ")
    assert "CF-2161" in phone.post(f"{path}/withdraw")


@dataclass
class CodeApp:
    """The administrator's desk, where there is no passkey: a code app, each of whose codes counts once."""

    desk: Device
    served: Served
    secret: str
    last: int = 0

    def code(self) -> str:
        self.last = max(self.last + 1, step_at(self.served.house.app.clock.now()) - 1)
        return code_at(self.secret, self.last)


@pytest.fixture(scope="module")
def code_app(served: Served, chromium: Browser) -> Iterator[CodeApp]:
    made = Device.open(chromium, served.url)
    assert isinstance(made, Device)
    made.shows_password(1)
    made.submit("a[href$='/second/app']")
    app = CodeApp(made, served, made.page.inner_text("code.digest").replace(" ", ""))
    made.page.fill("#code", app.code())
    made.submit("form[action$='/second/app'] button.primary")
    made.submit("main a.primary")
    yield app
    made.close()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_void_above_the_limit_is_approved_with_password_and_code_where_there_is_no_passkey(
    language: str, code_app: CodeApp, counter: Till, served: Served
):
    said, desk = WORDS[language], code_app.desk
    _speaks(counter, language, "till")
    paid = served.take(LARGE + 10)
    path = _asks(counter, paid.id)
    desk.go("/office/requests")
    _speaks(desk, language, "office")
    request = path.split("/")[-2]
    desk.submit(f"section[aria-labelledby=for-you] a[href$='{request}']")
    desk.submit("form[action$='/approve'] button")
    assert desk.page.query_selector("form[data-passkey]") is None
    typed = code_app.code()
    desk.confirms_by_code("000000" if typed != "000000" else "000001")
    assert served.payment(paid.id).void is None
    desk.confirms_by_code(typed)
    assert said["done"] in desk.page.inner_text("main")
    counter.page.wait_for_url(f"**{path.removesuffix('/asked')}")
    counter.turns("good")
    void = served.payment(paid.id).void
    assert void is not None
    assert void.approver_id == served.house.person_ids["administrator"]
