"""Bad luck between intent and outcome: a silent database, a stalled process, a takeover, settings that are gone."""

from __future__ import annotations

import asyncio
import inspect
from contextlib import AsyncExitStack, nullcontext
from dataclasses import replace

import asyncpg
import pytest

from counterfoil.basis import Fault, Money, Refused, Trouble
from counterfoil.payments import (
    Drives,
    MoneyState,
    RefundAsk,
    VoidAsk,
    WithdrawAsk,
    load,
    refund,
    resolve_due,
    resolve_left_open,
    take,
    void,
    withdraw,
)
from counterfoil.payments.tables import payment as payment_table
from counterfoil.providers import OpenAccount, open_account
from counterfoil.providers.lakala.sandbox import Trick
from counterfoil.store import Change, FateUnknown, Guard, Stale
from counterfoil.store.faults import UNREACHABLE
from counterfoil.testing.clock import ManualClock
from counterfoil.testing.house import open_house
from tests.payments.books import assert_books_agree, assert_evidence_holds, every_payment
from tests.payments.time_passes import at_rest, taken_within, until


class Stalled(Drives):
    """The drives of a process that stops between the intent and the call, until ``go_on``."""

    def __init__(self):
        super().__init__(lambda _key, error: (_ for _ in ()).throw(error))
        self._held = []

    def start(self, key, work):
        self._held.append(work)

    async def go_on(self):
        for work in self._held:
            await work


class Behind:
    """A store with something between us and it."""

    def __init__(self, store):
        self.store = store
        self.down = False

    def __getattr__(self, name):
        return getattr(self.store, name)

    async def fetch(self, *asked):
        if self.down:
            raise UNREACHABLE()
        return await self.store.fetch(*asked)

    async def fetch_one(self, *asked):
        if self.down:
            raise UNREACHABLE()
        return await self.store.fetch_one(*asked)

    async def commit(self, change):
        if self.down:
            raise UNREACHABLE()
        return await self.store.commit(change)


class Silent(Behind):
    """Its commits are durable, or not; nobody is told."""

    def __init__(self, store, *, reaches):
        super().__init__(store)
        self.reaches = reaches

    async def commit(self, change):
        if self.reaches:
            await self.store.commit(change)
        raise FateUnknown(change.change_id)


class Contended(Behind):
    """Somebody else is always first."""

    async def commit(self, change):
        raise Stale(change.change_id)


def another_process(house, **more):
    means = house.app.payments
    return replace(means, process=house.app.ids.uuid(), alone=False, drives=Drives(lambda *_: None), **more)


def trades(house, kind="charge"):
    return [trade for trade in house.sandbox.ledger.trades() if trade.kind == kind]


def refunding(house, payment, minor=100, **more):
    return RefundAsk(id=house.app.ids.uuid(), payment_id=payment.id, amount=Money(minor), reason="TEST", **more)


def voiding(house, payment, **more):
    return VoidAsk(id=house.app.ids.uuid(), payment_id=payment.id, reason="TEST", **more)


async def taken(house, minor=3800):
    return await take(house.app.payments, house.actor(), house.code_payment(minor))


async def opened(house, clock, minor):
    asking = take(house.app.payments, house.actor(), house.code_payment(minor, wait_seconds=1))
    return await taken_within(house, clock, asyncio.create_task(asking), 1)


async def seen_unknown(house, minor):
    ask = house.code_payment(minor, wait_seconds=0)
    await take(house.app.payments, house.actor(), ask)
    for _ in range(6000):
        found = await load(house.app.store, 1, ask.id)
        if found.money is MoneyState.UNKNOWN:
            return found
        await asyncio.sleep(0.01)
    raise AssertionError(found.money)


async def test_a_refund_that_lost_every_try_is_never_answered_as_if_it_were_made(house):
    payment = await taken(house)
    asks = [refunding(house, payment, 1) for _ in range(16)]
    ends = await asyncio.gather(
        *(refund(house.app.payments, house.actor(), ask) for ask in asks), return_exceptions=True
    )
    for ask, end in zip(asks, ends, strict=True):
        if isinstance(end, Fault):
            assert end.kind.code == "CF-3121"
        else:
            assert ask.id in {leg.id for leg in end.refunds}
    now = await load(house.app.store, 1, payment.id)
    assert now.refunded_minor == len(trades(house, "refund")) == len(now.refunds)


