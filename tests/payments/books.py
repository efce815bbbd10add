"""The provider's books against ours: what every test of money comes down to."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from counterfoil.evidence import Against, registry, verify
from counterfoil.payments import DayTotalsFold, MoneyState, Payment, with_legs
from counterfoil.payments.states import AT_REST, LEG
from counterfoil.payments.tables import payment

ALL = select(payment).where(payment.c.merchant_id == 1).order_by(payment.c.taken_at)
KEPT = {MoneyState.CAPTURED, MoneyState.PART_REFUNDED, MoneyState.REFUNDED, MoneyState.VOIDED}


async def every_payment(house) -> list[Payment]:
    return [await with_legs(house.app.store, {**row, "position": None}) for row in await house.app.store.fetch(ALL)]


async def assert_books_agree(house):
    """Everything is at rest; what the provider moved under our numbers is what our records say, and nothing else."""
    trades = list(house.sandbox.ledger.trades())
    done = [trade for trade in trades if trade.state in ("SUCCESS", "PART_REFUND", "REFUND")]
    assert not [number for number, times in Counter(trade.order_no for trade in done).items() if times > 1]
    charged = {trade.order_no: trade for trade in done if trade.kind == "charge"}
    back = Counter()
    for trade in done:
        if trade.kind != "charge":
            back[trade.origin] += trade.amount
    ours = await every_payment(house)
    for one in ours:
        assert one.money in AT_REST, one.money
        assert all(leg.state in LEG.final for leg in one.legs)
        assert one.refund_reserved_minor == 0
        if one.provider == "cash" or one.money is MoneyState.MANUAL:
            continue  # no provider, or for a person to decide because the two sides contradict each other
        kept = charged[one.order_no].amount - back[one.order_no] if one.order_no in charged else 0
        assert kept == we_kept(one), (one.money, one.order_no)
    assert set(charged) <= {one.order_no for one in ours}


def we_kept(one: Payment) -> int:
    """What our record says we have of it, in fen."""
    if one.money not in KEPT or one.money is MoneyState.VOIDED:
        return 0
    return one.amount_minor - one.refunded_minor


async def assert_evidence_holds(house):
    """Every row is what the log says of it, the log is whole, and the day's sums refold."""
    await house.app.signer.sign_all()
    now = house.app.clock.now()
    against = Against(house.app.data, house.app.log_key.public_key, registry(), now, (DayTotalsFold(house.app.store),))
    report = await verify(house.app.store, against, on_progress=lambda _done, _all: None, all_=True)
    assert report.sound, report.findings
