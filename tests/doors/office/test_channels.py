"""A channel's settings, its check, routes and what waits for a person, as an administrator sees and does them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from counterfoil.payments import MoneyState
from counterfoil.providers import OpenAccount, account_by_name, open_account
from counterfoil.providers.lakala.sandbox import BY_AMOUNT, Trick
from counterfoil.providers.shouqianba.sandbox import (
    ACTIVATION_CODE,
    APP_ID,
    VENDOR_KEY,
    VENDOR_SN,
    Face,
    open_sandbox,
)
from counterfoil.providers.shouqianba.sandbox import Trick as Cut
from counterfoil.testing.house import sandbox_section
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
    office.confirm("form[action$='/settings'] button.primary")
    assert "CF-4275" in office.text()
    assert office.page.input_value("#base_url") == "http://127.0.0.1:9"
    assert office.page.input_value("#private_key") == ""
    # A browser says on its console what a refusal is; this one was meant.
    office.complaints.clear()
    office.page.fill("#base_url", f"  {served.house.sandbox_url} ")
    office.page.fill("#private_key", key)
    office.confirm("form[action$='/settings'] button.primary")
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
    assert "没有设路由" in office.text()
    assert "1. lakala" in office.text()
    office.confirm()
    assert "路由已更新" in office.text()
    served.house.app.payments.known.forget(1)
    paid = served.scan(2345)
    office.go(f"/office/records/{paid.id}")
    assert "门店路由第 1 个" in office.text()
    office.go("/office/routes")
    office.confirm("form:has(input[value='remove']) button")
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


@pytest.fixture
def terminal_account(served: Served, tmp_path: Path) -> Iterator[tuple[str, Face]]:
    """A channel at Shouqianba that has no settings yet, and its sandbox."""
    app, closing = served.house.app, AsyncExitStack()
    opening = open_sandbox(tmp_path, clock=app.clock, entropy=app.entropy)
    face = served.run(closing.enter_async_context(opening))
    asked = OpenAccount(
        id=app.ids.uuid(),
        merchant_id=1,
        provider="shouqianba",
        name=f"counter {app.ids.uuid()[-4:]}",
        environment="sandbox",
        merchant_no="",
    )
    served.run(open_account(app.store, app.clock, app.ids, app.manifests["shouqianba"], asked))
    yield f"/office/accounts/{asked.id}", face
    served.run(closing.aclose())


def test_a_terminal_is_activated_and_neither_code_nor_key_is_shown(office: Office, terminal_account: tuple[str, Face]):
    page, face = terminal_account
    office.start()
    office.go(page)
    office.page.click(f"a[href='{page}/activate']")
    typed = {"base_url": face.url, "device_id": "S1-T01", "vendor_sn": VENDOR_SN, "vendor_key": VENDOR_KEY}
    for key, value in (typed | {"app_id": APP_ID, "code": "00000000"}).items():
        office.page.fill(f"#{key}", value)
    office.confirm("form[action$='/activate'] button.primary")
    assert "CF-4282" in office.text()
    assert [office.page.input_value(f"#{key}") for key in ("vendor_key", "code", "app_id")] == ["", "", APP_ID]
    # A browser says on its console what a refusal is; this one was meant.
    office.complaints.clear()
    office.page.fill("#vendor_key", VENDOR_KEY)
    office.page.fill("#code", ACTIVATION_CODE)
    office.confirm("form[action$='/activate'] button.primary")
    assert "终端已激活并连通" in office.text()
    *_, terminal = face.sandbox.ledger.terminals.values()
    for path in (page, f"{page}/settings", f"{page}/activate"):
        office.go(path)
        assert not any(secret in office.page.content() for secret in (terminal.first, VENDOR_KEY, ACTIVATION_CODE))
    office.go(f"{page}/settings")
    assert office.page.input_value("#terminal_sn") == terminal.sn


def test_a_channel_whose_provider_activates_nothing_has_no_such_page(office: Office, channel: str):
    office.start()
    office.go(channel)
    assert office.page.locator("a[href$='/activate']").count() == 0
    assert office.context.request.get(f"{office.url}{channel}/activate").status == 404


def test_an_activation_whose_answer_nobody_kept_stands_on_the_channels_page_with_what_to_do(
    office: Office, terminal_account: tuple[str, Face]
):
    page, face = terminal_account
    office.start()
    office.go(page)
    assert "还没有填写" in office.text()
    face.sandbox.activate.append(Cut.CUT_AFTER)
    office.go(f"{page}/activate")
    typed = {"base_url": face.url, "device_id": "S1-T01", "vendor_sn": VENDOR_SN, "vendor_key": VENDOR_KEY}
    typed |= {"app_id": APP_ID, "code": face.sandbox.new_code()}
    for key, value in typed.items():
        office.page.fill(f"#{key}", value)
    office.confirm("form[action$='/activate'] button.primary")
    assert "CF-4283" in office.text()
    office.complaints.clear()
    for path in (page, f"{page}/activate"):
        office.go(path)
        assert "没有保存到回答" in office.text()
        assert "另要一个激活码" in office.text()
    for key, value in (typed | {"code": face.sandbox.new_code()}).items():
        office.page.fill(f"#{key}", value)
    office.confirm("form[action$='/activate'] button.primary")
    assert "终端已激活并连通" in office.text()
    assert "没有保存到回答" not in office.text()


def test_a_channel_is_added_from_the_list_of_providers_and_a_wrong_one_is_not(office: Office, served: Served):
    house = served.house
    keys = keys_of(house)
    typed = sandbox_section(keys.folder, house.sandbox_url)
    typed |= {"private_key": keys.merchant_key.read_text(), "platform_certs": keys.platform_cert.read_text()}
    office.start()
    office.go("/office/accounts")
    office.page.click("a[href='/office/accounts/add']")
    assert "按公开文档接入" in office.text()
    office.page.click("a[href='/office/accounts/add/lakala']")
    office.page.fill("#channel_name", "second shop")
    office.page.select_option("#channel_environment", "sandbox")
    for key, value in (typed | {"base_url": "http://127.0.0.1:9"}).items():
        office.page.fill(f"#{key}", value)
    assert "新通道排第" in office.text()
    button = "form[action$='/add/lakala'] button.primary"
    office.submit(button)
    shown = office.page.content()
    assert "second shop" in office.text()
    assert office.text().count("新的值（不显示）") == 2
    assert not any(typed[key].splitlines()[2] in shown for key in ("private_key", "platform_certs"))
    office.confirm()
    assert "CF-4275" in office.text()
    assert [office.page.input_value(f"#{key}") for key in ("channel_name", "private_key")] == ["second shop", ""]
    # A browser says on its console what a refusal is; this one was meant.
    office.complaints.clear()
    office.page.fill("#base_url", house.sandbox_url)
    office.page.fill("#private_key", typed["private_key"])
    office.page.fill("#platform_certs", typed["platform_certs"])
    office.confirm(button)
    assert "通道已开通" in office.text()
    assert "开通" in office.page.inner_text(".timeline")
    # Off again, so that other tests of this house find the one they know.
    office.go(office.page.url.removeprefix(office.url).partition("?")[0] + "/switch")
    office.page.select_option("#reason", index=1)
    office.confirm("form[action$='/switch'] button[type=submit]")


def test_an_added_channel_that_is_sent_twice_is_opened_once(office: Office, served: Served):
    house = served.house
    office.start()
    office.go("/office/accounts/add/lakala")
    told = {"id": house.app.ids.uuid(), "channel_name": "twice", "channel_environment": "sandbox"}
    assert "CF-4202" in office.post("/office/accounts/add/lakala", **told)
    assert "CF-4209" in office.post("/office/accounts/add/lakala", **{**told, "channel_environment": ""})
    assert "CF-4206" in office.post("/office/accounts/add/cash", **told)
    office.start("00")
    office.go("/office/home")
    for page in ("/office/accounts/add", "/office/accounts/add/lakala"):
        assert office.context.request.get(office.url + page).status == 403
    assert "CF-2021" in office.post("/office/accounts/add/lakala", **told)


def test_a_no_is_told_with_the_providers_own_code_and_what_it_means(office: Office, served: Served):
    amounts = {row.trick: row.amount_minor for row in BY_AMOUNT if row.entry == "consumer_code"}
    declined = served.scan(amounts[Trick.BALANCE])
    office.start()
    office.go(f"/office/records/{declined.id}")
    assert "支付机构代码 SBX90101：沙箱：付款方余额不足" in office.text()