async def test_an_act_that_is_always_second_says_that_it_did_nothing(still_house, clock):
    house = still_house
    payment, open_ = await taken(house), await opened(house, clock, 6605)
    means = replace(house.app.payments, store=Contended(house.app.store))
    for asking in (
        take(means, house.actor(), house.code_payment()),
        void(means, house.actor(), voiding(house, payment)),
        refund(means, house.actor(), refunding(house, payment)),
        withdraw(means, house.actor(), WithdrawAsk(id=house.app.ids.uuid(), payment_id=open_.id)),
    ):
        with pytest.raises(Trouble) as told:
            await asking
        assert told.value.kind.code == "CF-3121"
    assert [trade.order_no for trade in trades(house)] == [payment.order_no, open_.order_no]


@pytest.mark.parametrize("reaches", [True, False])
async def test_an_intent_of_unknown_fate_is_told_so_and_nothing_is_called(still_house, clock, reaches):
    house = still_house
    means = replace(house.app.payments, store=Silent(house.app.store, reaches=reaches))
    ask = house.code_payment()
    with pytest.raises(Trouble) as told:
        await take(means, house.actor(), ask)
    assert told.value.kind.code == "CF-3120"
    assert trades(house) == []
    again = await take(house.app.payments, house.actor(), replace(ask, wait_seconds=0))
    assert again.repeated is reaches
    ended = await at_rest(house, clock, ask.id)
    assert ended.money is (MoneyState.REVERSED if reaches else MoneyState.CAPTURED)
    await assert_books_agree(house)


@pytest.mark.parametrize("act", ["void", "refund"])
async def test_a_way_back_of_unknown_fate_happens_once_or_not_at_all(still_house, clock, act):
    house = still_house
    payment = await taken(house)
    means = replace(house.app.payments, store=Silent(house.app.store, reaches=True))
    asking = void(means, house.actor(), voiding(house, payment))
    if act == "refund":
        asking.close()
        asking = refund(means, house.actor(), refunding(house, payment, 3800))
    with pytest.raises(Trouble) as told:
        await asking
    assert told.value.kind.code == "CF-3120"
    assert trades(house, act) == []
    ended = await at_rest(house, clock, payment.id)
    assert ended.money is (MoneyState.VOIDED if act == "void" else MoneyState.REFUNDED)
    assert len(trades(house, act)) == 1


class FallsAway(Behind):
    """It makes one commit durable and cannot be reached from then on."""

    async def commit(self, change):
        ended = await super().commit(change)
        self.down = True
        return ended


async def test_a_payment_is_never_called_unrecorded_because_the_store_went_away_after_its_intent(house):
    store = FallsAway(house.app.store)
    means = replace(house.app.payments, store=store, drives=Drives(lambda *_: None))
    ask = house.code_payment(wait_seconds=1)
    told = await take(means, house.actor(), ask)
    assert told.money is MoneyState.SENT
    store.down = False
    await means.drives.wait((1, ask.id), 5)
    assert (await load(house.app.store, 1, ask.id)).money is MoneyState.CAPTURED


@pytest.mark.parametrize("act", ["void", "refund"])
async def test_a_way_back_that_was_recorded_is_not_called_unrecorded_either(house, act):
    payment = await taken(house)
    means = replace(house.app.payments, store=FallsAway(house.app.store))
    made = {"void": lambda: void(means, house.actor(), voiding(house, payment))}
    made["refund"] = lambda: refund(means, house.actor(), refunding(house, payment, 3800))
    with pytest.raises(Trouble) as told:
        await made[act]()
    assert told.value.kind.code == "CF-3120"
    assert trades(house, act) == []


async def test_an_answer_is_kept_while_the_store_is_away_and_stored_when_it_is_back(still_house, clock):
    house = still_house
    store = Behind(house.app.store)
    failed = []
    means = replace(house.app.payments, store=store, drives=Drives(lambda key, error: failed.append(error)))
    house.sandbox.next.append(Trick.LATE)
    house.sandbox.late_seconds = 2
    ask = house.code_payment(wait_seconds=0)
    await take(means, house.actor(), ask)
    await until(clock.sleepers)
    store.down = True
    for _ in range(20):
        await clock.advance(1)
        await asyncio.sleep(0.02)
    await until(lambda: trades(house))
    store.down = False
    await clock.advance(1)
    await until(lambda: not means.drives.running((1, ask.id)))
    assert failed == []
    assert (await load(house.app.store, 1, ask.id)).money is MoneyState.CAPTURED


async def test_a_charge_that_comes_too_late_is_never_made(still_house, clock):
    house = still_house
    stalled = replace(house.app.payments, drives=Stalled())
    ask = house.code_payment(wait_seconds=0)
    await take(stalled, house.actor(), ask)
    await clock.advance(59)
    await stalled.drives.go_on()
    found = await load(house.app.store, 1, ask.id)
    assert (found.money, found.decline_reason) == (MoneyState.DECLINED, "not_sent")
    assert trades(house) == []


