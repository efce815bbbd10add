"""What an administrator does in the office, and what comes of it at the till."""

from __future__ import annotations

from counterfoil.testing.house import PASSWORD
from tests.doors.office.conftest import Office
from tests.doors.till.steps import WECHAT, Till

NEW = "a new one, and long"
OWN = "five grey geese walk"


def test_an_operator_is_added_disabled_and_given_a_new_password(office: Office, served, chromium):
    office.start()
    office.go("/office/operators")
    office.submit("a[href$='/add']")
    for name, value in (("number", "44"), ("name", "某某"), ("password", PASSWORD)):
        office.page.fill(f"#{name}", value)
    office.confirm("form[action$='/add'] button.primary")
    assert "已添加" in office.text()
    one = office.page.url.split("?")[0].removeprefix(office.url)
    till = Till.open(chromium, served.url)
    till.sign_in("44")
    till.set_own_password(OWN)
    assert till.page.url.endswith("/till/menu")
    office.go(one)
    assert "登录" in office.page.inner_text(".timeline")
    office.submit("a[href$='/switch']")
    assert "正在登录的立即退出" in office.text()
    office.confirm("form[action$='/switch'] button")
    assert "已停用" in office.text()
    till.go("/till/menu")
    assert "CF-2003" in till.page.inner_text("main")
    till.sign_in("44", OWN)
    assert "CF-2001" in till.page.inner_text("main")
    office.confirm("form[action$='/switch'] button")
    office.submit("a[href$='/password']")
    assert "CF-2005" in office.post(f"{one}/password", new="short")
    office.page.fill("#new", NEW)
    office.submit("form[action$='/password'] button.primary")
    assert NEW not in office.page.content()
    office.confirm()
    assert "新密码已生效" in office.text()
    till.sign_in("44", NEW)
    till.set_own_password(OWN)
    assert till.page.url.endswith("/till/menu")
    till.close()


def test_a_number_is_given_to_somebody_who_worked_in_the_office_only(office: Office, served, chromium):
    office.start()
    office.go("/office/operators/add")
    for name, value in (("name", "只在后台"), ("email", "only.office@example.com")):
        office.page.fill(f"#{name}", value)
    office.confirm("form[action$='/add'] button.primary")
    one = office.page.get_attribute("main a[href^='/office/operators/']", "href")
    office.go(one)
    office.submit("a[href$='/number']")
    for name, value in (("number", "01"), ("password", PASSWORD)):
        office.page.fill(f"#{name}", value)
    office.confirm("form[action$='/number'] button.primary")
    assert "CF-2006" in office.text()
    for name, value in (("number", "46"), ("password", PASSWORD)):
        office.page.fill(f"#{name}", value)
    office.confirm("form[action$='/number'] button.primary")
    assert "操作员号已生效" in office.text()
    assert "给了操作员号" in office.page.inner_text(".timeline")
    assert office.page.query_selector("a[href$='/number']") is None
    assert "CF-2048" in office.post_and_confirm(f"{one}/number", number="47", password=PASSWORD)
    till = Till.open(chromium, served.url)
    till.sign_in("46")
    till.set_own_password(OWN)
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
    office.submit("a[href$='/switch']")
    office.submit("form[action$='/switch'] button")
    assert "江边店 · T09" in office.text()
    assert till.page.goto(f"{till.url}/till/menu").status == 200
    office.confirm()
    till.go("/till/menu")
    assert "CF-2003" in till.page.inner_text("main")
    till.go("/till/at/1?change=1")
    assert "T09" not in till.page.inner_text("#terminal")
    till.close()


def test_nobody_is_offered_to_disable_themselves(office: Office):
    office.start()
    office.go("/office/operators")
    office.submit("a.whole:has-text('99')")
    assert office.page.query_selector("[href$='/switch'], form[action$='/switch']") is None
    assert "总有一位管理员在职" in office.text()
    one = office.page.url.removeprefix(office.url)
    assert "CF-2022" in office.post_and_confirm(f"{one}/switch", on="no")


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


def test_a_name_is_changed_and_the_change_stands_in_the_history_with_its_proof(office: Office):
    office.start()
    office.go("/office/shops/add")
    office.page.fill("#name", "旧名店")
    office.submit("form[action$='/add'] button.primary")
    office.submit("a[href$='/name']")
    office.page.fill("#name", "新名店")
    office.submit("form[action$='/name'] button.primary")
    assert office.page.inner_text("h1") == "新名店"
    assert office.page.inner_text(".timeline li:first-child strong") == "改名称"
    assert "/office/evidence/entry?position=" in (office.page.get_attribute(".timeline li:first-child a", "href") or "")
    for path, name in (("terminals", "label"), ("operators", "name")):
        office.go(f"/office/{path}")
        office.submit("tbody a.whole")
        office.submit("a[href$='/name']")
        office.page.fill("#name", f"改过的{name}")
        office.submit("form[action$='/name'] button.primary")
        assert f"改过的{name}" in office.text()


