"""In a real browser with a virtual authenticator: a passkey enrolled, a sign-in without password, a step-up; codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from counterfoil.factors import code_at, step_at
from counterfoil.testing.house import PASSWORD
from tests.doors.office.conftest import Office
from tests.doors.till.conftest import Served

WORDS = {
    "zh-CN": {
        "begin": "设置第二重验证",
        "codes": "恢复码",
        "confirm": "确认是您本人",
        "wrong": "密码或验证码不对",
    },
    "en": {
        "begin": "Set up a second factor",
        "codes": "Recovery codes",
        "confirm": "Confirm that it is you",
        "wrong": "The password or the code is wrong",
    },
}


@dataclass
class Device(Office):
    """A browser with an authenticator of its own, which verifies its person by itself."""

    said: dict[str, str] = field(default_factory=dict)

    @classmethod
    def with_authenticator(cls, chromium, served: Served, language: str) -> Device:
        made = cls.open(chromium, served.url, language)
        assert isinstance(made, Device)
        speaks = made.context.new_cdp_session(made.page)
        speaks.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        speaks.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return made

    def shows_password(self, merchant: int) -> None:
        self.go(f"/office/at/{merchant}")
        self.page.fill("#email", "99@example.com")
        self.page.fill("#password", PASSWORD)
        self.submit("form[action^='/office/at'] button.primary")
        self.go("/office/records")
        assert self.page.url.endswith("/office/second")

    def confirms_by_code(self, code: str) -> None:
        self.page.fill("#password", PASSWORD)
        self.page.fill("#code", code)
        self.submit("form:has(#code) button")

    def out(self) -> None:
        self.submit("form[action='/office/sign-out'] button")


@pytest.fixture(params=["zh-CN", "en"])
def device(request, served: Served, chromium) -> Iterator[Device]:
    made = Device.with_authenticator(chromium, served, request.param)
    made.said = WORDS[request.param]
    # A merchant each, so that either language begins without a factor.
    made.merchant = {"zh-CN": 2, "en": 3}[request.param]
    yield made
    made.close()


def test_a_passkey_is_enrolled_signs_in_without_password_and_confirms_an_act_then_a_code_does(
    device: Device, served: Served
):
    now = served.house.app.clock.now
    _led_to_set_up_a_passkey(device)
    _in_again_without_a_password(device)
    secret = _confirms_setting_up_a_code_app(device)
    device.page.fill("#code", code_at(secret, step_at(now()) - 1))
    device.submit("form[action$='/second/app'] button.primary")
    assert device.page.url.endswith("/office/me?done=app")
    # In with password and code; the same code confirms nothing more, the next one does.
    device.out()
    device.shows_password(device.merchant)
    typed = code_at(secret, step_at(now()))
    device.page.fill("#code", typed)
    device.submit("form:has(#code) button")
    assert device.page.url.endswith("/office/home")
    device.go("/office/me")
    device.submit("form[action$='/me/codes'] button")
    device.page.click("summary")
    device.confirms_by_code(typed)
    assert "CF-2058" in device.page.inner_text(".note.bad")
    device.confirms_by_code(code_at(secret, step_at(now()) + 1))
    assert device.said["codes"] in device.page.inner_text("h1")
    # And what was confirmed is a file.
    served.sign()
    device.go("/office/approvals")
    assert len(device.page.query_selector_all("tbody tr")) == 2
    href = device.page.get_attribute("tbody a", "href")
    assert device.context.request.get(device.url + href).json()["kind"] == "counterfoil-approval"
    assert device.wide() <= 0


def _led_to_set_up_a_passkey(device: Device) -> None:
    """Before anything else works."""
    device.shows_password(device.merchant)
    assert device.said["begin"] in device.page.inner_text("h1")
    assert device.page.query_selector("nav.side") is None
    device.submit("a[href$='/second/passkey']")
    device.page.fill("#name", "Pixel")
    device.submit("form[data-passkey] button[type=submit]")
    assert device.said["codes"] in device.page.inner_text("h1")
    codes = device.page.inner_text(".codes").split()
    assert len([code for code in codes if "-" in code]) == 10
    device.submit("main a.primary")
    assert device.page.url.endswith("/office/home")


def _in_again_without_a_password(device: Device) -> None:
    device.out()
    device.go(f"/office/at/{device.merchant}")
    device.submit("form[data-passkey] button[type=submit]")
    assert device.page.url.endswith("/office/home")


def _confirms_setting_up_a_code_app(device: Device) -> str:
    """A dangerous act: shown, confirmed, done, under another token; the app's key stands there as picture and text."""
    device.go("/office/me")
    assert "Pixel" in device.page.inner_text("main")
    token = _token(device)
    device.submit("form[action$='/me/add']:has(input[value='code_app']) button")
    assert device.said["confirm"] in device.page.inner_text("main")
    device.submit("form[data-passkey] button[type=submit]")
    assert _token(device) != token
    assert device.page.query_selector(".qr svg")
    secret = device.page.inner_text("code.digest").replace(" ", "")
    device.page.fill("#code", "000000")
    device.submit("form[action$='/second/app'] button.primary")
    assert device.said["wrong"] in device.page.inner_text(".note.bad")
    assert device.page.inner_text("code.digest").replace(" ", "") == secret
    return secret


def test_a_device_that_is_refused_leaves_the_page_usable(served: Served, chromium):
    device = Office.open(chromium, served.url)
    device.go("/office/at/1")
    # No authenticator, and nobody to choose one: the browser says no.
    device.page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError')); }"
    )
    device.page.click("form[data-passkey] button[type=submit]")
    device.page.wait_for_selector("[data-passkey-failed]:not([hidden])")
    device.page.fill("#email", "99@example.com")
    device.close()


def test_at_an_address_that_is_a_number_passkeys_are_not_offered_and_the_reason_is_said(served: Served, chromium):
    url = served.url.replace("localhost", "127.0.0.1")
    device = Office.open(chromium, url)
    device.go("/office/at/2")
    assert device.page.query_selector("form[data-passkey]") is None
    device.close()


def test_a_confirmation_is_sent_by_nobody_else_s_page(office: Office):
    office.start()
    office.go("/office/me")
    shown = office.post("/office/me/codes")
    question = re.search(r'name="confirmation" value="([^"]+)"', shown)
    assert question
    elsewhere = office.context.request.post(
        office.url + "/office/me/codes", form={"confirmation": question[1]}, headers={"Origin": "http://evil.example"}
    )
    assert "CF-1803" in elsewhere.text()
    assert "CF-2055" in office.post("/office/me/codes", confirmation=question[1], credential="{}")
    assert "CF-2052" in office.post("/office/me/codes", confirmation="x", credential="{}")


def test_a_removed_or_foreign_approval_is_not_there(office: Office):
    office.start()
    for path in ("x", "01a2163f-b455-7f6c-a01a-6c3ddb85f03a"):
        assert office.page.goto(f"{office.url}/office/approvals/{path}/file").status == 404


def _token(device: Office) -> str:
    return next(one["value"] for one in device.context.cookies() if one["name"] == "cf_office")
