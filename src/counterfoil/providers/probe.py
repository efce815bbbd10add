"""网络检测: whether the provider of an account answers, and whether the answer is its own.

Asked is what became of an order number that nobody issues: a signed question that moves nothing, on the very way a
payment takes.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counterfoil.basis import Clock, Money
from counterfoil.providers.accounts import Accounts
from counterfoil.providers.connector import Query
from counterfoil.providers.outcome import Outcome, Unknown, Why
from counterfoil.store import Row

# Ours begin with the year.
NOBODYS_ORDER_NO: Final = "0" * 24
PROBE_SECONDS: Final = 8.0


class Reach(StrEnum):
    """How far a question came."""

    GOOD = "good"
    UNREACHABLE = "unreachable"  # no connection: the question never left
    SILENT = "silent"  # connected, and no whole answer in time
    UNSIGNED = "unsigned"  # an answer that the provider did not sign
    TROUBLE = "trouble"  # an answer that says nothing of use


@dataclass(frozen=True, slots=True)
class Probe:
    """How far it came, in how many milliseconds, and what the provider said where that was odd."""

    reach: Reach
    took_ms: int
    detail: str = ""


_BY_WHY: Final = {
    Why.NOT_SENT: Reach.UNREACHABLE,
    Why.NO_ANSWER: Reach.SILENT,
    Why.BAD_SIGNATURE: Reach.UNSIGNED,
    Why.UNREADABLE: Reach.TROUBLE,
    Why.PROVIDER_TROUBLE: Reach.TROUBLE,
}


async def probe(accounts: Accounts, account: Row, clock: Clock) -> Probe:
    """Ask the account's provider. Raises Refused CF-42xx where the account's settings cannot be used."""
    connector = accounts.connector(account)
    begun = clock.now()
    question = Query(order_no=NOBODYS_ORDER_NO, amount=Money(1), kind="charge", asked_at=begun)
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            outcome: Outcome = (await connector.query(question)).outcome
    except TimeoutError:
        outcome = Unknown(Why.NO_ANSWER, "timeout")
    took_ms = (clock.now() - begun) // 1000
    if isinstance(outcome, Unknown) and outcome.why in _BY_WHY:
        return Probe(_BY_WHY[outcome.why], took_ms, outcome.detail)
    return Probe(Reach.GOOD, took_ms)
