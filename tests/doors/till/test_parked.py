"""What is not known yet is never red, never blocks the queue, and comes to its end by itself."""

import pytest

from counterfoil.providers.lakala.sandbox import Trick
from tests.doors.till.steps import Till, until


@pytest.fixture
def silence(served):
    """The provider says nothing that can be believed until the test has seen what it came for, and ends it."""
    sandbox = served.house.sandbox
    yield lambda trick: setattr(sandbox, "mode", trick)
    sandbox.mode = None


def test_what_is_unknown_is_parked_and_ends_by_itself_on_every_page_that_shows_it(till: Till, served, silence):
    till.start(terminal=1)
    asked = till.take("66.05")  # the customer is asked for a password, and is in no hurry
    silence(Trick.CUT_AFTER)
    assert till.page.is_visible("form[action$='/withdraw']")
    till.page.evaluate("window.sameDocument = true")
    other = till.tab()
    unknown = other.take("66.09")  # taken, and the connection cut
    assert other.tone() == "checking"
    other.submit("a.primary")
    assert other.page.url.endswith("/till/take")
    assert other.page.is_visible(".badge")
    silence(None)
    served.enter_password(asked)
    other.take("43.01")
    other.turns("good")
    until(lambda: served.payment(unknown).money == "captured")
    till.page.wait_for_selector("section.result.good")
    assert till.page.evaluate("window.sameDocument")
    until(lambda: not other.page.is_visible(".badge"))


def test_ask_now_brings_the_answer_at_once(till: Till, silence):
    till.start()
    silence(Trick.WRONG_SIGNATURE)
    till.take("66.10")  # taken, answered with a wrong signature
    assert till.tone() == "checking"
    silence(None)
    till.submit("form[action$='/ask'] button")
    till.turns("good")


def test_when_the_computer_cannot_be_reached_the_till_says_so_and_never_in_red(till: Till):
    till.start()
    till.take("66.05")
    till.page.route("**/state", lambda route: route.abort())
    till.page.wait_for_selector(".unreachable.checking")
    assert "off" in (till.page.get_attribute("[data-online]", "class") or "")
    till.page.unroute("**/state")
    until(lambda: till.page.query_selector(".unreachable") is None)
    till.complaints[:] = [one for one in till.complaints if "net::ERR_FAILED" not in one and "htmx" not in one]
    till.submit("form[action$='/withdraw'] button")
    till.turns("quiet")


def test_the_longest_state_leaves_the_records_as_wide_as_the_screen(served, chromium):
    till = Till.open(chromium, served.url, "en")
    till.sign_in()
    till.page.set_viewport_size({"width": 960, "height": 600})
    payment_id = till.take("66.05")
    till.go("/till/records")
    assert "Customer confirming" in till.page.inner_text(f"tr:has(a[href$='{payment_id}'])")
    assert till.wide() <= 0
    till.close()


def test_a_long_reason_in_words_leaves_the_record_as_wide_as_the_phone(till):
    till.start("00")
    till.page.set_viewport_size({"width": 390, "height": 844})
    payment_id = till.take("45.21")
    till.go(f"/till/records/{payment_id}")
    till.submit("a[href*='/back/']")
    till.submit("button[value='OTHER']")
    till.page.fill("#reason_text", "x" * 200)
    till.submit("button.danger")
    till.go(f"/till/records/{payment_id}")
    assert "x" * 200 in till.page.inner_text("main")
    assert till.wide() <= 0
