"""The rule of operator numbers in the office: shown, changed as it is shown, and read wherever a number stands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from counterfoil.people import ALLOWED, Actor, NumberRule, Role, number_rule_of, person_by_number, set_number_rule
from counterfoil.testing.house import PASSWORD
from tests.doors.office.conftest import Office
from tests.doors.till.conftest import Served
from tests.doors.till.steps import Till

PATH = "/office/numbers"
SAVE = f"form[action='{PATH}'] button.primary"
MERCHANT = 2


@pytest.fixture
def usual(served: Served) -> Iterator[NumberRule]:
    """The rule the merchant begins with, and has again for other tests."""
    house = served.house
    found = served.run(number_rule_of(house.app.store, MERCHANT))
    yield found
    boss = served.run(person_by_number(house.app.store, MERCHANT, "99"))
    assert boss is not None
    actor = Actor(
        merchant_id=MERCHANT, person_id=boss.id, permissions=ALLOWED[Role.ADMINISTRATOR], auth="pin", terminal_id=None
    )
    served.run(set_number_rule(house.app.people, actor, found))


@pytest.fixture
def till(served: Served, chromium: Browser) -> Iterator[Till]:
    opened = Till.open(chromium, served.url)
    yield opened
    opened.close()


def test_the_rule_is_changed_as_it_was_shown_and_numbers_are_called_by_it(
    office: Office, till: Till, served: Served, usual: NumberRule
):
    office.sign_in("99", merchant=MERCHANT)
    assert "终端管理员 99" in office.page.inner_text("header.bar")
    office.go("/office/operators")
    assert "操作员 01" in office.text(), "in the office such a number says nobody's work"
    office.go(PATH)
    office.page.select_option("#number_most", "4")
    office.page.fill("#supervisor_number", "0001")
    office.page.fill("#supervisor_word", "店长")
    office.page.fill("#administrator_number", "")
    office.page.fill("#cashier_word", "店员")
    office.submit(SAVE)
    for told in ("2 位 → 2 到 4 位", "00 → 0001 · 店长", "99 → 没有", "收银员 → 店员"):
        assert told in office.text()
    assert served.run(number_rule_of(served.house.app.store, MERCHANT)) == usual, "nothing before it is confirmed"
    office.confirm()
    assert "规则已修改" in office.text()
    assert "位数不合的号" not in office.text()
    office.go("/office/operators")
    for told in ("店员 00", "店员 01", "店员 99"):
        assert told in office.text()
    office.go("/office/activity")
    for told in ("修改操作员号规则", "0001", "没有", "2–2 位 · 主管的号 00 · 终端管理员的号 99", "称呼", "已修改"):
        assert told in office.text(), told
    till.sign_in("00", merchant=MERCHANT)
    assert "店员 00" in till.page.inner_text("header")
    till.submit("form[action='/till/lock'] button")
    assert "店员 00 锁的屏" in till.page.inner_text("main")


def test_numbers_of_another_length_are_counted_and_go_on_working(office: Office, till: Till, usual: NumberRule):
    office.sign_in("99", merchant=MERCHANT)
    office.go(PATH)
    office.page.select_option("#number_least", "4")
    office.page.select_option("#number_most", "4")
    office.submit(SAVE)
    assert "CF-2081" in office.text(), "00 and 99 have two digits"
    office.page.fill("#supervisor_number", "0000")
    office.page.fill("#administrator_number", "9999")
    office.submit(SAVE)
    assert "3 个，照常使用" in office.text()
    office.confirm()
    assert "3 个，照常使用" in office.text()
    till.sign_in("01", merchant=MERCHANT)
    assert "收银员 01" in till.page.inner_text("header")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"number_least": "two"}, "CF-2080"),
        ({"number_most": "12"}, "CF-2080"),
        ({"administrator_number": "00"}, "CF-2081"),
        ({"supervisor_word": "店" * 21}, "CF-2082"),
        ({"cashier_word": "4111111111111111"}, "CF-2190"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_confirmed(office: Office, said: dict[str, str], code: str):
    office.start()
    office.go(PATH)
    usual = {"number_least": "2", "number_most": "2", "supervisor_number": "00", "administrator_number": "99"}
    assert code in office.post(PATH, **(usual | said))


def test_a_number_suggests_a_role_until_somebody_chooses_one(office: Office):
    office.start()
    office.go("/office/operators/add")
    assert "2 位 · 主管 00 · 终端管理员 99 · 其余是收银员" in office.page.inner_text("#number-hint")
    for number, role in (("00", "supervisor"), ("99", "administrator"), ("９９", "administrator"), ("07", "cashier")):
        office.page.fill("#number", number)
        assert office.page.input_value("#role") == role
    office.page.select_option("#role", "auditor")
    office.page.fill("#number", "00")
    assert office.page.input_value("#role") == "auditor"
    for name, value in (("name", "审计"), ("password", PASSWORD)):
        office.page.fill(f"#{name}", value)
    office.submit("form[action$='/add'] button.primary")
    lines = office.page.inner_text("dl.facts")
    assert "审计员" in lines
    assert "这个号通常的角色" in lines
    assert "主管" in lines


def test_the_rule_is_for_who_manages_settings(office: Office):
    office.start("00")
    office.go(PATH)
    assert "CF-2021" in office.text()
    for path in ("/office/settings", "/office/operators"):
        office.go(path)
        assert office.page.query_selector(f"main a[href='{PATH}']") is None
