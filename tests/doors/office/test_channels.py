"""A channel's settings, its check, routes and what waits for a person, as an administrator sees and does them."""

from __future__ import annotations

import pytest

from counterfoil.payments import MoneyState
from counterfoil.providers import account_by_name
from counterfoil.providers.lakala.sandbox import Trick
from tests.channels.stage import keys_of
from tests.doors.office.conftest import Office
from tests.doors.till.conftest import Served


@pytest.fixture
def channel(served: Served) -> str:
    return f"/office/accounts/{served.run(account_by_name(served.house.app.store, 1, 'lakala'))['id']}"


def test_settings_that_are_not_answered_are_not_kept_and_right_ones_are_without_showing_the_key(
    office: Office, served: Served, channel: str
):
    key = keys_of(served.house).merchant_key.read_text()
    office.start()
    office.go(f"{channel}/settings")
    office.page.fill("#private_key", f"\n  {key}  \n")
    office.page.fill("#base_url", "http://127.0.0.1:9")
    office.submit("form[action$='/settings'] button.primary")
    assert "CF-4275" in office.text()
    assert office.page.input_value("#base_url") == "http://127.0.0.1:9"
    assert office.page.input_value("#private_key") == ""
    # A browser says on its console what a refusal is; this one was meant.
    office.complaints.clear()
    office.page.fill("#base_url", f"  {served.house.sandbox_url} ")
    office.page.fill("#private_key", key)
    office.submit("form[action$='/settings'] button.primary")
    assert "已连通并保存" in office.text()
    assert "更新配置" in office.page.inner_text(".timeline")
    office.go(f"{channel}/settings")
    secret = key.splitlines()[2]
    assert secret not in office.page.content()
    assert "指纹" in office.text()
    office.go(channel)
    office.submit(f"form[action='{channel}/check'] button")
    assert "连接正常" in office.text()
    assert served.scan(1234).money is MoneyState.CAPTURED


def test_a_route_is_added_and_taken_away_and_the_record_says_why(office: Office, served: Served):
    office.start()
    office.go("/office/routes")
    office.page.select_option("#scope", index=1)
    office.submit("form.panel button.primary")
    assert "路由已更新" in office.text()
    served.house.app.payments.known.forget(1)
    paid = served.scan(2345)
    office.go(f"/office/records/{paid.id}")
    assert "门店路由第 1 个" in office.text()
    office.go("/office/routes")
    office.submit("form:has(input[value='remove']) button")
    assert "还没有设路由" in office.text()


def test_what_is_wrong_about_a_route_is_said(office: Office, served: Served):
    office.start()
    office.go("/office/routes")
    cash = served.run(account_by_name(served.house.app.store, 1, "cash"))["id"]
    for wrong in ({"scope": "shop:x"}, {"method": "cash"}, {"account": cash}, {"account": "nobody"}):
        told = {"do": "add", "scope": "merchant", "method": "qr", "account": cash} | wrong
        assert "CF-4281" in office.post("/office/routes", **told)


def test_what_waits_is_asked_about_and_withdrawn_and_never_taken_as_paid(office: Office, served: Served):
    served.house.sandbox.mode = Trick.WRONG_SIGNATURE
    try:
        open_ = served.scan(4567, wait_seconds=1)
        office.start()
        office.go("/office/waiting")
        assert "¥45.67" in office.text()
        assert "签名不可信" in office.text()
        card = f"form[action$='/waiting/{open_.id}']"
        office.submit(f"{card}:has(input[value='ask']) button")
        assert "已查过" in office.text()
        assert served.payment(open_.id).money is MoneyState.UNKNOWN
        assert "CF-" in office.post(f"/office/waiting/{open_.id}", do="withdraw", csrf="x")
    finally:
        served.house.sandbox.mode = None
    office.go("/office/waiting")
    office.submit(f"{card}:has(input[value='withdraw']) button")
    assert served.payment(open_.id).money in (MoneyState.REVERSING, MoneyState.REVERSED)


def test_a_supervisor_sees_routes_and_health_and_changes_nothing(office: Office, channel: str):
    office.start("00")
    office.go("/office/routes")
    assert office.page.query_selector("form[action='/office/routes']") is None
    office.go(channel)
    assert (
        office.page.query_selector("form[action$='/check'], a[href$='/settings']:not([href='/office/settings'])")
        is None
    )
    for path in (f"{channel}/settings", f"{channel}/check", "/office/routes"):
        assert "CF-2021" in office.post(path, do="add", scope="merchant", method="qr", account="x")
