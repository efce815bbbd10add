"""A merchant's business days are those of a recount over its payments, their voids and refunds, on either engine."""

from __future__ import annotations

import csv
import random
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace

import asyncpg
import pytest
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

from counterfoil.basis import Money, Refused
from counterfoil.payments import RefundAsk, VoidAsk, refund, take, void
from counterfoil.payments.states import LegState
from counterfoil.people import NewShop, NewTerminal, Role, add_shop, add_terminal
from counterfoil.records import (
    DAYS_MAX,
    RECEIVED,
    BusinessDay,
    DaysAsked,
    DaySums,
    business_days,
    days_csv,
)
from counterfoil.records.business_days import _WHOLE, _of_shops, _parts
from counterfoil.store.engines.reading import Compiled
from counterfoil.testing.clock import ManualClock
from counterfoil.testing.house import MERCHANT, open_house
from tests.payments.books import assert_evidence_holds, every_payment

ALL = DaysAsked(first="2026-01-01", last="2027-12-31")
ACTS = 70
SOME_ID = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
async def weeks(tmp_path, store_address):
    """Some weeks of two shops, whose days end at different hours: payments, voids and refunds drawn by lot."""
    clock, draw = ManualClock(), random.Random(731)
    async with open_house(tmp_path, database=store_address, clock=clock) as house:
        places = [(house.shop_id, house.terminal_ids[0]), await another_shop(house)]
        paid = []
        for _ in range(ACTS):
            await clock.advance(draw.randrange(20 * 3600))
            await one_act(house, draw, places, paid)
        yield house, [one for one, _ in places]


async def another_shop(house):
    made = await add_shop(
        house.app.people,
        house.actor(Role.ADMINISTRATOR),
        NewShop(name="Night", day_ends_minute=240),
    )
    terminal = await add_terminal(
        house.app.people, house.actor(Role.ADMINISTRATOR), made.id, NewTerminal(number="N02", label="n")
    )
    return made.id, terminal.id


async def one_act(house, draw, places, paid):
    """A payment by code or in cash, or what takes one of the newest back, in whole or in part."""
    lot = draw.random()
    old = paid and (paid[-1] if lot < 0.75 else draw.choice(paid[-8:]))
    if lot < 0.6 or not old:
        shop_id, terminal_id = draw.choice(places)
        minor = draw.choice((100, 250, 990, 12_000))
        asked = house.cash_payment(minor) if draw.random() < 0.4 else house.code_payment(minor)
        asked = replace(asked, shop_id=shop_id, terminal_id=terminal_id)
        actor = replace(house.actor(), terminal_id=terminal_id)
        paid.append(await take(house.app.payments, actor, asked))
        return
    actor, ids = replace(house.actor(), terminal_id=old.terminal_id), house.app.ids
    part = Money(draw.choice((1, 50, 100)))
    try:
        if lot < 0.75:
            await void(house.app.payments, actor, VoidAsk(id=ids.uuid(), payment_id=old.id, reason="TEST"))
        else:
            asked = RefundAsk(id=ids.uuid(), payment_id=old.id, amount=part, reason="TEST")
            await refund(house.app.payments, actor, asked)
    except Refused:
        pass  # past the cut, or nothing left of it: drawn in vain


async def recount(house, asked):
    """The days by the payments and their legs alone."""
    sums = {}

    def add(day, count, minor_name, minor):
        if asked.first <= day <= asked.last:
            sums.setdefault(day, Counter()).update({count: 1, minor_name: minor})

    for one in await every_payment(house):
        if asked.shop_id not in (None, one.shop_id) or asked.wallet not in (None, one.wallet):
            continue
        if asked.method not in (None, one.method):
            continue
        if one.money in RECEIVED:
            add(one.business_day, "payments", "gross_minor", one.amount_minor)
        for leg in one.legs:
            if leg.state is LegState.DONE:
                names = ("voids", "voided_minor") if leg.kind == "void" else ("refunds", "refunded_minor")
                add(leg.business_day, *names, leg.amount_minor)
    return {day: DaySums(**counted) for day, counted in sums.items()}


