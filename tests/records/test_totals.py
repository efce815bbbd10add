"""Totals of a selection: equal to a recount over the log's own facts, whatever the filter."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field

from counterfoil.basis import from_rfc3339
from counterfoil.evidence import timeline
from counterfoil.payments import take
from counterfoil.records import Find, totals

UNPAID = {"declined", "expired", "reversed"}


@dataclass
class Told:
    """One payment as its facts tell it."""

    sent: dict
    at: int
    wallet: str
    state: str = ""
    in_: int = 0
    voided: int = 0
    refunded: int = 0
    numbers: set = field(default_factory=set)


async def tell(house, payment):
    """Fold the leaves of one payment; nothing of its row is used."""
    leaves = [leaf for _, leaf in await timeline(house.app.store, 1, payment.id)]
    told = Told(leaves[0], from_rfc3339(leaves[0]["ts"]), leaves[0]["wallet"], numbers={leaves[0]["pref"]})
    for leaf in leaves:
        told.state = leaf["to"]
        told.numbers |= {leaf["pref"]}
        minor = leaf["amount"]["minor"]
        if leaf["type"] in ("txn.captured", "txn.resolved") and leaf["to"] == "captured":
            told.in_, told.wallet = minor, leaf["wallet"]
        if leaf["type"] == "txn.voided":
            told.voided = minor
        if leaf["type"] == "txn.refunded":
            told.refunded += minor
    return told


def meant(told, asked):
    """Whether the filter means this payment, by its facts alone."""
    sent = told.sent
    equal = {
        "method": sent["method"],
        "wallet": told.wallet,
        "entry": sent["entry"],
        "status": told.state,
        "shop_id": sent["shop"],
        "terminal_id": sent["term"],
        "operator_id": sent["actor"],
        "provider": sent["provider"],
        "account_id": sent["account"],
    }
    if any(asked.get(name) not in (None, value) for name, value in equal.items()):
        return False
    for low, high, value in (
        ("first_day", "last_day", sent["day"]),
        ("amount_min", "amount_max", sent["amount"]["minor"]),
    ):
        if asked.get(low) is not None and value < asked[low]:
            return False
        if asked.get(high) is not None and value > asked[high]:
            return False
    if asked.get("from_") is not None and told.at < asked["from_"]:
        return False
    if asked.get("to") is not None and told.at >= asked["to"]:
        return False
    return asked.get("number") is None or asked["number"] in told.numbers


def recount(every, asked):
    found = [told for told in every if meant(told, asked)]
    unpaid = [told for told in found if told.state in UNPAID]
    hidden = len(unpaid) if asked.get("hide_unpaid") else 0
    gross, voided = sum(told.in_ for told in found), sum(told.voided for told in found)
    refunded = sum(told.refunded for told in found)
    return {
        "count": len(found) - hidden,
        "received": sum(1 for told in found if told.in_),
        "gross": gross,
        "voids": sum(1 for told in found if told.voided),
        "voided": voided,
        "refunds": sum(1 for told in found if told.refunded),
        "refunded": refunded,
        "net": gross - voided - refunded,
        "hidden": hidden,
    }


def said(found):
    money = {name: getattr(found, name).minor for name in ("gross", "voided", "refunded", "net")}
    return {name: getattr(found, name) for name in ("count", "received", "voids", "refunds", "hidden")} | money


async def test_totals_of_any_filter_equal_a_recount_over_the_log(day):
    house, paid, clock = day
    await clock.advance(26 * 3600)
    paid = [*paid, await take(house.app.payments, house.actor(terminal=1), house.cash_payment(700))]
    every = [await tell(house, payment) for payment in paid]
    values = defaultdict(set)
    for told in every:
        sent = told.sent
        values["from_"] |= {told.at, told.at + 1}
        values["amount_min"] |= {sent["amount"]["minor"], sent["amount"]["minor"] + 1}
        values["first_day"].add(sent["day"])
        values["wallet"] |= {told.wallet, "ecny"}
        values["status"] |= {told.state, "unknown"}
        values["method"].add(sent["method"])
        values["entry"] |= {sent["entry"], "tap"}
        values["shop_id"].add(sent["shop"])
        values["terminal_id"].add(sent["term"])
        values["operator_id"].add(sent["actor"])
        values["provider"].add(sent["provider"])
        values["account_id"].add(sent["account"])
        values["number"] |= told.numbers
    values["hide_unpaid"] = {True}
    for low, high in (("from_", "to"), ("amount_min", "amount_max"), ("first_day", "last_day")):
        values[high] = values[low]
    choice = random.Random(20261125)
    seen = set()
    for _ in range(400):
        names = choice.sample(sorted(values), choice.choice([0, 1, 1, 2, 2, 3, 4]))
        asked = {name: choice.choice(sorted(values[name])) for name in sorted(names)}
        if any(
            low in asked and high in asked and asked[high] < asked[low]
            for low, high in (("from_", "to"), ("amount_min", "amount_max"), ("first_day", "last_day"))
        ):
            continue
        expected = recount(every, asked)
        assert said(await totals(house.app.records, 1, Find(**asked))) == expected, asked
        seen.add(tuple(sorted(expected.items())))
    assert len(seen) > 15, "the filters told hardly any selections apart"


async def test_the_default_view_counts_what_it_hides_and_hides_nothing_that_is_open(day):
    house, _, _ = day
    found = said(await totals(house.app.records, 1, Find(hide_unpaid=True)))
    assert found == {
        "count": 5,
        "received": 5,
        "gross": 1500,
        "voids": 1,
        "voided": 200,
        "refunds": 1,
        "refunded": 100,
        "net": 1200,
        "hidden": 1,
    }
    shown = await totals(house.app.records, 1, Find())
    assert (shown.count, shown.hidden) == (6, 0)


async def test_the_totals_of_nothing_are_nothing_and_of_another_merchant_too(day):
    house, _, _ = day
    for merchant, asked in ((1, Find(number="nothing")), (2, Find()), (1, Find(shop_ids=frozenset()))):
        assert set(said(await totals(house.app.records, merchant, asked)).values()) == {0}
