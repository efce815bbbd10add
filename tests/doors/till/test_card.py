"""银行卡, the whole way: the amount at the terminal, a card that pays, one that is declined, a customer who leaves."""

from __future__ import annotations

import re

import httpx
import pytest

from counterfoil.payments import MoneyState
from counterfoil.providers.lakala.sandbox import MERCHANT_NO
from tests.doors.till.conftest import TEA_HOUSE
from tests.doors.till.steps import Till
from tests.doors.till.test_give_back import ask_back
from tests.doors.till.test_show_code import look


@pytest.fixture(autouse=True)
def cards_come_at_the_terminal_only(served):
    served.house.sandbox.scan_seconds = None
    yield
    served.house.sandbox.scan_seconds = 6.0


def to_the_terminal(till: Till, amount: str) -> str:
    """From the keypad to the page that waits; the payment's id."""
    till.go("/till/take")
    till.key(amount)
    till.submit("button.take-card")
    till.page.wait_for_selector("section.result.card")
    return till.payment_id


def at_the_terminal(served, payment_id: str, what: str = "pay", merchant: int = 1) -> str:
    """What the customer does there; we then ask at once, not when the turn comes."""
    order_no = served.payment(payment_id, merchant).order_no
    trade = served.house.sandbox.ledger.find(MERCHANT_NO, order_no=order_no)
    said = httpx.post(f"{served.house.sandbox_url}/pay/{MERCHANT_NO}/{trade.trade_no}", data={"do": what}).text
    if merchant == 1:
        served.nudge(payment_id)
    return said


@pytest.mark.parametrize(("language", "theme", "amount"), [("zh-CN", "light", "68.80"), ("en", "dark", "68.90")])
def test_from_the_amount_to_the_receipt_of_a_card(served, chromium, language, theme, amount):
    till = Till.open(chromium, served.url, language, color_scheme=theme)
    till.sign_in(merchant=TEA_HOUSE)
    till.go("/till/take")
    till.key(amount)
    look(till, f"{language}-{theme}", "card-keypad")
    till.submit("button.go")
    look(till, f"{language}-{theme}", "card-offered")
    till.submit("button.take-card")
    till.page.wait_for_selector("section.result.card")
    look(till, f"{language}-{theme}", "card-waits")
    said = till.page.inner_text("section.result")
    assert f"¥{amount}" in said
    assert re.search(r"[45]:\d\d", said)
    assert till.page.is_visible(".badge")
    till.page.evaluate("window.sameDocument = true")
    payment_id = till.payment_id
    assert "已付款" in at_the_terminal(served, payment_id, merchant=TEA_HOUSE)
    till.page.wait_for_selector("section.result.good")
    assert till.page.evaluate("window.sameDocument")
    assert "1234" in till.page.inner_text("section.result")
    look(till, f"{language}-{theme}", "card-paid")
    till.go(f"/till/payments/{payment_id}/receipt")
    printed = till.page.inner_text("main")
    assert "**** **** **** 1234" in printed
    assert served.payment(payment_id, TEA_HOUSE).reference_no in printed
    look(till, f"{language}-{theme}", "card-receipt")
    till.go(f"/till/records/{payment_id}")
    assert "1234" in till.page.inner_text("main")
    look(till, f"{language}-{theme}", "card-record")
    till.close()


def test_a_declined_card_is_told_and_can_be_taken_again(till, served):
    till.start()
    payment_id = to_the_terminal(till, "68.01")
    assert "没有扣款" in at_the_terminal(served, payment_id, "decline")
    till.turns("bad")
    assert served.payment(payment_id).money is MoneyState.DECLINED
    till.submit("a.primary")
    assert till.page.is_visible("button.take-card")


def test_a_customer_who_leaves_is_let_go_and_no_card_can_pay_it_any_more(till, served):
    till.start()
    payment_id = to_the_terminal(till, "68.02")
    till.submit("form[action$='/withdraw'] button")
    till.turns("quiet")
    assert till.headline() == "已关单，没有收款"
    assert "没有扣款" in at_the_terminal(served, payment_id)
    assert served.payment(payment_id).money is MoneyState.REVERSED
    till.submit("a.primary")
    assert till.page.input_value("#amount") == "68.02"


def test_a_card_that_came_while_the_cashier_cancels_is_received(till, served):
    till.start()
    payment_id = to_the_terminal(till, "68.03")
    order_no = served.payment(payment_id).order_no
    trade = served.house.sandbox.ledger.find(MERCHANT_NO, order_no=order_no)
    httpx.post(f"{served.house.sandbox_url}/pay/{MERCHANT_NO}/{trade.trade_no}", data={"do": "pay"})
    till.submit("form[action$='/withdraw'] button")
    till.go(f"/till/payments/{payment_id}")
    till.turns("good")


def test_parked_it_is_counted_found_again_and_asked_about_at_once(till, served):
    till.start(terminal=1)
    payment_id = to_the_terminal(till, "68.04")
    till.submit("a.primary")
    till.go("/till/waiting")
    assert "等顾客刷卡" in till.page.inner_text("main")
    till.page.click(f"a[href*='{payment_id}']")
    till.page.wait_for_selector("section.result.card")
    order_no = served.payment(payment_id).order_no
    trade = served.house.sandbox.ledger.find(MERCHANT_NO, order_no=order_no)
    httpx.post(f"{served.house.sandbox_url}/pay/{MERCHANT_NO}/{trade.trade_no}", data={"do": "pay"})
    till.page.evaluate("document.querySelector(`form[action$='/ask'] button`)?.click()")
    till.turns("good")


def test_a_bill_whose_answer_was_lost_is_being_checked_and_may_be_withdrawn(till, served):
    till.start()
    till.go("/till/take")
    till.key("66.36")
    till.submit("button.take-card")
    assert till.tone() == "checking"
    assert till.page.locator("section.result.card").count() == 0
    till.submit("form[action$='/withdraw'] button")
    till.turns("quiet")
    assert served.payment(till.payment_id).money is MoneyState.REVERSED


def test_a_card_is_given_back_in_part_and_then_whole_never_voided(till, served):
    till.start("00")
    paid = to_the_terminal(till, "68.05")
    at_the_terminal(served, paid)
    till.turns("good")
    ask_back(till, paid, "PRICE")
    assert "退款 ¥68.05" in till.page.inner_text("button.danger")
    ask_back(till, paid, "PRICE", "8.05")
    till.submit("button.danger")
    till.turns("good")
    assert served.payment(paid).money is MoneyState.PART_REFUNDED
    ask_back(till, paid, "QUALITY")
    till.submit("button.danger")
    till.turns("good")
    assert served.payment(paid).money is MoneyState.REFUNDED


def test_a_second_press_and_a_reload_are_the_same_bill(till, served):
    till.start()
    payment_id = to_the_terminal(till, "68.06")
    till.page.reload()
    till.page.wait_for_selector("section.result.card")
    till.page.go_back()
    till.page.wait_for_load_state()
    assert served.count(6806) == 1
    assert served.payment(payment_id).in_flight


@pytest.mark.parametrize("amount", ["", "0", "abc", "99999999999"])
def test_a_wrong_amount_stays_on_the_keypad_and_says_so(till, amount):
    till.start()
    till.go("/till/take")
    till.page.fill("#amount", amount)
    till.page.eval_on_selector("#amount", "field => field.required = false")
    till.submit("button.take-card")
    assert till.page.is_visible(".note.bad")
    assert till.page.is_visible("button.take-card")
