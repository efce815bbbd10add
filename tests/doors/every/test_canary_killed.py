"""The program is killed with -9 while it holds secrets: what it leaves holds none, nor what it does when started again.

They are in its memory for certain at that moment: the provider has calls in hand that it does not answer, the bodies of
requests are half read, and people are signing in. Of what it writes its output and the temporary folder are searched
too.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import httpx
import pytest

from counterfoil.basis import SystemClock, SystemEntropy
from counterfoil.providers import notice_path
from counterfoil.providers.lakala.sandbox import Sandbox, Trick, make_sandbox_keys, running_sandbox
from counterfoil.testing.house import MERCHANT, WECHAT_CODE, sandbox_section
from tests.doors.every.canaries import CANARIES, CARD, CVV, PASSWORD, PEM, PHONE, PIN_BLOCK, TRACK_2, files_of, found_in
from tests.doors.every.test_canary import Flows, flowing
from tests.doors.every.test_canary_inside import SPILT
from tests.resilience.trading import Shop, at_rest, server, settings_text

HELD_SECONDS = 86_400.0
WAIT_SECONDS = 60
SIGN_INS = 8


class HoldingClock(SystemClock):
    """The sandbox's: a call that is answered late is held until the test lets it go."""

    def __init__(self) -> None:
        self.held: asyncio.Queue[float] = asyncio.Queue()
        self.let_go = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        if seconds < HELD_SECONDS:
            await super().sleep(seconds)
            return
        self.held.put_nowait(seconds)
        await self.let_go.wait()


class Caller:
    """Asks the running program, as the people and the program of ``flows`` do; ``url`` is where it listens."""

    def __init__(self, flows: Flows, api: str) -> None:
        self.flows, self.at = flows, urlsplit(api)
        self.url = f"http://{self.at.netloc}"
        self.writers: list[asyncio.StreamWriter] = []

    def headers(self, who=None, *, api=False) -> dict[str, str]:
        cookies = {**(who.cookies if who else {}), "cf_guest": "5" * 32}
        more = {"Authorization": f"Bearer {self.flows.keys['all']}"} if api else {}
        told = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return {"Origin": self.url, "Cookie": told, **more}

    async def ask(self, path: str, who=None, *, data=None, json=None) -> httpx.Response:
        if data is not None:
            data = {"csrf": who.csrf if who else "5" * 32, **data}
        async with httpx.AsyncClient(base_url=self.url, timeout=WAIT_SECONDS) as client:
            return await client.post(path, headers=self.headers(who, api=json is not None), data=data, json=json)

    async def half(self, path: str, who, fields: Mapping[str, str]) -> None:
        """Send a body but for its end, once the program reads it (RFC 9110 10.1.1)."""
        body = urlencode({"csrf": who.csrf if who else "5" * 32, **fields}).encode()
        told = {**self.headers(who), "Content-Type": "application/x-www-form-urlencoded", "Expect": "100-continue"}
        told |= {"Host": self.at.netloc, "Content-Length": str(len(body) + 1)}
        head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        reader, writer = await asyncio.open_connection(self.at.hostname, self.at.port)
        self.writers.append(writer)
        writer.write(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode())
        said = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), WAIT_SECONDS)
        assert b" 100 " in said, (path, said)
        writer.write(body)
        await writer.drain()


async def halves(caller: Caller, notices: str) -> None:
    """Every door with every secret, none of them read to its end."""
    flows, ids = caller.flows, caller.flows.ids
    typed = {f"typed{at}": each for at, each in enumerate((CARD, TRACK_2, PIN_BLOCK, CVV, PASSWORD, PHONE, PEM))}
    sign_in = {"terminal": ids["terminal"], "number": "77", "email": "canary@example.com", "password": PASSWORD}
    for path, who in (
        ("/till/at/1", None),
        ("/office/at/1", None),
        (f"/till/take/{uuid4()}", flows.till),
        (f"/till/records/{ids['payment']}/back/{uuid4()}", flows.till),
        (f"/office/accounts/{ids['account']}/settings", flows.office),
        ("/office/me/add", flows.office),
        (f"/office/shops/{ids['shop']}/name", flows.office),
        (notices, None),
    ):
        await caller.half(path, who, {**sign_in, "code": WECHAT_CODE, **typed})


def payment(flows: Flows, amount_minor: int) -> dict:
    body = {"id": str(uuid4()), "shop_id": flows.ids["shop"], "terminal_id": flows.ids["terminal"], "method": "qr"}
    body |= {"amount_minor": amount_minor, "currency": "CNY", "entry": "consumer_code", "auth_code": WECHAT_CODE}
    return body | {"wait_seconds": 30}


