"""An answer whose signature does not hold is no answer, and leaves a line of the log."""

from __future__ import annotations

import asyncio

from structlog.testing import capture_logs

from counterfoil.payments import MoneyState, take
from counterfoil.providers.lakala.sandbox import Trick
from tests.payments.time_passes import at_rest, taken_within


async def test_a_forged_answer_is_written_down_and_the_payment_ends_as_the_provider_has_it(still_house, clock):
    house = still_house
    house.sandbox.next.append(Trick.WRONG_SIGNATURE)
    with capture_logs() as told:
        asking = take(house.app.payments, house.actor(), house.code_payment(wait_seconds=1))
        payment = await taken_within(house, clock, asyncio.create_task(asking), 1)
        ended = await at_rest(house, clock, payment.id)
    assert ended.money is MoneyState.CAPTURED
    said = [line for line in told if line["event"] == "provider.not_trusted"]
    assert [(line["account_id"], line["why"], line["count"]) for line in said] == [(ended.account_id, "signature", 1)]
