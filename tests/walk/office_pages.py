"""The office's pages, and how one comes to each."""

from __future__ import annotations

from typing import Final

from tests.passkeys import passkeys_at
from tests.walk.beside import (
    confirming_in_office,
    enrolled_in_office,
    one_to_carry_out,
    till_beside,
    to_carry_out,
    words_in_office,
)
from tests.walk.reading import A_KEY, A_ROLE, AN_ADDRESS
from tests.walk.walker import Device, Place


def _at(path: str):
    return lambda device: device.go(path)


def _first(path: str, link: str = "tbody a.whole"):
    def reach(device: Device) -> None:
        device.go(path)
        device.press(link)

    return reach


def _of(things: str, what: str):
    def reach(device: Device) -> None:
        _first(f"/office/{things}")(device)
        device.press(f"a[href$='/{what}']")

    return reach


def _code_for_a_device(device: Device) -> None:
    _of("terminals", "key")(device)
    device.press("form[action$='/key'] button")


def _held(what: str):
    def reach(device: Device) -> None:
        device.go("/office/records?status=captured")
        device.press("tbody a.whole")
        device.press(f"a[href$='/{what}']")

    return reach


def _lifting(device: Device) -> None:
    """One is placed for it and its lifting asked for, so that the demonstration's own stays as it is."""
    device.go("/office/records?status=refunded")
    device.press("tbody a.whole")
    device.press("a[href$='/hold']")
    device.page.select_option("#reason", "AUDIT")
    device.page.fill("#reference", "2026-417")
    device.confirm("form[action$='/hold'] button.primary")
    device.confirm("form[action$='/ask'] button")


def _half_way(device: Device, path: str = "/office/second") -> None:
    """Somebody who has shown a password, on a device of its own, so that the one that walks stays signed in."""
    device.context.clear_cookies(name="cf_office")
    person = device.shown.person("administrator", 1)
    device.go(f"/office/at/{device.shown.merchant}")
    device.fill(email=person.email, password=person.password)
    device.press("form[action^='/office/at'] button.primary")
    device.go(path)


def _second(device: Device) -> None:
    """Asked for what one has; before that, what was set up once in the walk."""
    person = device.shown.person("administrator", 1)
    _half_way(device)
    if device.page.query_selector("a[href$='/second/passkey']"):
        passkeys_at(device.shown.url).come_in(device.page, device.shown.merchant, person.email)
        _half_way(device)


def _danger(device: Device) -> None:
    device.go("/office/me")
    device.press("form[action$='/me/codes'] button")


def _danger_wrong(device: Device) -> None:
    _danger(device)
    device.page.evaluate("document.querySelector('form[data-passkey]').submit()")
    device.page.wait_for_selector(".note.bad")


def _request(device: Device) -> None:
    """A rule that is to be changed: it waits for somebody else, or for the day to pass where there is nobody."""

    def act() -> str:
        device.go("/office/policy/void")
        device.page.fill("#from", "3000")
        device.confirm("form[action='/office/policy/void'] button.primary")
        return device.page.url.removeprefix(device.shown.url).split("?")[0]

    device.go(device.once("requested", act))


def _policy_wrong(device: Device) -> None:
    device.go("/office/policy/refund")
    device.page.fill("#from", "-1")
    device.press("form[action='/office/policy/refund'] button.primary")


def _on_trial(device: Device) -> None:
    device.go("/office/networks")
    device.page.fill("#office", "127.0.0.0/8")
    device.confirm("form[action$='/office/try'] button")


def _networks_wrong(device: Device) -> None:
    device.go("/office/networks")
    device.page.fill("#danger", "192.168.1.7/24")
    device.press("form[action$='/danger/try'] button")


def _numbers_wrong(device: Device) -> None:
    device.go("/office/numbers")
    device.page.select_option("#number_least", "3")
    device.page.select_option("#number_most", "4")
    device.press("form[action='/office/numbers'] button.primary")


