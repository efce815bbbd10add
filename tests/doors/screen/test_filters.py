"""What stands in the filter bar means what it says: its totals equal a recount over the log, whatever is set."""

from __future__ import annotations

import random
from collections import defaultdict

import pytest

from counterfoil.basis import MICROS, Money, Refused, local_time
from counterfoil.doors.screen.columns import COLUMNS, FIXED, choice_of, chosen
from counterfoil.doors.screen.filters import ALL, FIELDS, find_of, typed_in
from counterfoil.records import totals
from tests.records.conftest import day
from tests.records.test_totals import recount, said, tell

__all__ = ["day"]
ZONE = "Asia/Shanghai"
# What the log calls each field of the bar.
ASKED = {
    "from": "first_day",
    "to": "last_day",
    "since": "from_",
    "until": "to",
    "min": "amount_min",
    "max": "amount_max",
    "shop": "shop_id",
    "terminal": "terminal_id",
    "operator": "operator_id",
    "account": "account_id",
    **{name: name for name in ("wallet", "method", "entry", "status", "provider", "number")},
}


def minute(micros):
    return micros // (60 * MICROS) * 60 * MICROS


async def test_totals_of_any_filter_of_the_bar_equal_a_recount_over_the_log(day):
    house, paid, _ = day
    every = [await tell(house, payment) for payment in paid]
    values = defaultdict(set)
    for told in every:
        sent = told.sent
        at = minute(told.at)
        shown = local_time(at, ZONE).strftime("%Y-%m-%dT%H:%M")
        values["since"].add((shown, at))
        values["until"].add((shown, at))
        amount = sent["amount"]["minor"]
        for name in ("min", "max"):
            values[name].add((Money(amount).decimal(), amount))
        for name in ("from", "to"):
            values[name].add((sent["day"], sent["day"]))
        for name, field in (("shop", "shop"), ("terminal", "term"), ("operator", "actor"), ("account", "account")):
            values[name].add((sent[field], sent[field]))
        for name in ("method", "entry", "provider"):
            values[name].add((sent[name], sent[name]))
        values["wallet"].add((told.wallet, told.wallet))
        values["status"] |= {(told.state, told.state), (ALL, None)}
        values["number"] |= {(number, number) for number in told.numbers}
    assert values.keys() == set(FIELDS) == ASKED.keys()
    choice = random.Random(20261125)
    asked_for = set()
    for _ in range(300):
        names = choice.sample(sorted(values), choice.choice([0, 1, 1, 2, 2, 3, 4]))
        if any({low, high} <= set(names) for low, high in (("from", "to"), ("since", "until"), ("min", "max"))):
            continue
        picked = {name: choice.choice(sorted(values[name], key=str)) for name in names}
        typed = typed_in({name: text for name, (text, _) in picked.items()})
        asked = {ASKED[name]: value for name, (_, value) in picked.items() if value is not None}
        if "status" not in picked and "number" not in picked:
            asked["hide_unpaid"] = True
        question = find_of(typed, zone=ZONE, here=None, shops=None)
        assert said(await totals(house.app.records, 1, question)) == recount(every, asked), typed
        asked_for |= set(names)
    assert asked_for == set(FIELDS)


def test_this_shop_is_meant_at_the_till_unless_all_are_asked_for():
    here = "01a212d3-7266-75ac-9bf5-a16cf4d84edb"
    assert find_of(typed_in({}), zone=ZONE, here=here, shops=None).shop_id == here
    assert find_of(typed_in({"shop": ALL}), zone=ZONE, here=here, shops=None).shop_id is None
    assert find_of(typed_in({}), zone=ZONE, here=None, shops=frozenset({here})).shop_ids == frozenset({here})


@pytest.mark.parametrize("text", ["x", "2026-11-22T25:00", "2026-11-22T10:00+08:00", "0001-01-01T00:00", "９９"])
def test_a_time_that_is_none_is_refused(text):
    with pytest.raises(Refused) as refused:
        find_of(typed_in({"since": text}), zone=ZONE, here=None, shops=None)
    assert refused.value.kind.code == "CF-1806"


def test_columns_of_a_cookie_are_those_that_there_are_each_once():
    usual = (*FIXED, "wallet", "state")
    assert chosen(None, usual) == chosen("", usual) == chosen("nonsense.<b>", usual) == usual
    assert chosen("order.order.time.wallet.x", usual) == (*FIXED, "order", "wallet")
    assert choice_of(usual, {"add": "order"}) == (*usual, "order")
    assert choice_of(usual, {"up": "state"}) == (*FIXED, "state", "wallet")
    assert choice_of(usual, {"up": "wallet"}) == choice_of(usual, {"down": "state"}) == usual
    assert choice_of(usual, {"drop": "amount"}) == choice_of(usual, {"add": "nonsense"}) == usual
    assert choice_of((*FIXED, "state"), {"drop": "state"}) == (*FIXED, "state")
    assert set(usual) < COLUMNS.keys()
