"""Payments of every kind, several at a time, with faults at every provider: its books are ours, order by order.

10,000 payments over all providers together with ``--long``; otherwise a part of them.
"""

from __future__ import annotations

import logging
from collections import Counter
from random import Random

import pytest
from sqlalchemy import select

from counterfoil.basis import from_rfc3339
from counterfoil.payments import MoneyState
from counterfoil.payments.states import AT_REST, LEG
from counterfoil.payments.tables import day_totals
from counterfoil.providers import Pace, Trick, sandbox_of
from counterfoil.testing.clock import ManualClock
from tests.payments.books import KEPT, assert_evidence_holds, every_payment, we_kept
from tests.providers.any_shop import TRIED, held, open_shop_at
from tests.resilience.mixed import Mixed, wire_between

LOG = logging.getLogger(__name__)
PAYMENTS, PAYMENTS_LONG = 200, 10_000
# An evening in Shanghai, before any day's cut; the night passes when half is taken.
START = from_rfc3339("2026-11-22T12:00:00Z")
NIGHT_SECONDS = 10 * 3600
PACE = Pace(late_seconds=4, wait_seconds=8, scan_seconds=6)
DAYS = select(day_totals).where(day_totals.c.merchant_id == 1)


@pytest.mark.parametrize("manifest", TRIED, ids=lambda manifest: manifest.id)
@pytest.mark.timeout(3600)
async def test_after_mixed_payments_with_faults_the_providers_books_are_ours(tmp_path, manifest, long):
    count, wires, clock = (PAYMENTS_LONG // len(TRIED) if long else PAYMENTS), [], ManualClock(START)
    opening = open_shop_at(tmp_path, manifest, clock, pace=PACE, between=wire_between(wires))
    async with opening as (house, face):
        amounts = frozenset(row.amount_minor for row in sandbox_of(manifest).AMOUNTS)
        mixed = Mixed(house, face, clock, Random(manifest.id), wires[0], manifest.code_wallets, amounts)
        await mixed.go(count, NIGHT_SECONDS)
        await mixed.end()
        ours = await every_payment(house)
        ends = Counter(one.money.value for one in ours)
        for figures in (mixed.acts, mixed.refused, mixed.played, mixed.wired, ends):
            LOG.info("%s: %s", manifest.id, {str(name): number for name, number in figures.most_common()})
        assert len(ours) == count
        assert_each_order_agrees(ours, face)
        assert sum(one.money is MoneyState.MANUAL for one in ours) <= mixed.played[Trick.LATE_SUCCESS]
        assert days_of(await house.app.store.fetch(DAYS)) == days_by(face, ours)
        await assert_evidence_holds(house)


def assert_each_order_agrees(ours, face):
    """What moved at the provider under our numbers is what our records say, and nothing else."""
    for one in ours:
        assert one.money in AT_REST, one.money
        assert all(leg.state in LEG.final for leg in one.legs)
        assert one.refund_reserved_minor == 0
    theirs = held(face)
    told = {one.order_no: we_kept(one) for one in ours if one.money is not MoneyState.MANUAL}
    for_a_person = {one.order_no: one.amount_minor for one in ours if one.money is MoneyState.MANUAL}
    assert {number: minor for number, minor in theirs.items() if minor and number not in for_a_person} == {
        number: minor for number, minor in told.items() if minor
    }
    # Where both sides contradict each other, the money is at the provider, and a person is told.
    assert {number: theirs.get(number) for number in for_a_person} == for_a_person
    returned = Counter(line.order_no for line in face.books() if line.kind == "returned")
    taken = Counter(line.order_no for line in face.books() if line.kind == "taken")
    assert {*returned.values(), *taken.values()} == {1}


def days_of(rows):
    """Our sums: what was received, voided and refunded, by day."""
    sums = Counter()
    for row in rows:
        sums[row["business_day"], row["kind"]] += row["minor"]
    return sums


def days_by(face, ours):
    """The same out of the provider's books, each line on the day under which we have it."""
    sums, payments = Counter(), {one.order_no: one for one in ours if one.money in KEPT}
    for line in face.books():
        payment = payments.get(line.origin or line.order_no)
        if payment is None:
            continue  # given back before it counted, or for a person
        if line.kind == "taken":
            sums[payment.business_day, "sale"] += line.amount_minor
        elif payment.void is not None and payment.money is MoneyState.VOIDED:
            sums[payment.void.business_day, "void"] += line.amount_minor
        else:
            (leg,) = [leg for leg in payment.refunds if leg.order_no.endswith(line.order_no)]
            sums[leg.business_day, "refund"] += line.amount_minor
    return sums
