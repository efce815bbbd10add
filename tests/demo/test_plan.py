"""The made-up past is believable, and the same for the same seed and moment."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from counterfoil.basis import MICROS, from_rfc3339, local_time, next_cut
from counterfoil.demo.act import Sale, Undo
from counterfoil.demo.circumstances import OUTLIER
from counterfoil.demo.plan import NOT_PAID, PAYMENTS, Plan, make_plan
from counterfoil.demo.rounds import RUNS_A_ROUND, rounds
from counterfoil.demo.shops import CLOTHES, CONVENIENCE, RESTAURANT, SHOPS, SHOWN_FOR, ZONE
from counterfoil.demo.steps import last_at
from counterfoil.providers.lakala.sandbox import BY_AMOUNT

AFTERNOON = from_rfc3339("2026-11-21T16:20:00+08:00")
NIGHT = from_rfc3339("2026-11-22T03:10:00+08:00")
MINUTES_LATE_MAX = 10


FEW = 2000


@cache
def plan(until: int = AFTERNOON, payments: int = PAYMENTS, seed: str = "counterfoil") -> Plan:
    return make_plan(seed, until, payments)


def sales(made: Plan, shop: int | None = None) -> list[Sale]:
    return [act for act in made.acts if isinstance(act, Sale) and shop in {None, act.shop}]


def minute(at: int) -> int:
    local = local_time(at, ZONE)
    return local.hour * 60 + local.minute


@pytest.mark.parametrize("until", [AFTERNOON, NIGHT])
def test_the_days_before_today_hold_as_many_payments_as_promised(until):
    today = local_time(until, ZONE).date()
    before = [sale for sale in sales(plan(until, FEW)) if local_time(sale.at, ZONE).date() < today]
    assert len([sale for sale in before if sale.ends not in {"unknown", *NOT_PAID}]) == FEW


def test_fifty_thousand_payments_fill_a_year_that_ends_today():
    days = {local_time(sale.at, ZONE).date() for sale in sales(plan())}
    assert PAYMENTS == 50_000
    assert 355 <= (max(days) - min(days)).days + 1 <= 375
    assert max(days) == local_time(AFTERNOON, ZONE).date()


@pytest.mark.parametrize("until", [AFTERNOON, NIGHT])
def test_nothing_lies_in_the_future_and_times_only_grow(until):
    made = plan(until, FEW)
    times = [act.at for act in made.acts]
    assert times == sorted(set(times))
    assert max(map(last_at, made.acts)) < until
    assert made.opened < times[0]


def test_today_is_only_as_full_as_the_clock_says():
    noon = plan(from_rfc3339("2026-11-21T12:00:00+08:00"), FEW)
    evening = plan(from_rfc3339("2026-11-21T20:00:00+08:00"), FEW)
    assert evening.acts[: len(noon.acts) - 1] == noon.acts[:-1]
    assert len(evening.acts) > len(noon.acts) + 40


def test_shops_take_payments_while_they_are_open():
    for act in plan().acts:
        shop = SHOPS[act.shop if isinstance(act, Sale) else act.sale.shop]
        assert shop.opens <= minute(act.at) <= shop.closes + MINUTES_LATE_MAX


def test_the_same_seed_and_moment_make_the_same_plan_and_another_seed_another():
    assert make_plan("counterfoil", AFTERNOON, FEW) == plan(AFTERNOON, FEW)
    assert plan(AFTERNOON, FEW, seed="other").acts != plan(AFTERNOON, FEW).acts


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
    for index in range(len(SHOPS)):
        digits = Counter(str(sale.amount_minor)[0] for sale in sales(plan(), index))
        assert max(digits.values()) > 2.5 * digits.total() / 9, index
    digits = Counter(str(sale.amount_minor)[0] for sale in sales(plan()))
    assert digits["1"] > 2 * digits["5"]


@pytest.mark.parametrize(("index", "shop"), list(enumerate(SHOPS)))
def test_wallets_have_their_shares(index, shop):
    found = Counter(sale.wallet for sale in sales(plan(), index))
    whole = sum(weight for _, weight in shop.wallets)
    for wallet, weight in shop.wallets:
        assert abs(found[wallet] / found.total() - weight / whole) < 0.02, wallet


@pytest.mark.parametrize(("index", "shop"), list(enumerate(SHOPS)))
def test_each_weekday_has_its_share(index, shop):
    days = Counter(local_time(sale.at, ZONE).weekday() for sale in sales(plan(), index))
    for weekday, weight in enumerate(shop.weekdays):
        assert near(days[weekday] / days.total(), weight / sum(shop.weekdays)), weekday


ALL, WORKDAYS, WEEKENDS = range(7), range(5), range(5, 7)


@pytest.mark.parametrize(
    ("index", "days", "hours"),
    [
        (0, WORKDAYS, CONVENIENCE.hours),
        (0, WEEKENDS, CONVENIENCE.weekend_hours),
        (1, ALL, RESTAURANT.hours),
        (2, ALL, CLOTHES.hours),
    ],
)
def test_each_hour_has_its_share(index, days, hours):
    taken = [sale for sale in sales(plan(), index) if local_time(sale.at, ZONE).weekday() in days]
    # What comes after the last hour is still its queue.
    found = Counter(sum(minute(sale.at) >= ends for _, ends, _ in hours[:-1]) for sale in taken)
    whole = sum(weight for _, _, weight in hours)
    for place, (_, _, weight) in enumerate(hours):
        assert near(found[place] / found.total(), weight / whole), hours[place]


def near(found: float, expected: float) -> bool:
    return abs(found - expected) <= 0.1 * expected


def test_the_spring_festival_closes_the_shops():
    days = {index: {local_time(sale.at, ZONE).date().isoformat() for sale in sales(plan(), index)} for index in (0, 1)}
    assert not {"2026-02-16", "2026-02-17"} & days[0]
    assert {"2026-02-15", "2026-02-18"} <= days[0]
    assert not {f"2026-02-{day}" for day in range(16, 22)} & days[1]
    assert {"2026-02-15", "2026-02-22"} <= days[1]


def test_the_days_before_the_festival_and_the_holidays_are_busy():
    clothes = Counter(local_time(sale.at, ZONE).date().isoformat() for sale in sales(plan(), SHOPS.index(CLOTHES)))
    rush = sum(clothes[f"2026-02-{day:02}"] for day in range(5, 16)) / 11
    golden = sum(clothes[f"2026-10-{day:02}"] for day in range(1, 8)) / 7
    quiet = sum(clothes[f"2026-02-{day}"] for day in range(22, 29)) / 7
    usual = clothes.total() / len(clothes)
    assert rush > 1.5 * usual
    assert golden > 1.2 * usual
    assert quiet < 0.8 * usual


def test_a_terminal_and_an_operator_do_one_thing_at_a_time():
    free: dict[tuple[str, int, int], int] = {}
    for sale in at_a_till(sales(plan())[:-1]):
        for key in (("terminal", sale.shop, sale.terminal), ("operator", sale.shop, sale.operator)):
            assert sale.at >= free.get(key, 0)
            free[key] = sale.at + sale.takes + 8 * MICROS


def at_a_till(made: list[Sale]) -> list[Sale]:
    return [sale for sale in made if sale.entry != "static_code"]


def test_nobody_works_more_than_six_days_on_end():
    days: dict[tuple[int, int], set[int]] = {}
    for sale in sales(plan()):
        if sale.ends != "unknown" and sale.entry != "static_code":
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


@pytest.mark.parametrize(("index", "voids", "refunds"), [(0, 0.004, 0.0025), (1, 0.009, 0.007), (2, 0.006, 0.045)])
def test_shops_void_and_refund_as_often_as_they_do(index, voids, refunds):
    taken = len(sales(plan(), index))
    undone = [act for act in plan().acts if isinstance(act, Undo) and act.sale.shop == index and not act.refused]
    kinds = Counter(act.kind for act in undone if act.sale.operator != OUTLIER[1] or index != OUTLIER[0])
    assert 0.6 * voids < kinds["void"] / taken < 1.4 * voids
    assert 0.6 * refunds < kinds["refund"] / taken < 1.4 * refunds


def test_the_clothes_come_back_on_later_days():
    undone = [act for act in plan().acts if isinstance(act, Undo) and act.kind == "refund" and act.sale.shop == 2]
    days = Counter((local_time(act.at, ZONE).date() - local_time(act.sale.at, ZONE).date()).days for act in undone)
    assert set(range(1, 8)) <= days.keys()
    assert 0.2 < sum(act.amount_minor < act.sale.amount_minor for act in undone) / len(undone) < 0.45


def test_a_refund_that_the_funds_do_not_cover_waits_until_the_afternoon():
    short = [act for act in plan().acts if isinstance(act, Undo) and act.again_at is not None]
    assert len(short) == 3
    for act in short:
        assert act.kind == "refund"
        assert minute(act.at) <= 13 * 60
        assert 15 * 60 <= minute(act.again_at) < 17 * 60
        assert local_time(act.again_at, ZONE).date() == local_time(act.at, ZONE).date()


def refused(why: str) -> list[Undo]:
    return [act for act in plan().acts if isinstance(act, Undo) and act.refused == why]


def after(act: Undo) -> list[Undo]:
    return [other for other in plan().acts if isinstance(other, Undo) and other.sale is act.sale and other is not act]


def test_two_voids_a_year_come_after_the_cut_and_are_refunded():
    late = refused("past_cut")
    assert len(late) == 2
    for act in late:
        (refund,) = after(act)
        assert act.kind == "void"
        assert act.at < next_cut(act.sale.at, ZONE, 23 * 60) <= refund.at
        assert (refund.kind, refund.amount_minor) == ("refund", act.sale.amount_minor)


def test_one_operator_of_the_convenience_store_voids_cash_at_the_end_of_the_shift():
    voids = [act for act in plan().acts if isinstance(act, Undo) and act.kind == "void"]
    late = [
        act
        for act in voids
        if (act.sale.wallet, act.sale.shop) == ("cash", 0)
        and any(end - 20 <= minute(act.sale.at) <= end for end in (CONVENIENCE.shift_ends, CONVENIENCE.closes))
    ]
    own = [act for act in late if (act.sale.shop, act.operator) == OUTLIER]
    assert len(own) >= 9
    assert len(own) > 0.8 * len(late)
    first, last = own[0].at, own[-1].at
    theirs = [s for s in at_a_till(sales(plan(), 0)) if s.operator == OUTLIER[1] and first <= s.at <= last]
    assert 0.02 < len(own) / len(theirs) < 0.05
    assert (last - first) / (24 * 3600 * MICROS) < 43


def test_some_outcomes_are_not_known_at_first_and_half_of_them_in_two_bad_hours():
    made = sales(plan())
    lost = [sale for sale in made if sale.ends in {"found", "withdrawn", "reversed"}]
    assert 0.0008 < len(lost) / len(made) < 0.0022
    days = Counter(local_time(sale.at, ZONE).date() for sale in lost)
    (slow, most), *_ = days.most_common(1)
    assert most > 0.25 * len(lost)
    assert slow.weekday() == 5
    assert sum(last_at(sale) - sale.at <= 60 * MICROS for sale in lost) >= 0.9 * len(lost)
    ends = Counter(sale.ends for sale in lost)
    assert ends["withdrawn"] >= 3
    assert ends["found"] > 0.8 * len(lost)


def test_while_the_line_is_down_only_cash_goes_on():
    today = local_time(AFTERNOON, ZONE).date()
    day = today.toordinal() - 7 * 12 - (today.weekday() - 5) % 7
    down = [
        sale
        for sale in sales(plan(), 1)
        if local_time(sale.at, ZONE).toordinal() == day and 18 * 60 + 15 <= minute(sale.at) < 18 * 60 + 50
    ]
    assert len(down) >= 3
    assert sum(sale.wallet != "cash" for sale in down) <= 2


def test_coupons_make_what_is_paid_less_than_what_is_charged():
    taken = [sale for sale in sales(plan()) if sale.wallet != "cash"]
    platform = sum(sale.platform_discount_minor > 0 for sale in taken)
    merchant = [sale for sale in taken if sale.merchant_discount_minor > 0]
    assert 0.04 < platform / len(taken) < 0.06
    assert {sale.shop for sale in merchant} == {SHOPS.index(RESTAURANT)}
    assert all(sale.merchant_discount_minor + sale.platform_discount_minor < sale.amount_minor for sale in taken)


def test_two_leave_and_two_begin_and_no_number_is_used_again():
    months: dict[tuple[int, int], list[int]] = {}
    for sale in sales(plan()):
        if sale.entry == "static_code":
            continue
        months.setdefault((sale.shop, sale.operator), []).append(sale.at)
    begin, end = plan().acts[0].at, plan().acts[-1].at
    month = 30 * 24 * 3600 * MICROS
    left = {who for who, times in months.items() if times[-1] < end - month}
    joined = {who for who, times in months.items() if times[0] > begin + month}
    assert left == {(0, 5), (2, 3)}
    assert joined == {(0, 6), (2, 4)}
    assert all(months[0, 5][-1] < months[0, 6][0] for _ in left)


def test_rounds_follow_the_minutes_and_hold_each_payment_once():
    made, last = rounds(plan(AFTERNOON, FEW).acts), 0
    seen: Counter[int] = Counter()
    for runs in made:
        assert len({run.sold_at for run in runs}) == len(runs) <= RUNS_A_ROUND
        for run in runs:
            assert run.number == seen[run.sold_at]
            seen[run.sold_at] += 1
            for step in run.steps:
                assert step.at >= last
                last = step.at
    assert len(made) < len(plan(AFTERNOON, FEW).acts) / 40


def test_no_round_reaches_over_a_cut():
    acts = plan(AFTERNOON, FEW).acts
    cut = acts[len(acts) // 2].at + 1
    for runs in rounds(acts, [cut]):
        assert (runs[0].at < cut) == (runs[-1].at < cut)


def test_who_refunds_still_works_there():
    left = {(0, 5), (2, 3)}
    end = {who: max(sale.at for sale in at_a_till(sales(plan(), who[0])) if sale.operator == who[1]) for who in left}
    day = 24 * 3600 * MICROS
    for act in plan().acts:
        if isinstance(act, Undo) and (act.sale.shop, act.operator) in left:
            assert act.at < end[act.sale.shop, act.operator] + 2 * day


@pytest.mark.parametrize(("index", "printed", "shown"), [(0, 0.13, 0.03), (1, 0.08, 0.25), (2, 0, 0.12)])
def test_codes_are_printed_and_shown_as_often_as_they_are(index, printed, shown):
    by_code = Counter(sale.entry for sale in sales(plan(), index) if sale.wallet != "cash")
    shares = {entry: count / by_code.total() for entry, count in by_code.items()}
    assert abs(shares.get("static_code", 0) - printed) < 0.01
    assert abs(shares["merchant_code"] - shown) < 0.02


def test_codes_are_shown_for_the_wallets_that_have_one_and_some_are_never_scanned():
    shown = [sale for sale in sales(plan()) if sale.entry == "merchant_code"]
    assert {sale.wallet for sale in shown} == SHOWN_FOR
    assert {sale.ends for sale in shown} == {"approved", "closed"}
    assert 0.03 < sum(sale.ends == "closed" for sale in shown) / len(shown) < 0.05


def test_what_comes_by_the_printed_code_is_there_at_once_and_never_voided():
    printed = [sale for sale in sales(plan()) if sale.entry == "static_code"]
    assert {sale.shop for sale in printed} == {0, 1}
    assert {(sale.ends, sale.takes, sale.terminal) for sale in printed} == {("approved", 0, 0)}
    assert not [act for act in plan().acts if isinstance(act, Undo) and act.kind == "void" and act.sale in printed]


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
