"""The past happened through the real acts: same bytes for the same seed, totals that refold, old payments that live."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from counterfoil.basis import MICROS, Money, from_rfc3339, rfc3339
from counterfoil.demo import open_demonstration
from counterfoil.demo.fees import fee_minor
from counterfoil.payments import MoneyState, RefundAsk, VoidAsk, load, refund, resolve, void, waiting
from counterfoil.payments.tables import day_totals, payment, payment_leg
from counterfoil.people import ALLOWED, Actor, Role, person_by_number
from counterfoil.removal import newest_hold
from counterfoil.store.tables import evidence_leaf
from counterfoil.testing.clock import ManualClock

UNTIL = from_rfc3339("2026-11-21T16:20:00+08:00")
PAYMENTS = 300
SOURCE = str(Path(__file__).parents[2] / "src")
# Salts and keys are the system's; they stand in the leaves that open persons and keys. What the sandbox's key signed
# stands, committed, in those of the notice; e-mail addresses are looked up under the installation's own key; and the
# second channel is opened after the history, under an id of that start.
EXEMPT = ("person.", "key.", "notice.", "grant.", "login.")
KINDS = {
    "txn.captured": "sale",
    "txn.resolved": "sale",
    "txn.recorded": "sale",
    "txn.voided": "void",
    "txn.refunded": "refund",
}


async def _kept(folder):
    async with open_demonstration(folder, payments=PAYMENTS, clock=ManualClock(UNTIL)) as opened:
        store = opened.app.store
        leaves = [bytes(row["entry"]) for row in await store.fetch(select(evidence_leaf.c.entry).order_by("position"))]
        rows = {
            table.name: await store.fetch(select(table).order_by(*table.primary_key.columns))
            for table in (payment, payment_leg, day_totals)
        }
        return leaves, rows


def _exempt(leaf: bytes) -> bool:
    body = json.loads(leaf)
    return body["type"].startswith(EXEMPT) or (body["type"] == "account.opened" and body["ts"] == rfc3339(UNTIL))


async def test_the_same_seed_and_moment_write_the_same_rows_and_leaves(tmp_path):
    one, other = await _kept(tmp_path / "one"), await _kept(tmp_path / "other")
    assert len(one[0]) == len(other[0]) > 2 * PAYMENTS
    differing = [(a, b) for a, b in zip(one[0], other[0], strict=True) if a != b]
    assert [pair for pair in differing if not all(map(_exempt, pair))] == []
    assert one[1] == other[1]


class CutShortError(Exception):
    pass


async def test_a_first_start_that_was_cut_short_goes_on_to_the_same_bytes(tmp_path):
    def cut(done, _of):
        if done == 2:
            raise CutShortError

    with pytest.raises(CutShortError):
        async with open_demonstration(tmp_path / "cut", payments=PAYMENTS, clock=ManualClock(UNTIL), on_progress=cut):
            pass
    await _the_same(tmp_path)


KILLED = """
import asyncio, os, signal, sys, threading
from pathlib import Path
from counterfoil.demo import open_demonstration
from counterfoil.demo.fees import fee_minor
from counterfoil.store import committer
from counterfoil.testing.clock import ManualClock

# So that a round takes many commits and the end comes between two of them.
committer.BATCH_MAX = 8

def on_progress(done, _of):
    if done == 2:
        threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGKILL)).start()

async def main():
    clock = ManualClock(int(sys.argv[2]))
    async with open_demonstration(Path(sys.argv[1]), payments=int(sys.argv[3]), clock=clock, on_progress=on_progress):
        await asyncio.sleep(30)

