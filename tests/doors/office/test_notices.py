"""通知: what a provider told and nothing here fits is listed, and booked or put aside once, by whoever may."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from counterfoil.basis import MICROS
from counterfoil.doors.office.notices import SHOWN
from counterfoil.payments import (
    KeptNotice,
    heed_notices,
    keep_notice,
    notice_for,
    notices_for_a_person,
    take,
)
from counterfoil.providers import accounts_of_provider
from counterfoil.providers.lakala.sandbox import MERCHANT_NO, NoticeTrick, notice_body
from counterfoil.providers.lakala.sandbox.calls import pay as paid
from counterfoil.testing.clock import ManualClock
from counterfoil.testing.house import MERCHANT
from tests.doors.office.conftest import Office
from tests.doors.till.conftest import Served

LONG_AGO_SECONDS = 25 * 3600
PATH = "/office/waiting/notices"
_numbers = itertools.count(1)
Left = Callable[[int], KeptNotice]


async def _left(house, minor: int, said: bytes = b'"SUCCESS"') -> KeptNotice:
    """Told a day ago, of an order whose number looks like ours, so that no round books it by itself."""
    means = house.app.payments
    then = replace(means, clock=ManualClock(means.clock.now() - LONG_AGO_SECONDS * MICROS))
    (account,) = await accounts_of_provider(house.app.store, MERCHANT, "lakala")
    trade = house.sandbox.printed_code_paid(minor)
    number = f"{next(_numbers):024d}"
    body = notice_body(trade).replace(trade.order_no.encode(), number.encode()).replace(b'"SUCCESS"', said)
    headers = {"authorization": house.sandbox.notices.authorization(body)}
    await keep_notice(then, MERCHANT, account["id"], headers, body)
    await heed_notices(means)
    waiting = await notices_for_a_person(house.app.store, MERCHANT)
    return next(one for one in waiting if one.said.order_no == number)


@pytest.fixture
def left(served: Served) -> Left:
    return lambda minor: served.run(_left(served.house, minor))


def test_it_is_listed_booked_at_a_shop_and_a_second_press_books_nothing(office: Office, served: Served, left: Left):
    kept = left(7301)
    office.start("00")
    office.go("/office/home")
    assert "支付机构通知" in office.text()
    office.go("/office/waiting")
    assert "¥73.01" in office.text()
    office.submit(f"a[href='{PATH}/{kept.id}']")
    shown = office.text()
    for said in (kept.said.order_no, kept.said.outcome.provider_trade_no, "微信", "有效", "系统", "没有这个单号"):
        assert said in shown
    shop = office.page.get_attribute("#shop option:last-child", "value")
    office.page.select_option("#shop", shop)
    office.submit("form:has(#shop) button")
    assert "¥73.01" in office.text()
    assert kept.said.order_no in office.text()
    assert served.run(notice_for(served.house.app.store, MERCHANT, kept.id)).state == "person"
    office.confirm()
    assert "已入账" in office.text()
    booked = served.payment(kept.id)
    assert (booked.shop_id, booked.amount, booked.entry) == (shop, kept.said.amount, "static_code")
    version = booked.row["version"]
    office.go(f"{PATH}/{kept.id}")
    assert "CF-3161" in office.post(f"{PATH}/{kept.id}", do="book", shop=shop)
    assert served.payment(kept.id).row["version"] == version
    office.go(f"/office/records/{kept.id}")
    assert "¥73.01" in office.text()
    assert "主管 00" in office.text()


def test_it_is_put_aside_for_a_reason_and_nothing_is_recorded(office: Office, served: Served, left: Left):
    kept = left(7302)
    office.start()
    office.go(f"{PATH}/{kept.id}")
    assert "CF-3166" in office.post(f"{PATH}/{kept.id}", do="close", reason="BECAUSE")
    office.page.select_option("#reason", "TEST")
    office.confirm("form:has(#reason) button")
    assert "没有入账" in office.text()
    assert "测试交易" in office.text()
    assert served.run(notice_for(served.house.app.store, MERCHANT, kept.id)).reason == "TEST"
    assert "CF-3161" in office.post(f"{PATH}/{kept.id}", do="close", reason="TEST")
    assert "CF-3161" in office.post(f"{PATH}/{kept.id}", do="close", reason="RETURNED")
    assert "CF-3161" in office.post(f"{PATH}/{kept.id}", do="book", shop=served.house.shop_id)
    office.go("/office/waiting")
    assert "¥73.02" not in office.text()


def test_one_of_another_amount_is_asked_about_and_never_booked(office: Office, served: Served):
    house = served.house

    async def told() -> None:
        house.sandbox.scan_seconds = None
        means = house.app.payments
        open_ = await take(means, house.actor(), house.shown_payment(7303, wait_seconds=5))
        trade = house.sandbox.ledger.find(MERCHANT_NO, order_no=open_.order_no)
        assert paid(house.sandbox.ledger, trade, means.clock.now())
        body = notice_body(trade, NoticeTrick.OTHER_AMOUNT)
        headers = {"authorization": house.sandbox.notices.authorization(body)}
        await keep_notice(means, MERCHANT, open_.account_id, headers, body)
        await heed_notices(means)

    served.run(told())
    office.start()
    office.go("/office/waiting")
    office.submit(f"tr:has-text('¥73.04') a[href^='{PATH}/']")
    one = office.page.url.removeprefix(office.url)
    assert "¥73.03" in office.text()
    assert office.page.query_selector("#shop") is None
    assert "CF-3162" in office.post(one, do="book", shop=house.shop_id)
    office.submit("form[action$='/ask'] button")
    assert "已付成功" in office.text()
    assert office.page.is_visible("#reason")


def test_a_hint_that_names_no_amount_can_only_be_put_aside(office: Office, served: Served):
    hinted = served.run(_left(served.house, 7308, said=b'"REVOKED"'))
    office.start()
    office.go("/office/waiting")
    office.submit(f"a[href='{PATH}/{hinted.id}']")
    assert "没有写" in office.text()
    assert office.page.query_selector("#shop") is None
    assert "CF-3162" in office.post(f"{PATH}/{hinted.id}", do="book", shop=served.house.shop_id)
    office.go(f"{PATH}/{hinted.id}")
    office.page.select_option("#reason", "NOT_OURS")
    office.confirm("form:has(#reason) button")
    assert "不是本商户的交易" in office.text()


def test_wrong_addresses_and_shops_are_refused_in_words(office: Office, left: Left):
    kept = left(7305)
    office.start()
    office.go(f"{PATH}/{kept.id}")
    for shop in ("", "x", "01890000-0000-7000-8000-000000000001"):
        assert "CF-3164" in office.post(f"{PATH}/{kept.id}", do="book", shop=shop)
    assert "CF-1804" in office.post(f"{PATH}/{kept.id}", do="anything")
    assert "CF-3165" in office.post(f"{PATH}/{kept.id}/ask")
    for wrong in ("x", "01890000-0000-7000-8000-000000000001"):
        for path in (f"{PATH}/{wrong}", f"{PATH}/{wrong}/raw"):
            assert office.page.goto(office.url + path).status == 404
    office.go("/office/waiting?notices=x")
    assert "¥73.05" in office.text()
    office.go("/office/waiting?notices=01890000-0000-7000-8000-000000000001")
    assert "¥73.05" in office.text()


def test_it_is_handed_out_as_it_arrived(office: Office, left: Left):
    kept = left(7306)
    office.start()
    office.go(f"{PATH}/{kept.id}")
    answer = office.context.request.get(f"{office.url}{PATH}/{kept.id}/raw")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert json.loads(answer.text()) == json.loads(kept.raw)
    assert "attachment" in answer.headers["content-disposition"]


def test_another_merchants_notice_is_not_there(office: Office, left: Left):
    kept = left(7307)
    office.sign_in(merchant=2)
    assert office.page.goto(f"{office.url}{PATH}/{kept.id}").status == 404
    office.go("/office/waiting")
    assert "CF-3160" in office.post(f"{PATH}/{kept.id}", do="close", reason="TEST")


def test_a_long_list_goes_on_page_by_page(office: Office, served: Served, left: Left):
    for minor in range(8000, 8000 + SHOWN + 1):
        left(minor)
    all_ = served.run(notices_for_a_person(served.house.app.store, MERCHANT))
    office.start()
    office.go("/office/waiting")
    seen = []
    while True:
        seen += [one.get_attribute("href").rsplit("/")[-1] for one in office.page.query_selector_all("tbody a.whole")]
        if office.page.query_selector("a[rel=next]") is None:
            break
        office.submit("a[rel=next]")
    assert seen == [one.id for one in all_]
    office.submit("a[href='/office/waiting#notices']")
    assert office.page.query_selector("a[rel=next]")
