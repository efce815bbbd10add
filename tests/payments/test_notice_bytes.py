"""The bytes of a notice are kept with their signature while it is open and for 90 days, and then leave; it stays."""

from __future__ import annotations

import base64
import json

import pytest
from sqlalchemy import Table

from counterfoil.payments import CLEARED_AFTER_DAYS, HOLDINGS, clear_notices, close_notice, notice_for
from counterfoil.payments import tables as payment_tables
from counterfoil.payments.clear_notices import _AT_ONCE
from counterfoil.payments.tables import payment_leg, provider_notice
from counterfoil.providers.lakala.sandbox import MERCHANT_NO
from counterfoil.providers.lakala.sandbox.notices import notice_body
from counterfoil.store import Mark
from counterfoil.testing.house import MERCHANT, open_house
from tests.payments.books import assert_evidence_holds
from tests.payments.post import DAY, Post


@pytest.fixture
async def both_houses(tmp_path, store_address, clock):
    async with open_house(tmp_path, database=store_address, clock=clock) as opened:
        yield opened


async def test_what_is_kept_is_what_arrived_with_its_signature(both_houses):
    post, sandbox = Post(both_houses), both_houses.sandbox
    trade = sandbox.printed_code_paid(1450)
    body = notice_body(sandbox.ledger.find(MERCHANT_NO, order_no=trade.order_no))
    header = sandbox.notices.authorization(body)
    await post.bring(body, header)
    (kept,) = await post.kept()
    raw = json.loads(kept.raw)
    assert (base64.b64decode(raw["body"]), raw["authorization"]) == (body, header)
    await assert_evidence_holds(both_houses)


async def test_the_bytes_leave_90_days_after_the_end_and_the_evidence_still_holds(both_houses, clock):
    post, means = Post(both_houses), both_houses.app.payments
    await post.tell(both_houses.sandbox.printed_code_paid(1450).order_no)
    await clock.advance(DAY)
    await post.heed()
    (kept,) = await post.kept()
    await clock.advance(CLEARED_AFTER_DAYS * DAY - 1)
    assert await clear_notices(means) == 0
    await clock.advance(1)
    assert await clear_notices(means) == 1
    assert await clear_notices(means) == 0
    now = await notice_for(both_houses.app.store, MERCHANT, kept.id)
    assert (now.raw, now.row["raw_salt"]) == (None, None)
    assert now.row["raw_commitment"] == kept.row["raw_commitment"] is not None
    assert (now.said, now.how, now.state) == (kept.said, kept.how, kept.state)
    await assert_evidence_holds(both_houses)


async def test_one_that_waits_for_a_person_keeps_its_bytes_however_long(still_house, clock):
    post, means = Post(still_house), still_house.app.payments
    kept = await post.left_to_a_person(clock)
    await clock.advance(10 * CLEARED_AFTER_DAYS * DAY)
    assert await clear_notices(means) == 0
    await close_notice(means, still_house.actor(), kept.id, "NOT_OURS")
    assert await clear_notices(means) == 0
    await clock.advance(CLEARED_AFTER_DAYS * DAY)
    assert await clear_notices(means) == 1


async def test_more_than_one_change_may_carry_are_cleared_in_one_round(still_house, clock):
    post, means = Post(still_house), still_house.app.payments
    for minor in range(1, _AT_ONCE + 3):
        await post.tell(still_house.sandbox.printed_code_paid(minor).order_no)
    await clock.advance(DAY)
    await post.heed()
    await clock.advance(CLEARED_AFTER_DAYS * DAY)
    assert await clear_notices(means) == _AT_ONCE + 2
    await assert_evidence_holds(still_house)


def test_the_holdings_name_every_column_of_a_notice_and_all_that_may_be_erased():
    named = {name for each in HOLDINGS if each.table is provider_notice for name in each.columns}
    asked = {column.name for column in provider_notice.columns if column.info["mark"] is not Mark.WORKING}
    assert asked - named == {"merchant_id"}
    for each in HOLDINGS:
        for name in each.columns:
            # What stands in the evidence cannot go.
            stands = each.table.c[name.removesuffix("_salt")].info["mark"] is Mark.EVIDENCED
            assert stands != each.erasable, name
    marked = [
        column
        for table in vars(payment_tables).values()
        if isinstance(table, Table)
        for column in table.columns
        if column.info["mark"] is Mark.ERASABLE
    ]
    assert {(column.table.name, column.name) for column in marked} == {
        (provider_notice.name, "raw"),
        (payment_leg.name, "reason_text"),
    }
