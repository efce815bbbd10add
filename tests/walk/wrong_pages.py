"""Pages that say what went wrong, each come to by doing what makes it go wrong; by the numbers of the texts."""

from __future__ import annotations

from typing import Final

from tests.walk.till_pages import PAID
from tests.walk.walker import Device, Place

NOT_THE_PASSWORD: Final = "not the password"
# What browser and htmx say of a computer that cannot be reached.
OFFLINE: Final = r"ERR_INTERNET_DISCONNECTED|htmx:(sendError|afterRequest)"
A_MEMBER_CARD: Final = "4006381333931"


def charged(amount: str):
    """The result of a charge of an amount that plays a trick."""
    return lambda device: device.go(f"/till/payments/{device.charge(amount)}")


def refused_at_till(device: Device) -> None:
    device.try_till(device.shown.person("cashier", 2).number, NOT_THE_PASSWORD)


def paused_at_till(device: Device) -> None:
    number = device.shown.person("cashier", 3).number
    device.try_till(number, NOT_THE_PASSWORD)
    while not device.page.query_selector("form[action$='/lift']"):
        device.try_till(number, NOT_THE_PASSWORD)


def pause_not_lifted(device: Device) -> None:
    paused_at_till(device)
    device.fill(number=device.shown.person("supervisor").number, password=NOT_THE_PASSWORD)
    device.press("form[action$='/lift'] button.primary")


def refused_at_office(device: Device) -> None:
    device.go("/office")
    device.fill(email=device.shown.person("administrator").email, password=NOT_THE_PASSWORD)
    device.press("form[action^='/office/at'] button.primary")


def no_amount(device: Device) -> None:
    device.go("/till/take")
    device.page.fill("#amount", "3..8")
    device.press(".key.go")


def too_large_an_amount(device: Device) -> None:
    device.go("/till/take")
    device.page.fill("#amount", "999999999")
    device.press(".key.go")


def not_a_payment_code(device: Device) -> None:
    device.key("39")
    device.scan(A_MEMBER_CARD)


def too_much_back(device: Device) -> None:
    device.go(f"/till/records/{device.charge(PAID)}")
    device.press("a[href*='/back/']")
    device.page.fill("#amount", "38.01")
    device.press("button[value=WRONG_AMOUNT]")


def not_approved(device: Device) -> None:
    device.go(f"/till/records/{device.charge(PAID)}")
    device.press("a[href*='/back/']")
    device.press("button[value=WRONG_AMOUNT]")
    # Another one than those who mistype elsewhere in the walk: the fifth time a number is paused.
    device.fill(number=device.shown.person("supervisor", 1).number, password=NOT_THE_PASSWORD)
    device.press("button.danger")


def dates_reversed(door: str):
    return lambda device: device.go(f"/{door}/records?from=2026-11-22&to=2026-11-21")


def session_ended(device: Device) -> None:
    """Signed out in another tab, and then on with the sale in this one."""
    device.sign_in_to_till(device.shown.person("cashier", 4), terminal=1)
    device.go("/till/take")
    device.keys.type("38")
    other = device.context.new_page()
    other.goto(f"{device.shown.url}/till/menu")
    with other.expect_navigation():
        other.click("form[action='/till/sign-out'] button")
    other.close()
    device.put_back("cf_session", "0" * 43)
    device.press(".key.go")


def page_out_of_date(device: Device) -> None:
    """Signed in anew in another tab: the form of this one carries the token of before."""
    device.go("/till/menu")
    device.page.evaluate("document.querySelector(\"form[action='/till/lock'] input[name=csrf]\").value = 'of before'")
    device.press("form[action='/till/lock'] button")


def computer_unreachable(device: Device) -> None:
    """9b: the result is watched while the shop's computer cannot be reached."""
    charged("66.05")(device)
    device.context.set_offline(True)
    try:
        device.page.wait_for_selector(".unreachable")
    finally:
        device.context.set_offline(False)


