"""An act and its answer written in one go leave what they leave one after the other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from counterfoil.basis import Money
from counterfoil.demo.in_one_go import as_foretold, in_one_go
from counterfoil.evidence import timeline
from counterfoil.payments import (
    MoneyState,
    RefundAsk,
    VoidAsk,
    answer_change,
    as_committed,
    load,
    place_of,
    refund_change,
    route_for,
    take_change,
    void_change,
)
from counterfoil.people import Role
from counterfoil.providers import Approved
from counterfoil.testing.clock import ManualClock
from counterfoil.testing.house import MERCHANT, open_house

PAID = Approved(wallet="wechat", provider_trade_no="1", payer_minor=3700, platform_discount_minor=100, fee_minor=14)


@pytest.fixture
async def house(tmp_path):
    async with open_house(tmp_path, clock=ManualClock()) as opened:
        yield opened


async def changes(house, what: str):
    """The two Changes of a sale, or of what undoes one, and the payment they begin with."""
    means, store = house.app.payments, house.app.store
    place = await place_of(means, MERCHANT, house.terminal_ids[0])
    route = await route_for(means, MERCHANT, "qr", "consumer_code", "wechat")
    first = take_change(means, house.actor(), house.code_payment(3800), place, route)
    if what == "take":
        return None, first, answer_change(means, as_foretold(None, first), route, PAID, called=True)
    sold = as_committed(None, first, await store.commit(first))
    paid = answer_change(means, sold, route, PAID, called=True)
    sold = as_committed(sold, paid, await store.commit(paid))
    asked = {"id": house.app.ids.uuid(), "payment_id": sold.id, "reason": "QUALITY"}
    actor = replace(house.actor(Role.SUPERVISOR))
    if what == "void":
        first = void_change(means, actor, VoidAsk(**asked), sold, route, place)
    else:
        ask = RefundAsk(**asked, amount=Money(1200))
        first = refund_change(means, actor, ask, sold, route, place)
    return sold, first, answer_change(means, as_foretold(sold, first), route, Approved(), called=True)


@pytest.mark.parametrize(
    ("what", "ends"),
    [("take", MoneyState.CAPTURED), ("void", MoneyState.VOIDED), ("refund", MoneyState.PART_REFUNDED)],
)
async def test_the_rows_stand_as_the_answer_leaves_them_and_every_fact_is_there(house, what, ends):
    before, first, second = await changes(house, what)
    whole = in_one_go(first, second)
    one_by_one = as_foretold(as_foretold(before, first), second)
    committed = as_committed(before, whole, await house.app.store.commit(whole))
    assert committed.money is ends
    assert content(committed) == content(one_by_one)
    assert whole.facts == first.facts + second.facts
    assert whole.totals == first.totals + second.totals
    stored = await load(house.app.store, MERCHANT, committed.id)
    assert content(stored) == content(committed)
    leaves = await timeline(house.app.store, MERCHANT, committed.id)
    assert [said["type"] for _, said in leaves][-2:] == [fact.kind for fact in whole.facts]


def content(payment):
    """All of it but what a commit adds."""
    added = {"version", "last_change", "position", "voucher_no"}
    rows = [payment.row, *(leg.row for leg in payment.legs)]
    return [{name: value for name, value in row.items() if name not in added} for row in rows]
