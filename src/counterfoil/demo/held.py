"""The record under hold in the made-up year: a sale that its customer disputes, though the money went back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import or_, select

from counterfoil.basis import from_rfc3339
from counterfoil.demo.cast import MERCHANT_ID
from counterfoil.demo.day import OFFSET
from counterfoil.demo.staff_changes import Company, Event
from counterfoil.payments import MoneyState
from counterfoil.payments.tables import payment
from counterfoil.removal import PlaceHold, newest_hold, place_hold

_GIVEN_BACK: Final = or_(*(payment.c.money == state.value for state in (MoneyState.VOIDED, MoneyState.REFUNDED)))


_RECORD: Final = (
    select(payment.c.id)
    .where(payment.c.merchant_id == MERCHANT_ID)
    .order_by(_GIVEN_BACK.desc(), payment.c.taken_at.desc(), payment.c.id.desc())
    .limit(1)
)


def a_hold(company: Company, today: date) -> Event:
    """The administrator places it last evening, on the newest record of which the money had gone back, if any had."""
    day = today - timedelta(days=1)
    return Event(from_rfc3339(f"{day.isoformat()}T22:40:00{OFFSET}"), _Hold(company).is_placed)


@dataclass(frozen=True, slots=True)
class _Hold:
    company: Company

    async def is_placed(self) -> None:
        means = self.company.means
        if await newest_hold(means.store, MERCHANT_ID) is not None:
            return
        found = await means.store.fetch_one(_RECORD)
        if found is not None:
            asked = PlaceHold(id=means.ids.uuid(), payment_id=found["id"], reason="DISPUTE")
            await place_hold(means, self.company.actor, asked)
