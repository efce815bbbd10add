"""Without a mouse, and without a script."""

from counterfoil.testing.house import PASSWORD
from tests.doors.till.steps import ALIPAY, Till


def test_the_whole_way_by_keyboard_alone(till: Till):
    till.go("/till/at/1")
    till.page.wait_for_selector("#number:focus")  # a browser gives the focus with the first picture, after loading
    keys = till.page.keyboard
    keys.type("01")
    keys.press("Tab")
    keys.type(PASSWORD)
    with till.page.expect_navigation():
        keys.press("Enter")
    with till.page.expect_navigation():
        keys.press("Enter")  # the menu's first entry
    with till.page.expect_navigation():
        till.key("45.01", "Enter")
    till.scan()
    till.page.wait_for_url("**/till/payments/*")
    with till.page.expect_navigation():
        keys.press("Enter")  # the next customer
    assert till.page.url.endswith("/till/take")
    with till.page.expect_navigation():
        keys.press("Escape")
    assert till.page.url.endswith("/till/menu")
    till.go("/till/records")
    keys.press("/")
    assert till.page.evaluate("document.activeElement.id") == "number"


def test_the_focus_is_seen_on_every_stop(till: Till):
    till.start()
    for path in ("/till/menu", "/till/take", "/till/records"):
        till.go(path)
        for _ in range(12):
            till.page.keyboard.press("Tab")
            style = "getComputedStyle(document.activeElement)"
            if till.page.evaluate("document.activeElement !== document.body"):
                assert till.page.evaluate(f"{style}.outlineStyle") == "solid", path


def test_every_target_can_be_hit_by_a_finger(till: Till):
    till.start()
    small = """() => [...document.querySelectorAll(
        "main button, main input:not([type=hidden]), main select, main a.button")]
      .filter((one) => one.checkVisibility() && !one.matches(".unseen, .copy .button"))
      .filter((one) => one.getBoundingClientRect().height < (one.matches(".key") ? 64 : 44))
      .map((one) => one.outerHTML)"""
    for path in ("/till/menu", "/till/take", "/till/records", "/till/find", "/till/waiting"):
        till.go(path)
        assert till.page.evaluate(small) == [], path


def test_a_payment_without_a_script(served, chromium):
    till = Till.open(chromium, served.url, java_script_enabled=False)
    till.sign_in("00")
    till.go("/till/take")
    till.page.fill("#amount", "45.02")
    till.page.keyboard.press("Enter")
    till.page.wait_for_url("**/till/take/*?amount=*")
    till.page.fill("#code", ALIPAY)
    till.submit("form[data-scan] button")
    till.turns("good")
    till.go(f"/till/records/{till.payment_id}")
    till.submit("a.button[href*='/back/']")
    till.submit("button[value=TEST]")
    till.submit("button.danger")
    assert till.tone() in ("good", "checking")
    till.close()


def test_language_and_theme_are_kept_on_the_device_and_in_the_session(till: Till):
    till.go("/till/at/1")
    till.submit("form[action='/till/language'] button")
    assert till.page.get_attribute("html", "lang") == "en"
    till.sign_in()
    assert till.page.inner_text("a.tile.first strong") == "Take payment"
    till.submit("form[action='/till/theme'] button")
    assert till.page.get_attribute("html", "data-theme") == "light"
    till.submit("form[action='/till/language'] button")
    assert till.page.inner_text("a.tile.first strong") == "收款"


def test_an_amount_keyed_without_focus_goes_on_with_enter(till: Till):
    till.start()
    till.go("/till/take")
    till.page.evaluate("document.activeElement.blur()")
    till.key("45.11")
    assert till.page.input_value("#amount") == "45.11"
    with till.page.expect_navigation():
        till.key("", "Enter")
    assert "amount=45.11" in till.page.url


def test_an_amount_being_keyed_survives_a_change_of_language_and_look(till: Till):
    till.start()
    till.go("/till/take")
    for button in ("/till/language", "/till/theme", "/till/language"):
        till.page.fill("#amount", "45.12")
        till.submit(f"footer button[formaction='{button}']")
        assert till.page.input_value("#amount") == "45.12"
    till.page.keyboard.press("Enter")
    till.page.wait_for_url("**/till/take/*?amount=45.12")
    till.page.fill("#code", "12345")
    till.submit("form[data-scan] button.primary")
    till.submit("form[action='/till/language'] button")
    assert "45.12" in till.page.inner_text("main")
    till.submit("form[action='/till/language'] button")
    till.submit("a[href*='/cash']")
    till.page.fill("#tendered", "5")
    till.submit(".key.go")
    till.submit("form[action='/till/language'] button")
    assert "45.12" in till.page.inner_text("main")
    till.submit("form[action='/till/language'] button")


def test_part_of_a_refund_survives_a_change_of_language_after_a_refusal(till: Till):
    till.start()
    payment_id = till.take("45.13")
    till.go(f"/till/records/{payment_id}")
    till.submit("a[href*='/back/']")
    till.page.fill("#amount", "5.13")
    till.submit("button[value='PRICE']")
    till.page.fill("#number", "00")
    till.page.fill("#password", "not the password")
    till.submit("button.danger")
    till.submit("form[action='/till/language'] button")
    assert "5.13" in till.page.inner_text("button.danger")
    till.submit("form[action='/till/language'] button")
