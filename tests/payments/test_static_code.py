"""收款码: what came in by the printed code is recorded as it is, and goes back through the provider."""

from __future__ import annotations

import pytest

from counterfoil.basis import Money, Refused
from counterfoil.evidence import SYSTEM, timeline
from counterfoil.payments import (
    MoneyState,
    Payment,
    RefundAsk,
    StaticCodePaid,
    VoidAsk,
    load,
    place_of,
    refund,
    route_for,
    static_code_change,
    void,
)
from counterfoil.people import Role
from counterfoil.providers import Approved
from counterfoil.providers.lakala.sandbox import MERCHANT_NO, Filled, numbers_of
from counterfoil.records import day_so_far
from counterfoil.store import Repeated
from counterfoil.testing.house import MERCHANT

ORDER_NO = "261121000000000000000007"


async def recorded(house, minor: int = 1450) -> Payment:
    means, at = house.app.payments, house.app.clock.now()
    numbers = numbers_of(MERCHANT_NO, ORDER_NO, "charge", at)
    house.sandbox.ledger.fill(MERCHANT_NO, [Filled(order_no=ORDER_NO, kind="charge", amount_minor=minor, at=at)])
    paid = StaticCodePaid(id=house.app.ids.uuid(), order_no=ORDER_NO, method="qr", wallet="wechat", amount=Money(minor))
    told = Approved(provider_trade_no=numbers.trade_no, merchant_discount_minor=50, fee_minor=5)
    place = await place_of(means, MERCHANT, house.terminal_ids[0])
    route = await route_for(means, MERCHANT, "qr", "consumer_code", "wechat")
    await house.app.store.commit(static_code_change(means, place, route, paid, told))
    found = await load(house.app.store, MERCHANT, paid.id)
    assert found is not None
    return found


async def test_it_is_born_captured_by_the_system_and_without_a_slip(house):
    paid = await recorded(house)
    assert (paid.money, paid.entry, paid.order_no) == (MoneyState.CAPTURED, "static_code", ORDER_NO)
    assert (paid.operator_id, paid.voucher_no, paid.in_flight) == (None, None, False)
    assert (paid.amount_minor, paid.payer_minor, paid.fee_minor, paid.net_minor) == (1450, 1450, 5, 1395)
    ((_, said),) = await timeline(house.app.store, MERCHANT, paid.id)
    assert (said["type"], said["actor"], said["to"], said["amount"]["minor"]) == (
        "txn.recorded",
        SYSTEM,
        "captured",
        1450,
    )


async def test_it_counts_in_the_sums_of_its_day(quick_house):
    paid = await recorded(quick_house)
    sums = await day_so_far(quick_house.app.records, MERCHANT, quick_house.shop_id, paid.business_day)
    assert [(one.method, one.wallet, one.kind, one.count, one.minor) for one in sums] == [
        ("qr", "wechat", "sale", 1, 1450)
    ]


async def test_the_same_one_is_recorded_once(quick_house):
    means, paid = quick_house.app.payments, await recorded(quick_house)
    place = await place_of(means, MERCHANT, quick_house.terminal_ids[0])
    route = await route_for(means, MERCHANT, "qr", "consumer_code", "wechat")
    same = StaticCodePaid(id=paid.id, order_no=ORDER_NO, method="qr", wallet="wechat", amount=paid.amount)
    with pytest.raises(Repeated):
        await quick_house.app.store.commit(static_code_change(means, place, route, same, Approved()))


async def test_it_goes_back_as_a_refund_and_never_as_a_void(quick_house):
    means, paid = quick_house.app.payments, await recorded(quick_house)
    actor = quick_house.actor(Role.SUPERVISOR)
    with pytest.raises(Refused) as refused:
        await void(means, actor, VoidAsk(id=means.ids.uuid(), payment_id=paid.id, reason="WRONG_AMOUNT"))
    assert refused.value.kind.code == "CF-3118" or refused.value.kind.code.startswith("CF-31")
    asked = RefundAsk(id=means.ids.uuid(), payment_id=paid.id, amount=paid.amount, reason="QUALITY")
    assert (await refund(means, actor, asked)).money is MoneyState.REFUNDED
