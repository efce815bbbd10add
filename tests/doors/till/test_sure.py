"""The same again within two minutes, or far more than usual: the till asks before it charges."""

from __future__ import annotations

from tests.doors.till.steps import WECHAT, Till


def key(till: Till, amount: str) -> None:
    till.go("/till/take")
    till.key(amount, "Enter")


def test_the_same_amount_again_is_asked_about_and_yes_is_not_the_default(till: Till, served):
    till.start("01")
    before = served.count(4701)
    first = till.take("47.01")
    key(till, "47.01")
    till.page.wait_for_url("**/sure?amount=47.01")
    assert till.headline() == "确实再收一笔？"
    assert "2 分钟内，本机已收过一笔 ¥47.01" in till.page.inner_text("main")
    till.page.keyboard.press("Enter")
    till.page.wait_for_url(f"**/till/payments/{first}")
    key(till, "47.01")
    till.page.wait_for_url("**/sure?amount=47.01")
    till.submit("text=确实再收一笔 >> nth=-1")
    till.scan()
    till.page.wait_for_url("**/till/payments/*")
    assert till.payment_id != first
    assert served.count(4701) == before + 2


def test_a_code_scanned_with_the_same_amount_is_not_charged_and_not_kept(till: Till, served):
    till.start("01")
    till.take("47.02")
    taken = served.count(4702)
    till.go("/till/take")
    till.key("47.02")
    till.scan()
    till.page.wait_for_url("**/sure?*")
    assert "刚扫的付款码没有使用，也没有保存" in till.page.inner_text("main")
    assert WECHAT not in till.page.content()
    assert WECHAT not in till.page.url
    assert served.count(4702) == taken


def test_in_english_and_on_from_a_declined_payment(chromium, served):
    till = Till.open(chromium, served.url, "en")
    till.sign_in("01", terminal=1)
    till.take("47.03")
    till.go("/till/take/again?way=cash&amount=47.03")
    assert "Nothing has been taken yet" in till.page.inner_text("main")
    till.submit("text=Yes, take again")
    assert "/cash?" in till.page.url
    till.close()


def test_another_amount_or_another_till_is_not_asked_about(till: Till):
    till.start("01")
    till.take("47.04")
    for amount, terminal in (("47.05", 0), ("47.04", 1)):
        till.start("00", terminal=terminal)
        key(till, amount)
        till.page.wait_for_url(f"**?amount={amount}")
        assert "/sure" not in till.page.url