def _key_made(device: Device) -> None:
    device.go("/office/api-keys/add")
    device.page.fill("#label", A_KEY)
    device.confirm("form[action$='/api-keys/add'] button.primary")


def _password(device: Device) -> None:
    """Of somebody who has a till number: without one there is none."""
    _first("/office/operators", "a.whole:has-text('01')")(device)
    device.press("a[href$='/password']")


def _channel(device: Device) -> None:
    """The one that speaks with a provider; cash does not."""
    _first("/office/accounts", "tbody tr:has-text('lakala') a.whole")(device)


def _activation(device: Device) -> None:
    """The one whose provider hands out its settings for a code."""
    _first("/office/accounts", "tbody tr:has-text('shouqianba') a.whole")(device)
    device.press("a[href$='/activate']")


def _activation_refused(device: Device) -> None:
    """Nothing was sent: nobody listens at that address. What is no secret is still there."""
    _activation(device)
    told = {"base_url": "http://127.0.0.1:9", "device_id": "POS-02", "vendor_sn": "9", "app_id": "2026"}
    for key, value in (told | {"vendor_key": "k" * 32, "code": "12345678"}).items():
        device.page.fill(f"#{key}", value)
    device.confirm("form[action$='/activate'] button.primary")


def _channel_settings(device: Device) -> None:
    _channel(device)
    device.press("a[href$='/settings']:not([href='/office/settings'])")


def _channel_wrong(device: Device) -> None:
    """Refused, with what was typed still there: an address where nobody listens."""
    _channel_settings(device)
    device.page.fill("#base_url", "http://127.0.0.1:9")
    device.confirm("form[action$='/settings'] button.primary")


def _channel_check(device: Device) -> None:
    _channel(device)
    device.press("form[action$='/check'] button")


def _known(device: Device) -> None:
    """What the provider knows about us: the first thing that can be asked."""
    _channel(device)
    device.press("a[href$='/known']")
    device.press("nav a[href*='read=']")


def _notice_wrong(device: Device) -> None:
    """Refused, and still to be decided: there is no payment of ours to ask about."""
    _first("/office/waiting")(device)
    device.page.evaluate("document.querySelector('form.pair-of').action += '/ask'")
    device.page.evaluate("document.querySelector('#shop').required = false")
    device.press("form.pair-of button.primary")


def _settling(device: Device) -> None:
    """A shown code that was paid as it was closed: the amount plays it."""

    def act() -> str:
        with till_beside(device) as till:
            till.sign_in_to_till(device.shown.person("cashier"))
            till.key("66.22")
            till.go(till.page.url.removeprefix(till.shown.url).replace("?", "/code?"))
            till.press("button[value=alipay]")
            till.page.wait_for_selector(".code svg")
            path = till.page.url.removeprefix(till.shown.url)
            till.press("form[action$='/withdraw'] button")
        return path.rsplit("/", 1)[1].split("?")[0]

    payment_id = device.once("paid as closed", act)
    device.go("/office/waiting")
    device.press(f"a[href*='/{payment_id}/statement']")


def _settling_wrong(device: Device) -> None:
    """Another amount than that of the payment."""
    _settling(device)
    day = str(device.page.get_attribute("#day", "max"))
    device.fill(number="T-77", day=day, amount="66.21", line="T-77 66.22")
    device.press("form[action$='/statement'] button.primary")


def _routed(device: Device) -> None:
    device.go("/office/routes")
    if not device.page.query_selector("form input[value='remove']"):
        device.confirm("form.panel button.primary")


def _verified(device: Device) -> None:
    device.go("/office/evidence")
    device.press("form[action='/office/evidence'] button")
    device.page.wait_for_selector("#run .tone-good")


def _record_verified(device: Device) -> None:
    # The last of the list was there at the start, when all was signed.
    device.go("/office/records")
    device.press("tbody tr:last-child a.whole")
    device.page.click("a[hx-get*='/verify/']")
    device.page.wait_for_selector(".steps .note.good")
    # What was asked for has come and made its room.
    device.page.evaluate("window.shifts = []")