async def test_a_charge_is_not_made_after_another_process_reversed_it(still_house, clock):
    house = still_house
    stalled = another_process(house)
    stalled = replace(stalled, drives=Stalled())
    ask = house.code_payment(wait_seconds=0)
    await take(stalled, house.actor(), ask)
    await clock.advance(61)
    assert (await at_rest(house, clock, ask.id)).money is MoneyState.REVERSED
    await stalled.drives.go_on()
    assert (await load(house.app.store, 1, ask.id)).money is MoneyState.REVERSED
    assert trades(house) == []


async def test_a_refund_that_comes_too_late_is_left_to_whoever_took_over(still_house, clock):
    house = still_house
    payment = await taken(house)
    stalled = replace(another_process(house), drives=Stalled())
    await refund(stalled, house.actor(), refunding(house, payment, 3800, wait_seconds=0))
    await clock.advance(61)
    assert (await at_rest(house, clock, payment.id)).money is MoneyState.REFUNDED
    await stalled.drives.go_on()
    assert len(trades(house, "refund")) == 1


async def test_who_slept_too_long_leaves_the_payment_to_its_new_driver(still_house, clock):
    house = still_house
    payment = await opened(house, clock, 6605)
    row = (await load(house.app.store, 1, payment.id)).row
    late = clock.now() + 3600 * 1_000_000
    taken_over = {"driver": house.app.ids.uuid(), "driver_until": late, "due_at": late}
    change = Change(change_id=house.app.ids.uuid(), merchant_id=1, guards=(Guard(payment_table, row, taken_over),))
    await house.app.store.commit(change)
    for _ in range(30):
        await clock.advance(5)
        await asyncio.sleep(0.01)
    found = await load(house.app.store, 1, payment.id)
    assert (found.money, found.driver, found.legs) == (payment.money, taken_over["driver"], ())


async def test_what_was_paid_during_an_outage_is_found_and_not_reversed_unseen(tmp_path, clock):
    async with open_house(tmp_path, clock=clock) as house:
        payment = await opened(house, clock, 6609)
        await asyncio.wait_for(house.app.payments.drives.close(0), 60)
    await clock.advance(3600)
    async with open_house(tmp_path, clock=clock) as house:
        await resolve_left_open(house.app.payments)
        assert (await at_rest(house, clock, payment.id)).money is MoneyState.CAPTURED


async def test_where_an_account_cannot_be_called_nothing_is_begun(quick_house):
    house = quick_house
    paid = await taken(house)
    del house.app.settings.providers["lakala"]["request_ip"]
    fresh = replace(house.app.payments, accounts=house.app.payments.accounts)
    fresh.accounts._built.clear()
    for asking in (
        take(fresh, house.actor(), house.code_payment()),
        void(fresh, house.actor(), voiding(house, paid)),
        refund(fresh, house.actor(), refunding(house, paid)),
    ):
        with pytest.raises(Refused) as refused:
            await asking
        assert refused.value.kind.code.startswith("CF-42")
    assert [(one.id, one.version) for one in await every_payment(house)] == [(paid.id, paid.version)]


