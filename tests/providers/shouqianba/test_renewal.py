"""签到: the key of the day, and what a crash between asking for it and keeping it leaves behind."""

import asyncio
import json
from dataclasses import replace

import pytest

from counterfoil.basis import MICROS, Secret, add_key, open_vault
from counterfoil.payments import MoneyState, take
from counterfoil.providers import Answer, Declined, NotSent, Query, Unknown, Why, renewed, resealing
from counterfoil.providers.sealed_state import opened_state
from counterfoil.providers.shouqianba.sandbox import (
    Trick,
)
from counterfoil.providers.shouqianba.terminal import AGAIN_SECONDS, terminal_of
from counterfoil.store import FateUnknown
from counterfoil.testing.conduct import AMOUNT
from tests.providers.shouqianba.stage import account_of, open_shop

DAY = 24 * 3600


class Died(Exception):  # noqa: N818 - says what happened
    """The process ended here."""


class DyingStore:
    """The store, until the process dies before its commit of that number."""

    def __init__(self, store, commits):
        self._store, self._left = store, commits

    async def fetch(self, *said):
        return await self._store.fetch(*said)

    async def commit(self, change):
        if self._left == 0:
            raise Died
        self._left -= 1
        return await self._store.commit(change)


async def kept(house):
    """The terminal as this installation keeps it."""
    account = await account_of(house)
    accounts = house.app.accounts
    return accounts.connector(account)._terminal


async def paid(house):
    taken = await take(house.app.payments, house.actor(), house.code_payment())
    return taken.money is MoneyState.CAPTURED


async def test_the_first_payment_of_a_day_is_signed_with_a_new_key_and_the_others_too(shop, clock):
    house, face = shop
    first = face.settings["terminal_key"]
    assert await paid(house)
    assert face.sandbox.checkins == 1
    assert face.sandbox.terminal.current != first
    assert (await kept(house)).newest == face.sandbox.terminal.current
    assert await paid(house)
    assert face.sandbox.checkins == 1
    await clock.advance(DAY)
    assert await paid(house)
    assert face.sandbox.checkins == 2


async def test_the_key_before_is_kept_until_the_next_one_was_answered(shop, clock):
    house, face = shop
    assert await paid(house)
    first = await kept(house)
    assert (first.newest, first.previous) == (face.sandbox.terminal.current, face.settings["terminal_key"])
    assert not first.unproven
    await clock.advance(DAY)
    assert await paid(house)
    second = await kept(house)
    assert (second.newest, second.previous) == (face.sandbox.terminal.current, first.newest)


@pytest.mark.parametrize("strict", [False, True], ids=["old key signs", "old key dies"])
async def test_a_copy_of_the_check_in_that_arrives_late_shuts_nobody_out(shop, strict):
    house, face = shop
    face.sandbox.old_key_dies = strict
    assert await paid(house)
    # The sandbox hands out another key to the copy, in the place of the one that was given to us and answered.
    terminal = face.sandbox.terminal
    terminal.last, terminal.current = face.settings["terminal_key"], "a key nobody heard of"
    # Where the older key signs no trade any more, one payment is declined by it, with nothing taken.
    assert await paid(house) is not strict
    assert await paid(house)
    assert (await kept(house)).newest == face.sandbox.terminal.current


async def test_a_new_key_that_never_held_is_changed_for_another_by_the_one_before_it(shop, clock):
    house, face = shop
    face.sandbox.old_key_dies = True
    account = await account_of(house)
    with pytest.raises(Died):
        await renewed(DyingStore(house.app.store, 2), house.app.accounts, house.app.ids, account)
    face.sandbox.terminal.current = "a key nobody heard of"
    await clock.advance(AGAIN_SECONDS + 1)
    assert await paid(house)
    assert (await kept(house)).newest == face.sandbox.terminal.current


async def test_what_went_out_under_one_key_is_not_told_as_not_sent_where_the_next_could_not_leave(shop, clock):
    house, _ = shop
    assert await paid(house)
    connector = house.app.accounts.connector(await account_of(house))
    assert len(connector._terminal.keys) > 1
    tries = []

    async def post(url, headers, body, **_):
        tries.append(body)
        if len(tries) > 1:
            raise NotSent("the line is down")
        return Answer(200, {}, json.dumps({"result_code": "400", "error_code": "ILLEGAL_SIGN"}).encode())

    connector._means = replace(connector._means, post=post)
    said = (await connector.query(Query(order_no="1" * 24, amount=AMOUNT, kind="charge", asked_at=clock.now()))).outcome
    assert len(tries) == 2
    assert isinstance(said, Unknown)
    assert said.why is Why.NO_ANSWER


async def test_a_clock_that_was_ahead_keeps_nobody_from_the_key_of_the_day(shop, clock):
    house, face = shop
    told, now = dict(face.settings), house.app.clock.now()
    ahead = now + 30 * DAY * MICROS
    terminal = terminal_of(told, None)
    assert terminal.renewed("k1", "k0", ahead).proven().due(now)
    assert terminal.begun(ahead).due(now)


