"""More callers at once than are served: each is answered, what was told is kept once, and memory stays bounded.

A process may open so many files (``ulimit -n``), and a connection that asks nothing is closed after 15 seconds;
100,000 callers therefore come in rushes of 5,000.
"""

from __future__ import annotations

import asyncio
import json
import logging
import mmap
import resource
import socket
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from counterfoil.payments.tables import payment
from counterfoil.testing.house import open_house
from tests.payments.books import assert_books_agree, assert_evidence_holds
from tests.resilience.trading import IDS, key_of, server

LOG = logging.getLogger(__name__)
# More than the 2,000 that are served at once.
CALLERS = 3_000
CALLERS_LONG = 100_000
AT_ONCE = 5_000
# What most systems let a process open that does not ask for more; the server must ask.
FILES_USUAL = 1_024
# Files a process needs for itself.
SPARE = 500
DIALLING = 256
# Linux's ip(7): the port is chosen when it is known where the connection leads, and not searched for before.
IP_BIND_ADDRESS_NO_PORT = 24
END_SECONDS = 120
RESIDENT_MIB_MAX = 400
REFUSALS = {"CF-1042", "CF-6101"}
PAYMENTS = select(payment.c.id, payment.c.money)


@dataclass
class Rush:
    """Callers with one cash payment each; ``told`` are the ids that were answered as taken, ``refused`` the codes."""

    host: str
    port: int
    key: str
    place: dict[str, str]
    told: list[str] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)

    async def come(self, count: int, source: str) -> None:
        """Connect all, and only then ask all at once."""
        dialling = asyncio.Semaphore(DIALLING)

        async def dial() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
            async with dialling:
                return await asyncio.open_connection(sock=await self._connected(source))

        lines = await asyncio.gather(*(dial() for _ in range(count)))
        await asyncio.gather(*(self._ask(*line) for line in lines))

    async def _heard(self, reader, writer, sent: bytes) -> tuple[int, dict[str, str], dict]:
        """What is answered; where we were so late that the idle connection was closed, over a new one."""
        while True:
            try:
                writer.write(sent)
                return await heard(reader)
            except (asyncio.IncompleteReadError, ConnectionError) as error:
                if getattr(error, "partial", b""):
                    raise
            finally:
                writer.close()
            reader, writer = await asyncio.open_connection(self.host, self.port)

    async def _connected(self, source: str) -> socket.socket:
        made = socket.socket()
        made.settimeout(0)
        made.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        made.bind((source, 0))
        await asyncio.get_running_loop().sock_connect(made, (self.host, self.port))
        return made

    async def _ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = {"id": IDS.uuid(), **self.place, "method": "cash", "entry": "keyed", "amount_minor": 100}
        body = json.dumps({**asked, "currency": "CNY"}).encode()
        head = f"POST /api/v1/payments HTTP/1.1\r\nHost: till\r\nAuthorization: Bearer {self.key}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        status, headers, answer = await self._heard(reader, writer, head.encode() + body)
        if status == 201:
            self.told.append(answer["id"])
            return
        assert status == 503, answer
        assert int(headers["retry-after"]) > 0
        assert answer["money"]
        self.refused[answer["code"]] += 1


async def heard(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], dict]:
    """Status, headers and body of one answer."""
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().rstrip().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    body = await reader.readexactly(int(headers["content-length"]))
    return int(first.split()[1]), headers, json.loads(body)


async def watched(pid: int, stop: asyncio.Event) -> float:
    """The most memory that process holds until ``stop``, in MiB."""
    most = 0
    while not stop.is_set():
        most = max(most, int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]))  # noqa: ASYNC240 - at once
        await asyncio.sleep(0.05)
    return most * mmap.PAGESIZE / 2**20


def may_open(files: int) -> int:
    """Let this process, and whom it begins, open so many; answers with it."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    return files


@pytest.fixture(autouse=True)
def _files_as_before():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.timeout(600)
async def test_each_of_more_callers_than_are_served_is_answered_and_nothing_told_is_lost_or_doubled(tmp_path, long):
    callers, files = CALLERS_LONG if long else CALLERS, resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    async with open_house(tmp_path) as house:
        key, place = await key_of(house.app, 1), {"shop_id": house.shop_id, "terminal_id": house.terminal_ids[0]}
    config = tmp_path / "settings.toml"
    config.write_text("")
    may_open(FILES_USUAL)
    async with server(tmp_path / "data", config) as (process, api):
        at_once = min(callers, AT_ONCE, may_open(files) - SPARE)
        parts = urlsplit(api)
        rush, stop, loop = Rush(parts.hostname, parts.port, key, place), asyncio.Event(), asyncio.get_running_loop()
        watching, begun = asyncio.create_task(watched(process.pid, stop)), loop.time()
        for nth, left in enumerate(range(callers, 0, -at_once), 1):
            # From an address of its own, which has ports of its own.
            await rush.come(min(left, at_once), f"127.0.0.{nth}")
        took = loop.time() - begun
        stop.set()
        resident = await watching
        process.terminate()
        assert await asyncio.wait_for(process.wait(), END_SECONDS) == 0
    found = f"{callers} callers, {at_once} at once, {took:.1f} s, {resident:.0f} MiB"
    LOG.info("%s, %d taken, refused %s", found, len(rush.told), dict(rush.refused))
    assert len(rush.told) + rush.refused.total() == callers
    assert rush.told
    assert rush.refused.keys() <= REFUSALS
    assert rush.refused["CF-1042"]
    assert resident < RESIDENT_MIB_MAX
    async with open_house(tmp_path) as house:
        rows = await house.app.store.fetch(PAYMENTS)
        assert sorted(row["id"] for row in rows) == sorted(rush.told)
        assert {row["money"] for row in rows} == {"captured"}
        await assert_books_agree(house)
        await assert_evidence_holds(house)
