"""The till's pages, and how one comes to each."""

from __future__ import annotations

from typing import Final

from tests.walk.beside import enrolled, hand_in
from tests.walk.shown import Person
from tests.walk.walker import Device, Place

PAID: Final = "38.00"
DECLINED: Final = "66.01"
NEVER_CONFIRMED: Final = "66.05"
FUNDS_SHORT: Final = "66.14"
SHOWN: Final = "66.80"
NO_CARD: Final = "66.32"
BY_CARD: Final = "66.81"
GIVEN: Final = "typed by the supervisor"


def _at(path: str):
    return lambda device: device.go(path)


def _result(amount: str):
    return lambda device: device.go(f"/till/payments/{device.charge(amount)}")


def _record(amount: str):
    return lambda device: device.go(f"/till/records/{device.charge(amount)}")


def _removing(device: Device) -> None:
    _record(DECLINED)(device)
    device.press("a[href$='/remove']")


def _in_cash(device: Device) -> str:
    def act() -> str:
        _cash(device)
        device.keys.type("100")
        device.press(".key.go")
        return device.page.url.rsplit("/", 1)[1]

    return device.once("in cash", act)


def _code(device: Device) -> None:
    device.key("63.50")


def _cash(device: Device) -> None:
    _code(device)
    device.press("a[href*='/cash']")


def _confirm(device: Device) -> None:
    _why(device)
    device.press("button[value=WRONG_AMOUNT]")


def _first_password(device: Device) -> None:
    """A cashier whom nobody else walks as, whose supervisor has typed a password for them."""
    whose, supervisor = device.shown.person("cashier", 2), device.shown.person("supervisor")
    given = Person(whose.number, GIVEN, whose.terminal)
    device.try_till(supervisor.number, supervisor.password)
    device.press("form[action='/till/sign-out'] button")
    device.press("a[href$='/reset']")
    device.fill(whose=whose.number, new=given.password, again=given.password)
    device.fill(number=supervisor.number, password=supervisor.password)
    device.press("button.primary")
    device.sign_in_to_till(given)


def _same_password(device: Device) -> None:
    """The one they were given is none of their own."""
    _first_password(device)
    device.fill(new=GIVEN, again=GIVEN)
    device.press("button.primary")


def _asked(device: Device) -> None:
    """Asked of somebody who is not here."""
    _confirm(device)
    device.press("button[formaction$='/ask']")


def _confirm_other(device: Device) -> None:
    _why(device)
    device.press("button[value=OTHER]")


def _why(device: Device) -> None:
    device.go(f"/till/records/{device.charge(PAID)}")
    device.press("a[href*='/back/']")


def _give_back(device: Device, payment_id: str, amount: str = "") -> str:
    """The path of the result of giving it back, the whole or an amount of it."""
    device.go(f"/till/records/{payment_id}")
    device.press("a.button[href*='/back/']")
    if amount:
        device.fill(amount=amount)
    device.press("button[value=TEST]")
    supervisor = device.shown.person("supervisor")
    device.fill(number=supervisor.number, password=supervisor.password)
    device.press("button.danger")
    return device.page.url.removeprefix(device.shown.url)


def _given_back(device: Device) -> None:
    def act() -> str:
        path = _give_back(device, _in_cash(device))
        device.page.wait_for_selector("section.result.good")
        return path

    device.go(device.once("given back", act))


def _queued(what: str = ""):
    def reach(device: Device) -> None:
        def act() -> str:
            path = _give_back(device, device.charge(FUNDS_SHORT), "6.14")
            device.page.wait_for_selector("a[href$='/cancel']")
            return path

        device.go(device.once("queued", act) + what)

    return reach


def _wallets(device: Device) -> None:
    device.key(SHOWN)
    device.go(device.page.url.removeprefix(device.shown.url).replace("?", "/code?"))


def _shown_code(device: Device) -> None:
    def act() -> str:
        _wallets(device)
        device.press("button[value=alipay]")
        return device.page.url.removeprefix(device.shown.url)

    device.go(device.once("shown code", act))
    device.page.wait_for_selector(".code svg")


def _card(device: Device) -> None:
    """An amount to which no card comes, so that it stays open for a while: made anew each time."""
    device.key(NO_CARD)
    device.press("button.take-card")
    device.page.wait_for_selector("section.result.card")


def _card_paid(device: Device) -> None:
    def act() -> str:
        device.key(BY_CARD)
        device.press("button.take-card")
        device.page.wait_for_selector("section.result.good")
        return device.page.url.removeprefix(device.shown.url)

    device.go(device.once("card paid", act))


