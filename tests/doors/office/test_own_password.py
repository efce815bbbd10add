"""In a browser: one's own password is changed in the office and at a till; one stays signed in where one did it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from counterfoil.testing.house import PASSWORD
from tests.doors.office.conftest import Office
from tests.doors.till.steps import Till

NEW = "four brown herons sing"
DO = "form[action='/office/me/password'] button"


def typed(device: Till, **fields: str) -> None:
    for name, value in fields.items():
        device.page.fill(f"#{name}", value)


def test_in_the_office_the_present_one_is_asked_for_and_all_other_places_are_signed_out(
    office: Office, chromium: Browser
):
    office.sign_in("00")
    other = Office.open(chromium, office.url)
    assert isinstance(other, Office)
    other.sign_in("00")
    office.go("/office/me")
    typed(office, password="not the one at all", new=NEW)
    office.submit(DO)
    assert "您自己的密码不对" in office.text()
    assert "还可试 4 次" in office.text()
    typed(office, password=PASSWORD, new="password1234")
    office.submit(DO)
    assert "CF-2042" in office.text()
    typed(office, password=PASSWORD, new=NEW)
    office.submit(DO)
    assert "新密码已生效" in office.text()
    assert len(office.page.query_selector_all("section[aria-labelledby=sessions] tbody tr")) == 1
    other.go("/office/me")
    assert "CF-2003" in other.page.inner_text("body")
    other.go("/office/at/1")
    typed(other, email="00@example.com", password=PASSWORD)
    other.submit("form[action^='/office/at'] button.primary")
    assert "CF-2032" in other.text()
    other.sign_in("00", NEW)
    other.close()


def test_an_administrator_sees_a_pause_on_the_persons_page_and_lifts_it(office: Office, chromium: Browser):
    paused = Office.open(chromium, office.url)
    assert isinstance(paused, Office)
    for _ in range(5):
        paused.go("/office/at/1")
        typed(paused, email="01@example.com", password="not the one at all")
        paused.submit("form[action^='/office/at'] button.primary")
    assert "CF-2020" in paused.text()
    paused.close()
    office.start()
    office.go("/office/operators")
    office.submit("tbody a.whole:has-text('01')")
    office.submit("main a[href$='/sign-in']")
    assert "后台" in office.page.inner_text("section[aria-labelledby=pauses] tbody")
    office.confirm("form[action$='/pause'] button")
    assert "已解除" in office.text()
    assert office.page.query_selector("section[aria-labelledby=pauses]") is None


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_at_a_till_an_operator_changes_the_till_password_and_goes_on(served, chromium: Browser, language: str):
    till = Till.open(chromium, served.url, language)
    present, new = (PASSWORD, NEW) if language == "zh-CN" else (NEW, PASSWORD)
    till.sign_in("01", present)
    till.go("/till/more")
    till.submit("a[href='/till/more/password']")
    typed(till, password=present, new=new, again="something else here")
    till.submit("form.card button.primary")
    assert "CF-" in till.page.inner_text(".note.bad")
    typed(till, password="not the one at all", new=new, again=new)
    till.submit("form.card button.primary")
    assert "CF-2046" in till.page.inner_text(".note.bad")
    typed(till, password=present, new=new, again=new)
    till.submit("form.card button.primary")
    assert till.page.url.endswith("/till/more?done=password")
    till.page.wait_for_selector(".note.good")
    till.sign_in("01", new)
    assert till.page.url.endswith("/till/menu")
    till.close()
