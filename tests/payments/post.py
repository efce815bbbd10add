"""A postman between the sandbox and the house, for tests of notices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from counterfoil.payments import heed_notices, keep_notice, load
from counterfoil.payments.notice import KeptNotice
from counterfoil.payments.tables import provider_notice
from counterfoil.providers import accounts_of_provider
from counterfoil.providers.lakala.sandbox import MERCHANT_NO
from counterfoil.providers.lakala.sandbox.notices import NoticeTrick, notice_body
from counterfoil.testing.house import MERCHANT

DAY = 24 * 3600
KEPT = select(provider_notice).where(provider_notice.c.merchant_id == MERCHANT).order_by(provider_notice.c.kept_at)


@dataclass
class Post:
    """Carries a notice of the sandbox to the house, as the door does."""

    house: Any

    async def account_id(self):
        (account,) = await accounts_of_provider(self.house.app.store, MERCHANT, "lakala")
        return account["id"]

    async def bring(self, body: bytes, header: str | None = None):
        headers = {"authorization": header or self.house.sandbox.notices.authorization(body)}
        return await keep_notice(self.house.app.payments, MERCHANT, await self.account_id(), headers, body)

    async def tell(self, order_no: str, trick: NoticeTrick | None = None):
        trade = self.house.sandbox.ledger.find(MERCHANT_NO, order_no=order_no)
        return await self.bring(notice_body(trade, trick))

    async def heed(self) -> int:
        return await heed_notices(self.house.app.payments)

    async def kept(self) -> list[KeptNotice]:
        return [KeptNotice.of(row) for row in await self.house.app.store.fetch(KEPT)]

    async def payment(self, payment_id: str):
        return await load(self.house.app.store, MERCHANT, payment_id)

    async def left_to_a_person(self, clock, minor: int = 1450, order_no: str | None = None) -> KeptNotice:
        """A payment by the printed code whose number looks like ours, so that nothing books it by itself."""
        trade = self.house.sandbox.printed_code_paid(minor)
        number = (order_no or "2" * 24).encode()
        await self.bring(notice_body(trade).replace(trade.order_no.encode(), number))
        await self.heed()
        await clock.advance(DAY)
        await self.heed()
        return (await self.kept())[-1]