async def test_one_payment_that_cannot_be_driven_holds_up_no_other(tmp_path, clock, postgres_address):
    async with open_house(tmp_path, database=postgres_address, clock=clock) as house:
        app = house.app
        asked = OpenAccount(
            id=app.ids.uuid(), merchant_id=1, provider="cash", name="gone", environment="sandbox", merchant_no=""
        )
        await open_account(app.store, app.clock, app.ids, app.manifests["cash"], asked)
        first, second = await seen_unknown(house, 6609), await seen_unknown(house, 6609)
        await asyncio.wait_for(app.payments.drives.close(0), 60)
        connection = await asyncpg.connect(postgres_address)
        await connection.execute("UPDATE provider_account SET provider = 'gone' WHERE id = $1", asked.id)
        await connection.execute("UPDATE payment SET account_id = $1 WHERE id = $2", asked.id, first.id)
        await connection.close()
        await clock.advance(120)
        means = another_process(house)
        assert await resolve_due(means) == 1
        await until(lambda: not means.drives.running((1, second.id)))
        assert (await load(app.store, 1, second.id)).money is MoneyState.CAPTURED
        pauses = []
        for _ in range(8):
            pauses.append(((await load(app.store, 1, first.id)).due_at - clock.now()) // 1_000_000)
            await clock.advance(pauses[-1])
            await resolve_due(means)
        assert pauses == [60, 120, 240, 480, 960, 1920, 3600, 3600]


class Corrected(ManualClock):
    """A wall clock that somebody sets back."""

    back = 0

    def now(self):
        return super().now() - self.back


async def test_a_clock_set_back_keeps_nobody_on_the_line(tmp_path):
    clock = Corrected()
    async with open_house(tmp_path, clock=clock) as house:
        asking = asyncio.create_task(take(house.app.payments, house.actor(), house.code_payment(6605, wait_seconds=2)))
        await until(clock.sleepers)
        clock.back = 3600 * 1_000_000
        await clock.advance(3)
        assert (await asyncio.wait_for(asking, 60)).in_flight


async def test_a_payment_of_a_terminal_out_of_use_is_still_refunded(tmp_path, postgres_address):
    async with open_house(tmp_path, database=postgres_address) as house:
        payment = await taken(house)
        connection = await asyncpg.connect(postgres_address)
        await connection.execute("UPDATE terminal SET state = 'retired'")
        await connection.close()
        nowhere = replace(house.actor(), terminal_id=None)
        assert (await refund(house.app.payments, nowhere, refunding(house, payment))).refunded_minor == 100


async def test_two_processes_on_one_database_charge_and_give_back_once(tmp_path, postgres_address):
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(open_house(tmp_path, database=postgres_address))
        at_ones = lambda _url: nullcontext(one.sandbox_url)  # noqa: E731 - one provider for both
        two = await stack.enter_async_context(open_house(tmp_path, database=postgres_address, between=at_ones))
        both = [one.app.payments, two.app.payments]
        asks = [replace(one.code_payment(), wait_seconds=20) for _ in range(6)]
        paid = await asyncio.gather(*(take(means, one.actor(), ask) for ask in asks for means in both))
        assert {each.money for each in paid} == {MoneyState.CAPTURED}
        assert trades(two) == []
        assert len(trades(one)) == len(asks)
        acts = [voiding(one, paid[0]), refunding(one, paid[2], 3800), refunding(one, paid[4], 2000)]
        ends = await asyncio.gather(
            *((void if isinstance(ask, VoidAsk) else refund)(means, one.actor(), ask) for ask in acts for means in both)
        )
        assert [each.money for each in ends[::2]] == [each.money for each in ends[1::2]]
        await asyncio.gather(one.app.signer.sign_all(), two.app.signer.sign_all(), return_exceptions=True)
        await assert_books_agree(one)
        await assert_evidence_holds(one)
        now = [await load(one.app.store, 1, ask.id) for ask in asks]
        states = [each.money for each in now[:3]]
        assert states == [MoneyState.VOIDED, MoneyState.REFUNDED, MoneyState.PART_REFUNDED]
        assert [len(each.legs) for each in now] == [1, 1, 1, 0, 0, 0]


class Meanwhile(Behind):
    """Just before the first commit, ``first`` happens."""

    def __init__(self, store, first):
        super().__init__(store)
        self.first = first

    async def commit(self, change):
        first, self.first = self.first, None
        if first is not None:
            await first()
        return await self.store.commit(change)


@pytest.mark.parametrize(
    ("table", "state", "code"), [("provider_account", "deactivated", "CF-3111"), ("terminal", "retired", "CF-3112")]
)
async def test_what_ends_between_the_decision_and_the_intent_is_seen(tmp_path, postgres_address, table, state, code):
    async with open_house(tmp_path, database=postgres_address) as house:

        async def end():
            connection = await asyncpg.connect(postgres_address)
            await connection.execute(f"UPDATE {table} SET state = $1, version = version + 1", state)  # noqa: S608
            await connection.close()

        means = replace(house.app.payments, store=Meanwhile(house.app.store, end))
        with pytest.raises(Refused) as refused:
            await take(means, house.actor(), house.code_payment())
        assert refused.value.kind.code == code
        assert trades(house) == []


async def test_an_id_that_another_act_takes_at_the_same_moment_is_refused(house):
    payment, other = await taken(house), await taken(house)
    back, new = refunding(house, payment), house.code_payment()

    async def refunded():
        await refund(house.app.payments, house.actor(), back)

    async def charged():
        await take(house.app.payments, house.actor(), new)

    for first, act, ask in (
        (charged, void, replace(voiding(house, other), id=new.id)),
        (refunded, take, replace(house.code_payment(), id=back.id)),
    ):
        means = replace(house.app.payments, store=Meanwhile(house.app.store, first))
        with pytest.raises(Refused) as refused:
            await act(means, house.actor(), ask)
        assert refused.value.kind.code == "CF-3108"
    assert len(trades(house, "refund")) == 1


async def test_a_drive_that_ends_before_it_began_leaves_nothing_unawaited():
    """A coroutine that nobody awaits is warned of when it is collected, and here warnings are errors."""
    drives = Drives(lambda *_: None)
    works = [asyncio.Event().wait() for _ in range(2)]
    for work in works:
        drives.start((1, "a payment"), work)
    await drives.close(0)
    await asyncio.sleep(0)
    assert inspect.getcoroutinestate(works[1]) == inspect.CORO_CLOSED