async def in_hand(caller: Caller, sandbox: Sandbox, clock: HoldingClock, going: asyncio.TaskGroup) -> None:
    """What was said before is answered in full; then the provider has a payment of each door and a refund in hand."""
    flows = caller.flows
    captured = await caller.ask("/api/v1/payments", json=payment(flows, 3800))
    assert captured.json()["state"]["money"] == "captured", captured.text
    settings = {"private_key": PEM, "merchant_no": "1"}
    shown = await caller.ask(f"/office/accounts/{flows.ids['account']}/settings", flows.office, data=settings)
    assert shown.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, shown.text
    sandbox.mode, sandbox.late_seconds = Trick.LATE, HELD_SECONDS
    back = f"/till/records/{captured.json()['id']}/back/{uuid4()}"
    given = {"amount": "1.00", "reason": "PRICE", "kind": "refund", "password": PASSWORD}
    for asked in (
        caller.ask("/api/v1/payments", json=payment(flows, 1900)),
        caller.ask(f"/till/take/{uuid4()}", flows.till, data={"amount": "29.00", "code": WECHAT_CODE}),
        caller.ask(back, flows.till, data=given),
    ):
        going.create_task(broken_off(asked))
        await asyncio.wait_for(clock.held.get(), WAIT_SECONDS)


async def signing_in(caller: Caller, going: asyncio.TaskGroup) -> None:
    """One who signs in was answered; the password of the others is being held against its digest, or is about to be."""
    form = {"terminal": caller.flows.ids["terminal"], "number": "77", "password": PASSWORD}
    answers: asyncio.Queue[int] = asyncio.Queue()

    async def one() -> None:
        with contextlib.suppress(httpx.TransportError):
            answers.put_nowait((await caller.ask("/till/at/1", data=form)).status_code)

    for _ in range(SIGN_INS):
        going.create_task(one())
    assert await asyncio.wait_for(answers.get(), WAIT_SECONDS) == HTTPStatus.SEE_OTHER


async def broken_off(asked) -> None:
    with contextlib.suppress(httpx.TransportError):
        answer = await asked
        raise AssertionError(f"answered, though the program died: {answer.status_code}")


def left(folder: Path, *named: str) -> dict[str, bytes]:
    """What the program wrote anywhere: all but what the test and the provider wrote."""
    found = files_of(folder)
    kept = {path: content for path, content in found.items() if path.split("/")[0] not in {"sandbox", "settings.toml"}}
    for name in named:
        assert kept[name], name
    return kept


@pytest.mark.timeout(240)
async def test_killed_while_it_holds_them_it_leaves_no_secret_and_nor_does_the_next_start(tmp_path, monkeypatch):
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    async with flowing(tmp_path) as (flows, _log, key):
        tokens = {name: value for who in (flows.office, flows.till) for name, value in who.cookies.items()}
        notices = notice_path(flows.made.house.app.payments.hmac_key, MERCHANT, flows.ids["account"])
    secrets = CANARIES | {"payment code": WECHAT_CODE, "API key": key.split("_", 2)[2]}
    secrets |= {f"session {name}": value.split(".", 1)[1] for name, value in tokens.items()}
    clock, entropy = HoldingClock(), SystemEntropy()
    keys = make_sandbox_keys(tmp_path / "sandbox", clock=clock, entropy=entropy)
    sandbox = Sandbox(keys, clock=clock, entropy=entropy, state_path=tmp_path / "sandbox" / "ledger.jsonl")
    sandbox.beside = SPILT
    async with running_sandbox(sandbox) as url:
        config = tmp_path / "settings.toml"
        told = settings_text(sandbox_section(tmp_path / "sandbox", url))
        # However long this machine takes, what was in hand is found out about and not undone.
        config.write_text(re.sub(r'reverse_after_seconds = "\d+"', 'reverse_after_seconds = "600"', told))
        async with server(tmp_path / "data", config) as (process, api), asyncio.TaskGroup() as going:
            caller = Caller(flows, api)
            await in_hand(caller, sandbox, clock, going)
            await halves(caller, notices)
            await signing_in(caller, going)
            os.kill(process.pid, signal.SIGKILL)
            await process.wait()
            for writer in caller.writers:
                writer.close()
            said = {"output": await process.stdout.read()}
        # Its end left no time to write anything back: the write-ahead log is still there.
        assert found_in(said | left(tmp_path, "data/counterfoil.db", "data/counterfoil.db-wal"), secrets) == []
        sandbox.mode = None
        clock.let_go.set()
        async with server(tmp_path / "data", config) as (process, api):
            shop = Shop(flows.keys["all"], flows.ids["shop"], flows.ids["terminal"], None)
            await at_rest(api, shop)
            process.terminate()
            assert await asyncio.wait_for(process.wait(), WAIT_SECONDS) == 0
        charges = sorted(trade.state for trade in sandbox.ledger.trades() if trade.kind == "charge")
    # All three acts had arrived, and the next start found out about each.
    assert charges == ["PART_REFUND", "SUCCESS", "SUCCESS"]
    assert found_in(left(tmp_path, "data/counterfoil.db", "stderr"), secrets) == []