def _fee(device: Device) -> None:
    """Of a part, which is a refund at any time of the day."""
    _why(device)
    device.fill(amount="8.00")
    device.press("button[value=PRICE]")
    device.press("a[href*='fee=1']")


def _sure(device: Device) -> None:
    device.charge(PAID)
    device.go(f"/till/take/again?way=cash&amount={PAID}")


def _signed_in_once(device: Device) -> None:
    device.sign_in_to_till(device.shown.person("cashier", 1), terminal=1)


def _known_terminal(device: Device) -> None:
    _signed_in_once(device)
    device.press("form[action='/till/sign-out'] button")


def _reset(device: Device) -> None:
    _known_terminal(device)
    device.press("a[href$='/reset']")


def _enrolling(device: Device) -> None:
    device.go("/till/enrol")


def _not_enrolled(device: Device) -> None:
    """A key that waits for nobody."""
    _enrolling(device)
    terminal_id = device.page.input_value("#terminal")
    device.go(f"/till/at/{device.shown.merchant}/enrol/{terminal_id}?key={'0' * 64}")


def _locked(device: Device) -> None:
    _signed_in_once(device)
    device.go("/till/take")
    device.keys.type("38.5")
    device.press("button[formaction='/till/lock']:not(.unseen)")


def _waiting(path: str):
    def reach(device: Device) -> None:
        device.charge(NEVER_CONFIRMED)
        device.go(path)

    return reach


def _keys(device: Device) -> None:
    device.go("/till/menu")
    device.page.keyboard.press("?")
    device.page.wait_for_selector("#keys[open]")


def _found(amount: str):
    return lambda device: device.go(f"/till/find/{device.charge(amount)}")


def _network(device: Device) -> None:
    device.go("/till/more/network")
    device.page.wait_for_load_state("networkidle")


def _receipt(kind: str = ""):
    return lambda device: device.go(f"/till/payments/{device.charge(PAID)}/receipt{kind}")


PLACES: Final = (
    Place("till-sign-in", "/till/at/{merchant_id}", "guest", lambda d: d.go("/till")),
    Place("till-sign-in-here", "/till/at/{merchant_id}", "guest", _known_terminal),
    Place("till-enrol", "/till/at/{merchant_id}/enrol", "guest", _enrolling),
    Place("till-enrol-wrong", "/till/at/{merchant_id}/enrol", "guest", lambda d: hand_in(d, "0000 0000"), 409),
    Place("till-enrol-words", "/till/at/{merchant_id}/enrol/{terminal_id}", "guest", hand_in),
    Place("till-enrolled", "/till/at/{merchant_id}/enrol/{terminal_id}", "guest", enrolled),
    Place("till-enrol-over", "/till/at/{merchant_id}/enrol/{terminal_id}", "guest", _not_enrolled),
    Place("till-reset", "/till/at/{merchant_id}/reset", "guest", _reset),
    Place("till-locked", "/till/locked", "guest", _locked),
    Place("till-menu", "/till/menu", "cashier", _at("/till/menu")),
    Place("till-keys", "/till/menu", "cashier", _keys),
    Place("till-take", "/till/take", "cashier", _at("/till/take")),
    Place("till-code", "/till/take/{id}", "cashier", _code),
    Place("till-sure", "/till/take/{id}/sure", "cashier", _sure),
    Place("till-wallets", "/till/take/{id}/code", "cashier", _wallets),
    Place("till-shown-code", "/till/payments/{id}", "cashier", _shown_code),
    Place("till-card", "/till/payments/{id}", "cashier", _card),
    Place("till-card-paid", "/till/payments/{id}", "cashier", _card_paid),
    Place("till-cash", "/till/take/{id}/cash", "cashier", _cash),
    Place("till-paid", "/till/payments/{id}", "cashier", _result(PAID)),
    Place("till-paid-in-cash", "/till/payments/{id}", "cashier", lambda d: d.go(f"/till/payments/{_in_cash(d)}")),
    Place("till-receipt", "/till/payments/{id}/receipt", "cashier", _receipt()),
    Place("till-receipt-58", "/till/payments/{id}/receipt", "cashier", _receipt("?paper=58")),
    Place("till-waiting-none", "/till/waiting", "supervisor", _at("/till/waiting")),
    Place("till-find", "/till/find", "cashier", _at("/till/find")),
    Place("till-find-none", "/till/find", "cashier", _at("/till/find?number=5551234")),
    Place("till-records", "/till/records", "cashier", _at("/till/records")),
    Place("till-records-none", "/till/records", "cashier", _at("/till/records?min=1000000")),
    Place("till-record", "/till/records/{id}", "cashier", _record(PAID)),
    Place("till-record-of-decline", "/till/records/{id}", "cashier", _record(DECLINED)),
    Place("till-why", "/till/records/{id}/back/{leg}", "cashier", _why),
    Place("till-back-confirm", "/till/records/{id}/back/{leg}", "cashier", _confirm),
    Place("till-back-confirm-other", "/till/records/{id}/back/{leg}", "cashier", _confirm_other),
    Place("till-asked", "/till/records/{id}/back/{leg}/asked", "cashier", _asked),
    Place("till-back-fee", "/till/records/{id}/back/{leg}", "cashier", _fee),
    Place("till-given-back", "/till/records/{id}/back/{leg}", "cashier", _given_back),
    Place("till-queued", "/till/records/{id}/back/{leg}", "cashier", _queued()),
    Place("till-queued-cancel", "/till/records/{id}/back/{leg}/cancel", "cashier", _queued("/cancel")),
    Place("till-exports", "/till/exports", "supervisor", _at("/till/exports")),
    Place("till-help-amounts", "/till/help/amounts", "cashier", _at("/till/help/amounts")),
    Place("till-help-past-the-cut", "/till/help/past-the-cut", "supervisor", _at("/till/help/past-the-cut")),
    Place("till-removing", "/till/records/{id}/remove", "cashier", _removing),
    Place("till-waiting", "/till/waiting", "cashier", _waiting("/till/waiting")),
    Place("till-found", "/till/find/{id}", "cashier", _found(PAID)),
    Place("till-found-not-paid", "/till/find/{id}", "cashier", _found(DECLINED)),
    Place("till-found-checking", "/till/find/{id}", "cashier", _found(NEVER_CONFIRMED)),
    Place("till-more", "/till/more", "cashier", _at("/till/more")),
    Place("till-own-password", "/till/more/password", "cashier", _at("/till/more/password")),
    Place("till-first-password", "/till/password", "guest", _first_password),
    Place("till-first-password-same", "/till/password", "guest", _same_password, 422),
    Place("till-network", "/till/more/network", "cashier", _network),
    Place("till-help", "/till/help", "cashier", _at("/till/help")),
    Place("till-menu-waiting", "/till/menu", "cashier", _waiting("/till/menu")),
)

