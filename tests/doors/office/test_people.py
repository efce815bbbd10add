"""People in the office: one is added who works there only, sets their own password, is given and loses a role."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.doors.office.conftest import Office
from tests.passkeys import passkeys_at

OWN = "four brown herons sing"


def somebody_else(chromium: Browser, office: Office) -> Office:
    made = Office.open(chromium, office.url)
    assert isinstance(made, Office)
    return made


def test_somebody_is_added_with_an_address_and_sets_the_password_themselves(office: Office, chromium: Browser):
    office.start()
    office.go("/office/operators/add")
    for name, value in (("name", "审计"), ("email", "Audit@Example.com")):
        office.page.fill(f"#{name}", value)
    office.page.select_option("#role", "auditor")
    office.confirm("form[action$='/add'] button.primary")
    code = office.page.inner_text("dl.facts dd:first-of-type code")
    assert "audit@example.com" in office.text()
    office.submit("main a.button.primary")
    one = office.page.url.removeprefix(office.url)
    assert "审计员 · 全部门店" in office.text()
    assert code not in office.page.content()

    other = somebody_else(chromium, office)
    other.go("/office/at/1/reset")
    for name, value in (("email", "audit@example.com"), ("code", code), ("new", "password1234")):
        other.page.fill(f"#{name}", value)
    other.submit("form button.primary")
    assert "CF-2042" in other.text()
    for name, value in (("code", code), ("new", OWN)):
        other.page.fill(f"#{name}", value)
    other.submit("form button.primary")
    assert "新密码已生效" in other.text()
    other.page.fill("#password", OWN)
    other.submit("form[action^='/office/at'] button.primary")
    passkeys_at(other.url).come_in(other.page, 1, "audit")
    assert other.page.url.endswith("/office/home")
    other.go("/office/operators")
    assert other.page.query_selector("a[href$='/operators/add']") is None
    for path in ("operators/add", f"{one.removeprefix('/office/')}/roles", "roles/add", "networks"):
        other.go(f"/office/{path}")
        assert "CF-2021" in other.text(), path

    office.go(f"{one}/roles")
    office.submit("tbody a[href*='/roles/']")
    assert "导出交易记录" in office.text()
    office.confirm("form button.danger")
    assert "已收回角色" in office.text()
    other.go("/office/records")
    assert "CF-2021" in other.text(), "taken back, and the session that runs knows it"
    other.close()


def test_a_role_of_ones_own_is_made_given_in_one_shop_and_retired(office: Office):
    office.start()
    office.go("/office/roles/add")
    office.page.fill("#name", "夜班")
    for permission in ("take", "read", "refund"):
        office.page.check(f"input[name=may_{permission}]")
    office.confirm("form[action$='/add'] button.primary")
    assert "角色已建好" in office.text()
    role = office.page.url.split("?")[0].rsplit("/", 1)[1]
    office.go("/office/operators")
    office.submit("a.whole:has-text('01')")
    office.submit("main a[href^='/office/operators/'][href$='/roles']")
    office.page.select_option("#role", role)
    office.page.select_option("#shop_id", index=1)
    office.confirm("form button.primary")
    assert "夜班" in office.page.inner_text("table.list")
    office.go("/office/roles")
    assert "夜班" in office.page.inner_text(".roles thead")
    office.go(f"/office/roles/{role}/retire")
    assert "1 人" in office.text()
    office.confirm("form button.danger")
    assert "夜班" not in office.page.inner_text(".roles thead")
    office.go(f"/office/roles/{role}")
    assert "CF-2037" in office.text()


def test_the_last_administrator_keeps_role_and_login(office: Office):
    office.start()
    office.go("/office/operators")
    office.submit("a.whole:has-text('99')")
    one = office.page.url.removeprefix(office.url)
    office.go(f"{one}/roles")
    office.submit("tbody a[href*='/roles/']")
    office.confirm("form button.danger")
    assert "CF-2036" in office.text()
    office.go(f"{one}/login")
    office.confirm("form button.danger")
    assert "CF-2036" in office.text()
    assert "CF-2033" in office.post_and_confirm(f"{one}/login", act="email", email="00@example.com")
