"""查单 says plainly whether the money is there, whichever number somebody holds in the hand."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from counterfoil.doors.till.scanned import kind_of, number_of, plain
from tests.doors.till.steps import WECHAT, Till, until
from tests.doors.till.test_guard import sign_in, token


@pytest.fixture
def client(served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.url, headers={"origin": served.url}, follow_redirects=True) as client:
        sign_in(client, served)
        yield client


def headline(page: str) -> str:
    found = re.search(r"<h[12][^>]*>([^<]+)</h[12]>\s*<p", page)
    assert found, page
    return found[1]


@pytest.mark.parametrize("which", ["order_no", "provider_trade_no", "wallet_trade_no", "reference_no"])
def test_any_number_of_a_payment_finds_it_and_says_it_is_paid(client, served, which):
    paid = served.scan(5101)
    page = client.get("/till/find", params={"number": getattr(paid, which)})
    assert page.url.path == f"/till/find/{paid.id}"
    assert headline(page.text) == "收到了，已付款"
    assert "¥51.01" in page.text


def test_a_payment_that_was_declined_is_said_not_to_be_received(client, served):
    declined = served.decline()
    page = client.get("/till/find", params={"number": declined.order_no}).text
    assert headline(page) == "这笔没有收到"
    assert "不要凭手机截图放行" in page
    assert f"/till/take?amount={declined.amount.decimal()}" in page


def test_an_open_payment_is_asked_for_before_the_answer_is_shown(client, served):
    late = served.scan(6609, wait_seconds=0)  # taken, and the connection cut
    until(lambda: served.payment(late.id).money != "sent")
    asks = served.payment(late.id).asks
    page = client.get("/till/find", params={"number": late.order_no}).text
    assert headline(page) in ("收到了，已付款", "这笔还在查")
    assert served.payment(late.id).asks > asks or served.payment(late.id).money == "captured"
    until(lambda: "收到了" in client.get(f"/till/find/{late.id}/state").text)


def test_the_number_of_a_refund_finds_its_payment_and_says_which_it_is(client, served):
    paid = served.take(5103)
    form = {"csrf": token(client.get("/till/menu").text), "amount": "1.00", "kind": "refund", "reason": "PRICE"}
    client.post(f"/till/records/{paid.id}/back/{served.house.app.ids.uuid()}", data=form)
    leg = served.payment(paid.id).legs[0]
    page = client.get("/till/find", params={"number": leg.order_no}).text
    assert headline(page) == "部分退款"
    assert "这个号码是其中一笔退款：¥1.00" in page


def test_the_amount_a_customer_says_finds_the_payments_of_this_shop(client, served):
    paid = [served.take(5104) for _ in range(2)]
    page = client.get("/till/find", params={"amount": "51.04元"}).text
    assert set(re.findall(r"/till/find/([0-9a-f-]{36})", page)) == {one.id for one in paid}
    assert "最近三天没有 ¥51.99 的收款" in client.get("/till/find", params={"amount": "51.99"}).text
    wrong = client.get("/till/find", params={"amount": "三十八"})
    assert (wrong.status_code, "CF-1801" in wrong.text) == (422, True)


def test_the_last_payments_are_there_to_pick_from_at_this_terminal_or_in_the_shop(client, served):
    here, other = served.take(5105), served.take(5106, terminal=1)
    mine = client.get("/till/find").text
    assert here.id in mine
    assert other.id not in mine
    assert other.id in client.get("/till/find", params={"where": "shop"}).text


@pytest.mark.parametrize(
    ("number", "what"),
    [
        ("4200001234202611251234567890", "没有这个号码的收款"),
        (WECHAT, "这是付款码，不是账单里的单号"),
        ("https://qr.example/38?a=1", "扫到的不是单号"),
        ("9" * 500, "扫到的不是单号"),
        ("<script>alert(1)</script>", "扫到的不是单号"),
        ("🧾", "扫到的不是单号"),
        ("شكرا", "扫到的不是单号"),
    ],
)
def test_what_is_not_found_says_what_that_means_and_what_to_do(client, number, what):
    page = client.get("/till/find", params={"number": number})
    assert page.status_code == 200
    assert what in page.text
    assert page.text.count("<li>") == 3
    assert "<script>alert" not in page.text


def test_a_number_is_read_however_it_comes():
    order_no = "261125123456789012345678"
    for scanned in (
        order_no,
        f" {order_no[:4]} {order_no[4:]}\r\n",
        f"\u202e{order_no}\u202c\t",
        order_no.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)}),
        order_no * 2,
        f"{order_no}\r\n{order_no}\r\n",
    ):
        assert number_of(scanned) == order_no
    assert number_of(order_no + "1" * 24) == order_no + "1" * 24
    assert plain(WECHAT * 2) == WECHAT * 2
    assert kind_of(order_no) == "other"


def test_the_bar_code_of_a_receipt_is_never_charged_as_a_payment_code(till: Till, served):
    till.start()
    paid = served.take(5107)
    till.ask("51.08")
    till.scan_at_once(paid.order_no)
    till.page.wait_for_selector(".note.bad")
    assert "CF-3103" in till.page.inner_text(".note.bad")
    assert served.count(5108) == 0


def test_a_receipt_is_scanned_without_touching_a_field(till: Till, served):
    till.start()
    paid = served.take(5109)
    till.go("/till/find")
    till.page.focus("#said")
    till.scan(paid.order_no)
    till.page.wait_for_url("**/till/find/*")
    assert till.headline() == "收到了，已付款"
    assert till.page.get_attribute("main [role=status]", "role") == "status"
    till.page.keyboard.press("Escape")
    till.page.wait_for_url("**/till/find")
