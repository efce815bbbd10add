"""In a real browser: a terminal is enrolled, takes a payment with signed forms, and is revoked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Request

from counterfoil.people import only_enrolled, terminals
from counterfoil.records import Find, find
from counterfoil.testing.house import PASSWORD
from tests.doors.office.conftest import Office
from tests.doors.till.conftest import TEA_HOUSE, Served
from tests.doors.till.steps import Till

FORM = "application/x-www-form-urlencoded"
AMOUNT = "12.30"


@pytest.fixture
def till(served: Served, chromium: Browser) -> Iterator[Till]:
    opened = Till.open(chromium, served.url, "en")
    yield opened
    opened.close()


@pytest.fixture
def posts(till: Till) -> list[Request]:
    """Every form the device sends."""
    sent: list[Request] = []
    till.page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    return sent


def terminal_of(served: Served, number: str) -> str:
    known = served.run(terminals(served.house.app.store, TEA_HOUSE))
    return next(one.id for one, _ in known if one.number == number)


def words(of: Till) -> list[str]:
    return [re.sub(r"\s+", " ", line).strip() for line in of.page.locator("[data-words] li").all_inner_texts()]


def hand_in(till: Till, terminal_id: str, code: str) -> None:
    till.go("/till/enrol" if till.context.cookies() else f"/till/at/{TEA_HOUSE}/enrol")
    till.page.select_option("#terminal", terminal_id)
    till.page.fill("#code", code)
    till.submit("form[data-enrol] button.primary")


def send(till: Till, request: Request, body: str) -> tuple[int, str]:
    """The form once more, from the same browser, with whatever it knows."""
    answer = till.context.request.post(
        request.url, data=body, headers={"Content-Type": FORM, "Origin": till.url}, max_redirects=0
    )
    return answer.status, answer.text()


def count(served: Served) -> int:
    return len(served.run(find(served.house.app.records, TEA_HOUSE, Find(limit=50))).items)


def test_a_terminal_is_enrolled_signs_what_it_sends_and_is_revoked_at_once(
    served: Served, office: Office, till: Till, posts: list[Request]
):
    terminal_id = terminal_of(served, "T22")
    office.sign_in("99", merchant=TEA_HOUSE)
    _enrol(office, till, terminal_id)
    _signs_in_and_takes_a_payment(till, terminal_id)
    taken = next(one for one in reversed(posts) if urlsplit(one.url).path.startswith("/till/take"))
    body = taken.post_data or ""
    assert "cf_signature=" in body
    before = count(served)
    _is_not_taken_twice_or_altered(till, taken, body)
    _another_browser_is_refused(till, served, terminal_id)
    assert count(served) == before
    office.go(f"/office/terminals/{terminal_id}/key")
    office.confirm("form[action$='/revoke'] button")
    assert "已撤销" in office.text()
    till.go("/till/take")
    assert "CF-2003" in till.page.inner_text("main")
    till.go(f"/till/at/{TEA_HOUSE}")
    till.page.fill("#number", "01")
    till.page.fill("#password", PASSWORD)
    till.submit("form[action^='/till/at'] button.primary")
    assert "CF-2135" in till.page.inner_text("main")


def _enrol(office: Office, till: Till, terminal_id: str) -> None:
    office.go(f"/office/terminals/{terminal_id}/key")
    office.submit("form[action$='/key'] button.primary")
    code = office.page.inner_text("[data-enrol-code]")
    hand_in(till, terminal_id, code)
    office.page.wait_for_selector("[data-words]")
    assert words(office) == words(till)
    assert len(words(till)) == 6
    office.confirm("form[action$='/confirm'] button")
    till.page.wait_for_selector("[data-enrolled]")
    till.page.wait_for_function("localStorage.getItem('devices')")


def _signs_in_and_takes_a_payment(till: Till, terminal_id: str) -> None:
    till.go(f"/till/at/{TEA_HOUSE}")
    assert till.page.get_attribute("input[name=terminal]", "value") == terminal_id
    till.page.fill("#number", "01")
    till.page.fill("#password", PASSWORD)
    till.submit("form[action^='/till/at'] button.primary")
    till.take(AMOUNT)
    till.turns("good")


def _is_not_taken_twice_or_altered(till: Till, taken: Request, body: str) -> None:
    assert _code(send(till, taken, body)) == "CF-2133"
    assert _code(send(till, taken, body.replace("csrf=", "csrf=x", 1))) == "CF-2132"
    assert _code(send(till, taken, re.sub(r"cf_counter=\d+", "cf_counter=900", body))) == "CF-2132"
    assert _code(send(till, taken, re.sub(r"&?cf_(signature|counter)=[^&]*", "", body))) == "CF-2131"


def _another_browser_is_refused(till: Till, served: Served, terminal_id: str) -> None:
    """With the very session of the first one, but not its key."""
    browser = till.context.browser
    assert browser is not None
    other = Till.open(browser, served.url, "en")
    other.context.add_cookies(till.context.cookies())
    other.go("/till/take")
    other.key("5.00", "Enter")
    other.page.wait_for_selector("text=CF-2131")
    other.close()


def _code(answer: tuple[int, str]) -> str:
    status, text = answer
    found = re.search(r"CF-\d{4}", text)
    assert status in (403, 409), answer
    return found[0] if found else ""


def test_a_browser_without_ed25519_makes_a_p256_key_that_is_named(served: Served, office: Office, till: Till):
    terminal_id = terminal_of(served, "T31")
    till.context.add_init_script(
        """const make = crypto.subtle.generateKey.bind(crypto.subtle);
        crypto.subtle.generateKey = (kind, ...more) =>
          kind.name === "Ed25519" ? Promise.reject(new DOMException("", "NotSupportedError")) : make(kind, ...more);"""
    )
    office.sign_in("99", merchant=TEA_HOUSE)
    _enrol(office, till, terminal_id)
    office.go(f"/office/terminals/{terminal_id}/key")
    assert "ECDSA-P256" in office.text()
    _signs_in_and_takes_a_payment(till, terminal_id)


def test_a_wrong_code_says_how_many_tries_are_left(served: Served, office: Office, till: Till):
    terminal_id = terminal_of(served, "T21")
    office.sign_in("99", merchant=TEA_HOUSE)
    office.go(f"/office/terminals/{terminal_id}/key")
    office.submit("form[action$='/key'] button.primary")
    hand_in(till, terminal_id, "no code")
    assert "CF-2127" in till.page.inner_text("main")
    office.submit("form[action$='/close'] button")
    assert "已作废" in office.text()


def test_where_only_enrolled_terminals_count_another_one_is_told_so(served: Served, office: Office, till: Till):
    office.sign_in("99", merchant=2)
    office.go("/office/tills")
    office.confirm("form[action='/office/tills'] button")
    assert served.run(only_enrolled(served.house.app.store, 2))
    till.sign_in(merchant=2)
    assert "CF-2136" in till.page.inner_text("main")
    office.go("/office/tills")
    office.confirm("form[action='/office/tills'] button")
    till.sign_in(merchant=2)
    assert till.page.url.endswith("/till/menu")