async def test_what_is_kept_between_calls_is_sealed(shop):
    house, face = shop
    assert await paid(house)
    sealed = bytes((await account_of(house))["sealed_state"])
    assert face.sandbox.terminal.current.encode() not in sealed
    assert b"newest" not in sealed


async def test_what_is_kept_is_sealed_anew_under_a_key_that_was_added(shop):
    house, face = shop
    assert await paid(house)
    path = house.app.settings.seal_file(house.app.data)
    add_key(path, house.app.entropy)
    newer, account = open_vault(path, house.app.entropy, may_make=False), await account_of(house)
    await house.app.store.commit(resealing(newer, account, change_id=house.app.ids.uuid(), at=house.app.clock.now()))
    account = await account_of(house)
    assert newer.is_newest(bytes(account["sealed_state"]))
    assert face.sandbox.terminal.current.encode() in opened_state(newer, account).reveal()
    assert resealing(newer, account, change_id=house.app.ids.uuid(), at=house.app.clock.now()) is None


@pytest.mark.parametrize("strict", [False, True], ids=["old key signs", "old key dies"])
@pytest.mark.parametrize("commits", [0, 1, 2, 3], ids=["begun", "handed out", "tried", "dropped"])
async def test_a_process_that_dies_at_any_commit_of_a_renewal_pays_at_the_next_one(shop, clock, commits, strict):
    house, face = shop
    face.sandbox.old_key_dies = strict
    account = await account_of(house)
    with pytest.raises(Died):
        await renewed(DyingStore(house.app.store, commits), house.app.accounts, house.app.ids, account)
    assert face.sandbox.checkins == (0 if commits == 0 else 1)
    if not strict:
        assert await paid(house), "the key there is signs on"
    await clock.advance(AGAIN_SECONDS + 1)
    assert await paid(house)
    assert await paid(house)
    terminal = await kept(house)
    assert (terminal.newest, terminal.unproven) == (face.sandbox.terminal.current, False)


@pytest.mark.parametrize("trick", [Trick.CUT_BEFORE, Trick.CUT_AFTER])
async def test_a_check_in_without_an_answer_does_not_keep_anybody_from_paying(shop, clock, trick):
    house, face = shop
    face.sandbox.checkin.append(trick)
    assert await paid(house)
    assert (await kept(house)).newest == face.settings["terminal_key"]
    await clock.advance(AGAIN_SECONDS + 1)
    assert await paid(house)
    assert (await kept(house)).newest == face.sandbox.terminal.current


async def test_a_house_opened_again_goes_on_with_the_key_it_kept(tmp_path, clock):
    async with open_shop(tmp_path, clock) as (house, _):
        assert await paid(house)
    async with open_shop(tmp_path, clock) as (house, face):
        assert await paid(house)
        assert face.sandbox.checkins == 0


async def test_two_at_once_renew_an_account_once(shop):
    house, face = shop
    account = await account_of(house)
    renewals = (renewed(house.app.store, house.app.accounts, house.app.ids, account) for _ in range(5))
    await asyncio.gather(*renewals)
    assert face.sandbox.checkins == 1
    assert await paid(house)


async def test_ten_payments_at_the_start_of_a_day_are_all_taken_with_one_check_in(shop):
    house, face = shop
    assert all(await asyncio.gather(*(paid(house) for _ in range(10))))
    assert face.sandbox.checkins == 1


async def test_a_new_key_whose_keeping_is_not_known_is_no_reason_not_to_pay(shop, clock):
    house, _ = shop

    class Forgetful(DyingStore):
        async def commit(self, change):
            raise FateUnknown(change.change_id)

    account = await account_of(house)
    assert await renewed(Forgetful(house.app.store, 0), house.app.accounts, house.app.ids, account)
    assert await paid(house)


async def test_another_key_in_the_settings_begins_anew(shop):
    _, face = shop
    told = dict(face.settings)
    state = terminal_of(told, None).renewed("k1", told["terminal_key"], 0)
    assert terminal_of(told, Secret(state.encoded())) == state
    other = told | {"terminal_key": "another"}
    assert terminal_of(other, Secret(state.encoded())).newest == "another"


async def test_a_terminal_whose_key_is_wrong_declines_and_asks_to_no_end(shop):
    house, face = shop
    row = dict(await account_of(house))
    wrong = house.app.accounts.trial(row, dict(face.settings) | {"terminal_key": "wrong"})[0]
    question = Query(order_no="1", amount=AMOUNT, kind="charge", asked_at=house.app.clock.now())
    assert isinstance((await wrong.query(question)).outcome, Unknown)
    answered = await wrong.renew()
    assert isinstance(answered.outcome, Declined)
    assert answered.new_account_state is None