def no_internet(device: Device) -> None:
    """9a: the demonstration's cable is pulled, a code is scanned, and the cable is put back."""
    device.go("/till/help/amounts")
    device.press("form[action='/till/help/offline'] button[value='1']")
    try:
        device.key("42.00")
        device.scan()
    finally:
        there = device.context.new_page()
        there.goto(f"{device.shown.url}/till/help/amounts")
        with there.expect_navigation():
            there.click("form[action='/till/help/offline'] button[value='0']")
        there.close()


def too_late_to_void(device: Device) -> None:
    """6: the page of a void that stood open over the cut."""
    device.go("/till/help/past-the-cut")
    device.press("button.danger")


def provider_deactivated(device: Device) -> None:
    """8: an administrator deactivates the provider, a code is scanned, and the provider is reinstated."""
    office = Device.open(device.context.browser, device.shown, "administrator", device.kept, by_touch=False)
    office.go("/office/accounts")
    office.press("tr:has-text('lakala') a.whole")
    path = office.page.url
    office.press("a[href$='/switch']")
    office.page.select_option("#reason", "TEST")
    office.confirm("button.danger")
    try:
        device.key("42.00")
        device.scan()
    finally:
        office.page.goto(path)
        office.confirm("form[action$='/switch'] button")
        office.context.close()


def passwords_differ(device: Device) -> None:
    device.sign_in_to_till(device.shown.person("cashier", 4), terminal=1)
    device.press("form[action='/till/sign-out'] button")
    device.press("a[href$='/reset']")
    supervisor = device.shown.person("supervisor")
    device.fill(whose="01", new="a-new-one-1", again="another-one-1", number=supervisor.number, password="x")
    device.press("button.primary")


PLACES: Final = (
    Place("fault-1-outcome-unknown", "/till/payments/{id}", "supervisor", charged("66.09")),
    Place("fault-2-customer-confirms", "/till/payments/{id}", "supervisor", charged("66.05")),
    Place("fault-3-balance", "/till/payments/{id}", "supervisor", charged("66.01")),
    Place("fault-4-code-expired", "/till/payments/{id}", "supervisor", charged("66.02")),
    Place("fault-5a-password", "/till/at/{merchant_id}", "guest", refused_at_till, 401),
    Place("fault-5a-office", "/office/at/{merchant_id}", "guest", refused_at_office, 401),
    Place("fault-5b-paused", "/till/at/{merchant_id}", "guest", paused_at_till, 423),
    Place("fault-5b-not-lifted", "/till/at/{merchant_id}", "guest", pause_not_lifted, 401),
    Place("fault-6-too-late", "/till/records/{id}/back/{leg}", "supervisor", too_late_to_void, 409),
    Place("fault-8-deactivated", "/till/take/{id}", "supervisor", provider_deactivated, 409),
    Place("fault-7-too-much", "/till/records/{id}/back/{leg}", "supervisor", too_much_back, 409),
    Place("fault-9a-no-internet", "/till/payments/{id}", "supervisor", no_internet),
    Place("fault-9b-unreachable", "/till/payments/{id}", "supervisor", computer_unreachable, noise=OFFLINE),
    Place("fault-10-held", "/till/records/{id}/remove", "cashier", lambda d: d.go("/till/help/held"), 409),
    Place("fault-12-no-payment-code", "/till/take/{id}", "supervisor", not_a_payment_code, 422),
    Place("fault-not-an-amount", "/till/take", "supervisor", no_amount, 422),
    Place("fault-amount-too-large", "/till/take", "supervisor", too_large_an_amount, 422),
    Place("fault-not-approved", "/till/records/{id}/back/{leg}", "cashier", not_approved, 401),
    Place("fault-dates", "/till/records", "cashier", dates_reversed("till"), 422),
    Place("fault-dates-office", "/office/records", "administrator", dates_reversed("office"), 422),
    Place("fault-session-ended", "/till/take", "guest", session_ended, 401),
    Place("fault-out-of-date", "/till/menu", "cashier", page_out_of_date, 403),
    Place("fault-no-such-page", "/till/menu", "cashier", lambda d: d.go("/till/nowhere"), 404),
    Place("fault-no-such-page-office", "/office/home", "administrator", lambda d: d.go("/office/nowhere"), 404),
    Place("fault-passwords-differ", "/till/at/{merchant_id}/reset", "guest", passwords_differ, 422),
)
