"""Without a mouse, and without a script."""

from __future__ import annotations

from tests.doors.office.conftest import Office
from tests.passkeys import passkeys_at


def test_the_way_in_and_to_a_record_by_keyboard_alone(office: Office):
    office.go("/office/at/1")
    office.page.wait_for_selector("#email:focus")  # a browser gives the focus with the first picture, after loading
    keys = office.page.keyboard
    keys.type("99@example.com")
    keys.press("Tab")
    keys.type("correct horse 12")
    with office.page.expect_navigation():
        keys.press("Enter")
    passkeys_at(office.url).come_in(office.page, 1, "99")
    assert office.page.url.endswith("/office/home")
    keys.press("/")
    assert office.page.evaluate("document.activeElement.id") == "seek"
    keys.type("5551234")
    with office.page.expect_navigation():
        keys.press("Enter")
    assert "number=5551234" in office.page.url
    office.go("/office/shops/add")
    office.page.focus("h1")
    office.page.evaluate("document.activeElement.blur()")
    with office.page.expect_navigation():
        keys.press("Escape")
    assert office.page.url.endswith("/office/shops")
    keys.press("?")
    assert office.page.is_visible("#keys")


def test_the_focus_is_seen_on_every_stop(office: Office):
    office.start()
    for path in ("home", "records", "operators", "evidence"):
        office.go(f"/office/{path}")
        for _ in range(16):
            office.page.keyboard.press("Tab")
            if office.page.evaluate("document.activeElement !== document.body"):
                style = office.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert style == "solid", path


def test_the_office_works_without_a_script(served, chromium):
    served.sign()
    office = Office.open(chromium, served.url, java_script_enabled=False)
    office.sign_in()
    office.go("/office/records")
    office.submit("tbody a.whole")
    office.submit("a[hx-get]")
    assert "核验通过" in office.text()
    office.go("/office/evidence")
    office.submit("form[action='/office/evidence'] button")
    assert office.page.query_selector("#run :is(.note, .panel)")
    office.close()
