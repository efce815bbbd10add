"""After a call that may have been executed there is never another provider; before it, the next one is tried."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections import defaultdict
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterfoil.basis import SystemClock, SystemEntropy
from counterfoil.channels import set_route
from counterfoil.payments import MoneyState, take
from counterfoil.people import Role
from counterfoil.providers import Accounts, Answer, NoAnswer, NotSent, Outage, Routed, Skip, Spool, Transport
from counterfoil.providers.lakala.sandbox import make_sandbox_keys
from counterfoil.testing.clock import ManualClock
from counterfoil.testing.house import open_house
from tests.channels.stage import lakala, second
from tests.payments.books import assert_evidence_holds, every_payment, we_kept
from tests.payments.time_passes import at_rest

CHARGE = "/micropay"
MAY_HAVE = frozenset({"pass", "lost_request", "lost_answer", "gateway", "forged"})


class Luck(StrEnum):
    """What becomes of one charge on its way to one provider."""

    PASS = "pass"
    REFUSED = "refused"  # no connection: nothing left
    LOST_REQUEST = "lost_request"  # it left, and nobody executed it
    LOST_ANSWER = "lost_answer"  # it was executed, and nobody heard
    GATEWAY = "gateway"  # executed, and a gateway says 502
    FORGED = "forged"  # executed, and the answer is not the provider's


@dataclass
class Wire:
    """The way out with luck of our choosing; whoever is on the other end is real."""

    real: Transport
    luck: dict[tuple[str, int], Luck] = field(default_factory=dict)
    left: list[tuple[str, str]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    loopback: bool = True

    async def post(self, url, headers, body, *, read_seconds=None):
        if not url.endswith(CHARGE):
            return await self.real.post(url, headers, body, read_seconds=read_seconds)
        host = url.split("/")[2]
        told = json.loads(body)["req_data"]
        luck = self.luck.get((host, int(told["total_amount"])), Luck.PASS)
        if luck is Luck.REFUSED:
            self.refused.append((told["out_trade_no"], host))
            raise NotSent("refused")
        self.left.append((told["out_trade_no"], host))
        return await self._carried(luck, url, headers, body)

    async def _carried(self, luck, url, headers, body):
        if luck is Luck.LOST_REQUEST:
            raise NoAnswer("lost")
        answer = await self.real.post(url, headers, body)
        if luck is Luck.LOST_ANSWER:
            raise NoAnswer("lost")
        if luck is Luck.GATEWAY:
            return Answer(502, {}, b"<html>")
        return replace(answer, body=answer.body + b" ") if luck is Luck.FORGED else answer


@asynccontextmanager
async def two_providers(folder, clock):
    """A house with two accounts on a route, and the wire between."""
    async with open_house(folder, clock=clock) as opened, second(opened, folder) as (sandbox, other, url):
        app, first = opened.app, await lakala(opened)
        ids = [first["id"], other["id"]]
        await set_route(app.people, app.accounts, opened.actor(Role.ADMINISTRATOR), "merchant", "qr", ids)
        real = Transport(commit_open=lambda: False, loopback=True)
        wire = Wire(real)
        spool = Spool(folder / "spool")
        accounts = Accounts(
            sections=app.settings.providers,
            transport=wire,
            outage=Outage(clock),
            spool=spool,
            clock=clock,
            entropy=app.entropy,
            vault=app.accounts.vault,
        )
        house = replace(opened, app=replace(app, accounts=accounts, payments=replace(app.payments, accounts=accounts)))
        hosts = {house.sandbox_url.split("/")[2]: ids[0], url.split("/")[2]: ids[1]}
        yield house, sandbox, wire, hosts
        await house.app.payments.drives.close(5)
        await real.close()
        spool.close()


@pytest.fixture(scope="module")
def sandbox_keys(tmp_path_factory):
    """Made once: a pair of RSA keys costs more than a whole example."""
    folder = tmp_path_factory.mktemp("keys") / "sandbox"
    make_sandbox_keys(folder, clock=ManualClock(SystemClock().now()), entropy=SystemEntropy())
    return folder


LUCK = st.sampled_from(list(Luck))


@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(lucks=st.lists(st.tuples(LUCK, LUCK), min_size=1, max_size=6))
def test_after_a_call_that_may_have_been_executed_there_is_never_another_provider(sandbox_keys, lucks):
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(sandbox_keys, Path(folder) / "sandbox")
        asyncio.run(_run(Path(folder), lucks))


async def _run(folder, lucks):
    clock = ManualClock(SystemClock().now())
    async with two_providers(folder, clock) as (house, sandbox, wire, hosts):
        asks = [house.code_payment(100 + n, wait_seconds=0) for n in range(len(lucks))]
        for n, pair in enumerate(lucks):
            wire.luck |= {(host, 100 + n): luck for host, luck in zip(hosts, pair, strict=True)}
            await take(house.app.payments, house.actor(), asks[n])
        for ask in asks:
            await at_rest(house, clock, ask.id, step_seconds=15)
        await _hold(house, sandbox, wire, hosts)


async def _hold(house, sandbox, wire, hosts):
    left = defaultdict(list)
    for order_no, host in wire.left:
        left[order_no].append(hosts[host])
    kept = defaultdict(int)
    for ledger in (house.sandbox.ledger, sandbox.ledger):
        for trade in ledger.trades():
            if trade.state in ("SUCCESS", "PART_REFUND", "REFUND"):
                number = trade.order_no if trade.kind == "charge" else trade.origin
                kept[number] += trade.amount if trade.kind == "charge" else -trade.amount
    for one in await every_payment(house):
        tried = left[one.order_no]
        # At most one charge ever left, and whoever got it is asked, and nobody else.
        assert len(tried) <= 1
        assert not tried or tried == [one.account_id]
        assert kept[one.order_no] == we_kept(one)
        # Where none left, each was tried and nothing taken.
        if not tried:
            assert one.money is MoneyState.DECLINED
            assert {hosts[host] for number, host in wire.refused if number == one.order_no} == set(hosts.values())
    await assert_evidence_holds(house)


async def test_the_next_account_takes_what_did_not_leave_for_the_first_and_the_record_says_why(sandbox_keys, tmp_path):
    shutil.copytree(sandbox_keys, tmp_path / "sandbox")
    clock = ManualClock(SystemClock().now())
    async with two_providers(tmp_path, clock) as (house, _, wire, hosts):
        first, other = hosts.values()
        wire.luck[next(iter(hosts)), 3800] = Luck.REFUSED
        for _ in range(5):
            paid = await take(house.app.payments, house.actor(), house.code_payment())
            assert (paid.money, paid.account_id) == (MoneyState.CAPTURED, other)
            assert Routed.read(paid.row["routed"]).skipped == ((first, Skip.NOT_SENT),)
        # Five in a row: from now on it goes to the other at once, until the line is tried again.
        refused = len(wire.refused)
        paid = await take(house.app.payments, house.actor(), house.code_payment())
        assert Routed.read(paid.row["routed"]).skipped == ((first, Skip.LINE_OPEN),)
        assert len(wire.refused) == refused == 5
        del wire.luck[next(iter(hosts)), 3800]
        await clock.advance(15)
        for _ in range(2):
            paid = await take(house.app.payments, house.actor(), house.code_payment())
            assert (paid.money, paid.account_id) == (MoneyState.CAPTURED, first)
        await assert_evidence_holds(house)
