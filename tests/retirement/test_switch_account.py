"""Deactivating a provider: nothing new is taken through it, what was begun goes on, and the log says who and why."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from counterfoil.basis import Money, Refused
from counterfoil.evidence import newest_of
from counterfoil.payments import MoneyState, RefundAsk, refund, take
from counterfoil.people import Role, switch_operator
from counterfoil.providers import accounts_of_provider, active_accounts
from counterfoil.retirement import REASONS, switch_account
from counterfoil.testing.clock import ManualClock
from counterfoil.testing.house import open_house
from tests.payments.books import assert_evidence_holds
from tests.payments.time_passes import at_rest, taken_within


@pytest.fixture
async def house(tmp_path, store_address):
    async with open_house(tmp_path, database=store_address) as opened:
        yield opened


async def lakala(house):
    return (await accounts_of_provider(house.app.store, 1, "lakala"))[0]


async def switched(house, *, on=False, reason="TEST", role=Role.ADMINISTRATOR, account_id=None, merchant_id=1):
    actor = replace(house.actor(role), merchant_id=merchant_id)
    asked = account_id or (await lakala(house))["id"]
    await switch_account(house.app.people, actor, asked, on=on, reason=reason)


async def refused(code, act):
    with pytest.raises(Refused) as one:
        await act
    assert one.value.kind.code == code


async def test_a_deactivated_provider_takes_nothing_new_and_gives_back_what_it_took(house):
    before = await take(house.app.payments, house.actor(), house.code_payment())
    await switched(house, reason="CONTRACT_ENDED")
    await refused("CF-3111", take(house.app.payments, house.actor(), house.code_payment()))
    ask = RefundAsk(id=house.app.ids.uuid(), payment_id=before.id, amount=Money(1000), reason="PRICE")
    assert (await refund(house.app.payments, house.actor(), ask)).money is MoneyState.PART_REFUNDED
    cash = replace(house.code_payment(), method="cash", entry="keyed", auth_code=None, tendered=Money(5000))
    assert (await take(house.app.payments, house.actor(), cash)).money is MoneyState.CAPTURED
    await switched(house, on=True)
    await asyncio.sleep(2.1)  # how long another process may still know the account as it was
    assert (await take(house.app.payments, house.actor(), house.code_payment())).money is MoneyState.CAPTURED
    await assert_evidence_holds(house)


async def test_who_deactivated_it_and_why_stands_in_the_log_once_however_often_it_is_asked(house):
    for on in (False, False, True, True):
        await switched(house, on=on, reason="PROVIDER_FAULT")
    leaves = [leaf for _, leaf in await newest_of(house.app.store, 1, (await lakala(house))["id"], 9)]
    told = [(leaf["type"], leaf.get("reason")) for leaf in leaves]
    assert told == [
        ("account.reinstated", "REINSTATED"),
        ("account.deactivated", "PROVIDER_FAULT"),
        ("account.opened", None),
    ]
    assert {leaf["actor"] for leaf in leaves[:2]} == {house.person_ids[Role.ADMINISTRATOR]}


async def test_what_is_refused_changes_nothing(house):
    await refused("CF-2021", switched(house, role=Role.SUPERVISOR))
    await refused("CF-2021", switched(house, on=True, role=Role.CASHIER))
    for reason in ("", "test", "REINSTATED", "因为"):
        await refused("CF-2017", switched(house, reason=reason))
    await refused("CF-4213", switched(house, account_id=house.app.ids.uuid()))
    await refused("CF-4213", switched(house, account_id=(await lakala(house))["id"], merchant_id=2))
    assert len(await active_accounts(house.app.store, 1)) == 2
    assert (await lakala(house))["version"] == 1


async def test_ten_at_once_write_it_once(house):
    await asyncio.gather(*(switched(house, reason=reason) for reason in (REASONS * 3)[:10]))
    assert (await lakala(house))["version"] == 2
    leaves = await newest_of(house.app.store, 1, (await lakala(house))["id"], 9)
    assert len(leaves) == 2


async def test_an_administrator_who_was_disabled_meanwhile_deactivates_nothing(house):
    boss = house.actor(Role.ADMINISTRATOR)
    other = replace(boss, person_id=house.person_ids[Role.SUPERVISOR])
    await switch_operator(house.app.people, boss, other.person_id, on=False)
    await refused(
        "CF-2018", switch_account(house.app.people, other, (await lakala(house))["id"], on=False, reason="TEST")
    )


async def test_a_payment_that_is_with_the_provider_ends_as_it_would_have(tmp_path):
    clock = ManualClock()
    async with open_house(tmp_path, clock=clock) as house:
        asked = house.code_payment(6604, wait_seconds=1)
        taking = asyncio.create_task(take(house.app.payments, house.actor(), asked))
        assert (await taken_within(house, clock, taking, 1)).money is MoneyState.SENT
        await switched(house)
        assert (await at_rest(house, clock, asked.id)).money is MoneyState.CAPTURED
