"""Callers of a real server: what they ask, what they are told, and what that may have become meanwhile."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

import counterfoil
from counterfoil.basis import Ids, SystemClock, SystemEntropy
from counterfoil.people import ALLOWED, Actor, Role, make_key, person_by_number
from counterfoil.providers.lakala.sandbox import Sandbox, make_sandbox_keys, running_sandbox
from counterfoil.testing.house import NUMBERS

CALLERS = 8
# A charge is looked at when it is to be reversed, after 10 seconds; what is being undone, by the schedule's steps.
REST_SECONDS = 180
READY_SECONDS = 120
# The program under test is the one these tests import.
OURS = {"PYTHONPATH": str(Path(counterfoil.__file__).parents[1])}
IDS = Ids(SystemClock(), SystemEntropy())


class Shop:
    """Callers who take, void and refund through the API, and remember what they were told."""

    def __init__(self, key, shop_id, terminal_id, luck):
        self.key = key
        self.place = {"shop_id": shop_id, "terminal_id": terminal_id}
        self.luck = luck
        self.asked: dict[str, dict] = {}
        self.told: dict[str, str] = {}

    async def trade(self, url, stop):
        headers = {"Authorization": f"Bearer {self.key}"}
        async with httpx.AsyncClient(base_url=url, headers=headers, timeout=60) as client:
            await asyncio.gather(*(self._caller(client, stop) for _ in range(CALLERS)))

    async def _caller(self, client, stop):
        while not stop.is_set():
            try:
                await self._one(client)
            except httpx.HTTPError:
                await asyncio.sleep(0.01)

    async def _one(self, client):
        again = self.luck.random() < 0.2 and self.asked
        body = self.luck.choice(list(self.asked.values())) if again else self._new()
        self.asked[body["id"]] = body
        paid = await client.post("/payments", json=body)
        if paid.status_code not in (200, 201, 202):
            return
        self._hear(paid.json())
        if paid.json()["state"]["money"] == "captured" and self.luck.random() < 0.3:
            await self._back(client, paid.json())

    async def _back(self, client, payment):
        act = self.luck.choice(["void", "refunds"])
        body = {"id": IDS.uuid(), "reason": "TEST", "wait_seconds": 1}
        if act == "refunds":
            body["amount_minor"] = payment["amount_minor"] // 2
        answer = await client.post(f"/payments/{payment['id']}/{act}", json=body)
        if answer.status_code in (200, 201, 202):
            self._hear(answer.json())

    def _new(self):
        return {
            "id": IDS.uuid(),
            **self.place,
            "method": "qr",
            "entry": "consumer_code",
            "amount_minor": self.luck.randint(2, 5000),
            "currency": "CNY",
            "auth_code": "134567890123456789",
            "wait_seconds": 1,
        }

    def _hear(self, payment):
        self.told[payment["id"]] = payment["state"]["money"]


# What a payment that was told to be so may have become meanwhile.
LATER = {
    "captured": {"captured", "voiding", "voided", "part_refunded", "refunded"},
    "part_refunded": {"part_refunded", "refunded"},
    "voided": {"voided"},
    "declined": {"declined"},
    "reversed": {"reversed"},
}


async def key_of(app, merchant_id: int) -> str:
    """A key of that merchant that may do everything."""
    owner = await person_by_number(app.store, merchant_id, NUMBERS[Role.ADMINISTRATOR])
    permissions = ALLOWED[Role.ADMINISTRATOR]
    actor = Actor(merchant_id=merchant_id, person_id=owner.id, permissions=permissions, auth="start")
    scopes = ("pay", "read", "refund", "void")
    _, key = await make_key(app.people, actor, label="test", owner_id=owner.id, scopes=scopes)
    return key.reveal()


async def at_rest(api, shop):
    """Wait until nothing is open any more."""
    async with httpx.AsyncClient(base_url=api, headers={"Authorization": f"Bearer {shop.key}"}, timeout=60) as client:
        for _ in range(REST_SECONDS * 2):
            states = ("sent", "unknown", "reversing", "voiding")
            found = [(await client.get("/payments", params={"status": one})).json()["items"] for one in states]
            part = (await client.get("/payments", params={"limit": 200})).json()["items"]
            if not any(found) and not any(one["in_flight"] for one in part):
                return
            await asyncio.sleep(0.5)
    raise AssertionError("an intent never ended")


@asynccontextmanager
async def server(data: Path, config: Path, *options: str):
    """The program itself, ready, with the address of its API."""
    command = ["-m", "counterfoil", "serve", "--data", str(data), "--config", str(config), "--port", "0", "--json"]
    said = data.with_name("stderr")
    with said.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *command,
            *options,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            env={**os.environ, **OURS},
        )
    try:
        line = await asyncio.wait_for(process.stdout.readline(), READY_SECONDS)
        assert line, (await process.wait(), said.read_text())
        yield process, json.loads(line)["urls"]["api"]
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def children(parent: int) -> dict[int, int]:
    """The processes that one began to serve with it: their pids by number."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            status, words = (entry / "stat").read_text(), (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if status.rpartition(")")[2].split()[1] == str(parent) and b"--as-one" in words:
            found[int(words[words.index(b"--as-one") + 1])] = int(entry.name)
    return found


@asynccontextmanager
async def open_sandbox_only(folder: Path):
    """Lakala's sandbox with the books it had; it outlives the servers that are killed."""
    clock, entropy = SystemClock(), SystemEntropy()
    keys = make_sandbox_keys(folder / "sandbox", clock=clock, entropy=entropy)
    books = Sandbox(keys, clock=clock, entropy=entropy, state_path=folder / "sandbox" / "ledger.jsonl")
    async with running_sandbox(books) as url:
        yield url


def settings_text(section, database=None):
    told = "".join(f'{name} = "{value}"\n' for name, value in section.items())
    stored = f'[database]\naddress = "{database}"\n' if database else ""
    server = "[server]\nloopback_sandboxes = true\n"
    return f'{server}{stored}[providers.lakala]\n{told}reverse_after_seconds = "10"\n'