def by_day(found):
    return {one.day: DaySums(*(getattr(one, name) for name in DaySums.__struct_fields__)) for one in found.days}


def total_of(sums):
    sums, names = list(sums), DaySums.__struct_fields__
    return DaySums(*(sum(getattr(one, name) for one in sums) for name in names))


async def test_the_days_are_a_recount_whatever_is_asked_and_by_whom(weeks):
    house, shop_ids = weeks
    every = await recount(house, ALL)
    assert len(every) > 10
    assert any(day.refunds for day in every.values())
    assert any(day.voids for day in every.values())
    later = [one for one in await every_payment(house) for leg in one.legs if leg.business_day > one.business_day]
    assert later, "nothing went back on a later day"
    days = sorted(every)
    draw = random.Random(1)
    for _ in range(60):
        first, last = sorted(draw.choices([*days, ALL.first, ALL.last], k=2))
        asked = DaysAsked(
            first=first,
            last=last,
            shop_id=draw.choice((None, None, *shop_ids)),
            method=draw.choice((None, None, "cash", "qr", "card")),
            wallet=draw.choice((None, None, "wechat", "cash")),
        )
        found = await business_days(house.app.records, MERCHANT, asked)
        expected = await recount(house, asked)
        assert by_day(found) == expected, asked
        assert [one.day for one in found.days] == sorted(expected)
        assert found.total == total_of(expected.values())
    await nothing_unseen_is_summed(house, shop_ids)
    await many_shops_are_summed(house, shop_ids)
    await assert_evidence_holds(house)


async def many_shops_are_summed(house, shop_ids):
    """More shops than one statement asks for, each of the two among others."""
    others = [house.app.ids.uuid() for _ in range(100)]
    asked = [shop_ids[0], *others, shop_ids[1]]
    rows = await _of_shops(
        house.app.records, asked, {"merchant_id": MERCHANT, "first": ALL.first, "last": ALL.last}, {}
    )
    whole = await business_days(house.app.records, MERCHANT, ALL)
    assert [(row["business_day"], row["gross_minor"], row["refunds"]) for row in rows] == [
        (one.day, one.gross_minor, one.refunds) for one in whole.days
    ]


async def nothing_unseen_is_summed(house, shop_ids):
    for seen in (frozenset(), frozenset(shop_ids[:1]), frozenset(shop_ids)):
        found = await business_days(house.app.records, MERCHANT, replace(ALL, shop_ids=seen))
        each = [await business_days(house.app.records, MERCHANT, replace(ALL, shop_id=one)) for one in seen]
        assert found.total == total_of(one.total for one in each)
        hidden = await business_days(house.app.records, MERCHANT, replace(ALL, shop_id=shop_ids[1], shop_ids=seen))
        assert bool(hidden.days) is (shop_ids[1] in seen)
    assert (await business_days(house.app.records, 2, ALL)).days == ()


async def test_a_refund_counts_on_the_day_it_was_given(tmp_path, store_address):
    clock = ManualClock()
    async with open_house(tmp_path, database=store_address, clock=clock) as house:
        paid = await take(house.app.payments, house.actor(), house.cash_payment(3800))
        await clock.advance(3 * 24 * 3600)
        asked = RefundAsk(id=house.app.ids.uuid(), payment_id=paid.id, amount=Money(1000), reason="TEST")
        await refund(house.app.payments, house.actor(), asked)
        found = await business_days(house.app.records, MERCHANT, ALL)
        assert found.days == (
            BusinessDay(1, 3800, 0, 0, 0, 0, day="2026-11-22"),
            BusinessDay(0, 0, 0, 0, 1, 1000, day="2026-11-25"),
        )
        assert [one.net_minor for one in found.days] == [3800, -1000]
        assert found.total.net_minor == 2800