def _beside(device: Device) -> None:
    device.go("/office/records")
    device.page.click("tbody tr:nth-child(3) a.whole")
    device.page.wait_for_selector("#side:not([hidden]) .timeline")


def _receipt(device: Device) -> None:
    _first("/office/records", "tbody tr:last-child a.whole")(device)
    device.press("a[href$='/receipt']")


def _person(what: str):
    def reach(device: Device) -> None:
        _first("/office/operators")(device)
        device.press(f"main a[href^='/office/operators/'][href$='/{what}']")

    return reach


def _numbering(device: Device) -> None:
    """Somebody with an office login only, made once in the walk; digits for a name, which no language changes."""

    def act() -> str:
        device.go("/office/operators/add")
        device.fill(name="2026", email=AN_ADDRESS)
        device.confirm("form[action$='/add'] button.primary")
        href = device.page.get_attribute("main a[href^='/office/operators/']", "href")
        assert href is not None
        return href

    device.go(device.once("office only", act))
    device.press("a[href$='/number']")


def _numbering_wrong(device: Device) -> None:
    _numbering(device)
    device.fill(number="x", password="not long")
    device.confirm("form[action$='/number'] button.primary")


def _take_back(device: Device) -> None:
    _person("roles")(device)
    device.press("tbody a[href*='/roles/']")


def _reset(device: Device) -> None:
    device.go("/office")
    device.press("a[href$='/reset']")


def _own_role(device: Device) -> None:
    device.go("/office/roles")
    if device.page.query_selector("main .own-roles a") is None:
        device.go("/office/roles/add")
        device.fill(name=A_ROLE)
        device.page.check("input[name=may_read]")
        device.confirm("form[action='/office/roles/add'] button.primary")
        device.go("/office/roles")
    device.press("main .own-roles a")


def _retire(device: Device) -> None:
    _own_role(device)
    device.press("a[href$='/retire']")


def _keys(device: Device) -> None:
    device.go("/office/home")
    device.page.keyboard.press("?")
    device.page.wait_for_selector("#keys[open]")


