"""What a shop's payments usually come to, so that a till asks twice before it charges more.

The figure is the 99.9th percentile of what the shop received in the last 90 days. The worker works it out once a day
and keeps it; the till reads one row.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, func, or_, select

from counterfoil.basis import CNY, MICROS, Money
from counterfoil.payments.means import Means
from counterfoil.payments.tables import payment, usual_amount
from counterfoil.people.tables import shop
from counterfoil.store import Change, Guard, Insert, Repeated, Row, Stale

DAYS: Final = 90
COUNT_MIN: Final = 500
# The newest so many payments are enough to say, and no more are ever read.
ROWS_MAX: Final = 50_000
_DAY: Final = 24 * 3600 * MICROS
_SHOPS_A_ROUND: Final = 5

_OLD: Final = (
    select(shop.c.merchant_id, shop.c.id)
    .outerjoin(usual_amount, (usual_amount.c.merchant_id == shop.c.merchant_id) & (usual_amount.c.shop_id == shop.c.id))
    .where(or_(usual_amount.c.made_at.is_(None), usual_amount.c.made_at < bindparam("before")))
    .limit(_SHOPS_A_ROUND)
)
_RECEIVED: Final = (
    select(payment.c.amount_minor)
    .where(
        payment.c.merchant_id == bindparam("merchant_id"),
        payment.c.taken_at >= bindparam("since"),
        payment.c.shop_id == bindparam("shop_id"),
        payment.c.captured_at.is_not(None),
    )
    .order_by(payment.c.taken_at.desc())
    .limit(ROWS_MAX)
    .subquery()
)
_COUNT: Final = select(func.count().label("count")).select_from(_RECEIVED)
_FROM_TOP: Final = (
    select(_RECEIVED.c.amount_minor).order_by(_RECEIVED.c.amount_minor.desc()).offset(bindparam("above")).limit(1)
)
_KEPT: Final = select(usual_amount).where(
    usual_amount.c.merchant_id == bindparam("merchant_id"), usual_amount.c.shop_id == bindparam("shop_id")
)


async def refresh_usual(means: Means) -> int:
    """One round of the worker: work out anew what is older than a day. Answers for how many shops."""
    old = await means.store.fetch(_OLD, {"before": means.clock.now() - _DAY})
    for row in old:
        await _refresh(means, row["merchant_id"], row["id"])
    return len(old)


async def usual_most(means: Means, merchant_id: int, shop_id: str) -> Money | None:
    """The amount that one payment in a thousand of the shop exceeds; None where too few were received to say."""
    kept = await _kept(means, merchant_id, shop_id)
    if kept is None or kept["most_minor"] is None:
        return None
    return Money(kept["most_minor"], CNY)


def above(count: int) -> int:
    """How many of ``count`` payments may exceed the figure: one in a thousand."""
    return count // 1000


async def _refresh(means: Means, merchant_id: int, shop_id: str) -> None:
    now = means.clock.now()
    of_shop = {"merchant_id": merchant_id, "shop_id": shop_id}
    asked = {**of_shop, "since": now - DAYS * _DAY}
    count = int((await means.store.fetch(_COUNT, asked))[0]["count"])
    most = None
    if count >= COUNT_MIN:
        most = int((await means.store.fetch(_FROM_TOP, {**asked, "above": above(count)}))[0]["amount_minor"])
    figures = {"made_at": now, "count": count, "most_minor": most}
    kept = await _kept(means, merchant_id, shop_id)
    change = Change(
        change_id=means.ids.uuid(),
        merchant_id=merchant_id,
        inserts=() if kept else (Insert(usual_amount, {**of_shop, **figures}),),
        guards=(Guard(usual_amount, kept, figures),) if kept else (),
    )
    try:
        await means.store.commit(change)
    except (Stale, Repeated):
        return  # another process has just done it


async def _kept(means: Means, merchant_id: int, shop_id: str) -> Row | None:
    return await means.store.fetch_one(_KEPT, {"merchant_id": merchant_id, "shop_id": shop_id})
