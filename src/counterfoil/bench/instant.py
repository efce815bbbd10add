"""A provider that says yes at once, standing at the seam in place of Lakala's connector.

Everything on our side of the seam is as in service: the manifest and schedule are Lakala's, so a payment is an intent
and an outcome in two durable commits. What is left out is the provider's own time and the signing of its messages.
"""

from __future__ import annotations

from counterfoil.providers import Accounts, Answered, Approved, Charge, Connector, Leg, Query, Unknown, Why
from counterfoil.store import Row


class Instant:
    """Answers every call at once."""

    async def charge(self, call: Charge) -> Answered:
        """Approved, under numbers as long as a provider's."""
        return Answered(
            Approved(
                wallet="wechat",
                payer_minor=call.amount.minor,
                provider_trade_no=f"66210{call.order_no}",
                wallet_trade_no=f"4200{call.order_no}",
                reference_no=call.order_no[-12:],
                paid_at=call.asked_at,
            )
        )

    async def query(self, _call: Query) -> Answered:
        """Nothing is ever left open here."""
        return Answered(Unknown(Why.NOT_FOUND, "nothing is left open"))

    async def void(self, call: Leg) -> Answered:
        """Given back whole."""
        return Answered(Approved(wallet="wechat", returned_minor=call.amount.minor))

    async def reverse(self, call: Leg) -> Answered:
        """Given back whole."""
        return await self.void(call)

    async def refund(self, call: Leg) -> Answered:
        """Given back, whole or in part."""
        return await self.void(call)


class InstantAccounts(Accounts):
    """The accounts of the app, with one connector for all of them."""

    def __init__(self, real: Accounts) -> None:  # the parent's parts are those of ``real``
        """Answer as ``real`` does, but for the connector."""
        self.__dict__.update(real.__dict__)
        self._instant = Instant()

    def connector(self, account: Row) -> Connector:  # noqa: ARG002 - every account has the same
        """The one that answers at once."""
        return self._instant
