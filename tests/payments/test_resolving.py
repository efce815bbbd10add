"""按对账单了结: what no answer ended is ended by the statement's line, by two persons, and counted once."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace

import pytest
from msgspec.structs import replace as but
from sqlalchemy import select

from counterfoil.basis import Money, Refused, local_day
from counterfoil.evidence import timeline
from counterfoil.payments import (
    Finding,
    LegState,
    MoneyState,
    RefundAsk,
    ResolveAsk,
    VoidAsk,
    WithdrawAsk,
    check_resolving,
    load,
    payment_resolution,
    refund,
    resolution_resealing,
    resolutions_of,
    resolve_manually,
    statement_of,
    take,
    void,
    withdraw,
)
from counterfoil.payments.drive import store_answer
from counterfoil.payments.outcome import charge_answered
from counterfoil.payments.place import route_of
from counterfoil.payments.tables import merchant_day
from counterfoil.people import Act, Role, Rule, set_policy
from counterfoil.providers import Approved
from counterfoil.providers.lakala.sandbox import Trick
from counterfoil.records import day_so_far, hours_of, queue
from counterfoil.testing.house import open_house
from tests.payments.books import assert_evidence_holds
from tests.payments.time_passes import all_paused, at_rest

ZONE = "Asia/Shanghai"
SALT = "0" * 32
DAYS = select(merchant_day).where(merchant_day.c.merchant_id == 1)


@pytest.fixture
async def both_engines(tmp_path, store_address, clock):
    async with open_house(tmp_path, clock=clock, database=store_address) as opened:
        yield opened


def boss(house, approvals=1):
    return replace(house.actor(Role.ADMINISTRATOR), approvals=approvals)


async def late(house, minor=6608, number="L1"):
    """Withdrawn and reversed, then paid after all."""
    ask = house.code_payment(minor, wait_seconds=0)
    await take(house.app.payments, house.actor(), ask)
    back = WithdrawAsk(id=house.app.ids.uuid(), payment_id=ask.id, wait_seconds=0)
    await withdraw(house.app.payments, house.actor(), back)
    await at_rest(house, house.app.clock, ask.id)
    return await paid_after_all(house, ask.id, number)


async def paid_after_all(house, payment_id, number="L1"):
    payment = await load(house.app.store, 1, payment_id)
    route = await route_of(house.app.payments, 1, payment.account_id)
    told = Approved(provider_trade_no=number, payer_minor=payment.amount_minor)
    return await store_answer(
        house.app.payments, route, payment, lambda now, turn: charge_answered(now, told, turn, called=False)
    )


async def stuck(house, minor=3800):
    """Its reversal had no answer for three days."""
    house.sandbox.mode = Trick.TROUBLE
    ask = house.code_payment(minor, wait_seconds=0)
    await take(house.app.payments, house.actor(), ask)
    ended = await at_rest(house, house.app.clock, ask.id, step_seconds=2400)
    house.sandbox.mode = None
    return ended


def asking(house, payment, finding, *, number="S1", minor=None, leg=None, **more):
    said = {
        "number": number,
        "day": local_day(house.app.clock.now(), ZONE, 0),
        "amount": Money((leg or payment).amount_minor if minor is None else minor),
        "line": f"{number} 消费 张三",
        "salt": SALT,
    }
    return ResolveAsk(
        payment_id=payment.id, leg_id=leg.id if leg else None, finding=finding, statement=statement_of(**said | more)
    )


async def resolved(house, ask, actor=None):
    return await resolve_manually(house.app.payments, actor or boss(house), ask)


async def refused(code, act):
    with pytest.raises(Refused) as told:
        await act
    assert told.value.kind.code == code
    return told.value


async def sums(house):
    """All days together: sales, voids and refunds, as the merchant's days and as the shop's have them."""
    found = Counter()
    days = await house.app.store.fetch(DAYS, {})
    for row in days:
        for name in ("payments", "gross_minor", "voids", "voided_minor", "refunds", "refunded_minor"):
            found[name] += row[name]
    shop = Counter()
    for row in days:
        for total in await day_so_far(house.app.records, 1, house.shop_id, row["business_day"]):
            shop[total.kind] += total.minor
    pairs = (("sale", "gross_minor"), ("void", "voided_minor"), ("refund", "refunded_minor"))
    assert [shop[kind] for kind, _ in pairs] == [found[name] for _, name in pairs]
    return {name: count for name, count in found.items() if count}


async def hours(house, payment):
    found = await hours_of(house.app.records, 1, payment.business_day, ZONE, until=house.app.clock.now() + 1)
    return sum(hour.minor for hour in found)


@pytest.mark.parametrize(
    ("way", "finding", "to"),
    [
        (late, Finding.KEPT, MoneyState.CAPTURED),
        (late, Finding.GIVEN_BACK, MoneyState.REVERSED),
        (stuck, Finding.KEPT, MoneyState.CAPTURED),
        (stuck, Finding.NONE_CAME, MoneyState.REVERSED),
        (stuck, Finding.GIVEN_BACK, MoneyState.REVERSED),
    ],
)
async def test_what_waits_is_ended_and_counted_once_or_not_at_all(both_engines, way, finding, to):
    house = both_engines
    payment = await way(house)
    assert payment.money is MoneyState.MANUAL
    assert await sums(house) == {}
    assert await hours(house, payment) == 0
    ask = asking(house, payment, finding)
    ended = await resolved(house, ask)
    assert (ended.money, ended.due_at, ended.decline_reason) == (to, None, None)
    kept = payment.amount_minor if finding is Finding.KEPT else 0
    assert await sums(house) == ({"payments": 1, "gross_minor": kept} if kept else {})
    assert await hours(house, payment) == kept
    assert (ended.ended_at is None) is bool(kept)
    again = await resolved(house, ask)
    assert again.repeated
    assert await sums(house) == ({"payments": 1, "gross_minor": kept} if kept else {})
    assert payment.id not in {one.id for one in (await queue(house.app.records, 1)).for_a_person}
    await assert_evidence_holds(house)


async def test_the_digest_stands_in_the_fact_and_the_line_only_where_it_is_sealed(still_house):
    house = still_house
    payment = await late(house)
    ask = asking(house, payment, Finding.KEPT)
    await resolved(house, ask)
    (said,) = [
        body for _, body in await timeline(house.app.store, 1, payment.id) if body["type"] == "txn.resolved_manually"
    ]
    assert (said["how"], said["statement_sha256"]) == ("kept", ask.statement.sha256())
    assert (said["from"], said["to"], said["amount"]["minor"]) == ("manual", "captured", 6608)
    (row,) = await house.app.store.fetch(select(payment_resolution).where(payment_resolution.c.merchant_id == 1), {})
    assert "张三" not in str(said) + str(row)
    assert "S1" not in str(said) + str(row)
    (kept,) = await resolutions_of(house.app.store, house.app.payments.vault, 1, payment.id)
    assert kept.holds
    assert kept.statement == ask.statement
    assert kept.statement.line == "S1 消费 张三"
    assert resolution_resealing(house.app.payments.vault, row, change_id="x", at=0) is None


async def test_one_person_alone_never_ends_it_whatever_the_table_says(still_house):
    house = still_house
    payment = await late(house)
    ask = asking(house, payment, Finding.KEPT)
    await refused("CF-2150", resolved(house, ask, boss(house, approvals=0)))
    none = Rule(act=Act.RESOLVE_PAYMENT, persons=0, roles=("administrator",))
    told = await refused("CF-2151", set_policy(house.app.people, boss(house), none))
    assert told.field == "persons"
    assert none.needed(1) == 1
    await refused("CF-2021", resolved(house, ask, replace(house.actor(Role.SUPERVISOR), approvals=1)))
    assert (await load(house.app.store, 1, payment.id)).money is MoneyState.MANUAL


async def test_a_line_that_is_not_its_own_is_refused(still_house):
    house = still_house
    payment = await late(house)
    for code, ask in (
        ("CF-3171", asking(house, payment, Finding.KEPT, minor=6607)),
        ("CF-3173", asking(house, payment, Finding.KEPT, day="2026-11-21")),
        ("CF-3173", asking(house, payment, Finding.KEPT, day="2126-01-01")),
        ("CF-3174", asking(house, payment, Finding.NONE_CAME)),
        ("CF-3174", asking(house, payment, Finding.REFUNDED)),
        ("CF-3107", but(asking(house, payment, Finding.REFUNDED), leg_id=house.app.ids.uuid())),
    ):
        await refused(code, check_resolving(house.app.payments, boss(house), ask))
        await refused(code, resolved(house, ask))
    other = await take(house.app.payments, house.actor(), house.code_payment(3800))
    theirs = asking(house, payment, Finding.KEPT, number=other.provider_trade_no)
    await refused("CF-3172", resolved(house, theirs))
    await refused("CF-3107", resolved(house, asking(house, other, Finding.KEPT)))
    assert await sums(house) == {"payments": 1, "gross_minor": 3800}


@pytest.mark.parametrize(
    "wrong",
    [{"number": " "}, {"number": "1" * 65}, {"line": ""}, {"line": "x" * 501}, {"day": "22.11.2026"}, {"salt": "1"}],
)
async def test_a_line_with_something_missing_is_none(still_house, wrong):
    payment = await take(still_house.app.payments, still_house.actor(), still_house.code_payment())
    with pytest.raises(Refused) as told:
        asking(still_house, payment, Finding.KEPT, **wrong)
    assert told.value.kind.code == "CF-3170"


async def test_a_card_number_is_refused_and_the_payments_own_number_is_none(still_house):
    payment = await take(still_house.app.payments, still_house.actor(), still_house.code_payment())
    card = "4111 1111 1111 1111"
    for wrong in ({"line": f"paid with {card}"}, {"number": card}):
        with pytest.raises(Refused) as told:
            asking(still_house, payment, Finding.KEPT, **wrong)
        assert told.value.kind.code == "CF-2190"
    own = "4111111111111111"
    assert asking(still_house, payment, Finding.KEPT, number=own, known=(own,)).statement.number == own


async def test_one_line_ends_one_payment_also_when_two_are_ended_at_once(both_engines):
    house = both_engines
    first, second = await late(house, 6608, "A"), await late(house, 6608, "B")
    asks = [asking(house, one, Finding.KEPT) for one in (first, second)]
    done = await asyncio.gather(*(resolved(house, ask) for ask in asks), return_exceptions=True)
    codes = sorted(one.kind.code if isinstance(one, Refused) else one.money.value for one in done)
    assert codes == ["CF-3172", "captured"]
    assert await sums(house) == {"payments": 1, "gross_minor": 6608}
    await assert_evidence_holds(house)


async def test_two_findings_at_once_end_it_once(both_engines):
    house = both_engines
    payment = await late(house)
    asks = [asking(house, payment, Finding.KEPT), asking(house, payment, Finding.GIVEN_BACK, number="S2")]
    done = await asyncio.gather(*(resolved(house, ask) for ask in asks), return_exceptions=True)
    codes = [one.kind.code for one in done if isinstance(one, Refused)]
    assert codes == ["CF-3107"]
    kept = (await load(house.app.store, 1, payment.id)).money is MoneyState.CAPTURED
    assert await sums(house) == ({"payments": 1, "gross_minor": 6608} if kept else {})
    await assert_evidence_holds(house)


async def test_what_never_came_and_then_comes_waits_for_a_person_again(still_house):
    house = still_house
    payment = await stuck(house)
    await resolved(house, asking(house, payment, Finding.NONE_CAME, number=payment.order_no))
    again = await paid_after_all(house, payment.id)
    assert again.money is MoneyState.MANUAL
    ended = await resolved(house, asking(house, again, Finding.KEPT, number=payment.order_no))
    assert ended.money is MoneyState.CAPTURED
    assert await sums(house) == {"payments": 1, "gross_minor": 3800}
    await assert_evidence_holds(house)


async def test_what_was_given_back_is_no_news_however_often_the_provider_says_that_it_came(still_house):
    house = still_house
    payment = await late(house)
    await resolved(house, asking(house, payment, Finding.GIVEN_BACK))
    assert (await paid_after_all(house, payment.id)).money is MoneyState.REVERSED
    assert (await paid_after_all(house, payment.id, "L2")).money is MoneyState.MANUAL


async def test_what_was_kept_is_refunded_as_any_payment(still_house):
    house = still_house
    payment = await late(house)
    await resolved(house, asking(house, payment, Finding.KEPT))
    ask = RefundAsk(id=house.app.ids.uuid(), payment_id=payment.id, amount=Money(6608), reason="TEST", wait_seconds=0)
    asked = await refund(house.app.payments, house.actor(), ask)
    assert (asked.refundable.minor, asked.refund_reserved_minor) == (0, 6608)


async def gone(house, kind):
    """A captured payment of which a void or refund had no answer for three days."""
    payment = await take(house.app.payments, house.actor(), house.code_payment())
    house.sandbox.mode = Trick.TROUBLE
    ids = {"id": house.app.ids.uuid(), "payment_id": payment.id, "reason": "TEST", "wait_seconds": 0}
    if kind == "void":
        await void(house.app.payments, house.actor(), VoidAsk(**ids))
    else:
        await refund(house.app.payments, house.actor(), RefundAsk(**ids, amount=Money(1500)))
    await all_paused(house)
    return await load(house.app.store, 1, payment.id)


@pytest.mark.parametrize(
    ("kind", "finding", "to", "counted"),
    [
        ("void", Finding.VOIDED, MoneyState.VOIDED, {"voids": 1, "voided_minor": 3800}),
        ("void", Finding.NOT_VOIDED, MoneyState.CAPTURED, {}),
        ("refund", Finding.REFUNDED, MoneyState.PART_REFUNDED, {"refunds": 1, "refunded_minor": 1500}),
        ("refund", Finding.NOT_REFUNDED, MoneyState.CAPTURED, {}),
    ],
)
async def test_a_void_or_refund_nobody_knows_of_for_three_days_is_ended_the_same_way(
    both_engines, kind, finding, to, counted
):
    house = both_engines
    payment = await gone(house, kind)
    (leg,) = payment.legs
    await refused("CF-3107", resolved(house, asking(house, payment, finding, leg=leg)))
    assert {one.id for one in (await queue(house.app.records, 1)).checked} == {payment.id}
    await house.app.clock.advance(72 * 3600)
    await all_paused(house)
    waits = await queue(house.app.records, 1)
    assert ({one.id for one in waits.for_a_person}, waits.checked) == ({payment.id}, ())
    await refused("CF-3171", resolved(house, asking(house, payment, finding, leg=leg, minor=1)))
    ended = await resolved(house, asking(house, payment, finding, leg=leg))
    assert ended.money is to
    assert ended.legs[0].state is (LegState.DONE if counted else LegState.FAILED)
    assert (ended.refund_reserved_minor, ended.due_at) == (0, None)
    assert await sums(house) == {"payments": 1, "gross_minor": 3800} | counted
    assert not (await queue(house.app.records, 1)).for_a_person
    await assert_evidence_holds(house)
