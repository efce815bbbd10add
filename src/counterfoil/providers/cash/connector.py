"""Cash answers at once: what the till says happened, happened."""

from __future__ import annotations

from counterfoil.providers import Answered, Approved, Charge, Connector, Leg, Means, Query, Unknown, Why


def connector(_means: Means) -> Connector:
    """The connector of a cash account."""
    return Cash()


class Cash:
    """See the module."""

    async def charge(self, call: Charge) -> Answered:
        """Received over the counter."""
        return Answered(Approved(wallet="cash", payer_minor=call.amount.minor, paid_at=call.asked_at))

    async def query(self, _call: Query) -> Answered:
        """Nobody can be asked about cash; no payment of it is ever open."""
        return Answered(Unknown(Why.NOT_FOUND, "cash has no provider to ask"))

    async def void(self, call: Leg) -> Answered:
        """Handed back whole."""
        return Answered(Approved(wallet="cash", returned_minor=call.amount.minor))

    async def reverse(self, call: Leg) -> Answered:
        """Handed back whole."""
        return await self.void(call)

    async def refund(self, call: Leg) -> Answered:
        """Handed back, whole or in part."""
        return await self.void(call)
