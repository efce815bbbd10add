"""What an administrator does in the office, and what comes of it at the till."""

from __future__ import annotations

from counterfoil.testing.house import PASSWORD
from tests.doors.office.conftest import Office
from tests.doors.till.steps import Till

NEW = "a new one, and long"


def test_an_operator_is_added_disabled_and_given_a_new_password(office: Office, served, chromium):
    office.start()
    office.go("/office/operators")
    office.submit("a[href$='/add']")
    for name, value in (("number", "44"), ("name", "某某"), ("password", PASSWORD)):
        office.page.fill(f"#{name}", value)
    office.submit("form[action$='/add'] button.primary")
    assert "已添加" in office.text()
    one = office.page.url.split("?")[0].removeprefix(office.url)
    till = Till.open(chromium, served.url)
    till.sign_in("44")
    assert till.page.url.endswith("/till/menu")
    office.go(one)
    assert "登录" in office.page.inner_text(".timeline")
    office.submit("form[action$='/switch'] button")
    assert "已停用" in office.text()
    till.go("/till/menu")
    assert "CF-2003" in till.page.inner_text("main")
    till.sign_in("44")
    assert "CF-2001" in till.page.inner_text("main")
    office.submit("form[action$='/switch'] button")
    office.submit("a[href$='/password']")
    office.page.fill("#new", NEW)
    office.page.fill("#password", "not my password")
    office.submit("form[action$='/password'] button.primary")
    assert "CF-2001" in office.text()
    office.page.fill("#new", NEW)
    office.page.fill("#password", PASSWORD)
    office.submit("form[action$='/password'] button.primary")
    assert "新密码已生效" in office.text()
    till.sign_in("44", NEW)
    assert till.page.url.endswith("/till/menu")
    till.close()


def test_a_shop_and_a_terminal_are_added_and_a_disabled_terminal_takes_no_sign_in(office: Office, served, chromium):
    office.start()
    office.go("/office/shops/add")
    office.page.fill("#name", "江边店")
    office.page.select_option("#day_ends", "240")
    office.submit("form[action$='/add'] button.primary")
    assert "04:00" in office.text()
    office.go("/office/terminals/add")
    office.page.fill("#number", "T09")
    office.page.fill("#label", "前台")
    office.page.select_option("#shop_id", label="江边店")
    office.submit("form[action$='/add'] button.primary")
    till = Till.open(chromium, served.url)
    till.sign_in("01", terminal=2)
    assert "T09" in till.page.inner_text("header")
    office.submit("form[action$='/switch'] button")
    till.go("/till/menu")
    assert "CF-2003" in till.page.inner_text("main")
    till.go("/till/at/1?change=1")
    assert "T09" not in till.page.inner_text("#terminal")
    till.close()


def test_nobody_is_offered_to_disable_themselves(office: Office):
    office.start()
    office.go("/office/operators")
    office.submit("a.whole:text-is('99')")
    assert office.page.query_selector("form[action$='/switch']") is None
    one = office.page.url.removeprefix(office.url)
    assert "CF-2022" in office.post(f"{one}/switch", on="no")


def test_the_home_page_counts_what_was_taken_and_leads_to_it(office: Office, served):
    office.start()
    office.go("/office/home")
    before = office.page.inner_text(".figures .figure:nth-child(2) strong")
    served.take(7700)
    office.go("/office/home")
    assert int(office.page.inner_text(".figures .figure:nth-child(2) strong")) == int(before) + 1
    office.submit(".figures a.figure")
    assert "¥77.00" in office.page.inner_text("tbody tr:first-child")
    assert len(office.page.query_selector_all("tbody tr")) == int(before) + 1


def test_filters_narrow_and_each_goes_by_a_click(office: Office):
    office.start()
    office.go("/office/records")
    office.page.select_option("select[name=wallet]", "cash")
    office.page.fill("#min", "３８")
    office.page.fill("#max", "38元")
    office.submit(".sentence button")
    assert {one.inner_text() for one in office.page.query_selector_all("tbody td.number")} == {"¥38.00"}
    office.submit("a.chip.away:has-text('38元')")
    assert "max" not in office.page.url
    assert "min" in office.page.url


def test_language_and_theme_are_kept_on_the_device(office: Office):
    office.start()
    office.go("/office/settings")
    office.submit("main button:has-text('English')")
    office.submit("main button:has-text('Dark')")
    assert office.page.get_attribute("html", "lang") == "en"
    assert office.page.get_attribute("html", "data-theme") == "dark"
    office.submit("main button:has-text('简体中文')")
    office.submit("main button:has-text('跟随系统')")
    assert office.page.get_attribute("html", "lang") == "zh-CN"


def test_the_totals_are_those_of_the_selection_and_the_file_holds_its_rows(office: Office, served):
    served.take(66600)
    served.take(66600)
    office.start()
    office.go("/office/records?min=666&max=666")
    rows = len(office.page.query_selector_all("tbody tr"))
    assert f"¥{666 * rows:,}.00" in office.page.inner_text(".sums")
    answer = office.context.request.get(office.url + "/office/records/export?min=666&max=666&format=csv")
    assert len(answer.text().splitlines()) == rows + 1
