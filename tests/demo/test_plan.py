"""The made-up past is believable, and the same for the same seed and moment."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from counterfoil.basis import MICROS, from_rfc3339, local_time, next_cut
from counterfoil.demo.day import Sale, Undo
from counterfoil.demo.plan import PAYMENTS, Plan, make_plan
from counterfoil.demo.shops import CLOTHES, CONVENIENCE, RESTAURANT, SHOPS, ZONE
from counterfoil.providers.lakala.sandbox import BY_AMOUNT

AFTERNOON = from_rfc3339("2026-11-21T16:20:00+08:00")
NIGHT = from_rfc3339("2026-11-22T03:10:00+08:00")
MINUTES_LATE_MAX = 10


@cache
def plan(until: int = AFTERNOON, seed: str = "counterfoil") -> Plan:
    return make_plan(seed, until)


def sales(made: Plan, shop: int | None = None) -> list[Sale]:
    return [act for act in made.acts if isinstance(act, Sale) and shop in {None, act.shop}]


def minute(at: int) -> int:
    local = local_time(at, ZONE)
    return local.hour * 60 + local.minute


@pytest.mark.parametrize("until", [AFTERNOON, NIGHT])
def test_the_days_before_today_hold_as_many_payments_as_promised(until):
    today = local_time(until, ZONE).date()
    before = [sale for sale in sales(plan(until)) if local_time(sale.at, ZONE).date() < today]
    assert len([sale for sale in before if sale.ends != "unknown"]) == PAYMENTS


@pytest.mark.parametrize("until", [AFTERNOON, NIGHT])
def test_nothing_lies_in_the_future_and_times_only_grow(until):
    times = [act.at for act in plan(until).acts]
    assert times == sorted(set(times))
    assert times[-1] < until
    assert plan(until).opened < times[0]


def test_today_is_only_as_full_as_the_clock_says():
    noon, evening = plan(from_rfc3339("2026-11-21T12:00:00+08:00")), plan(from_rfc3339("2026-11-21T20:00:00+08:00"))
    assert evening.acts[: len(noon.acts) - 1] == noon.acts[:-1]
    assert len(evening.acts) > len(noon.acts) + 40


@pytest.mark.parametrize("until", [AFTERNOON, NIGHT])
def test_shops_take_payments_while_they_are_open(until):
    for act in plan(until).acts:
        shop = SHOPS[act.shop if isinstance(act, Sale) else act.sale.shop]
        assert shop.opens <= minute(act.at) <= shop.closes + MINUTES_LATE_MAX


def test_the_same_seed_and_moment_make_the_same_plan_and_another_seed_another():
    assert make_plan("counterfoil", AFTERNOON) == plan()
    assert plan(seed="other").acts != plan().acts


@pytest.mark.parametrize(("shop", "median"), [(0, 1450), (1, 11000), (2, 23900)])
def test_amounts_lie_where_the_shop_sells(shop, median):
    amounts = sorted(sale.amount_minor for sale in sales(plan(), shop))
    assert 0.8 * median < amounts[len(amounts) // 2] < 1.25 * median
    assert amounts[0] > 0
    assert not {row.amount_minor for row in BY_AMOUNT} & set(amounts)


def test_the_usual_amounts_of_the_convenience_store_come_again_and_again():
    amounts = Counter(sale.amount_minor for sale in sales(plan(), 0))
    share = sum(count for _, count in amounts.most_common(10)) / amounts.total()
    assert 0.18 < share < 0.28


def test_first_digits_follow_no_uniform():
    digits = Counter(str(sale.amount_minor)[0] for sale in sales(plan()))
    assert digits["1"] > 2 * digits["5"]


@pytest.mark.parametrize(("index", "shop"), list(enumerate(SHOPS)))
def test_wallets_have_their_shares(index, shop):
    found = Counter(sale.wallet for sale in sales(plan(), index))
    whole = sum(weight for _, weight in shop.wallets)
    for wallet, weight in shop.wallets:
        assert abs(found[wallet] / found.total() - weight / whole) < 0.08, wallet


def test_shops_are_busy_on_their_days():
    days = Counter((sale.shop, local_time(sale.at, ZONE).weekday()) for sale in sales(plan()))
    restaurant, clothes = SHOPS.index(RESTAURANT), SHOPS.index(CLOTHES)
    assert days[restaurant, 5] > days[restaurant, 0]
    assert days[clothes, 6] > 1.5 * days[clothes, 1]


def test_a_terminal_and_an_operator_do_one_thing_at_a_time():
    last: dict[tuple[str, int, int], int] = {}
    story = [sale for sale in sales(plan()) if sale.ends == "approved"]
    close = 0
    for sale in story:
        for key in (("terminal", sale.shop, sale.terminal), ("operator", sale.shop, sale.operator)):
            close += key in last and sale.at - last[key] < 8 * MICROS
            last[key] = sale.at
    # Only who tries again, or enters the right amount after a void, may come close behind another one.
    assert close <= len(story) // 200


def test_nobody_works_more_than_six_days_on_end():
    days: dict[tuple[int, int], set[int]] = {}
    for sale in sales(plan()):
        if sale.ends != "unknown":
            days.setdefault((sale.shop, sale.operator), set()).add(local_time(sale.at, ZONE).toordinal())
    for worked in days.values():
        assert not any(set(range(day, day + 7)) <= worked for day in worked)


def test_most_declined_attempts_are_followed_by_the_same_amount():
    made = sales(plan())
    declined = [sale for sale in made if sale.ends == "declined"]
    again = [
        sale
        for sale in declined
        if any(
            other.amount_minor == sale.amount_minor
            and other.terminal == sale.terminal
            and 0 < other.at - sale.at < 120 * MICROS
            for other in made
        )
    ]
    assert 0.005 < len(declined) / len(made) < 0.025
    assert 0.6 < len(again) / len(declined) < 1


def test_voids_come_before_the_cut_and_refunds_after_their_sale():
    undone = [act for act in plan().acts if isinstance(act, Undo)]
    assert {act.kind for act in undone} == {"void", "refund"}
    for act in undone:
        assert act.sale.ends == "approved"
        assert act.at > act.sale.at + act.sale.takes
        assert 0 < act.amount_minor <= act.sale.amount_minor
        if act.kind == "void":
            assert act.at < next_cut(act.sale.at, ZONE, 23 * 60)


def test_cash_is_tendered_in_notes():
    for sale in sales(plan()):
        assert (sale.tendered_minor is None) == (sale.wallet != "cash")
        if sale.tendered_minor is not None:
            assert sale.tendered_minor >= sale.amount_minor
            assert sale.tendered_minor % 500 == 0


def test_one_payment_waits_and_it_is_the_newest():
    assert [sale.ends for sale in sales(plan())].count("unknown") == 1
    assert plan().acts[-1].ends == "unknown"
    assert AFTERNOON - plan().acts[-1].at < 60 * MICROS


def test_the_shops_are_the_three_with_twelve_terminals():
    assert [shop.name for shop in SHOPS] == [CONVENIENCE.name, RESTAURANT.name, CLOTHES.name]
    assert sum(len(shop.terminals) for shop in SHOPS) == 12