# Routes that answer GET and are no page to look at, each with its reason.
NO_PAGES: Final = {
    "/till": "sends on to the sign-in or the menu; its list of merchants is looked at by the till's own tests",
    "/till/enrol": "sends on to the merchant's own page",
    "/till/lock": "an act; GET sends on to the menu",
    "/till/language": "an act; GET sends on to the sign-in",
    "/till/theme": "as /till/language",
    "/till/at/{merchant_id}/lift": "an act; its page is the one of a number that is paused",
    "/till/sign-out": "an act; GET sends on to the menu",
    "/till/take/again": "sends on to a new act",
    "/till/take/code": "an act",
    "/till/take/card": "an act",
    "/till/take/{id}/card": "an act",
    "/till/payments/{id}/live": "a stream",
    "/till/payments/{id}/receipt.svg": "a picture",
    "/till/exports/{id}": "a file",
    "/till/records/columns": "an act",
    "/till/records/saved": "an act",
    "/till/records/saved/drop": "an act",
    "/till/records/saved/rename": "an act",
    "/till/records/{id}/side": "a part of the list's page; walked in the office",
    "/till/records/{id}/verify/{position}": "a part of a record's page",
    "/till/payments/{id}/state": "a part of the result",
    "/till/payments/{id}/withdraw": "an act",
    "/till/payments/{id}/ask": "an act",
    "/till/waiting/list": "a part of what is being checked",
    "/till/waiting/badge": "a part of the bar",
    "/till/records/export": "a file",
    "/till/records/{id}/proof/{position}": "a file",
    "/till/records/{id}/back/{leg}/state": "a part of the result",
    "/till/records/{id}/back/{leg}/ask": "an act",
    "/till/records/{id}/back/{leg}/asked/state": "a part of the page that waits",
    "/till/records/{id}/back/{leg}/asked/withdraw": "an act",
    "/till/find/{id}/state": "a part of the answer",
    "/till/more/reprint": "an act",
    "/till/more/network/clock": "a part of the check",
    "/till/more/network/{account}": "a part of the check",
    "/till/keypad": "an act",
    "/till/payments/{id}/receipt/printer": "an act",
    "/till/help/offline": "an act",
    "/till/help/held": "sends on to the record under hold",
}
