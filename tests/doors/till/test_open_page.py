"""A page that stands open when its session has ended by itself does not go on showing what it showed."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.doors.till.steps import Till

IDLE = "16:00"
# Where a device without any cookie signs in.
SIGN_IN = re.compile(r"/till$")


def standing(till: Till, path: str = "/till/take") -> None:
    """A page that stands open, in a time that the test decides, and whose session the server knows no more."""
    till.sign_in()
    till.page.clock.install()
    till.go(path)
    till.context.clear_cookies()


def test_a_page_leads_to_the_sign_in_once_its_session_has_ended(till: Till):
    standing(till)
    till.page.clock.fast_forward(IDLE)
    # What the page fetches again and again may find out too: the later of two ways to one place calls off the other.
    expect(till.page).to_have_url(SIGN_IN)
    assert till.page.locator("[data-amount]").count() == 0


def test_a_page_whose_session_lives_stays_as_it_is(till: Till):
    till.sign_in()
    till.page.clock.install()
    till.go("/till/take")
    with till.page.expect_response("**/till/menu") as asked:
        till.page.clock.fast_forward(IDLE)
    assert asked.value.status == 200
    expect(till.page.locator("[data-amount]")).to_be_visible()


def test_where_nobody_can_be_asked_what_was_shown_goes_all_the_same(till: Till):
    standing(till, "/till/find")
    till.context.set_offline(True)
    till.page.clock.fast_forward(IDLE)
    till.page.wait_for_selector(".unreachable")
    assert till.page.inner_text("main").strip() == ""
    till.context.set_offline(False)
    till.complaints.clear()
