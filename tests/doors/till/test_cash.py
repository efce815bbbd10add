"""现金: what is due, what is waived, what was handed over, and the change."""

from __future__ import annotations

import pytest

from counterfoil.basis import Money
from counterfoil.doors.till.cash import larger_sums
from counterfoil.people import Role, set_rounding
from tests.doors.till.steps import Till


@pytest.mark.parametrize(
    ("due", "sums"),
    [(3800, [4000, 5000, 10000]), (320, [500, 1000, 2000, 5000]), (10000, []), (10001, [10500, 11000, 12000, 15000])],
)
def test_the_next_notes_are_offered(due, sums):
    assert [one.minor for one in larger_sums(Money(due))] == sums


@pytest.fixture
def rounding(served):
    """A shop that waives what is less than a yuan, while the test runs."""
    house = served.house
    for to in ("yuan", "none"):
        served.run(set_rounding(house.app.people, house.actor(Role.ADMINISTRATOR), house.shop_id, to))
        if to == "yuan":
            yield


def test_the_shop_waives_the_small_change_and_the_page_and_the_record_say_so(till: Till, served, rounding):
    till.start("00")
    till.ask("48.76")
    till.submit("a[href*='/cash']")
    said = till.page.inner_text("form.till")
    assert "¥48.76" in said
    assert "−¥0.76" in said
    till.page.fill("#tendered", "47")
    till.submit("form.till .keypad button[type=submit]")
    assert "CF-3113" in till.page.inner_text(".note.bad")
    till.submit("button[name=tendered][value='50.00']")
    assert till.page.inner_text(".change strong") == "¥2.00"
    assert "抹零 −¥0.76" in till.page.inner_text("section.result")
    payment = served.payment(till.payment_id)
    assert (payment.amount_minor, payment.rounding_minor, payment.change_minor) == (4800, 76, 200)
    till.go(f"/till/records/{payment.id}")
    assert "−¥0.76" in till.page.inner_text("section[aria-labelledby=amounts]")


def test_a_shop_that_changed_its_rounding_meanwhile_is_told_before_anything_is_booked(till: Till, served, rounding):
    till.start("00")
    till.ask("48.77")
    till.submit("a[href*='/cash']")
    house = served.house
    served.run(set_rounding(house.app.people, house.actor(Role.ADMINISTRATOR), house.shop_id, "none"))
    till.submit("button[name=tendered][value='48.00']")
    assert "CF-3134" in till.page.inner_text(".note.bad")
    assert till.page.input_value("input[name=charged]") == "48.77"
    assert served.count(4877) == 0


def test_enter_takes_what_was_keyed_and_not_a_sum_that_is_offered(till: Till, served):
    till.start("00")
    till.ask("48.20")
    till.submit("a[href*='/cash']")
    till.key("60")
    assert till.page.inner_text("[data-change]") == "¥11.80"
    with till.page.expect_navigation():
        till.key("", "Enter")
    payment = served.payment(till.payment_id)
    assert (payment.tendered_minor, payment.change_minor) == (6000, 1180)
