"""Acts in any order, with any luck at the provider: the books agree, and nothing goes back that did not come."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterfoil.basis import Money, Refused, SystemClock, SystemEntropy
from counterfoil.payments import RefundAsk, VoidAsk, WithdrawAsk, refund, resolve, take, void, withdraw
from counterfoil.providers.lakala.sandbox import Trick, make_sandbox_keys
from counterfoil.testing.clock import ManualClock
from counterfoil.testing.house import open_house
from tests.payments.books import assert_books_agree, assert_evidence_holds, every_payment
from tests.payments.time_passes import at_rest

TRICKS = [None, None, Trick.CUT_BEFORE, Trick.CUT_AFTER, Trick.WRONG_SIGNATURE, Trick.UNLISTED_CODE, Trick.TROUBLE]
TRICKS += [Trick.BALANCE, Trick.PASSWORD, Trick.PASSWORD_NEVER, Trick.OTHER_AMOUNT, Trick.FUNDS_SHORT]
TRICKS += [Trick.CODE_NEVER, Trick.CODE_REFUSED, Trick.CODE_PAID_AT_CLOSE, Trick.CODE_LATE, Trick.CARD_DECLINED]
ON_ONE = ["void", "refund", "withdraw", "resolve", "together"]
STEPS = st.tuples(
    st.sampled_from(["take", "take", "show", "card", "cash", *ON_ONE, "time"]),
    st.integers(0, 5),
    st.sampled_from([1, 500, 1000]),
    st.sampled_from(TRICKS),
)


@pytest.fixture(scope="module")
def sandbox_keys(tmp_path_factory):
    """Made once: a pair of RSA keys costs more than a whole example."""
    folder = tmp_path_factory.mktemp("keys") / "sandbox"
    make_sandbox_keys(folder, clock=ManualClock(), entropy=SystemEntropy())
    return folder


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(STEPS, min_size=3, max_size=14))
def test_whatever_happens_in_whatever_order_the_books_agree(sandbox_keys, steps):
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(sandbox_keys, Path(folder) / "sandbox")
        asyncio.run(_run(Path(folder), steps))


async def _run(folder, steps):
    clock = ManualClock(SystemClock().now())
    async with open_house(folder, clock=clock) as house:
        for step in steps:
            await _step(house, clock, *step)
        for one in await every_payment(house):
            await at_rest(house, clock, one.id, step_seconds=15)
        await assert_books_agree(house)
        await assert_evidence_holds(house)


async def _step(house, clock, what, which, minor, trick):
    if trick is not None:
        house.sandbox.next.append(trick)
    if what == "time":
        await clock.advance(minor)
        return
    ours = await every_payment(house)
    try:
        if what == "take":
            await take(house.app.payments, house.actor(), house.code_payment(1000, wait_seconds=0))
        elif what == "show":
            await take(house.app.payments, house.actor(), house.shown_payment(1000, wait_seconds=0))
        elif what == "card":
            await take(house.app.payments, house.actor(), house.card_payment(1000, wait_seconds=0))
        elif what == "cash":
            await take(house.app.payments, house.actor(), house.cash_payment(1000))
        elif ours:
            await _on(house, what, ours[which % len(ours)].id, minor)
    except Refused:
        pass  # a move that is not legal now is refused, and that is right


async def _on(house, what, payment_id, minor):
    means, actor = house.app.payments, house.actor()
    told = {"payment_id": payment_id, "wait_seconds": 0}
    acts = {
        "void": lambda: void(means, actor, VoidAsk(id=house.app.ids.uuid(), reason="TEST", **told)),
        "refund": lambda: refund(
            means, actor, RefundAsk(id=house.app.ids.uuid(), reason="TEST", amount=Money(minor), **told)
        ),
        "withdraw": lambda: withdraw(means, actor, WithdrawAsk(id=house.app.ids.uuid(), **told)),
        "resolve": lambda: resolve(means, 1, payment_id, wait_seconds=0),
    }
    if what == "together":
        answers = await asyncio.gather(*(act() for act in acts.values()), return_exceptions=True)
        unexpected = [one for one in answers if isinstance(one, BaseException) and not isinstance(one, Refused)]
        assert not unexpected
        return
    await acts[what]()