def _channel_not_opened(device: Device) -> None:
    """Refused, with what is no secret still there: a key where a certificate belongs."""
    device.go("/office/accounts/add/lakala")
    typed = {"channel_name": "x", "base_url": "https://pay.example.com", "appid": "OP00000003", "serial_no": "00df"}
    for key, value in (typed | {"merchant_no": "1", "term_no": "1", "request_ip": "203.0.113.8"}).items():
        device.page.fill(f"#{key}", value)
    device.page.fill("#private_key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")
    device.page.fill("#platform_certs", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")
    device.confirm("form[action$='/add/lakala'] button.primary")


_OPENED: Final = "/office/accounts/add/{provider}"
PLACES: Final = (
    Place("office-sign-in", "/office/at/{merchant_id}", "guest", _at("/office")),
    Place("office-merchants", "/office/others", "guest", _at("/office/others")),
    Place("office-home", "/office/home", "administrator", _at("/office/home")),
    Place("office-keys", "/office/home", "administrator", _keys),
    Place("office-records", "/office/records", "administrator", _at("/office/records")),
    Place("office-records-none", "/office/records", "administrator", _at("/office/records?min=1000000")),
    Place("office-record", "/office/records/{id}", "administrator", _first("/office/records")),
    Place("office-record-verified", "/office/records/{id}", "administrator", _record_verified),
    Place("office-record-beside", "/office/records/{id}/side", "administrator", _beside),
    Place("office-receipt", "/office/payments/{id}/receipt", "administrator", _receipt),
    Place("office-exports", "/office/exports", "administrator", _at("/office/exports")),
    Place("office-days", "/office/days", "administrator", _at("/office/days")),
    Place("office-days-by-month", "/office/days", "administrator", _at("/office/days?from=2025-06-01")),
    Place("office-days-none", "/office/days", "administrator", _at("/office/days?from=2020-01-01&to=2020-01-31")),
    Place("office-shops", "/office/shops", "administrator", _at("/office/shops")),
    Place("office-shops-add", "/office/shops/add", "administrator", _at("/office/shops/add")),
    Place("office-shop", "/office/shops/{id}", "administrator", _first("/office/shops")),
    Place("office-terminals", "/office/terminals", "administrator", _at("/office/terminals")),
    Place("office-terminals-add", "/office/terminals/add", "administrator", _at("/office/terminals/add")),
    Place("office-terminal", "/office/terminals/{id}", "administrator", _first("/office/terminals")),
    Place("office-operators", "/office/operators", "administrator", _at("/office/operators")),
    Place("office-operators-add", "/office/operators/add", "administrator", _at("/office/operators/add")),
    Place("office-operator", "/office/operators/{id}", "administrator", _first("/office/operators")),
    Place("office-operator-roles", "/office/operators/{id}/roles", "administrator", _person("roles")),
    Place("office-operator-take-back", "/office/operators/{id}/roles/{grant}", "administrator", _take_back),
    Place("office-operator-login", "/office/operators/{id}/login", "administrator", _person("login")),
    Place("office-operator-number", "/office/operators/{id}/number", "administrator", _numbering),
    Place("office-operator-number-wrong", "/office/operators/{id}/number", "administrator", _numbering_wrong, 422),
    Place("office-reset", "/office/at/{merchant_id}/reset", "guest", _reset),
    Place("office-roles-add", "/office/roles/add", "administrator", _at("/office/roles/add")),
    Place("office-role", "/office/roles/{id}", "administrator", _own_role),
    Place("office-role-retire", "/office/roles/{id}/retire", "administrator", _retire),
    Place("office-password", "/office/operators/{id}/password", "administrator", _password),
    Place("office-sign-in-of", "/office/operators/{id}/sign-in", "administrator", _of("operators", "sign-in")),
    Place("office-second-begin", "/office/second", "guest", _half_way),
    Place("office-second-passkey", "/office/second/passkey", "guest", lambda d: _half_way(d, "/office/second/passkey")),
    Place("office-second-app", "/office/second/app", "guest", lambda d: _half_way(d, "/office/second/app")),
    Place("office-second", "/office/second", "guest", _second),
    Place("office-me", "/office/me", "administrator", _at("/office/me")),
    Place("office-danger", "/office/me/codes", "administrator", _danger),
    Place("office-danger-wrong", "/office/me/codes", "administrator", _danger_wrong, 403),
    Place("office-approvals", "/office/approvals", "administrator", _at("/office/approvals")),
    Place("office-requests-none", "/office/requests", "administrator", _at("/office/requests")),
    Place("office-request", "/office/requests/{id}", "administrator", _request),
    Place("office-requests", "/office/requests", "administrator", _at("/office/requests")),
    Place("office-requests-to-do", "/office/requests", "administrator", to_carry_out),
    Place("office-request-to-do", "/office/requests/{id}", "administrator", one_to_carry_out),
    Place("office-policy", "/office/policy", "administrator", _at("/office/policy")),
    Place("office-policy-rule", "/office/policy/{act}", "administrator", _at("/office/policy/refund")),
    Place("office-policy-wrong", "/office/policy/{act}", "administrator", _policy_wrong, 422),
    Place("office-evidence", "/office/evidence", "administrator", _at("/office/evidence")),
    Place("office-evidence-verified", "/office/evidence", "administrator", _verified),
    Place("office-entry", "/office/evidence/entry", "administrator", _at("/office/evidence/entry?position=3")),
    Place("office-faults", "/office/faults", "administrator", _at("/office/faults")),
    Place("office-faults-none", "/office/faults", "administrator", _at("/office/faults?q=nothing-of-the-kind")),
    Place("office-fault", "/office/faults/{code}", "administrator", _at("/office/faults/CF-3117")),
    Place("office-fault-guest", "/office/faults/{code}", "guest", _at("/office/faults/CF-4101")),
    Place("office-accounts", "/office/accounts", "administrator", _at("/office/accounts")),
    Place("office-account", "/office/accounts/{id}", "administrator", _first("/office/accounts")),
    Place("office-account-switch", "/office/accounts/{id}/switch", "administrator", _of("accounts", "switch")),
    Place("office-channel", "/office/accounts/{id}", "administrator", _channel),
    Place("office-channel-settings", "/office/accounts/{id}/settings", "administrator", _channel_settings),
    Place("office-channel-wrong", "/office/accounts/{id}/settings", "administrator", _channel_wrong, 409),
    Place("office-channel-check", "/office/accounts/{id}/check", "administrator", _channel_check),
    Place("office-channel-choose", "/office/accounts/add", "administrator", _at("/office/accounts/add")),
    Place("office-channel-open", _OPENED, "administrator", _at("/office/accounts/add/lakala")),
    Place("office-channel-open-wrong", _OPENED, "administrator", _channel_not_opened, 422),
    Place("office-channel-by-code", _OPENED, "administrator", _at("/office/accounts/add/shouqianba?by=activation")),
    Place("office-known", "/office/accounts/{id}/known", "administrator", _known),
    Place("office-activation", "/office/accounts/{id}/activate", "administrator", _activation),
    Place("office-activation-refused", "/office/accounts/{id}/activate", "administrator", _activation_refused, 409),
    Place("office-routes", "/office/routes", "administrator", _at("/office/routes")),
    Place("office-routes-some", "/office/routes", "administrator", _routed),
    Place("office-waiting", "/office/waiting", "administrator", _at("/office/waiting")),
    Place("office-statement", "/office/waiting/{id}/statement", "administrator", _settling),
    Place("office-statement-wrong", "/office/waiting/{id}/statement", "administrator", _settling_wrong, 422),
    Place("office-notice", "/office/waiting/notices/{id}", "administrator", _first("/office/waiting")),
    Place("office-notice-wrong", "/office/waiting/notices/{id}/ask", "administrator", _notice_wrong, 409),
    Place("office-holds", "/office/holds", "administrator", _at("/office/holds")),
    Place("office-hold", "/office/holds/{id}", "administrator", _first("/office/holds", "tbody tr:last-child a.whole")),
    Place("office-hold-lifting", "/office/holds/{id}", "administrator", _lifting),
    Place("office-hold-place", "/office/records/{id}/hold", "administrator", _held("hold")),
    Place("office-removing", "/office/records/{id}/remove", "administrator", _held("remove")),
    Place("office-roles", "/office/roles", "administrator", _at("/office/roles")),
    Place("office-shop-name", "/office/shops/{id}/name", "administrator", _of("shops", "name")),
    Place("office-shop-switch", "/office/shops/{id}/switch", "administrator", _of("shops", "switch")),
    Place("office-terminal-key", "/office/terminals/{id}/key", "administrator", _of("terminals", "key")),
    Place("office-terminal-code", "/office/terminals/{id}/key", "administrator", _code_for_a_device),
    Place("office-terminal-words", "/office/terminals/{id}/key", "administrator", words_in_office),
    Place("office-terminal-confirm", "/office/terminals/{id}/key", "administrator", confirming_in_office),
    Place("office-terminal-enrolled", "/office/terminals/{id}/key", "administrator", enrolled_in_office),
    Place("office-tills", "/office/tills", "administrator", _at("/office/tills")),
    Place("office-numbers", "/office/numbers", "administrator", _at("/office/numbers")),
    Place("office-numbers-wrong", "/office/numbers", "administrator", _numbers_wrong, 422),
    Place("office-terminal-name", "/office/terminals/{id}/name", "administrator", _of("terminals", "name")),
    Place("office-terminal-switch", "/office/terminals/{id}/switch", "administrator", _of("terminals", "switch")),
    Place("office-operator-name", "/office/operators/{id}/name", "administrator", _of("operators", "name")),
    Place("office-operator-switch", "/office/operators/{id}/switch", "administrator", _of("operators", "switch")),
    Place("office-settings", "/office/settings", "administrator", _at("/office/settings")),
    Place("office-networks", "/office/networks", "administrator", _at("/office/networks")),
    Place("office-networks-trial", "/office/networks", "administrator", _on_trial),
    Place("office-networks-wrong", "/office/networks/{purpose}/try", "administrator", _networks_wrong, 422),
    Place("office-activity", "/office/activity", "administrator", _at("/office/activity")),
    Place(
        "office-activity-none",
        "/office/activity",
        "administrator",
        _at("/office/activity?from=2020-01-01&to=2020-01-02"),
    ),
    Place("office-activity-people", "/office/activity/people", "administrator", _at("/office/activity/people")),
    Place("office-api-keys", "/office/api-keys", "administrator", _at("/office/api-keys")),
    Place("office-api-keys-add", "/office/api-keys/add", "administrator", _at("/office/api-keys/add")),
    Place("office-api-key-made", "/office/api-keys/add", "administrator", _key_made),
    Place("office-api-key", "/office/api-keys/{id}", "administrator", _first("/office/api-keys")),
    Place("office-help", "/office/help", "administrator", _at("/office/help")),
    Place("office-style", "/office/_style", "administrator", _at("/office/_style")),
)

# Routes that answer GET and are no page to look at, each with its reason.
NO_PAGES: Final = {
    "/setup": "leads to the office here; looked at where nothing is set up, in tests/doors/office/test_setup.py",
    "/office": "sends on to the sign-in or home",
    "/office/terminals/{id}/key/news": "asked by the page itself; has no text",
    "/office/terminals/{id}/key/confirm": "an act; the page that confirms it is walked elsewhere",
    "/office/terminals/{id}/key/revoke": "an act; the page that confirms it is walked elsewhere",
    "/office/payments/{id}/receipt.svg": "a picture",
    "/office/records/{id}/verify/{position}": "a part of a record's page",
    "/office/evidence/run": "a part of the page of the evidence",
    "/office/evidence/record": "sends on to a record or the list",
    "/office/operators/{id}/sign-in/pause": "an act; the page that confirms it is walked elsewhere",
    "/office/inbox": "the count in the menu, asked by the page itself",
    "/office/requests/list": "a part of the page, asked by the page itself",
    **dict.fromkeys(
        (
            *("/office/sign-out", "/office/terminals/{id}/key/close", "/office/networks/{purpose}/keep"),
            *("/office/networks/{purpose}/back", "/office/language", "/office/theme", "/office/api-keys/{id}/off"),
            *("/office/api-keys/{id}/on", "/office/records/columns", "/office/records/saved"),
            *("/office/records/saved/drop", "/office/records/saved/rename", "/office/shops/{id}/rounding"),
            *("/office/holds/{id}/ask", "/office/holds/{id}/lift", "/office/keypad", "/office/second/reset"),
            *("/office/at/{merchant_id}/passkey", "/office/me/add", "/office/me/remove", "/office/me/end"),
            *("/office/me/password", "/office/operators/{id}/sign-in/end", "/office/operators/{id}/sign-in/reset"),
            *("/office/requests/{id}/approve", "/office/requests/{id}/decline", "/office/requests/{id}/withdraw"),
            *("/office/requests/{id}/do", "/office/waiting/{id}"),
        ),
        "an act",
    ),
    **dict.fromkeys(
        (
            *("/office/records/export", "/office/exports/{id}", "/office/days/export", "/office/activity/export"),
            *("/office/activity/people/export", "/office/records/{id}/proof/{position}"),
            *("/office/evidence/entry/{position}", "/office/evidence/key", "/office/evidence/checkpoint/{size}"),
            *("/office/approvals/{id}/file", "/office/waiting/notices/{id}/raw"),
        ),
        "a file",
    ),
}
