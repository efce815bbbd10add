"""Whether a record could be removed: each check, over every state the money can be in."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from counterfoil.payments import MoneyState, take
from counterfoil.people import Role
from counterfoil.removal import PlaceHold, check, holds_of, place_hold
from counterfoil.testing.house import open_house

# state: (outcome known, money away from the shop)
STATES = {
    MoneyState.CREATED: (False, True),
    MoneyState.SENT: (False, True),
    MoneyState.EXPIRED: (True, True),
    MoneyState.AUTHORIZED: (True, False),
    MoneyState.CAPTURING: (False, True),
    MoneyState.CAPTURED: (True, False),
    MoneyState.DECLINED: (True, True),
    MoneyState.UNKNOWN: (False, True),
    MoneyState.REVERSING: (False, True),
    MoneyState.REVERSED: (True, True),
    MoneyState.VOIDING: (False, True),
    MoneyState.VOIDED: (True, True),
    MoneyState.PART_REFUNDED: (True, False),
    MoneyState.REFUNDED: (True, True),
    MoneyState.MANUAL: (False, True),
}


@pytest.fixture
async def house(tmp_path):
    async with open_house(tmp_path) as opened:
        yield opened


def said(payment, held=()):
    return {one.name: one.passed for one in check(payment, held)}


async def test_every_state_and_a_hold(house):
    payment = await take(house.app.payments, house.actor(), house.code_payment())
    assert set(STATES) == set(MoneyState)
    for state, (outcome, money) in STATES.items():
        assert said(replace(payment, money=state)) == {"outcome": outcome, "money": money, "hold": True}, state
        waiting = replace(payment, money=state, due_at=1)
        assert not said(waiting)["outcome"], state
    asked = PlaceHold(id=house.app.ids.uuid(), payment_id=payment.id, reason="AUDIT")
    await place_hold(house.app.people, house.actor(Role.ADMINISTRATOR), asked)
    held = await holds_of(house.app.store, 1, payment.id)
    voided = replace(payment, money=MoneyState.VOIDED)
    assert said(voided, held) == {"outcome": True, "money": True, "hold": False}
