"""Ask the provider what it says of a charge now, for a person who has to decide: an answer to read, and nothing else.

What is open is asked about by whoever drives it (``resolve``), who stores the answer; here nothing is stored, because
nothing may follow by itself from the answer about a payment that waits for a person.
"""

from __future__ import annotations

import asyncio
from typing import Final

from counterfoil.payments.drive import ask_for_charge
from counterfoil.payments.means import Means
from counterfoil.payments.place import route_of
from counterfoil.payments.settle import payment_for
from counterfoil.people import Actor, Permission, demand_somewhere
from counterfoil.providers import Outcome, Unknown, Why

ASK_SECONDS_MAX: Final = 20.0


async def ask_now(means: Means, actor: Actor, payment_id: str) -> Outcome:
    """What the provider says. Raises Refused CF-2021 (may not), CF-3109 (no such payment), CF-42xx."""
    demand_somewhere(actor, Permission.READ)
    payment = await payment_for(means, actor, payment_id, Permission.READ)
    route = await route_of(means, payment.merchant_id, payment.account_id)
    connector = means.accounts.connector(route.account)
    try:
        async with asyncio.timeout(ASK_SECONDS_MAX):
            return await ask_for_charge(means, connector, payment)
    except TimeoutError:
        return Unknown(Why.NO_ANSWER, "timeout")
