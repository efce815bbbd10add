"""激活 whose answer nobody kept: at each step at which a process can die, and while the store is away."""

from __future__ import annotations

import dataclasses

import pytest

from counterfoil.basis import MICROS, Refused
from counterfoil.channels import activate
from counterfoil.channels.activate import KEEP_SECONDS
from counterfoil.evidence import timeline
from counterfoil.payments import MoneyState, take
from counterfoil.people import Role
from counterfoil.providers.shouqianba.sandbox import APP_ID, DEVICE_ID, VENDOR_KEY, VENDOR_SN, Trick
from counterfoil.store import FateUnknown, Stale
from counterfoil.testing.house import MERCHANT
from tests.providers.shouqianba.stage import account_of


class Died(BaseException):
    """The process ended here."""


class Wrapped:
    """The house's store, but for what ``commit`` is told to do."""

    def __init__(self, store, commit):
        self._store, self.commit = store, commit

    def __getattr__(self, name):
        return getattr(self._store, name)


class Hurried:
    """Time that passes only while somebody waits, and at once."""

    def __init__(self, clock):
        self._clock, self.slept = clock, 0.0

    def now(self):
        return self._clock.now() + int(self.slept * MICROS)

    async def sleep(self, seconds):
        self.slept += seconds


def typed(face, **other):
    code = face.sandbox.new_code()
    told = {"base_url": face.url, "device_id": DEVICE_ID, "vendor_sn": VENDOR_SN, "vendor_key": VENDOR_KEY}
    return told | {"app_id": APP_ID, "code": code} | other


async def enter(house, told, commit=None, role=Role.ADMINISTRATOR):
    means = house.app.people
    if commit is not None:
        hurried = Hurried(means.clock)
        means = dataclasses.replace(means, store=Wrapped(means.store, commit), clock=hurried)
    return await activate(means, house.app.accounts, house.actor(role), (await account_of(house))["id"], told)


def dying(store, at):
    """Commits, until the process dies in front of the commit of that number."""
    left = [at]

    async def commit(change):
        if left[0] == 0:
            raise Died
        left[0] -= 1
        return await store.commit(change)

    return commit


async def happened(house):
    account = await account_of(house)
    return [said["type"] for _, said in await timeline(house.app.store, MERCHANT, account["id"])][1:]


async def paid(house):
    return (await take(house.app.payments, house.actor(), house.code_payment())).money is MoneyState.CAPTURED


@pytest.mark.parametrize(
    ("commits", "made", "stands", "facts"),
    [
        (0, 0, False, []),
        (1, 1, True, ["account.activating"]),
        (2, 1, False, ["account.activating", "account.configured", "account.key_rotated"]),
    ],
    ids=["before it is begun", "between answer and commit", "after the commit"],
)
async def test_a_process_that_dies_at_any_step_leaves_what_happened_in_the_row_and_another_code_mends_it(
    either_shop, commits, made, stands, facts
):
    house, face = either_shop
    if commits == 2:
        await enter(house, typed(face))
    else:
        with pytest.raises(Died):
            await enter(house, typed(face), dying(house.app.store, commits))
    assert len(face.sandbox.ledger.terminals) == 1 + made
    account = await account_of(house)
    assert (account["activating_at"] is not None) is stands
    assert await happened(house) == facts
    # What took payments before takes them still.
    assert await paid(house)
    assert (await enter(house, typed(face))).good
    account = await account_of(house)
    assert account["activating_at"] is None
    newest = list(face.sandbox.ledger.terminals.values())[-1]
    kept = house.app.accounts.settings(account)
    assert (kept["terminal_sn"], kept["terminal_key"]) == (newest.sn, newest.first)
    assert await paid(house)


async def test_the_code_of_a_lost_answer_is_used_up_and_a_no_to_it_does_not_make_the_loss_forgotten(either_shop):
    house, face = either_shop
    told = typed(face)
    face.sandbox.activate.append(Trick.CUT_AFTER)
    with pytest.raises(Refused) as unheard:
        await enter(house, told)
    assert unheard.value.kind.code == "CF-4283"
    since = (await account_of(house))["activating_at"]
    assert since is not None
    with pytest.raises(Refused) as refused:
        await enter(house, told)
    assert refused.value.kind.code == "CF-4282"
    assert (await account_of(house))["activating_at"] == since
    assert await happened(house) == ["account.activating", "account.not_activated"] * 2


@pytest.mark.parametrize(
    ("other", "code"), [({"code": "0"}, "CF-4282"), ({"base_url": "http://127.0.0.1:9"}, "CF-4284")]
)
async def test_a_no_and_a_call_that_never_left_end_the_activation(shop, other, code):
    house, face = shop
    with pytest.raises(Refused) as refused:
        await enter(house, typed(face, **other))
    assert refused.value.kind.code == code
    assert (await account_of(house))["activating_at"] is None


async def test_a_key_is_kept_once_the_store_is_back_and_whoever_has_moved_the_account_meanwhile(either_shop):
    house, face = either_shop
    store, tries = house.app.store, []

    async def commit(change):
        tries.append(change.change_id)
        if len(tries) == 2:
            raise FateUnknown(change.change_id)
        if len(tries) == 3:
            raise Stale
        return await store.commit(change)

    assert (await enter(house, typed(face), commit)).good
    assert tries[1] == tries[2] != tries[3]
    assert (await account_of(house))["activating_at"] is None
    assert await paid(house)


async def test_a_commit_nobody_heard_the_end_of_was_made_after_all(either_shop):
    house, face = either_shop
    store, tries = house.app.store, []

    async def commit(change):
        tries.append(change.change_id)
        done = await store.commit(change)
        if len(tries) == 2:
            raise FateUnknown(change.change_id)
        return done

    assert (await enter(house, typed(face), commit)).good
    assert await happened(house) == ["account.activating", "account.configured", "account.key_rotated"]


async def test_a_key_that_cannot_be_kept_is_said_to_be_lost_and_stands_so_in_the_row(shop):
    house, face = shop
    store, tries = house.app.store, []

    async def commit(change):
        tries.append(change)
        if len(tries) > 1:
            raise FateUnknown(change.change_id)
        return await store.commit(change)

    with pytest.raises(Refused) as lost:
        await enter(house, typed(face), commit)
    assert lost.value.kind.code == "CF-4250"
    assert len(tries) > KEEP_SECONDS
    assert (await account_of(house))["activating_at"] is not None


async def test_a_device_that_was_activated_before_is_refused_where_the_provider_has_it_once(shop):
    house, face = shop
    face.sandbox.device_once = True
    with pytest.raises(Refused) as refused:
        await enter(house, typed(face))
    assert refused.value.kind.code == "CF-4282"
    assert len(face.sandbox.ledger.terminals) == 1
    await enter(house, typed(face, device_id="TEST-POS-02"))
    assert list(face.sandbox.ledger.terminals.values())[-1].device_id == "TEST-POS-02"
