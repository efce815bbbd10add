"""The way in, the lock screen, and a supervisor lifting a pause."""

from counterfoil.testing.house import PASSWORD
from tests.doors.till.steps import Till

FOREIGN = 2


def test_the_lock_keeps_the_amount_and_ends_the_session(till: Till):
    till.sign_in()
    before = {cookie["name"]: cookie["value"] for cookie in till.context.cookies()}["cf_session"]
    till.go("/till/take")
    till.key("46.01")
    assert "收银员 01" in till.page.inner_text("header")
    till.submit("header button:not(.unseen)")
    assert "46.01" in till.page.inner_text("main")
    assert "收银员 01 锁的屏" in till.page.inner_text("main")
    till.context.add_cookies([{"name": "cf_session", "value": before, "url": till.url}])
    till.go("/till/menu")
    assert "CF-2003" in till.page.inner_text("main")
    till.go("/till/locked")
    till.page.fill("#password", "not the password")
    till.submit("button.primary")
    assert "CF-2001" in till.page.inner_text(".note.bad")
    till.page.fill("#password", PASSWORD)
    till.submit("button.primary")
    assert till.page.input_value("#amount") == "46.01"


def test_a_paused_operator_is_lifted_by_a_supervisor_on_the_spot(till: Till):
    for _ in range(5):
        till.sign_in("77", "not the password", terminal=1)
        if till.page.query_selector("input[name=locked_number]"):
            break
    assert till.page.query_selector("input[name=locked_number]")
    till.page.fill("#number", "01")
    till.page.fill("#password", PASSWORD)
    till.submit("form[action$='/lift'] button.primary")
    assert "CF-2021" in till.page.inner_text(".note.bad")
    till.page.fill("#number", "00")
    till.page.fill("#password", PASSWORD)
    till.submit("form[action$='/lift'] button.primary")
    assert "已解除，请收银员 77 重新登录" in till.page.inner_text(".note.good")
    assert till.page.input_value("#number") == "77"


def reset(till: Till, whose: str, new: str, again: str | None = None, *, by: str = "00") -> None:
    till.page.fill("#whose", whose)
    till.page.fill("#new", new)
    till.page.fill("#again", new if again is None else again)
    till.page.fill("#number", by)
    till.page.fill("#password", PASSWORD)
    till.submit("form button.primary")


def test_a_supervisor_resets_a_forgotten_password_at_the_terminal(till: Till):
    new = "rain on the tin roof"
    till.sign_in(merchant=FOREIGN)
    till.submit("form[action='/till/sign-out'] button")
    till.submit(f"a[href='/till/at/{FOREIGN}/reset']")
    reset(till, "01", new, "rain on a tin roof")
    assert "CF-1808" in till.page.inner_text(".note.bad")
    assert (till.page.input_value("#whose"), till.page.input_value("#new")) == ("01", "")
    reset(till, "99", new)
    assert "CF-2021" in till.page.inner_text(".note.bad")
    reset(till, "01", new)
    assert till.page.is_visible(".note.good")
    assert till.page.input_value("#number") == "01"
    till.page.fill("#password", PASSWORD)
    till.submit("form button.primary")
    assert "CF-2001" in till.page.inner_text(".note.bad")
    till.page.fill("#password", new)
    till.submit("form button.primary")
    assert till.page.url.endswith("/till/password")
    sets_their_own(till, new, PASSWORD)


def sets_their_own(till: Till, given: str, own: str) -> None:
    """What somebody else typed lets them do nothing else, and is no password of their own."""
    for elsewhere in ("/till/menu", "/till/take", "/till/more/password", "/till/records"):
        till.go(elsewhere)
        assert till.page.url.endswith("/till/password")
    refused = till.page.evaluate(
        """async () => (await fetch("/till/take", {method: "POST", body: new URLSearchParams(
            {csrf: document.querySelector("input[name=csrf]").value, amount: "1.00"})})).text()"""
    )
    assert "CF-2025" in refused
    for new, again, code in ((given, given, "CF-2027"), (own, given, "CF-1808"), ("short", "short", "CF-2005")):
        till.page.fill("#new", new)
        till.page.fill("#again", again)
        till.submit("form button.primary")
        assert code in till.page.inner_text(".note.bad")
    till.page.fill("#new", own)
    till.page.fill("#again", own)
    with till.page.expect_navigation():
        till.page.keyboard.press("Enter")
    assert till.page.url.endswith("/till/menu")
    till.go("/till/password")
    assert till.page.url.endswith("/till/menu")


def test_a_password_somebody_else_typed_signs_in_once(till: Till):
    new = "rain on the tin roof"
    till.sign_in(merchant=FOREIGN)
    till.submit("form[action='/till/sign-out'] button")
    till.go(f"/till/at/{FOREIGN}/reset")
    reset(till, "01", new, by="99")
    assert "用新密码登录一次" in till.page.inner_text(".note.good")
    till.page.fill("#password", new)
    till.submit("form button.primary")
    till.submit("header form[action='/till/sign-out'] button")
    till.page.fill("#number", "01")
    till.page.fill("#password", new)
    till.submit("form button.primary")
    assert "CF-2026" in till.page.inner_text(".note.bad")
    till.go(f"/till/at/{FOREIGN}/reset")
    reset(till, "01", new, by="99")
    till.page.fill("#password", new)
    till.submit("form button.primary")
    till.page.fill("#new", PASSWORD)
    till.page.fill("#again", PASSWORD)
    till.submit("form button.primary")
    assert till.page.url.endswith("/till/menu")


def test_a_device_that_is_no_terminal_yet_resets_nothing(till: Till):
    till.go(f"/till/at/{FOREIGN}/reset")
    assert till.page.url.endswith(f"/till/at/{FOREIGN}")


def test_this_device_stays_the_terminal_it_was_said_to_be(till: Till):
    till.sign_in(terminal=1)
    till.submit("form[action='/till/sign-out'] button")
    assert "T02" in till.page.inner_text("main")
    assert till.page.query_selector("select") is None
    till.go("/till")
    assert till.page.url.endswith("/till/at/1")
