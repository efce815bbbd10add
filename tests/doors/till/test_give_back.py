"""One button; the program says which of void and refund it is, and what happens to the money."""

from counterfoil.testing.house import PASSWORD
from tests.doors.till.steps import Till


def ask_back(till: Till, payment_id: str, reason: str, amount: str | None = None) -> None:
    till.go(f"/till/records/{payment_id}")
    till.submit("a.button[href*='/back/']")
    if amount:
        till.page.fill("#amount", amount)
    till.submit(f"button[value={reason}]")


def test_a_part_is_refunded_and_the_rest_can_be_refunded_later(till: Till, served):
    till.start("00")
    paid = till.take("44.01")
    ask_back(till, paid, "PRICE", "4.01")
    assert "退款 ¥4.01" in till.page.inner_text("button.danger")
    till.submit("button.danger")
    till.turns("good")
    ask_back(till, paid, "QUALITY")
    assert "退款 ¥40.00" in till.page.inner_text("button.danger")
    till.submit("button.danger")
    till.turns("good")
    assert served.payment(paid).money == "refunded"


def test_cash_goes_back_from_the_drawer(till: Till):
    till.start("00")
    till.ask("44.02")
    till.submit("a[href*='/cash']")
    till.submit("button[name=tendered]")
    paid = till.payment_id
    ask_back(till, paid, "TEST")
    assert "从钱箱取 ¥44.02" in till.page.inner_text("main")
    till.submit("button.danger")
    assert "¥44.02" in till.page.inner_text("section.result.good")


def test_a_cashier_needs_a_supervisor_and_cannot_be_their_own(till: Till, served):
    till.start("01")
    paid = till.take("44.03")
    ask_back(till, paid, "TEST")
    till.page.fill("#number", "01")
    till.page.fill("#password", PASSWORD)
    till.submit("button.danger")
    assert "CF-2021" in till.page.inner_text(".note.bad")
    assert served.payment(paid).money == "captured"
    till.page.fill("#number", "00")
    till.page.fill("#password", PASSWORD)
    till.submit("button.danger")
    till.turns("good")
    void = served.payment(paid).void
    assert void is not None
    assert void.approver_id != void.actor_id


def test_a_refund_that_finds_funds_short_is_queued_and_can_be_cancelled(till: Till, served):
    till.start("00")
    paid = till.take("66.14")
    ask_back(till, paid, "TEST", "6.14")
    till.submit("button.danger")
    till.turns("checking")
    assert till.headline() == "退款排队中"
    said = till.page.inner_text("section.result")
    assert "已排队，再收约 ¥6.14 后自动再试（同一退款单号）" in said
    assert "原收款仍有效" in said
    assert "最晚" in said
    till.go(f"/till/records/{paid}")
    assert "退款排队中" in till.page.inner_text("section[aria-labelledby=legs]")
    till.submit("section[aria-labelledby=legs] a")
    till.submit("a[href$='/cancel']")
    assert till.page.evaluate("document.querySelector('[data-first]').textContent") == "继续排队"
    till.submit("button.danger")
    assert till.headline() == "排队的退款已取消"
    payment = served.payment(paid)
    assert (payment.money, payment.refund_reserved_minor) == ("captured", 0)
    till.go(f"{till.page.url.removeprefix(till.url)}/cancel")
    assert not till.page.url.endswith("/cancel")


def test_a_cashier_cancels_a_queued_refund_with_a_supervisor(till: Till, served):
    till.start("00", terminal=1)
    paid = till.take("66.14")
    ask_back(till, paid, "TEST", "5.14")
    till.submit("button.danger")
    till.turns("checking")
    queue = till.page.url.removeprefix(till.url)
    till.start("01", terminal=1)
    till.go(f"{queue}/cancel")
    till.page.fill("#number", "00")
    till.page.fill("#password", "not the password")
    till.submit("button.danger")
    assert "CF-2001" in till.page.inner_text(".note.bad")
    till.page.fill("#number", "00")
    till.page.fill("#password", PASSWORD)
    till.submit("button.danger")
    assert served.payment(paid).refunds[0].shown_as == "cancelled"


def test_other_needs_words_of_ones_own(till: Till):
    till.start("00")
    paid = till.take("44.05")
    ask_back(till, paid, "OTHER")
    till.page.evaluate("document.querySelector('#reason_text').required = false")
    till.submit("button.danger")
    assert "CF-3115" in till.page.inner_text(".note.bad")
    till.page.fill("#reason_text", "顾客带错了杯子")
    till.submit("button.danger")
    till.turns("good")
