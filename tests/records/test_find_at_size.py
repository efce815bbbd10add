"""Find looks at no more of an index than it says, and still finds everything: held against a look at every payment."""

from __future__ import annotations

import random

import pytest

from counterfoil.payments import search_keys, take
from counterfoil.payments.facts import SENT
from counterfoil.payments.tables import payment
from counterfoil.records import UNPAID, Find, find, totals
from counterfoil.records.lanes import Lane, lanes_of
from counterfoil.store import Change, Insert
from counterfoil.testing.house import open_house

PAYMENTS = 300
QUESTIONS = 150
AMOUNTS = (100, 1400, 1450, 1500, 1700, 9900)
STATES = ("captured", "captured", "captured", "voided", "declined", "sent", "reversed")
BILLS = (None, None, "TABLE-7", "1234")
MINUTE = 60_000_000


def rows_like(one, terminals):
    """Payments that differ from ``one`` in what people filter by, three to a minute."""
    draw = random.Random(7)
    for n in range(PAYMENTS):
        row = {**one, "id": f"{draw.getrandbits(32):08x}-0000-7000-8000-{n:012d}", "order_no": f"{n:024d}"}
        row |= {"taken_at": one["taken_at"] + n // 3 * MINUTE, "voucher_no": n % 50, "money": draw.choice(STATES)}
        row |= {"amount_minor": draw.choice(AMOUNTS), "wallet": draw.choice(("wechat", "alipay")), "due_at": None}
        row |= {"terminal_id": draw.choice(terminals), "bill_ref": draw.choice(BILLS)}
        row |= {"provider_trade_no": f"P{n // 2}", "reference_no": f"66{n:012d}"}
        yield {**row, **search_keys(row)}


@pytest.fixture
async def many(tmp_path, store_address):
    """A house with many payments, and their rows newest first."""
    async with open_house(tmp_path, database=store_address) as house:
        one = dict((await take(house.app.payments, house.actor(), house.cash_payment(500))).row)
        rows = list(rows_like({column.name: one[column.name] for column in payment.columns}, house.terminal_ids))
        said = SENT.fact(at=one["taken_at"], subject=one["id"], **dict.fromkeys(SENT.fields))
        for begins in range(0, PAYMENTS, 50):
            inserts = tuple(Insert(payment, row) for row in rows[begins : begins + 50])
            change = Change(change_id=house.app.ids.uuid(), merchant_id=1, inserts=inserts, facts=(said,))
            await house.app.store.commit(change)
        yield house, sorted([*rows, one], key=lambda row: (row["taken_at"], row["id"]), reverse=True)


def question(draw, rows, terminals):
    """Any of the filters, alone or together."""
    one, first = draw.choice(rows), draw.choice(AMOUNTS)
    times = sorted(draw.choice(rows)["taken_at"] for _ in range(2))
    every = {
        "amount": {"amount_min": first, "amount_max": draw.choice((first, first + 60, 10_000))},
        "status": {"status": draw.choice(STATES)},
        "wallet": {"wallet": draw.choice(("wechat", "alipay", "cash"))},
        "terminal": {"terminal_id": draw.choice(terminals)},
        "time": {"from_": times[0], "to": times[1] + 1},
        "hide": {"hide_unpaid": True},
        "shops": {"shop_ids": frozenset({one["shop_id"]})},
        "number": {"number": draw.choice((one["order_no"], str(one["voucher_no"]), "TABLE-7", "1234", "P7", "none"))},
    }
    return {
        name: value for part in draw.sample(sorted(every), draw.randint(0, 3)) for name, value in every[part].items()
    }


def meant(row, asked):
    """Whether the question means this row, by a look at the row alone."""
    numbers = {str(row[name]) for name in ("order_no", "voucher_no", "bill_ref", "provider_trade_no", "reference_no")}
    return all(
        (
            asked.get("amount_min", 0) <= row["amount_minor"] <= asked.get("amount_max", 10**12),
            asked.get("status") in (None, row["money"]),
            asked.get("wallet") in (None, row["wallet"]),
            asked.get("terminal_id") in (None, row["terminal_id"]),
            asked.get("from_", 0) <= row["taken_at"] < asked.get("to", 2**60),
            not (asked.get("hide_unpaid") and row["money"] in UNPAID),
            asked.get("number") is None or asked["number"] in numbers,
        )
    )


async def everything(house, budget, **asked):
    """All pages; each as long as it may be, or short and saying so."""
    seen, after = [], None
    while True:
        page = await find(house.app.records, 1, Find(after=after, **asked), budget=budget)
        assert len(page.items) == asked["limit"] or page.next is None or page.seen_to is not None
        seen += [one.id for one in page.items]
        after = page.next
        if after is None:
            return seen


async def test_any_question_finds_exactly_what_a_look_at_every_payment_finds(many):
    house, rows = many
    draw = random.Random(11)
    for _ in range(QUESTIONS):
        asked = question(draw, rows, house.terminal_ids)
        found = await everything(house, draw.choice((7, 40, 2000)), limit=draw.choice((3, 20, 200)), **asked)
        assert found == [row["id"] for row in rows if meant(row, asked)], asked


async def test_a_page_that_looked_long_enough_is_short_and_says_how_far_it_saw(many):
    house, rows = many
    page = await find(house.app.records, 1, Find(terminal_id=house.app.ids.uuid()), budget=100)
    assert page.items == ()
    assert page.next is not None
    assert page.seen_to == rows[99]["taken_at"]


@pytest.mark.parametrize(
    ("asked", "lanes"),
    [
        ({}, (Lane(),)),
        ({"status": "captured"}, (Lane(),)),
        ({"status": "voided"}, (Lane("money", "voided"),)),
        ({"amount_min": 3800, "amount_max": 3800, "status": "voided"}, (Lane("amount_band", 47),)),
        ({"amount_min": 3800, "amount_max": 4500}, (Lane("amount_band", 47), Lane("amount_band", 48))),
        ({"amount_min": 100, "amount_max": 9900}, (Lane(),)),
        ({"amount_min": 100}, (Lane(),)),
        ({"number": "0042"}, (Lane("voucher_no", 42), Lane("last_four", "0042"), Lane("bill_ref", "0042"))),
        ({"number": "42" * 14}, (Lane("bill_ref", "42" * 14),)),
    ],
)
def test_the_index_is_chosen_by_rule(asked, lanes):
    assert lanes_of(Find(**asked)) == lanes


async def test_totals_summed_in_small_steps_are_those_of_all_pages(many):
    house, rows = many
    draw = random.Random(13)
    for _ in range(QUESTIONS // 3):
        asked = question(draw, rows, house.terminal_ids)
        summed = await totals(house.app.records, 1, Find(**asked), step=draw.choice((1, 20, 100)))
        found = [row for row in rows if meant(row, asked)]
        received = [row["amount_minor"] for row in found if row["money"] in ("captured", "voided")]
        assert (summed.count, summed.received, summed.gross.minor) == (len(found), len(received), sum(received)), asked
        assert summed.since is None


async def test_totals_in_a_hurry_say_from_when_on_they_are(many):
    house, rows = many
    summed = await totals(house.app.records, 1, Find(), steps=1, step=100)
    newer = [row for row in rows if row["taken_at"] >= rows[99]["taken_at"]]
    assert summed.since == rows[99]["taken_at"]
    assert summed.count == len(newer)