def test_what_one_decides_not_to_disable_stays(office: Office):
    office.start()
    office.go("/office/terminals")
    office.submit("tbody a.whole")
    office.submit("a[href$='/switch']")
    office.submit("form[action$='/switch'] a.button")
    assert "使用中" in office.text()


def test_a_list_is_searched_sorted_and_turned_by_its_address(office: Office):
    office.start()
    office.go("/office/terminals/add")
    for number in (f"Z{n}" for n in range(1, 61)):
        shop = office.page.get_attribute("#shop_id option", "value") or ""
        office.post("/office/terminals/add", number=number, label="手持机", shop_id=shop)
    office.go("/office/terminals?q=z")
    numbers = _first_column(office)
    assert len(numbers) == 50
    office.submit("a[rel=next]")
    assert len(numbers + _first_column(office)) == 60
    office.submit("th:first-child a")
    assert _first_column(office)[:10] == [f"Z{n}" for n in range(1, 11)]
    assert office.page.get_attribute("th:first-child", "aria-sort") == "ascending"
    office.submit("th:first-child a")
    assert _first_column(office)[:2] == ["Z60", "Z59"]
    office.go("/office/terminals?q=没有这一台")
    assert "没有符合的" in office.text()


def _first_column(office: Office) -> list[str]:
    return [one.inner_text() for one in office.page.query_selector_all("tbody td:first-child")]


def test_the_back_button_after_adding_adds_nothing_again(office: Office):
    office.start()
    office.go("/office/shops")
    before = len(office.page.query_selector_all("tbody tr"))
    office.go("/office/shops/add")
    office.page.fill("#name", "只加一次")
    office.submit("form[action$='/add'] button.primary")
    office.page.go_back()
    office.page.reload()
    office.page.fill("#name", "只加一次")
    office.submit("form[action$='/add'] button.primary")
    assert "CF-2023" in office.text()
    office.go("/office/shops")
    assert len(office.page.query_selector_all("tbody tr")) == before + 1


def test_two_tabs_of_one_person_both_work_and_both_end_with_the_session(office: Office):
    office.sign_in()
    other = office.context.new_page()
    other.goto(office.url + "/office/operators/add")
    office.go("/office/settings")
    office.submit("main button:has-text('English')")
    other.reload()
    assert other.get_attribute("html", "lang") == "en"
    office.submit("main button:has-text('简体中文')")
    office.submit("form[action='/office/sign-out'] button")
    for name, value in (("number", "77"), ("name", "某"), ("password", PASSWORD)):
        other.fill(f"#{name}", value)
    with other.expect_navigation():
        other.click("form[action$='/add'] button.primary")
    assert "CF-2003" in other.inner_text("main")
    other.close()
    office.sign_in()
    office.go("/office/operators?q=77")
    assert "没有符合的" in office.text()


def test_the_keypad_of_this_device_is_as_one_chose(office: Office, served, chromium):
    office.start()
    office.go("/office/settings")
    office.submit("main button:has-text('7 8 9')")
    assert office.page.get_attribute("main button:has-text('7 8 9')", "aria-pressed") == "true"
    till = Till.open(chromium, served.url)
    till.context.add_cookies([each for each in office.context.cookies() if each["name"] == "cf_keypad"])
    till.sign_in("01")
    till.go("/till/take")
    keys = [one.inner_text() for one in till.page.query_selector_all("[data-key]") if one.inner_text().isdigit()]
    assert keys[:3] == ["7", "8", "9"]
    till.close()


def test_cash_rounding_is_set_for_a_shop_and_stands_in_its_history(office: Office):
    office.start()
    office.go("/office/shops")
    office.submit("tbody a.whole >> nth=0")
    for rounding, word in (("jiao", "抹到角"), ("none", "不抹零")):
        office.page.select_option("#rounding", rounding)
        office.submit("form[action$='/rounding'] button")
        assert "现金抹零已改" in office.text()
        assert word in office.page.inner_text("dl.facts")
    assert "改了现金抹零" in office.page.inner_text(".timeline")


def test_a_deactivated_channel_is_refused_at_the_till_with_the_words_of_its_fault_until_it_is_reinstated(
    office: Office, served, chromium
):
    office.start()
    office.go("/office/accounts")
    office.submit("tr:has-text('lakala') a.whole")
    channel = office.page.url.removeprefix(office.url)
    assert "CF-2017" in office.post(f"{channel}/switch", on="no")
    office.submit("a[href$='/switch']")
    office.page.select_option("#reason", "PROVIDER_FAULT")
    office.confirm("form[action$='/switch'] button.danger")
    assert "已停用" in office.text()
    assert "停用" in office.page.inner_text(".timeline")
    till = Till.open(chromium, served.url)
    till.sign_in("01")
    try:
        till.ask("52.31")
        till.scan_at_once(WECHAT)
        till.page.wait_for_selector("main .note")
        told = till.page.inner_text("main")
        assert "CF-3111" in told
        assert "没有扣款" in told
        assert served.count(5231) == 0
    finally:
        office.go(channel)
        office.confirm("form[action$='/switch'] button")
    assert "使用中" in office.text()
    assert till.take("52.32")
    till.close()