async def test_only_the_days_asked_for_are_read(tmp_path, store_address):
    """The plan goes along the primary key, from the first day to the last; nothing walks a table."""
    values = {**{f"shop_{n}": SOME_ID for n in range(4)}, "method": "cash", "wallet": "cash"}
    values |= {"merchant_id": MERCHANT, "first": "2026-11-01", "last": "2026-11-30"}
    async with open_house(tmp_path, database=store_address) as house:
        for statement in (_WHOLE, _parts(1, ()), _parts(4, ("method", "wallet"))):
            plan = await PLANS[house.app.store.engine_name](store_address, statement, values)
            assert "business_day>" in plan.replace(" ", ""), plan
            assert not any(whole in plan for whole in ("SCAN", "Seq Scan")), plan


async def plan_of_sqlite(address, statement, values):
    text, asked = Compiled(sqlite.dialect(paramstyle="qmark")).text(statement, values)
    with closing(sqlite3.connect(address.removeprefix("sqlite://"))) as db:
        return "\n".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {text}", asked))


async def plan_of_postgresql(address, statement, values):
    text, asked = Compiled(PGDialect_asyncpg()).text(statement, values)
    connection = await asyncpg.connect(address)
    try:
        # A table of a few rows is read whole whatever its indexes, unless that is forbidden.
        await connection.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
        rows = await connection.fetch(f"EXPLAIN {text}", *asked)
    finally:
        await connection.close()
    return "\n".join(row[0] for row in rows if "Index Cond" in row[0] or "Seq Scan" in row[0])


PLANS = {"sqlite": plan_of_sqlite, "postgresql": plan_of_postgresql}


WRONG = (
    ({"first": "2026-11-22", "last": "2026-11-21"}, "CF-3201"),
    ({"first": "2024-11-22", "last": "2026-11-23"}, "CF-3210"),
    ({"first": "1970-01-01", "last": "2999-12-31"}, "CF-3210"),
    ({"first": ""}, "CF-3203"),
    ({"first": "٢٠٢٦-١١-٢١"}, "CF-3203"),
    ({"first": "2026-02-30"}, "CF-3203"),
    ({"last": "2026-11-21<b>"}, "CF-3203"),
    ({"method": "barter"}, "CF-3203"),
    ({"wallet": "' OR 1=1 --"}, "CF-3203"),
    ({"shop_id": "nowhere"}, "CF-3203"),
)


async def test_a_question_that_makes_no_sense_is_refused_and_two_years_are_answered(tmp_path):
    one_day = DaysAsked(first="2026-11-21", last="2026-11-21")
    async with open_house(tmp_path) as house:
        for wrong, code in WRONG:
            with pytest.raises(Refused) as refused:
                await business_days(house.app.records, MERCHANT, replace(one_day, **wrong))
            assert refused.value.kind.code == code, wrong
        two_years = DaysAsked(first="2023-03-01", last="2025-02-28")
        found = await business_days(house.app.records, MERCHANT, two_years)
    assert (found.days, found.total) == ((), DaySums())
    assert DAYS_MAX == 366 + 365


async def test_a_file_of_days_holds_what_the_page_shows():
    days = (
        BusinessDay(3, 123_456, 1, 100, 0, 0, day="2026-11-22"),
        BusinessDay(0, 0, 0, 0, 1, 1000, day="2026-11-25"),
    )
    for language, head in (("zh-CN", "营业日"), ("en", "Business day")):
        text = b"".join([piece async for piece in days_csv(days, language)]).decode("utf-8-sig")
        first, *rows = csv.reader(text.splitlines())
        assert first[0] == head
        assert rows == [
            ["2026-11-22", "3", "1234.56", "1", "1.00", "0", "0.00", "1233.56", "CNY"],
            ["2026-11-25", "0", "0.00", "0", "0.00", "1", "10.00", "-10.00", "CNY"],
        ]
