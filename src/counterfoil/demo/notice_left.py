"""The notice left to a person in the made-up year: paid by a printed code, and at which shop is not certain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from counterfoil.basis import MICROS, from_rfc3339, insist
from counterfoil.demo.cast import MERCHANT_ID
from counterfoil.demo.day import OFFSET
from counterfoil.demo.staff_changes import Company, Event
from counterfoil.payments import Means, heed_notices, keep_notice
from counterfoil.providers import accounts_of_provider
from counterfoil.providers.lakala.sandbox import MERCHANT_NO, Filled, Sandbox, notice_body

_ORDER_NO: Final = "LKLS07315528846190027413"
_AMOUNT_MINOR: Final = 2860
_PAID: Final = "20:41:07"
_LEFT: Final = "20:42:00"


def a_notice_left(company: Company, sandbox: Sandbox, means: Means, today: date) -> Sequence[Event]:
    """Paid and told of the evening before yesterday; a day later it is left to a person."""
    paid = from_rfc3339(f"{(today - timedelta(days=2)).isoformat()}T{_PAID}{OFFSET}")
    left = from_rfc3339(f"{(today - timedelta(days=1)).isoformat()}T{_LEFT}{OFFSET}")
    told = _Notice(company, sandbox, means, paid)
    return Event(paid + 2 * MICROS, told.comes), Event(left, told.is_left)


@dataclass(frozen=True, slots=True)
class _Notice:
    company: Company
    sandbox: Sandbox
    payments: Means
    paid_at: int

    async def comes(self) -> None:
        """A second one of the same bytes would be the same notice."""
        ledger, means = self.sandbox.ledger, self._means()
        paid = Filled(order_no=_ORDER_NO, kind="charge", amount_minor=_AMOUNT_MINOR, at=self.paid_at, card_type="02")
        ledger.fill(MERCHANT_NO, [paid])
        trade = ledger.find(MERCHANT_NO, order_no=_ORDER_NO)
        (account,) = await accounts_of_provider(means.store, MERCHANT_ID, "lakala")
        insist(trade is not None, "the trade was just filled in")
        if trade is not None:
            body = notice_body(trade)
            headers = {"authorization": self.sandbox.notices.authorization(body)}
            await keep_notice(means, MERCHANT_ID, account["id"], headers, body)

    async def is_left(self) -> None:
        """Its day is over, and there is more than one shop."""
        await heed_notices(self._means())

    def _means(self) -> Means:
        company = self.company
        return replace(self.payments, clock=company.clock, entropy=company.entropy, ids=company.means.ids)