asyncio.run(main())
"""


async def test_a_first_start_that_was_killed_goes_on_to_the_same_bytes(tmp_path):
    command = [sys.executable, "-c", KILLED, str(tmp_path / "cut"), str(UNTIL), str(PAYMENTS)]
    killed = await asyncio.to_thread(
        subprocess.run, command, env={**os.environ, "PYTHONPATH": SOURCE}, check=False, capture_output=True
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    await _the_same(tmp_path)


async def _the_same(tmp_path):
    one, other = await _kept(tmp_path / "cut"), await _kept(tmp_path / "whole")
    exempt = [_exempt(leaf) for leaf in other[0]]
    assert [leaf for leaf, out in zip(one[0], exempt, strict=True) if not out] == [
        leaf for leaf, out in zip(other[0], exempt, strict=True) if not out
    ]
    assert one[1] == other[1]


@pytest.fixture
async def opened(tmp_path):
    async with open_demonstration(tmp_path / "data", payments=PAYMENTS, clock=ManualClock(UNTIL)) as demonstration:
        yield demonstration


async def test_one_that_is_made_just_after_midnight_has_its_record_under_hold(tmp_path):
    past_midnight = ManualClock(from_rfc3339("2026-11-22T00:20:00+08:00"))
    async with open_demonstration(tmp_path / "data", payments=PAYMENTS, clock=past_midnight) as opened:
        hold = await newest_hold(opened.app.store, opened.merchant_id, in_force=True)
        assert hold is not None
        assert rfc3339(hold.placed_at) == "2026-11-21T14:40:00.000000Z"


async def test_every_total_refolds_from_the_log(opened):
    folded: Counter[tuple[str, ...]] = Counter()
    for row in await opened.app.store.fetch(select(evidence_leaf.c.entry)):
        said = json.loads(bytes(row["entry"]))
        if kind := KINDS.get(said["type"]):
            folded[said["shop"], said["day"], said["method"], said["wallet"], kind] += said["amount"]["minor"]
    stored = {
        (row["shop_id"], row["business_day"], row["method"], row["wallet"], row["kind"]): row["minor"]
        for row in await opened.app.store.fetch(select(day_totals))
    }
    assert folded == stored


async def test_one_payment_is_still_open_and_stays_so_while_lakala_is_silent(opened):
    (open_one,) = await waiting(opened.app.store, opened.merchant_id, opened.terminals[0].id)
    assert open_one.money is MoneyState.UNKNOWN
    asked = await resolve(opened.app.payments, opened.merchant_id, open_one.id, wait_seconds=0)
    while asked.asks == open_one.asks:
        await asyncio.sleep(0.01)
        asked = await load(opened.app.store, opened.merchant_id, open_one.id)
    assert asked.money is MoneyState.UNKNOWN


async def test_old_payments_of_every_kind_are_refunded_and_todays_are_voided_at_the_sandbox(opened):
    store, means = opened.app.store, opened.app.payments
    captured = select(payment).where(payment.c.money == "captured", payment.c.method == "qr")
    for entry in ("consumer_code", "merchant_code", "static_code"):
        (oldest,) = await store.fetch(captured.where(payment.c.entry == entry).order_by("taken_at").limit(1))
        assert UNTIL - oldest["taken_at"] > 12 * 3600 * MICROS
        asked = RefundAsk(
            id=opened.app.ids.uuid(), payment_id=oldest["id"], amount=Money(oldest["amount_minor"]), reason="QUALITY"
        )
        assert (await refund(means, await supervisor(opened, oldest), asked)).money is MoneyState.REFUNDED, entry
    scanned = captured.where(payment.c.entry == "consumer_code").order_by(payment.c.taken_at.desc()).limit(1)
    (newest,) = await store.fetch(scanned)
    asked = VoidAsk(id=opened.app.ids.uuid(), payment_id=newest["id"], reason="WRONG_AMOUNT")
    assert (await void(means, await supervisor(opened, newest), asked)).money is MoneyState.VOIDED


async def supervisor(opened, sold) -> Actor:
    person = await person_by_number(opened.app.store, opened.merchant_id, "00")
    return Actor(
        merchant_id=opened.merchant_id,
        person_id=person.id,
        permissions=ALLOWED[Role.SUPERVISOR],
        auth="pin+term",
        terminal_id=sold["terminal_id"],
    )


async def test_the_log_follows_the_minutes(opened):
    leaves = await opened.app.store.fetch(select(evidence_leaf.c.entry).order_by("merchant_id", "position"))
    said = [json.loads(bytes(row["entry"])) for row in leaves]
    times = [each["ts"] for each in said if each["type"].startswith(("txn.", "refund."))]
    assert times == sorted(times)


async def test_what_was_charged_paid_and_paid_out_differ(opened):
    rows = await opened.app.store.fetch(select(payment).where(payment.c.captured_at.is_not(None)))
    for row in rows:
        ours, theirs = row["merchant_discount_minor"] or 0, row["platform_discount_minor"] or 0
        assert row["payer_minor"] == row["amount_minor"] - ours - theirs
        assert row["net_minor"] == row["amount_minor"] - ours - row["fee_minor"]
    assert any(row["amount_minor"] != row["payer_minor"] != row["net_minor"] for row in rows)


@pytest.mark.parametrize(
    ("wallet", "minor", "fee"),
    [("wechat", 1450, 6), ("wechat", 2500, 10), ("alipay", 1184, 4), ("wechat", 131, 0), ("ecny", 90000, 0)],
)
def test_a_fee_is_rounded_half_up_each_payment_for_itself(wallet, minor, fee):
    assert fee_minor(wallet, minor) == fee


async def test_the_installation_says_that_it_is_a_demonstration(opened):
    assert opened.app.demonstration
