"""抹零: always down, as the shop says, recorded apart from what was charged; and the sums stay exact."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.basis import Money, Refused
from counterfoil.evidence import timeline
from counterfoil.payments import RefundAsk, refund, rounded_down, take
from counterfoil.people import ROUNDINGS, Role, set_rounding, shop
from counterfoil.records import day_so_far, receipt
from tests.payments.books import assert_evidence_holds


@given(st.integers(1, 10**9), st.sampled_from(ROUNDINGS))
def test_what_is_waived_is_less_than_the_unit_and_never_the_whole(minor, rounding):
    charged = rounded_down(Money(minor), rounding)
    unit = {"none": 1, "jiao": 10, "yuan": 100}[rounding]
    assert 0 < charged.minor <= minor
    assert minor - charged.minor < unit
    assert charged.minor % unit == 0 or charged.minor == minor
    assert rounded_down(charged, rounding) == charged


async def rounding_house(house, rounding):
    await set_rounding(house.app.people, house.actor(Role.ADMINISTRATOR), house.shop_id, rounding)
    return house


def waived(house, minor, rounding, tendered=None):
    return replace(house.cash_payment(minor, tendered), rounding=Money(rounding))


async def test_the_rounded_amount_is_charged_and_the_rest_stands_apart(quick_house):
    house = await rounding_house(quick_house, "yuan")
    payment = await take(house.app.payments, house.actor(), waived(house, 3800, 76, 5000))
    assert (payment.amount, payment.due) == (Money(3800), Money(3876))
    assert (payment.rounding_minor, payment.tendered_minor, payment.change_minor) == (76, 5000, 1200)
    sent = (await timeline(house.app.store, 1, payment.id))[0][1]
    assert sent["rounding"] == {"cur": "CNY", "minor": 76}
    (total,) = await day_so_far(house.app.records, 1, house.shop_id, payment.business_day)
    assert (total.count, total.minor) == (1, 3800)
    paper = await receipt(house.app.records, 1, payment.id, "en")
    assert [line.value for line in paper.amounts][:3] == ["¥38.00", "¥38.76", "-¥0.76"]
    back = RefundAsk(id=house.app.ids.uuid(), payment_id=payment.id, amount=Money(3801), reason="TEST")
    with pytest.raises(Refused):
        await refund(house.app.payments, house.actor(), back)
    await assert_evidence_holds(house)


@pytest.mark.parametrize(
    ("rounding", "charged", "waiving"),
    [("none", 3800, 76), ("jiao", 3800, 76), ("yuan", 3800, 100), ("yuan", 3876, -76), ("yuan", 3850, 26)],
)
async def test_only_what_the_shop_waives_is_waived(quick_house, rounding, charged, waiving):
    house = await rounding_house(quick_house, rounding)
    with pytest.raises(Refused) as refused:
        await take(house.app.payments, house.actor(), waived(house, charged, waiving))
    assert (refused.value.kind.code, refused.value.field) == ("CF-3134", "rounding_minor")


async def test_nothing_is_waived_of_a_code_payment(quick_house):
    house = await rounding_house(quick_house, "yuan")
    with pytest.raises(Refused) as refused:
        await take(house.app.payments, house.actor(), replace(house.code_payment(3800), rounding=Money(76)))
    assert (refused.value.kind.code, refused.value.field) == ("CF-3110", "rounding_minor")


async def test_a_shop_may_round_and_the_cashier_need_not(quick_house):
    house = await rounding_house(quick_house, "yuan")
    payment = await take(house.app.payments, house.actor(), house.cash_payment(3876))
    assert (payment.amount_minor, payment.rounding_minor) == (3876, 0)


async def test_only_an_administrator_sets_it_to_what_there_is_and_the_log_says_so(quick_house):
    house = quick_house
    with pytest.raises(Refused):
        await set_rounding(house.app.people, house.actor(Role.CASHIER), house.shop_id, "yuan")
    with pytest.raises(Refused) as refused:
        await set_rounding(house.app.people, house.actor(Role.ADMINISTRATOR), house.shop_id, "up")
    assert refused.value.field == "rounding"
    for rounding in ("jiao", "jiao", "none"):
        await set_rounding(house.app.people, house.actor(Role.ADMINISTRATOR), house.shop_id, rounding)
    assert (await shop(house.app.store, 1, house.shop_id)).rounding == "none"
    said = [body for _, body in await timeline(house.app.store, 1, house.shop_id)]
    assert [body["rounding"] for body in said if body["type"] == "shop.rounding_set"] == ["jiao", "none"]
    await assert_evidence_holds(house)
