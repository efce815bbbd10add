"""Who gets in, and what they may: cashiers, supervisors, and people of another merchant."""

from __future__ import annotations

import pytest

from counterfoil.testing.house import PASSWORD
from tests.doors.office.conftest import Office


def test_a_cashier_is_told_plainly_and_gets_no_session(office: Office):
    office.sign_in("01")
    assert "收银员不能进入后台" in office.text()
    office.go("/office/home")
    assert office.page.url.endswith("/office/others") is False
    assert office.page.query_selector("nav.side") is None


def test_a_supervisor_sees_and_may_not_change(office: Office):
    office.start("00")
    for path in ("shops", "terminals", "operators"):
        office.go(f"/office/{path}")
        assert office.page.query_selector(f"a[href='/office/{path}/add']") is None
        office.go(f"/office/{path}/add")
        assert "CF-2021" in office.text()
        office.go(f"/office/{path}")
        office.submit("tbody a.whole")
        one = office.page.url.removeprefix(office.url)
        assert office.page.query_selector("[href$='/switch'], [href$='/name'], form[action$='/switch']") is None
        assert "CF-2021" in office.post(f"{one}/switch", on="no")
        assert "CF-2021" in office.post(f"{one}/name", name="新名")
        for act in ("switch", "name"):
            office.go(f"{one}/{act}")
            assert "CF-2021" in office.text()
        office.go(f"/office/{path}")
    office.go("/office/accounts")
    office.submit("tbody a.whole")
    assert office.page.query_selector("[href$='/switch'], form[action$='/switch']") is None
    channel = office.page.url.removeprefix(office.url)
    assert "CF-2021" in office.post(f"{channel}/switch", on="no", reason="TEST")
    answers = (
        office.post("/office/shops/add", name="新店", day_ends="0"),
        office.post("/office/operators/add", number="55", name="某", role="cashier", password=PASSWORD),
    )
    assert all("CF-2021" in answer for answer in answers)


def test_what_belongs_to_another_merchant_is_not_there(office: Office):
    office.sign_in(merchant=2)
    foreign = []
    for path in ("shops", "terminals", "operators", "accounts"):
        office.go(f"/office/{path}")
        foreign.append(office.page.get_attribute("tbody a.whole", "href"))
    office.submit("form[action='/office/sign-out'] button")
    office.start()
    for path in foreign:
        answer = office.page.goto(office.url + path)
        assert answer.status == 404
    office.go("/office/home")
    assert "CF-20" in office.post(f"{foreign[2]}/switch", on="no")


def test_a_record_of_another_merchant_is_not_there(office: Office):
    office.start()
    office.go("/office/records")
    mine = office.page.get_attribute("tbody a.whole", "href")
    office.submit("form[action='/office/sign-out'] button")
    office.kept.clear()
    office.sign_in(merchant=2)
    for path in (mine, f"{mine}/proof/3", f"{mine}/verify/3"):
        assert office.page.goto(office.url + path).status == 404
    office.go("/office/records")
    assert office.page.query_selector("tbody") is None


def test_a_session_of_the_till_opens_no_office_nor_the_other_way(office: Office):
    office.sign_in()
    token = next(each["value"] for each in office.context.cookies() if each["name"] == "cf_office")
    office.context.clear_cookies()
    office.context.add_cookies([{"name": "cf_session", "value": token, "url": office.url}])
    office.go("/till/menu")
    assert "CF-2003" in office.text()
    office.go("/till/at/1?change=1")
    office.page.fill("#number", "00")
    office.page.fill("#password", PASSWORD)
    office.submit("form[action^='/till/at'] button.primary")
    token = next(each["value"] for each in office.context.cookies() if each["name"] == "cf_session")
    office.context.add_cookies([{"name": "cf_office", "value": token, "url": office.url}])
    office.go("/office/home")
    assert "CF-2003" in office.text()


@pytest.mark.parametrize("path", ["home", "records", "operators/add", "evidence", "settings"])
def test_nobody_signed_in_is_led_to_the_sign_in(office: Office, path):
    office.go(f"/office/{path}")
    assert office.page.query_selector("nav.side") is None
    assert "/office" in office.page.url


def test_a_form_without_its_token_or_from_elsewhere_is_refused(office: Office):
    office.start()
    office.go("/office/operators/add")
    fields = {"number": "66", "name": "某", "role": "cashier", "password": PASSWORD}
    assert "CF-1802" in office.post("/office/operators/add", **fields, csrf="x")
    elsewhere = office.context.request.post(
        office.url + "/office/operators/add", form=fields, headers={"Origin": "http://elsewhere.example"}
    )
    assert "CF-1803" in elsewhere.text()
