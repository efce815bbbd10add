"""A payment by the printed code belongs to the day on which the customer paid, as far as that can be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.basis import MICROS, local_day
from counterfoil.evidence import timeline
from counterfoil.payments import StaticCodePaid, book_notice, paid_time, place_of, route_of
from counterfoil.payments.static_code import CLOCKS_DIFFER_SECONDS, PAID_BEFORE_SECONDS_MAX
from counterfoil.providers import Approved
from counterfoil.providers.lakala.sandbox.notices import notice_body
from counterfoil.providers.lakala.wire import wire_time
from counterfoil.records import day_so_far
from counterfoil.testing.house import MERCHANT, open_house
from tests.payments.books import assert_evidence_holds, every_payment
from tests.payments.post import DAY, Post

HEARD = 1_800_000_000 * MICROS


@pytest.fixture
async def both_houses(tmp_path, store_address, clock):
    async with open_house(tmp_path, database=store_address, clock=clock) as opened:
        yield opened


async def recorded(house, clock, *, paid_at: int | None):
    """One whose notice says that it was paid at ``paid_at``; None: the notice says nothing of it."""
    post, trade = Post(house), house.sandbox.printed_code_paid(1450)
    said = b'"trade_time":"' + wire_time(trade.at).encode() + b'"'
    body = notice_body(trade)
    assert said in body
    wanted = "" if paid_at is None else wire_time(paid_at)
    await post.bring(body.replace(said, b'"trade_time":"' + wanted.encode() + b'"'))
    heard_at = clock.now()
    await post.heed()
    await clock.advance(DAY)
    await post.heed()
    (one,) = await every_payment(house)
    return one, heard_at


async def said_of(house, one):
    return next(said for _, said in await timeline(house.app.store, MERCHANT, one.id) if said["type"] == "txn.recorded")


async def test_it_has_the_time_and_the_days_of_the_payment_and_not_those_of_its_record(both_houses, clock):
    house = both_houses
    paid_at = clock.now() // MICROS * MICROS - 26 * 3600 * MICROS
    one, _ = await recorded(house, clock, paid_at=paid_at)
    means = house.app.payments
    place = await place_of(means, MERCHANT, one.terminal_id)
    route = await route_of(means, MERCHANT, one.account_id)
    assert (one.taken_at, one.captured_at) == (paid_at, paid_at)
    assert (one.row["business_day"], one.row["clearing_day"]) == (
        local_day(paid_at, place.zone, place.day_ends_minute),
        route.clearing_day(paid_at),
    )
    assert one.row["business_day"] < place.business_day(clock.now())
    said = await said_of(house, one)
    assert (said["day"], said["cday"], said.get("why")) == (one.row["business_day"], one.row["clearing_day"], None)
    sums = await day_so_far(house.app.records, MERCHANT, house.shop_id, one.row["business_day"])
    assert [(each.kind, each.minor) for each in sums] == [("sale", 1450)]
    await assert_evidence_holds(house)


@pytest.mark.parametrize(
    ("seconds", "why"),
    [
        (None, "paid_at_unsaid"),
        (3600, "paid_at_implausible"),
        (-8 * DAY, "paid_at_implausible"),
        (-400 * DAY, "paid_at_implausible"),
    ],
    ids=["none", "ahead", "a week old", "a year old"],
)
async def test_a_time_that_cannot_be_gives_way_to_that_of_the_notice_and_the_record_says_so(
    still_house, clock, seconds, why
):
    paid_at = None if seconds is None else clock.now() + seconds * MICROS
    one, heard_at = await recorded(still_house, clock, paid_at=paid_at)
    assert one.taken_at == heard_at
    assert (await said_of(still_house, one))["why"] == why
    await assert_evidence_holds(still_house)


async def test_a_person_who_books_it_days_later_books_it_on_the_day_it_was_paid(still_house, clock):
    post, paid_at = Post(still_house), clock.now() // MICROS * MICROS
    kept = await post.left_to_a_person(clock)
    await clock.advance(30 * DAY)
    booked = await book_notice(still_house.app.payments, still_house.actor(), kept.id, still_house.shop_id)
    assert booked.taken_at == paid_at
    assert "why" not in await said_of(still_house, booked)


@given(
    heard_at=st.integers(min_value=HEARD, max_value=HEARD * 2),
    ago_seconds=st.none() | st.integers(min_value=-2 * DAY, max_value=20 * DAY),
)
def test_the_time_is_never_later_than_the_news_of_it_and_never_more_than_a_week_earlier(heard_at, ago_seconds):
    said = None if ago_seconds is None else heard_at - ago_seconds * MICROS
    at, why = paid_time(Approved(paid_at=said), heard_at)
    assert heard_at - PAID_BEFORE_SECONDS_MAX * MICROS <= at <= heard_at
    plausible = ago_seconds is not None and -CLOCKS_DIFFER_SECONDS <= ago_seconds <= PAID_BEFORE_SECONDS_MAX
    assert (why is None) == plausible
    assert at == (min(said, heard_at) if plausible else heard_at)


def test_when_we_heard_of_it_is_no_part_of_what_was_paid():
    fields = {field for field in StaticCodePaid.__dataclass_fields__ if field != "heard_at"}
    assert fields == {"id", "order_no", "method", "wallet", "amount"}
